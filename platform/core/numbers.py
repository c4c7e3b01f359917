"""Numbers that people quote: ``PO-2026-000017``."""

from __future__ import annotations

from django.db import connection

from core.models import NumberSeries


def next_numbers(prefix: str, year: int, count: int) -> list[str]:
    """Reserve ``count`` consecutive numbers of a series, in one statement.

    Call inside the use case's transaction: a refusal gives the numbers back, so a series
    has no gaps. Two writers of one series wait for each other, which is the price of that.
    """
    if count <= 0:
        return []
    table = connection.ops.quote_name(NumberSeries._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (prefix, year, last) VALUES (%s, %s, %s) "  # noqa: S608 - our own table name
            f"ON CONFLICT (prefix, year) DO UPDATE SET last = {table}.last + EXCLUDED.last "
            "RETURNING last",
            [prefix, year, count],
        )
        last: int = cursor.fetchone()[0]
    return [f"{prefix}-{year}-{n:06d}" for n in range(last - count + 1, last + 1)]


def next_number(prefix: str, year: int) -> str:
    """Reserve one number; see :func:`next_numbers`."""
    return next_numbers(prefix, year, 1)[0]
