"""Where goods may lie, where they are put away best, and whose units a move takes.

Volumes in cm³ and weights in g, whole; a place whose capacity nobody knows bears everything, and
a product whose volume nobody knows takes none.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from core.errors import DomainError, InputError
from core.money import shared
from warehouse.rules.posting import PROMISED, PromisedToAnOrder, Status

GATE, STORAGE, PICKING, QUARANTINE = "gate", "storage", "picking", "quarantine"


class ZoneDoesNotFit(DomainError):
    """What may be sold never lies in quarantine, and what may not lies there or at the gate."""

    code = "warehouse.zone_does_not_fit"


class AlreadyThere(InputError):
    """The goods lie at this place already."""

    code = "warehouse.already_there"


class PlaceTooFull(DomainError):
    """So much does not fit at this place any more."""

    code = "warehouse.place_too_full"


class MovesNothing(InputError):
    """A move is of whole units, one at least."""

    code = "warehouse.moves_nothing"


class PlaceUnknown(InputError):
    """The warehouse has no such place."""

    code = "warehouse.place_unknown"


class LotUnknown(InputError):
    """The warehouse has no such lot."""

    code = "warehouse.lot_unknown"


class TooFewThere(DomainError):
    """Fewer units of this lot lie there than are to be moved; what is promised to consumers stays
    until it is picked."""

    code = "warehouse.too_few_there"


class Reason(StrEnum):
    """Why a place is suggested."""

    SAME_LOT = "same_lot"
    NEARBY = "nearby"
    EMPTY = "empty"
    ROOM = "room"


@dataclass(frozen=True, slots=True)
class Goods:
    """Units of one lot in one status that wait at a place (id) to be put away."""

    lot: int
    product: int
    status: Status
    origin: int
    units: int
    expires_on: date | None = None
    unit_cm3: int = 0
    unit_g: int = 0


@dataclass(slots=True)
class Shelf:
    """An open place: what it bears, what of that is taken, and which lots lie there.

    ``lies``: by lot its product and its last day. A pallet bears what the shelf ``under`` it
    does, on which it counts too.
    """

    place: int
    code: str
    zone: str
    bears_cm3: int | None = None
    bears_g: int | None = None
    taken_cm3: int = 0
    taken_g: int = 0
    lies: dict[int, tuple[int, date | None]] = field(default_factory=dict)
    under: Shelf | None = None

    def room_for(self, goods: Goods) -> int:
        """How many units fit there, at most all of them."""
        fits = goods.units
        if self.under is not None and self.under.place != goods.origin:
            fits = self.under.room_for(goods)
        for bears, taken, each in (
            (self.bears_cm3, self.taken_cm3, goods.unit_cm3),
            (self.bears_g, self.taken_g, goods.unit_g),
        ):
            if bears is not None and each:
                fits = min(fits, max(bears - taken, 0) // each)
        return fits

    def take(self, goods: Goods, units: int) -> None:
        self.taken_cm3 += units * goods.unit_cm3
        self.taken_g += units * goods.unit_g
        self.lies[goods.lot] = (goods.product, goods.expires_on)
        if self.under is not None and self.under.place != goods.origin:
            self.under.take(goods, units)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """So many units to that place (id and code), and why; ``beside`` is the place it is near."""

    place: int
    code: str
    units: int
    reason: Reason
    beside: str = ""


def fits_zone(zone: str, status: Status) -> bool:
    """Whether goods in this status may lie in this zone; at the gate everything may."""
    if zone == GATE:
        return True
    return (zone == QUARANTINE) == (status != Status.AVAILABLE)


def check_zone(zone: str, status: Status, *, place: str) -> None:
    """Raises PromisedToAnOrder or ZoneDoesNotFit."""
    if status in PROMISED:
        raise PromisedToAnOrder(status=status.value)
    if not fits_zone(zone, status):
        raise ZoneDoesNotFit(place=place, zone=zone, status=status.value)


def check_move(goods: Goods, shelf: Shelf) -> None:
    """Raises MovesNothing, AlreadyThere, PromisedToAnOrder, ZoneDoesNotFit or PlaceTooFull."""
    if goods.units < 1:
        raise MovesNothing(units=goods.units)
    if goods.origin == shelf.place:
        raise AlreadyThere(place=shelf.code)
    check_zone(shelf.zone, goods.status, place=shelf.code)
    room = shelf.room_for(goods)
    if room < goods.units:
        raise PlaceTooFull(place=shelf.code, wanted=goods.units, available=room)


def split(units: int, held: Mapping[int, int], *, lot: str, place: str) -> dict[int, int]:
    """Whose units a move takes: of a lot that lies undivided each owner (id) gives in proportion,
    by largest remainder, and never more than it has. Raises TooFewThere."""
    there = sum(held.values())
    if units > there:
        raise TooFewThere(lot=lot, place=place, wanted=units, available=there)
    owners = sorted(owner for owner, has in held.items() if has)
    parts = shared(units, [held[owner] for owner in owners])
    return {owner: part for owner, part in zip(owners, parts, strict=True) if part}


def plan(goods: Iterable[Goods], shelves: Sequence[Shelf]) -> list[Suggestion | None]:
    """A place for each of the goods, one after the other, as if each had been put away before the
    next was looked at; None where no place has room. The same input has the same answer.

    Best is where the same lot lies; then an empty place, near the same product if that lies
    anywhere; then any with room. Two last days of one product never share a place: who picks
    could not tell which goes first. What is to be sold goes to storage, and to a picking place
    only beside its own lot; the rest goes to quarantine. Onto pallets people put goods themselves.
    """
    ordered = sorted(
        (shelf for shelf in shelves if shelf.under is None), key=lambda shelf: shelf.code
    )
    found: list[Suggestion | None] = []
    for one in goods:
        suggestion = _suggest(one, ordered)
        found.append(suggestion)
        if suggestion is not None:
            shelf = next(shelf for shelf in ordered if shelf.place == suggestion.place)
            shelf.take(one, suggestion.units)
    return found


def _suggest(goods: Goods, shelves: Sequence[Shelf]) -> Suggestion | None:
    zones = {STORAGE, PICKING} if goods.status == Status.AVAILABLE else {QUARANTINE}
    near = [
        at
        for at, shelf in enumerate(shelves)
        if shelf.place != goods.origin
        and shelf.zone in zones
        and any(product == goods.product for product, _day in shelf.lies.values())
    ]
    best: tuple[tuple[int, int, int, int], Suggestion] | None = None
    for at, shelf in enumerate(shelves):
        if shelf.zone not in zones or shelf.place == goods.origin:
            continue
        is_same = goods.lot in shelf.lies
        if shelf.zone == PICKING and not is_same:
            continue
        room = shelf.room_for(goods)
        if room < 1 or hides_an_expiry(goods, shelf):
            continue
        distance, beside = _nearest(at, near)
        # All of it at one place before anything else: goods that are split are looked for twice.
        rank = 0 if is_same else 1 if not shelf.lies else 2
        key = (goods.units - room, rank, distance, at)
        if best is None or key < best[0]:
            reason = _reason(is_same, shelf, beside is not None)
            code = shelves[beside].code if reason is Reason.NEARBY and beside is not None else ""
            best = (key, Suggestion(shelf.place, shelf.code, room, reason, code))
    return best[1] if best else None


def hides_an_expiry(goods: Goods, shelf: Shelf) -> bool:
    """Whether the same product lies there with another last day."""
    return any(
        lot != goods.lot and product == goods.product and day != goods.expires_on
        for lot, (product, day) in shelf.lies.items()
    )


def _nearest(at: int, near: Sequence[int]) -> tuple[int, int | None]:
    """How many places away the next one of the same product is, and which."""
    if not near:
        return 0, None
    right = bisect_left(near, at)
    choices = near[max(right - 1, 0) : right + 1]
    closest = min(choices, key=lambda one: (abs(one - at), one))
    return abs(closest - at), closest


def _reason(is_same: bool, shelf: Shelf, is_near: bool) -> Reason:
    if is_same:
        return Reason.SAME_LOT
    if is_near:
        return Reason.NEARBY
    return Reason.ROOM if shelf.lies else Reason.EMPTY
