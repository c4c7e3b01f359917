"""What went out for an order, what of it came back, and what is to."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.utils.translation import gettext_lazy as _

from accounts.models import Company
from core.filters import Choices, Days
from core.listing import Listing, Search, Total
from core.listings import of_each
from core.walls import platform_wide
from warehouse.models import (
    Location,
    Reservation,
    ReservationState,
    RetailOrder,
    RetailReturn,
    RetailReturned,
    RetailReturnLine,
    ReturnState,
)
from warehouse.rules.places import GATE
from warehouse.rules.returning import Went


def went_for(order: RetailOrder) -> list[Went]:
    """By lot, in the order of the lines, with the place to which it would come back: its own, or
    the gate where that was a pallet or is closed. Ask ``platform_wide``: the warehouse sees no
    orders."""
    own = "holding__location"
    is_gone = Q(**{f"{own}__stands_at__isnull": False}) | Q(**{f"{own}__closed_at__isnull": False})
    gate = Location.objects.filter(warehouse=OuterRef("holding__warehouse"), code=GATE)
    rows = (
        Reservation.objects.filter(line__order=order, state=ReservationState.SHIPPED)
        .annotate(
            came=Sum("returned__quantity", default=0),
            place=Case(When(is_gone, then=Subquery(gate.values("pk")[:1])), default=F(own)),
        )
        .order_by("line__position", "holding__lot_id", "pk")
        .values_list(
            *("pk", "line__position", "holding__lot_id", "place"),
            *("quantity", "came"),
        )
    )
    return [Went(*row) for row in rows]


def coming_for(order: RetailOrder) -> dict[int, int]:
    """Units by line that were announced and have not arrived."""
    lines = RetailReturnLine.objects.filter(
        back__order=order, back__state=ReturnState.ANNOUNCED
    ).values_list("position", "quantity")
    coming = Counter[int]()
    for position, units in lines:
        coming[position] += units
    return dict(coming)


def returns_of(
    *, seller: Company | None = None, keeper: Company | None = None
) -> QuerySet[RetailReturn]:
    """Returns with ``units`` (announced) and ``came`` (counted), the newest first."""
    found = RetailReturn.objects.select_related("seller")
    if seller is not None:
        found = found.filter(seller=seller)
    if keeper is not None:
        found = found.filter(keeper=keeper)
    return found.annotate(
        units=of_each(RetailReturnLine.objects.all(), "back", Sum("quantity")),
        came=of_each(RetailReturned.objects.all(), "back", Sum("quantity")),
    ).order_by("-pk")


def units_of(found: QuerySet[RetailReturn]) -> dict[str, int]:
    """Announced and counted units of these returns together."""
    keys = found.order_by().values("pk")
    announced = RetailReturnLine.objects.filter(back__in=keys)
    came = RetailReturned.objects.filter(back__in=keys)
    return {
        "units": int(announced.aggregate(n=Sum("quantity", default=0))["n"]),
        "came": int(came.aggregate(n=Sum("quantity", default=0))["n"]),
    }


@dataclass(frozen=True, slots=True)
class LotToCount:
    """A lot of which units may come back with a return; ``reservation`` names it in the count."""

    reservation: int
    sku: str
    name: str
    gtin: str
    lot: str


def lots_to_count(back: RetailReturn) -> list[LotToCount]:
    """The lots that went out for the lines of a return, for whoever may see the return."""
    positions = list(back.lines.values_list("position", flat=True))
    # The order is its seller's, which the warehouse's own walls do not show.
    with platform_wide():
        rows = Reservation.objects.filter(
            line__order_id=back.order_id,
            line__position__in=positions,
            state=ReservationState.SHIPPED,
        ).select_related("holding__lot__product")
        return [
            LotToCount(
                one.pk,
                one.lot.product.sku,
                one.lot.product.name,
                one.lot.product.gtin,
                one.lot.number,
            )
            for one in rows.order_by("line__position", "pk")
        ]


RETURNS = Listing(
    name="returns",
    sorts={"number": "number", "announced_at": "announced_at"},
    default="-number",
    search=Search(prefix=("number", "order_number"), hint=_("Return or order number")),
    filters=(
        Choices(name="state", path="state", choices=ReturnState.choices, label=_("Status")),
        Days(name="until", path="comes_until", is_moment=False, label=_("Must arrive by")),
    ),
    totals=(Total("units", "units", added=units_of), Total("came", "came", added=units_of)),
)
