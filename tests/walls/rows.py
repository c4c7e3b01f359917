"""Whether anything at all was written."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from django.apps import apps
from django.db import connection
from django_scopes import scopes_disabled

from core.walls import _session, platform_wide

#: What counts visitors and remembers who is signed in is no fact of the trade.
_NOT_OF_THE_TRADE = {"django_session", "accounts_user", "traceability_scan"}


def all_rows() -> dict[str, str]:
    """A digest of every table, so that anything that was written shows."""
    with platform_wide():
        return _digests(
            model._meta.db_table
            for model in apps.get_models()
            if model._meta.managed and not model._meta.proxy
        )


def rows_of(company: int, tables: Iterable[str]) -> dict[str, str]:
    """A digest of what a company sees of some tables that stand behind the second wall."""
    with scopes_disabled(), _session(str(company)):
        return _digests(tables)


def _digests(tables: Iterable[str]) -> dict[str, str]:
    found = {}
    with connection.cursor() as cursor:
        for table in tables:
            if table in _NOT_OF_THE_TRADE:
                continue
            cursor.execute(f'SELECT t::text FROM "{table}" t ORDER BY 1')  # noqa: S608 - our own names
            rows = "\n".join(row[0] for row in cursor.fetchall())
            found[table] = hashlib.sha256(rows.encode()).hexdigest()
    return found
