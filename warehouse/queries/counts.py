"""Counts: what is due, what is under way, and what was found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, F, Max, Min, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.models import Company
from catalog.models import Product
from core.filters import Choices, Code, Days, Flag
from core.listing import Listing, Search
from core.listings import of_each
from core.walls import platform_wide
from warehouse.days import day_of
from warehouse.models import (
    BondedWarehouse,
    CountEntry,
    CountLine,
    CountState,
    CountTerms,
    Holding,
    Reservation,
    ReservationState,
    StockCount,
)
from warehouse.rules import counting as rules
from warehouse.rules.counting import Entry, Grade, Terms

#: Days of sales by which products are graded.
_GRADED_BY = 90

COUNTS = Listing(
    name="counts",
    sorts={"number": "number", "started_at": "started_at"},
    default="-number",
    search=Search(prefix=("number",), hint=_("Number")),
    filters=(
        Choices(name="state", path="state", choices=CountState.choices, label=_("Status")),
        Code(name="warehouse", path="warehouse__code", label=_("Warehouse")),
        Flag(name="freezes", when=Q(freezes=True), label=_("Stands still")),
        Days(name="started", path="started_at", label=_("Started at")),
    ),
)


def counts(keeper: Company | None = None) -> QuerySet[StockCount]:
    """Counts with the number of their ``lines_counted``, in a keeper's warehouses when it is
    given; the newest first."""
    found = StockCount.objects.select_related("warehouse", "started_by")
    if keeper is not None:
        found = found.filter(keeper=keeper)
    ordered: QuerySet[StockCount] = found.annotate(
        lines_counted=of_each(CountLine.objects.all(), "count", Count("pk"))
    ).order_by("-pk")
    return ordered


def terms_of(house: BondedWarehouse) -> Terms:
    """The newest that a warehouse set, or the usual ones."""
    row = CountTerms.objects.filter(warehouse=house).order_by("-pk").first()
    if row is None:
        return Terms()
    return Terms(row.a_days, row.b_days, row.c_days, row.tolerance_bp)


def last_entries(count: StockCount) -> list[Entry]:
    """What was counted last of each line, by line."""
    rows = CountEntry.objects.filter(line__count=count).order_by("line_id", "round")
    found = {
        one.line_id: Entry(one.line_id, one.units, one.booked, one.counted_by_id) for one in rows
    }
    return list(found.values())


def _as_walked(place: str) -> tuple[Coalesce, str]:
    """A pallet comes where it stands."""
    return Coalesce(f"{place}__stands_at__code", f"{place}__code"), f"{place}__code"


def lines_to_count(count: StockCount) -> list[CountLine]:
    """What somebody is to count now: by place, lot and status, with no figure at all."""
    lines = CountLine.objects.filter(count=count).select_related(
        "lot__product", "location__stands_at"
    )
    ordered = lines.order_by(*_as_walked("location"), "lot__product__sku", "lot__number", "status")
    if count.state == CountState.OPEN:
        return list(ordered)
    if count.state != CountState.RECOUNT:
        return []
    tolerance = terms_of(count.warehouse).tolerance_bp
    again = {one.line for one in last_entries(count) if rules.is_beyond(one, tolerance)}
    return [one for one in ordered if one.pk in again]


@dataclass(frozen=True, slots=True)
class Found:
    """A line as who decides sees it."""

    line: CountLine
    units: int
    booked: int
    counted_by: str

    @property
    def difference(self) -> int:
        return self.units - self.booked


def found_of(count: StockCount) -> list[Found]:
    """What was counted last of each line, beside what the books said then."""
    rows = (
        CountEntry.objects.filter(line__count=count)
        .select_related("line__lot__product", "line__location__stands_at", "counted_by")
        .order_by(*_as_walked("line__location"), "line__lot__number", "line__status", "round")
    )
    found = {
        one.line_id: Found(one.line, one.units, one.booked, str(one.counted_by)) for one in rows
    }
    return list(found.values())


@dataclass(frozen=True, slots=True)
class Due:
    """A product in a warehouse, and when it is to be counted."""

    product: Product
    grade: Grade
    last_on: date | None
    due_on: date
    is_due: bool


def due_in(house: BondedWarehouse, now: datetime) -> list[Due]:
    """Everything that lies in a warehouse by when it is to be counted, the first due first.

    What moved most of the value in the last 90 days is counted most often. Of what was never
    counted the days begin with its first receipt.
    """
    terms, today = terms_of(house), day_of(now)
    lying = dict(
        Holding.objects.filter(warehouse=house, on_hand__gt=0)
        .order_by()
        .values_list("product_id")
        .annotate(first=Min("received_at"))
    )
    counted = dict(
        CountEntry.objects.filter(line__count__warehouse=house)
        .order_by()
        .values_list("line__lot__product_id")
        .annotate(last=Max("counted_at"))
    )
    moved = _moved(house, now - timedelta(days=_GRADED_BY))
    grades = rules.grades({product: moved.get(product, 0) for product in lying})
    products = Product.objects.in_bulk(list(lying))
    found = []
    for product, first in lying.items():
        last = counted.get(product)
        due = rules.due_on(day_of(last or first), grades[product], terms)
        found.append(
            Due(
                products[product],
                grades[product],
                day_of(last) if last else None,
                due,
                due <= today,
            )
        )
    return sorted(found, key=lambda one: (one.due_on, one.grade, one.product.sku))


def _moved(house: BondedWarehouse, since: datetime) -> Mapping[int, int]:
    """By product, what consumers' orders took from a warehouse, in fen. Only sums leave here: the
    keeper's own walls show it no order."""
    with platform_wide():
        rows = (
            Reservation.objects.filter(
                holding__warehouse=house, line__order__accepted_at__gte=since
            )
            .exclude(state=ReservationState.RETURNED)
            .order_by()
            .values_list("holding__product_id")
            .annotate(value=Sum(F("quantity") * F("line__unit_price_minor")))
        )
        return {product: int(value) for product, value in rows}
