"""What waits to be put away, and what lies on the shelves."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, QuerySet, Sum

from warehouse.models import BondedWarehouse, Holding, Location, Lot, StockStatus, Zone
from warehouse.rules import putting as rules
from warehouse.rules.posting import PROMISED, Status
from warehouse.rules.putting import Goods, Shelf, Suggestion


@dataclass(frozen=True, slots=True)
class Waiting:
    """Units of a lot at the gate, or in a zone in which they may not lie in their status."""

    lot: Lot
    place: Location
    status: str
    units: int
    suggestion: Suggestion | None

    @property
    def key(self) -> str:
        return f"{self.lot.pk}-{self.place.pk}-{self.status}"

    @property
    def status_name(self) -> str:
        return str(StockStatus(self.status).label)

    @property
    def is_whole(self) -> bool:
        """Whether all of it fits at the one place."""
        return self.suggestion is not None and self.suggestion.units == self.units


def _lying(house: BondedWarehouse) -> QuerySet[Holding]:
    return Holding.objects.filter(warehouse=house, on_hand__gt=0)


def waiting(
    house: BondedWarehouse,
    *,
    most: int,
    lot: int | None = None,
    shelves: Sequence[Shelf] | None = None,
) -> list[Waiting]:
    """What is to be put away, the first received first; each with a place, as far as one has
    room, among all open ones or ``shelves``, whose room it takes. What is promised to consumers
    stays where it lies."""
    # A pallet at the gate waits as a whole: see queries.pallets.
    wrong = Q(location__zone=Zone.GATE, location__stands_at__isnull=True)
    wrong |= Q(location__zone=Zone.QUARANTINE, status=StockStatus.AVAILABLE)
    wrong |= Q(location__zone__in=[Zone.STORAGE, Zone.PICKING]) & ~Q(status=StockStatus.AVAILABLE)
    found = _lying(house).filter(wrong).exclude(status__in=sorted(PROMISED))
    if lot is not None:
        found = found.filter(lot_id=lot)
    rows = list(
        found.values("lot_id", "location_id", "status")
        .annotate(units=Sum("on_hand"))
        .order_by("lot_id", "location_id", "status")[:most]
    )
    lots = Lot.objects.select_related("product").in_bulk({row["lot_id"] for row in rows})
    places = Location.objects.in_bulk({row["location_id"] for row in rows})
    goods = [_goods(row, lots[row["lot_id"]]) for row in rows]
    suggestions = (
        rules.plan(goods, shelves_of(house) if shelves is None else shelves) if goods else []
    )
    return [
        Waiting(
            lots[row["lot_id"]], places[row["location_id"]], row["status"], row["units"], suggestion
        )
        for row, suggestion in zip(rows, suggestions, strict=True)
    ]


def _goods(row: Any, lot: Lot) -> Goods:
    return goods_of(lot, Status(row["status"]), row["location_id"], row["units"])


def goods_of(lot: Lot, status: Status, origin: int, units: int) -> Goods:
    """Units of a lot, with what one of them takes."""
    return Goods(
        lot=lot.pk,
        product=lot.product_id,
        status=status,
        origin=origin,
        units=units,
        expires_on=lot.expires_on,
        unit_cm3=lot.product.volume_cm3,
        unit_g=lot.product.gross_weight_g,
    )


def shelves_of(house: BondedWarehouse, only: Collection[int] | None = None) -> list[Shelf]:
    """The open places of a warehouse (or ``only`` those), pallets too, with what lies there, by
    code. What lies on a pallet counts where it stands as well."""
    places = Location.objects.filter(warehouse=house, closed_at__isnull=True).order_by("code")
    held = _lying(house)
    if only is not None:
        below = places.filter(pk__in=only, stands_at__isnull=False).values("stands_at")
        asked = Q(pk__in=only) | Q(pk__in=below)
        places = places.filter(asked)
        there = Location.objects.filter(Q(pk__in=places) | Q(stands_at__in=places))
        held = held.filter(location__in=there)
    rows = list(places)
    found = {
        place.pk: Shelf(
            place=place.pk,
            code=place.code,
            zone=place.zone,
            bears_cm3=_whole(place.volume_m3, 1_000_000),
            bears_g=_whole(place.load_kg, 1_000),
        )
        for place in rows
    }
    for place in rows:
        if place.stands_at_id is not None:
            found[place.pk].under = found.get(place.stands_at_id)
    sums = (
        held.values("location_id", "location__stands_at_id", "lot_id", "product_id", "expires_on")
        .annotate(
            units=Sum("on_hand"),
            cm3=Sum(F("on_hand") * F("product__volume_cm3")),
            grams=Sum(F("on_hand") * F("product__gross_weight_g")),
        )
        .order_by("location_id", "lot_id")
    )
    for row in sums:
        for shelf in (found.get(row["location_id"]), found.get(row["location__stands_at_id"] or 0)):
            if shelf is None:
                continue
            shelf.taken_cm3 += row["cm3"]
            shelf.taken_g += row["grams"]
            shelf.lies[row["lot_id"]] = (row["product_id"], row["expires_on"])
    return list(found.values())


def _whole(bears: Decimal | None, times: int) -> int | None:
    return None if bears is None else int(bears * times)
