"""What goes on a list for picking, and what becomes of its orders when some units are missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from core.errors import DomainError, InputError

#: Orders of one wave at most, and as many as are taken unless somebody says otherwise.
MOST_ORDERS = 200
USUAL_ORDERS = 30


class NothingToPick(DomainError):
    """No released order waits to be picked in this warehouse."""

    code = "warehouse.nothing_to_pick"


class WaveTooLarge(InputError):
    """A wave takes one order at least, and as many at most as one list can hold."""

    code = "warehouse.wave_too_large"


class OrderNotToPick(InputError):
    """No order of this number waits to be picked in this warehouse."""

    code = "warehouse.order_not_to_pick"


class WaveConfirmed(DomainError):
    """The picking of this wave has been confirmed before."""

    code = "warehouse.wave_confirmed"


class FoundOutOfRange(InputError):
    """Of a line of the list between none and all of its units are found."""

    code = "warehouse.found_out_of_range"


class NotOnTheList(InputError):
    """The list of this wave has no such line."""

    code = "warehouse.not_on_the_list"


class NotAside(DomainError):
    """This order is not put aside any more."""

    code = "warehouse.not_aside"


@dataclass(frozen=True, slots=True, order=True)
class Spot:
    """Where a line of the list is picked: place and lot (ids)."""

    place: int
    lot: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Units that one order takes from a spot."""

    order: int
    spot: Spot
    units: int
    place_code: str = ""
    sku: str = ""
    product: str = ""
    lot_number: str = ""
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class PickLine:
    """One line of the list: the units of all orders together."""

    spot: Spot
    place_code: str
    sku: str
    product: str
    lot_number: str
    expires_on: date | None
    units: int


@dataclass(frozen=True, slots=True)
class Missing:
    """Why an order is put aside: of one of its lines so many units were not found."""

    place: str
    sku: str
    lot: str
    units: int


@dataclass(frozen=True, slots=True)
class Picked:
    """Which orders (ids) are whole, and which are put aside and why."""

    whole: tuple[int, ...]
    aside: Mapping[int, Missing] = field(default_factory=dict)


def check_size(orders: int) -> None:
    """Raises WaveTooLarge."""
    if not 1 <= orders <= MOST_ORDERS:
        raise WaveTooLarge(field="orders", orders=orders, limit=MOST_ORDERS)


def pick_list(wanted: Sequence[Wanted]) -> list[PickLine]:
    """One line for each spot, in the order in which a person walks: by place, SKU and lot."""
    units: Counter[Spot] = Counter()
    told: dict[Spot, Wanted] = {}
    for one in wanted:
        units[one.spot] += one.units
        told[one.spot] = one
    lines = [
        PickLine(
            spot=spot,
            place_code=one.place_code,
            sku=one.sku,
            product=one.product,
            lot_number=one.lot_number,
            expires_on=one.expires_on,
            units=units[spot],
        )
        for spot, one in told.items()
    ]
    return sorted(lines, key=lambda line: (line.place_code, line.sku, line.lot_number, line.spot))


def confirm(wanted: Sequence[Wanted], found: Mapping[Spot, int]) -> Picked:
    """Serve the orders in the order given with what was found; each is all or nothing.

    ``found`` are units by spot; a spot not named was found whole. What an order that is put aside
    leaves goes to those behind it.

    Raises FoundOutOfRange for more than a line asks for, or less than none.
    """
    asked: Counter[Spot] = Counter()
    for one in wanted:
        asked[one.spot] += one.units
    for spot, units in found.items():
        if not 0 <= units <= asked[spot]:
            raise FoundOutOfRange(units=units, wanted=asked[spot])
    left = {spot: found.get(spot, units) for spot, units in asked.items()}
    whole: list[int] = []
    aside: dict[int, Missing] = {}
    parts: dict[int, list[Wanted]] = {}
    for one in wanted:
        parts.setdefault(one.order, []).append(one)
    for order, its in parts.items():
        needs: Counter[Spot] = Counter()
        for one in its:
            needs[one.spot] += one.units
        short = next((one for one in its if needs[one.spot] > left[one.spot]), None)
        if short is not None:
            aside[order] = Missing(
                place=short.place_code,
                sku=short.sku,
                lot=short.lot_number,
                units=needs[short.spot] - left[short.spot],
            )
            continue
        for spot, units in needs.items():
            left[spot] -= units
        whole.append(order)
    return Picked(tuple(whole), aside)
