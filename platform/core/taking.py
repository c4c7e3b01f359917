"""Whoever wants a name or number that only one may have waits for whoever is taking it."""

from __future__ import annotations

from django.db import connection


def take_turns(what: str, name: str) -> None:
    """Hold a name until the transaction ends; look whether it is free only after this."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{what}:{name}"])
