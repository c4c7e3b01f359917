"""Everything read at one moment: what is counted twice must not change between the two counts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def at_one_moment() -> Iterator[None]:
    """What is read inside is read as it stood at the first question; nothing can be written.

    Also a decorator. Without it a proof that compares two tables raises a false alarm when
    somebody writes both between its questions. Inside a transaction that runs already it changes
    nothing: its isolation is fixed.
    """
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield
