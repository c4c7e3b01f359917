"""Pallets: where they stand, what lies on them, and which wait to be put away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from accounts.models import Company
from core.filters import Choices, Code, Flag
from core.listing import Listing, Search
from core.listings import of_each
from warehouse.models import BondedWarehouse, Holding, Lot, Pallet, PalletMove, Zone
from warehouse.queries.putting import goods_of
from warehouse.rules import pallets as rules
from warehouse.rules.posting import Status
from warehouse.rules.putting import Goods, Shelf, Suggestion

PALLETS = Listing(
    name="pallets",
    sorts={"newest": "pk", "sscc": "sscc"},
    default="-newest",
    search=Search(prefix=("sscc", "location__stands_at__code"), hint=_("SSCC or place")),
    filters=(
        Code(name="warehouse", path="location__warehouse__code", label=_("Warehouse")),
        Choices(name="zone", path="location__zone", choices=Zone.choices, label=_("Zone")),
        Flag(name="open", when=Q(location__closed_at__isnull=True), label=_("In use")),
    ),
)


def pallets(warehouses_of: Company | None = None) -> QuerySet[Pallet]:
    """With the units that lie on each (``units``), the newest first; only an operator's own when
    it is given."""
    found = Pallet.objects.select_related("location__stands_at", "location__warehouse")
    if warehouses_of is not None:
        found = found.filter(keeper=warehouses_of)
    held = Holding.objects.filter(on_hand__gt=0)
    ordered: QuerySet[Pallet] = found.annotate(
        units=of_each(held, "location__pallet", Sum("on_hand"))
    ).order_by("-pk")
    return ordered


def lying_on(pallet: Pallet) -> QuerySet[Holding]:
    """By product and lot, with its owners."""
    return (
        Holding.objects.filter(location=pallet.location_id, on_hand__gt=0)
        .select_related("lot__product", "owner")
        .order_by("product__sku", "lot_id", "owner__code", "status")
    )


def moves_of(pallet: Pallet) -> QuerySet[PalletMove]:
    """The newest first."""
    found = PalletMove.objects.filter(pallet=pallet)
    return found.select_related("origin", "destination", "moved_by").order_by("-pk")


def goods_on(pallet: Pallet) -> list[Goods]:
    """All that lies on a pallet, lot by lot and status by status."""
    return goods_on_all([pallet])[pallet.pk]


def goods_on_all(found: list[Pallet]) -> dict[int, list[Goods]]:
    """By pallet (id)."""
    places = {one.location_id: one for one in found}
    rows = list(
        Holding.objects.filter(location__in=places, on_hand__gt=0)
        .values("location_id", "lot_id", "status")
        .annotate(units=Sum("on_hand"))
        .order_by("location_id", "lot_id", "status")
    )
    lots = Lot.objects.select_related("product").in_bulk({row["lot_id"] for row in rows})
    told: dict[int, list[Goods]] = {one.pk: [] for one in found}
    for row in rows:
        lot, place = lots[row["lot_id"]], row["location_id"]
        told[places[place].pk].append(goods_of(lot, Status(row["status"]), place, row["units"]))
    return told


@dataclass(frozen=True, slots=True)
class WaitingPallet:
    """A pallet at the gate with goods on it, and where it might go."""

    pallet: Pallet
    units: int
    suggestion: Suggestion | None


def waiting_pallets(
    house: BondedWarehouse, *, most: int, shelves: Sequence[Shelf]
) -> list[WaitingPallet]:
    """The first made first; each takes the room that it is told."""
    on = Holding.objects.filter(warehouse=house, on_hand__gt=0).values("location")
    found = list(
        Pallet.objects.filter(location__zone=Zone.GATE, location__in=on)
        .select_related("location__stands_at")
        .order_by("pk")[:most]
    )
    if not found:
        return []
    goods = goods_on_all(found)
    by_place = {shelf.place: shelf for shelf in shelves}
    told = []
    for one in found:
        suggestion = rules.suggest(goods[one.pk], shelves)
        if suggestion is not None:
            for each in goods[one.pk]:
                by_place[suggestion.place].take(each, each.units)
        told.append(WaitingPallet(one, sum(each.units for each in goods[one.pk]), suggestion))
    return told
