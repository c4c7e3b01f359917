"""Counting how often an item's page was opened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Count, Min

from traceability.models import ItemIdentity, Scan

#: Names the counters of single items among PostgreSQL's advisory locks.
SCAN_LOCK = 0x5343


@dataclass(frozen=True, slots=True)
class ScanHistory:
    """How often an item was checked before this time, and when first (None: never)."""

    times_before: int
    first_at: datetime | None

    @property
    def is_first(self) -> bool:
        return self.times_before == 0


@transaction.atomic
def count_scan(*, item: ItemIdentity, now: datetime) -> ScanHistory:
    """Note that somebody opens the item's page, and say what was noted before.

    Nothing about the person is kept. Of two people at once exactly one is the first.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [SCAN_LOCK, item.pk % 2**31])
    history = scan_history(item)
    Scan.objects.create(item=item, scanned_at=now)
    return history


def scan_history(item: ItemIdentity) -> ScanHistory:
    """What is known so far; for those whose look does not count, such as staff."""
    seen = item.scans.aggregate(times=Count("pk"), first=Min("scanned_at"))
    return ScanHistory(times_before=seen["times"], first_at=seen["first"])
