"""Numbers that people quote: ``PO-2026-000017``."""

from __future__ import annotations

from django.db import connection

from core.models import NumberBlock, NumberSeries
from core.prepared import ask

#: Numbers a writer has before it takes another block.
BLOCK = 10_000


def next_numbers(prefix: str, year: int, count: int) -> list[str]:
    """Reserve ``count`` consecutive numbers of a series, in one statement.

    Call inside the use case's transaction: a refusal gives the numbers back, so a series
    has no gaps. Two writers of one series wait for each other, which is the price of that.
    """
    if count <= 0:
        return []
    last = _reserve(prefix, year, count)
    return [f"{prefix}-{year}-{n:06d}" for n in range(last - count + 1, last + 1)]


def next_numbers_apart(prefix: str, year: int, count: int) -> list[str]:
    """Like :func:`next_numbers`, of a series in which nobody waits for anybody: who comes while
    another holds the first block takes from the next one, so that later numbers may be given
    out before earlier ones. What a refusal gives back is given out again."""
    if count <= 0:
        return []
    table = connection.ops.quote_name(NumberBlock._meta.db_table)
    found = ask(
        f"UPDATE {table} SET next = next + %s WHERE id = (SELECT id FROM {table} "  # noqa: S608 - our own table name
        "WHERE prefix = %s AND year = %s AND last - next + 1 >= %s "
        "ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING next",
        [count, prefix, year, count],
    ).row()
    if found:
        end = int(found[0])
    else:
        last = _reserve(prefix, year, max(BLOCK, count))
        end = last - max(BLOCK, count) + 1 + count
        NumberBlock.objects.create(prefix=prefix, year=year, next=end, last=last)
    return [f"{prefix}-{year}-{n:06d}" for n in range(end - count, end)]


def next_number(prefix: str, year: int) -> str:
    """Reserve one number; see :func:`next_numbers`."""
    return next_numbers(prefix, year, 1)[0]


def _reserve(prefix: str, year: int, count: int) -> int:
    """The last of ``count`` consecutive numbers."""
    table = connection.ops.quote_name(NumberSeries._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (prefix, year, last) VALUES (%s, %s, %s) "  # noqa: S608 - our own table name
            f"ON CONFLICT (prefix, year) DO UPDATE SET last = {table}.last + EXCLUDED.last "
            "RETURNING last",
            [prefix, year, count],
        )
        return int(cursor.fetchone()[0])
