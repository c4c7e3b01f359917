"""Goods move within a warehouse: put away from the gate, from one place to another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from core.numbers import next_number
from core.walls import platform_wide
from warehouse.days import day_of
from warehouse.models import BondedWarehouse, Holding, Location, Lot
from warehouse.queries.putting import goods_of, shelves_of
from warehouse.rules import posting
from warehouse.rules import putting as rules
from warehouse.rules.places import PlaceClosed
from warehouse.rules.posting import PROMISED, Kind, Leg, Posting, Status
from warehouse.services.posting import post


@dataclass(frozen=True, slots=True)
class Move:
    """Units of a lot in one status from one place to another; lot and places by what they are
    called."""

    lot: str
    status: Status
    origin: str
    destination: str
    units: int


@transaction.atomic
def move_stock(
    *, house: BondedWarehouse, moves: Sequence[Move], moved_by: User, now: datetime
) -> str:
    """Move goods, all or none; returns the number that is the document of the postings.

    A lot lies undivided whoever owns it: each owner's units move in proportion to what it has
    there. What is promised to consumers stays.

    Raises MovesNothing, LotUnknown, PlaceUnknown, PlaceClosed, AlreadyThere, PromisedToAnOrder,
    ZoneDoesNotFit, PlaceTooFull, TooFewThere or StockShort; then nothing has been written.
    """
    # The owners' stock is written, which the keeper's own walls do not let it do.
    with platform_wide():
        return move_within(house, moves, moved_by, now)


def move_within(
    house: BondedWarehouse, moves: Sequence[Move], moved_by: User, now: datetime
) -> str:
    """What :func:`move_stock` does, for another use case of the house; call platform-wide."""
    if not moves:
        raise rules.MovesNothing(units=0)
    lots = _lots(house, moves)
    places = _places(house, moves)
    shelves = {
        shelf.code: shelf
        for shelf in shelves_of(house, [places[one.destination].pk for one in moves])
    }
    legs: dict[int, list[Leg]] = defaultdict(list)
    for one in moves:
        lot, origin, shelf = lots[one.lot], places[one.origin], shelves[one.destination]
        goods = goods_of(lot, one.status, origin.pk, one.units)
        rules.check_move(goods, shelf)
        shelf.take(goods, one.units)
        for owner, units in _whose(one, lot, origin, legs).items():
            legs[owner] += posting.moved(
                lot.pk,
                units,
                status=one.status,
                origin=origin.pk,
                destination=shelf.place,
            )
    number = next_number("MV", day_of(now).year)
    post(
        postings=[
            Posting(
                key=f"move:{number}:owner:{owner}",
                kind=Kind.MOVED,
                document=number,
                owner=owner,
                keeper=house.operator_id,
                moved_at=now,
                legs=parts,
                by=moved_by.pk,
            )
            for owner, parts in sorted(legs.items())
        ],
        now=now,
    )
    return number


def _lots(house: BondedWarehouse, moves: Sequence[Move]) -> dict[str, Lot]:
    wanted = {one.lot for one in moves}
    found = Lot.objects.filter(warehouse=house, number__in=wanted).select_related("product")
    lots = {lot.number: lot for lot in found}
    if missing := sorted(wanted - lots.keys()):
        raise rules.LotUnknown(field="lot", lot=missing[0][:40])
    return lots


def _places(house: BondedWarehouse, moves: Sequence[Move]) -> dict[str, Location]:
    """All that are named; where goods come to, the next who brings some waits to count them."""
    origins, destinations = {one.origin for one in moves}, {one.destination for one in moves}
    named = Location.objects.filter(warehouse=house, code__in=origins | destinations)
    places = {place.code: place for place in named}
    for field, wanted in (("origin", origins), ("destination", destinations)):
        if missing := sorted(wanted - places.keys()):
            raise rules.PlaceUnknown(field=field, place=missing[0][:40])
    # Who fills a pallet fills the place at which it stands.
    reached = named.filter(code__in=destinations)
    filled = Location.objects.filter(
        Q(pk__in=reached.values("pk")) | Q(pk__in=reached.values("stands_at"))
    ).order_by("pk")
    for place in filled.select_for_update(of=("self",), no_key=True):
        if place.closed_at is not None:
            raise PlaceClosed(field="destination", place=place.code)
    return places


def _whose(one: Move, lot: Lot, origin: Location, moving: dict[int, list[Leg]]) -> dict[int, int]:
    """By owner (id), less what goes from there in this document already."""
    held = dict(
        Holding.objects.filter(
            lot=lot, location=origin, status=one.status.value, on_hand__gt=0
        ).values_list("owner_id", "on_hand")
    )
    for owner, legs in moving.items():
        gone = sum(
            -leg.quantity
            for leg in legs
            if (leg.lot, leg.location, leg.status, leg.quantity < 0)
            == (lot.pk, origin.pk, one.status, True)
        )
        if owner in held:
            held[owner] -= gone
    return rules.split(one.units, held, lot=lot.number, place=origin.code)


@transaction.atomic
def empty_place(
    *,
    house: BondedWarehouse,
    origin: Location,
    destination: str,
    moved_by: User,
    now: datetime,
) -> str:
    """Move all that lies at a place to another one; what is promised to consumers stays.

    Raises what :func:`move_stock` raises; then nothing has been written.
    """
    with platform_wide():
        held = (
            Holding.objects.filter(location=origin, on_hand__gt=0)
            .exclude(status__in=sorted(PROMISED))
            .values_list("lot__number", "status", "on_hand")
            .order_by("lot_id", "status")
        )
        units: dict[tuple[str, str], int] = defaultdict(int)
        for lot, status, many in held:
            units[lot, status] += many
        moves = [
            Move(lot, Status(status), origin.code, destination, many)
            for (lot, status), many in units.items()
        ]
        return move_within(house, moves, moved_by, now)
