"""The buyers' quota: reserved with a list, settled with its release, given back with what ends it,
and moved to the year in which customs is told of it.

Each is one statement for all lists of a transaction, written beside the fact it follows from.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.db import connection

from customs.models import QuotaEntry, QuotaMove, RetailGiveBack, RetailList
from warehouse.days import day_of

_COLUMNS = "(buyer, year, code, move, reserved, used, retail_list_id, seller_id, entered_at)"
_SETTLE = f"""
INSERT INTO customs_quotaentry {_COLUMNS}
SELECT min(buyer), year, code, 'settled', -sum(reserved), sum(reserved), retail_list_id,
    min(seller_id), %(now)s
FROM customs_quotaentry WHERE retail_list_id = ANY (%(lists)s)
GROUP BY retail_list_id, year, code HAVING sum(reserved) <> 0 ORDER BY min(id)
"""  # noqa: S608 - our own columns
_VOID = f"""
INSERT INTO customs_quotaentry {_COLUMNS}
SELECT min(buyer), year, code, 'voided', -sum(reserved), -sum(used), retail_list_id,
    min(seller_id), %(now)s
FROM customs_quotaentry WHERE retail_list_id = ANY (%(lists)s)
GROUP BY retail_list_id, year, code HAVING sum(reserved) <> 0 OR sum(used) <> 0
ORDER BY retail_list_id, code
"""  # noqa: S608 - our own columns
#: Out of the year in which it stands and into the one given, in one statement.
_MOVE = f"""
INSERT INTO customs_quotaentry {_COLUMNS}
SELECT held.buyer, CASE way.move WHEN 'left' THEN held.year ELSE %(year)s END, held.code,
    way.move, way.sign * held.reserved, 0, held.list, held.seller, %(now)s
FROM (
    SELECT min(buyer) AS buyer, year, code, sum(reserved) AS reserved, retail_list_id AS list,
        min(seller_id) AS seller
    FROM customs_quotaentry WHERE retail_list_id = ANY (%(lists)s) AND year < %(year)s
    GROUP BY retail_list_id, year, code HAVING sum(reserved) <> 0
) AS held
CROSS JOIN (VALUES ('left', -1), ('entered', 1)) AS way (move, sign)
ORDER BY held.list, held.code, way.sign
"""  # noqa: S608 - our own columns
#: Names the one who draws among PostgreSQL's advisory locks: what one buyer used of the
#: year is only known when nobody else is adding to it.
_DRAWING_LOCK = 0x524C5354  # "RLST"


def count_alone() -> None:
    """Wait until nobody else adds to buyers' years, and keep others from it until the end of the
    transaction. Orders that are held meanwhile have their list: who draws asks for none of them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_DRAWING_LOCK])


def reserve_quota(
    drawn: Iterable[tuple[RetailList, str, Mapping[str, int]]], *, now: datetime
) -> None:
    """For each list its dutiable value, and grams by eight digits, of the buyer with a digest."""
    year = day_of(now).year
    QuotaEntry.objects.bulk_create(
        (
            QuotaEntry(
                buyer=buyer,
                year=year,
                code=code,
                move=QuotaMove.RESERVED,
                reserved=amount,
                used=0,
                retail_list=one,
                seller_id=one.seller_id,
                entered_at=now,
            )
            for one, buyer, grams in drawn
            for code, amount in {"": one.dutiable_minor, **grams}.items()
        ),
        batch_size=2_000,
    )


def settle_quota(lists: Collection[int], *, now: datetime) -> None:
    """What lists (by id) hold counts as used: customs released their parcels."""
    _write(_SETTLE, lists, now)


def void_quota(lists: Collection[int], *, now: datetime) -> None:
    """All that lists (by id) hold or have used is free again."""
    _write(_VOID, lists, now)


def move_quota(lists: Collection[int], *, year: int, now: datetime) -> None:
    """What lists (by id) hold of years before ``year`` is free there, and is held in that one."""
    if lists:
        with connection.cursor() as cursor:
            cursor.execute(_MOVE, {"lists": sorted(lists), "year": year, "now": now})


def return_quota(given: RetailGiveBack, grams: Mapping[str, int], *, now: datetime) -> None:
    """What came back in time is free again: its part of the value, and grams by eight digits."""
    # The last one stands in the year in which customs was told of the list.
    last = QuotaEntry.objects.filter(retail_list=given.retail_list_id, code="").latest("pk")
    QuotaEntry.objects.bulk_create(
        QuotaEntry(
            buyer=last.buyer,
            year=last.year,
            code=code,
            move=QuotaMove.RETURNED,
            reserved=0,
            used=-amount,
            retail_list_id=given.retail_list_id,
            give_back=given,
            seller_id=given.seller_id,
            entered_at=now,
        )
        for code, amount in {"": given.dutiable_minor, **grams}.items()
        if amount
    )


def _write(statement: str, lists: Collection[int], now: datetime) -> None:
    if lists:
        with connection.cursor() as cursor:
            cursor.execute(statement, {"lists": sorted(lists), "now": now})
