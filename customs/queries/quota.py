"""What buyers have used of a year, from the ledger of their quota; and that it is so."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import F, Max, Q, QuerySet, Sum
from django.db.models.functions import Greatest
from django.utils.timezone import get_default_timezone

from customs.models import MessageKind, QuotaEntry, RetailGiveBack, RetailList
from customs.queries.retelling import BEFORE
from warehouse.rules.buyers import check_id_number, digest

_BOTH = F("reserved") + F("used")


def digest_of(id_number: str) -> str:
    """The keyed hash under which a buyer's year is kept. Raises IdNumberWrong or NumberRounded."""
    key = settings.BONDPOOL_DIGEST_KEY.encode()
    return digest(check_id_number(id_number.replace(" ", "").upper()), key)


@dataclass(frozen=True, slots=True)
class YearOfBuyer:
    """Fen of a person's year: what lists hold, what was released, and what is left."""

    reserved: int
    used: int
    limit: int

    @property
    def left(self) -> int:
        return max(self.limit - self.reserved - self.used, 0)


def used_in_year(digests: Collection[str], year: int) -> dict[str, int]:
    """Fen of dutiable value that each buyer's lists of a calendar year (China's) add up to.

    All sellers' lists count that are not void, less what came back in time: the limit is the
    person's. Call platform-wide.
    """
    rows = (
        QuotaEntry.objects.filter(buyer__in=digests, year=year, code="")
        .order_by()
        .values_list("buyer")
        .annotate(amount=Sum(_BOTH))
    )
    return {buyer: int(amount) for buyer, amount in rows if buyer}


def grams_in_year(digests: Collection[str], year: int) -> dict[tuple[str, str], int]:
    """Grams by buyer and eight digits of goods that have a limit by weight. Call platform-wide."""
    rows = (
        QuotaEntry.objects.filter(buyer__in=digests, year=year)
        .exclude(code="")
        .order_by()
        .values_list("buyer", "code")
        .annotate(amount=Sum(_BOTH))
    )
    return {(buyer, code): int(amount) for buyer, code, amount in rows if buyer}


def year_of_buyer(digest: str, day: date, *, limit: int) -> YearOfBuyer:
    """Where a buyer stands on a day; nothing of whose lists they are. Call platform-wide."""
    sums = QuotaEntry.objects.filter(buyer=digest, year=day.year, code="").aggregate(
        reserved=Sum("reserved"), used=Sum("used")
    )
    return YearOfBuyer(sums["reserved"] or 0, sums["used"] or 0, limit)


def used_by_lists(year: int) -> dict[str, int]:
    """The same as :func:`used_in_year` of everybody, from the lists themselves: what was told
    or, not yet told, drawn in the year and is not void, less what came back in time. Call
    platform-wide."""
    listed = _lists_of_year(year)
    drawn = (
        RetailList.objects.filter(pk__in=listed, void__isnull=True)
        .exclude(order__buyer_id_digest="")
        .order_by()
        .values_list("order__buyer_id_digest")
        .annotate(fen=Sum("dutiable_minor"))
    )
    used = {digest: int(fen) for digest, fen in drawn}
    given = (
        RetailGiveBack.objects.filter(retail_list__in=listed, retail_list__void__isnull=True)
        .exclude(retail_list__order__buyer_id_digest="")
        .order_by()
        .values_list("retail_list__order__buyer_id_digest")
        .annotate(fen=Sum("dutiable_minor"))
    )
    for buyer, fen in given:
        used[buyer] = used.get(buyer, 0) - int(fen)
    return used


def _lists_of_year(year: int) -> QuerySet[Any, Any]:
    """The ids of those that customs was told of last in the year, or that were drawn in it."""
    zone = get_default_timezone()
    begins, ends = datetime(year, 1, 1, tzinfo=zone), datetime(year + 1, 1, 1, tzinfo=zone)
    told = Max(
        "elements__message__queued_at",
        filter=Q(elements__kind__in=[*BEFORE, MessageKind.RETAIL_LIST]),
    )
    # What may count in the year was drawn before its end.
    found = RetailList.objects.filter(drawn_at__lt=ends).order_by()
    counted = found.annotate(counts_at=Greatest(F("drawn_at"), told))
    return counted.filter(counts_at__gte=begins, counts_at__lt=ends).values("pk")


def quota_differences(year: int) -> dict[str, tuple[int, int]]:
    """Buyers of whom ledger and lists tell different sums: (ledger, lists). Call platform-wide."""
    rows = QuotaEntry.objects.filter(year=year, code="").exclude(buyer="").order_by()
    told = {buyer: int(n) for buyer, n in rows.values_list("buyer").annotate(n=Sum(_BOTH))}
    lists = used_by_lists(year)
    return {
        buyer: (told.get(buyer, 0), lists.get(buyer, 0))
        for buyer in sorted(told.keys() | lists.keys())
        if told.get(buyer, 0) != lists.get(buyer, 0)
    }
