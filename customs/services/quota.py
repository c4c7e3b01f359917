"""The buyers' quota: reserved with a list, settled with its release, given back with what ends it.

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
SELECT buyer, year, code, 'settled', -reserved, reserved, retail_list_id, seller_id, %(now)s
FROM customs_quotaentry WHERE move = 'reserved' AND retail_list_id = ANY (%(lists)s)
ORDER BY id
"""  # noqa: S608 - our own columns
_VOID = f"""
INSERT INTO customs_quotaentry {_COLUMNS}
SELECT min(buyer), min(year), code, 'voided', -sum(reserved), -sum(used), retail_list_id,
    min(seller_id), %(now)s
FROM customs_quotaentry WHERE retail_list_id = ANY (%(lists)s)
GROUP BY retail_list_id, code ORDER BY retail_list_id, code
"""  # noqa: S608 - our own columns


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


def return_quota(given: RetailGiveBack, grams: Mapping[str, int], *, now: datetime) -> None:
    """What came back in time is free again: its part of the value, and grams by eight digits."""
    first = QuotaEntry.objects.filter(retail_list=given.retail_list_id, code="").order_by("pk")[0]
    QuotaEntry.objects.bulk_create(
        QuotaEntry(
            buyer=first.buyer,
            year=first.year,
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
