"""The authority's tax bills: which differ, and what stands against whose guarantee."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.timezone import get_default_timezone

from customs.models import BillStatus, TaxBill


@dataclass(frozen=True, slots=True)
class Guaranteed:
    """Yuan of the bills of one guarantor, by what became of them; void ones are not due."""

    assure_code: str
    bills: int
    made: Decimal
    summed: Decimal
    void: Decimal

    @property
    def held(self) -> Decimal:
        """What the guarantee answers for: made, and summed."""
        return self.made + self.summed


def bills_of() -> QuerySet[TaxBill]:
    """The bills in scope, newest first."""
    return TaxBill.objects.select_related("retail_list", "seller", "company").order_by(
        "-made_at", "-pk"
    )


def guaranteed(*, month: date | None = None) -> list[Guaranteed]:
    """By guarantor, of the bills in scope: all, or those made in a month (its first day)."""
    found = TaxBill.objects.all()
    if month is not None:
        found = found.filter(in_month(month))
    sums = {
        name: Sum("total", filter=Q(status=status.value), default=Decimal(0))
        for name, status in (
            *(("made", BillStatus.MADE), ("summed", BillStatus.SUMMED)),
            ("void", BillStatus.VOID),
        )
    }
    rows = found.values_list("assure_code").annotate(bills=Count("*"), **sums)
    return [Guaranteed(*row) for row in rows.order_by("assure_code")]


def in_month(month: date) -> Q:
    """The bills that customs made in a month (its first day)."""
    return Q(made_at__gte=_begins(month), made_at__lt=_begins(_next(month)))


def _begins(month: date) -> datetime:
    return datetime.combine(month, time(), tzinfo=get_default_timezone())


def _next(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)
