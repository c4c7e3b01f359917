"""Units that are known by serial numbers: where they are, and of which an order needs some."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable

from django.db.models import (
    Case,
    Count,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    When,
)
from django.db.models.functions import Coalesce

from catalog.models import Product
from core.walls import platform_wide
from warehouse.models import (
    Lot,
    Reservation,
    RetailOrder,
    RetailOrderState,
    SerialAct,
    SerialChange,
    SerialStep,
    SerialUnit,
    StockAccount,
    StockMovement,
)
from warehouse.rules.serials import Unit


def is_known(product: Product, serial: str) -> bool:
    """Whether a unit of this number has been received; only those of one's own houses."""
    return SerialUnit.objects.filter(product=product, serial=serial).exists()


def serials_of(lot: Lot, *, most: int = 500) -> list[tuple[str, bool]]:
    """The first serial numbers of a lot, and whether each unit is in the house."""
    rows = SerialUnit.objects.filter(receipt_line=lot.receipt_line_id).order_by("serial")
    keys = list(rows.values_list("pk", flat=True)[:most])
    if not keys:
        return []
    with platform_wide():
        return [(one.serial, one.is_here) for one in _units(SerialUnit.objects.filter(pk__in=keys))]


def changes_of(lot: Lot, *, most: int = 500) -> list[SerialChange]:
    """What was put right of a lot's serial numbers, the newest first."""
    found = SerialChange.objects.filter(unit__receipt_line=lot.receipt_line_id)
    return list(found.select_related("changed_by").order_by("-pk")[:most])


def unit_of(row: SerialUnit) -> Unit:
    """Call platform-wide."""
    (unit,) = _units(SerialUnit.objects.filter(pk=row.pk))
    return unit


def last_change(row: SerialUnit) -> SerialChange | None:
    """What was said of a unit when it was last gone or found; None where a parcel or a return
    came after that. Call platform-wide."""
    step = SerialStep.objects.filter(unit=row).select_related("change").order_by("-step").first()
    return step.change if step else None


def gone_unnamed(lot: Lot) -> int:
    """How many units of a lot were destroyed or written off, and which those are nobody said yet.
    Call platform-wide."""
    outside = [StockAccount.DESTROYED, StockAccount.ADJUSTMENT]
    gone = StockMovement.objects.filter(lot=lot, account__in=outside).aggregate(n=Sum("quantity"))
    named = SerialStep.objects.filter(
        unit__receipt_line=lot.receipt_line_id, change__isnull=False
    ).aggregate(
        out=Count("pk", filter=~Q(change__act=SerialAct.FOUND)),
        back=Count("pk", filter=Q(change__act=SerialAct.FOUND)),
    )
    return int((gone["n"] or 0) - named["out"] + named["back"])


def units_in(lots: Iterable[int]) -> list[Unit]:
    """Of these lots (ids). Call platform-wide."""
    rows = SerialUnit.objects.filter(receipt_line__lot__in=list(lots))
    return _units(rows)


def units_of(order: RetailOrder) -> list[Unit]:
    """Of those that left with an order, and with no other since. Call platform-wide."""
    rows = SerialUnit.objects.filter(steps__parcel__order=order)
    last = _last_steps().values("parcel__order")[:1]
    return _units(rows.annotate(last_order=Subquery(last)).filter(last_order=order.pk))


def _last_steps() -> QuerySet[SerialStep]:
    found: QuerySet[SerialStep] = SerialStep.objects.filter(unit=OuterRef("pk")).order_by("-step")
    return found


def _units(rows: QuerySet[SerialUnit]) -> list[Unit]:
    # What was packed for an order that was cancelled before a carrier had it is on its shelf again.
    # The warehouse sees no orders, so this is asked platform-wide.
    at = Case(
        When(parcel__order__state=RetailOrderState.CANCELLED, then=F("step") + 1),
        default=F("step"),
        output_field=IntegerField(),
    )
    last = _last_steps().annotate(at=at).values("at")[:1]
    found = SerialUnit.objects.filter(pk__in=rows.values("pk"))
    told = found.annotate(went=Coalesce(Subquery(last), 0)).order_by("serial", "pk")
    return [
        Unit(pk, serial, lot, went)
        for pk, serial, lot, went in told.values_list(
            "pk", "serial", "receipt_line__lot__number", "went"
        )
    ]


def with_serials(lots: Collection[int]) -> dict[int, str]:
    """Of these lots (ids) those of which serial numbers are kept, with what they are called."""
    kept = SerialUnit.objects.filter(receipt_line__lot__in=lots).values("receipt_line")
    found = Lot.objects.filter(pk__in=lots, receipt_line__in=kept)
    return dict(found.values_list("pk", "number"))


def wanted_for(order: RetailOrder) -> dict[int, int]:
    """Units of each lot (id) that are reserved for an order. Call platform-wide."""
    wanted = Counter[int]()
    for lot, units in Reservation.objects.filter(line__order=order).values_list(
        "holding__lot_id", "quantity"
    ):
        wanted[lot] += units
    return dict(wanted)
