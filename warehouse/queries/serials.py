"""Units that are known by serial numbers: where they are, and of which an order needs some."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable

from django.db.models import Case, F, IntegerField, OuterRef, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from catalog.models import Product
from core.walls import platform_wide
from warehouse.models import (
    Lot,
    Reservation,
    RetailOrder,
    RetailOrderState,
    SerialStep,
    SerialUnit,
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
