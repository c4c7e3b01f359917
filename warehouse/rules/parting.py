"""What becomes of an order that no single warehouse can serve whole: by its seller's own terms.

Everything here is units; which lots they come from, ``rules.fulfilling`` says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from core.errors import InputError
from core.money import shared
from warehouse.rules.fulfilling import (
    NotEnoughStock,
    Shelf,
    Take,
    Want,
    plan_order,
    plan_parcel,
    take_up_to,
)

LONGEST_BACK_ORDER = 60


class Shortage(StrEnum):
    """What a seller wants done with an order of which not everything is there."""

    REFUSE = "refuse"
    PART = "part"
    BACK_ORDER = "back_order"


class BackOrderDaysWrong(InputError):
    """What is missing may be waited for from 1 to 60 days, and only where it is back-ordered."""

    code = "warehouse.back_order_days_wrong"


@dataclass(frozen=True, slots=True)
class Terms:
    """How a seller's orders are taken; as it stands here, all or nothing from one warehouse.

    ``back_order_days``: so long what is missing is waited for; 0 unless it is back-ordered.
    """

    shortage: Shortage = Shortage.REFUSE
    back_order_days: int = 0
    may_split: bool = False

    def waits_until(self, today: date) -> date | None:
        """The last day on which what is missing today is still served."""
        if self.shortage is not Shortage.BACK_ORDER:
            return None
        return today + timedelta(days=self.back_order_days)


ALL_OR_NOTHING = Terms()

#: What is taken for one parcel, as (position of the line, take): all from one warehouse.
Part = tuple[tuple[int, Take], ...]


@dataclass(frozen=True, slots=True)
class Serving:
    """The parcels that serve an order, and the units that are missing, by position of the line."""

    parts: tuple[Part, ...]
    missing: tuple[tuple[int, int], ...] = ()


def check_terms(terms: Terms) -> None:
    """Raises BackOrderDaysWrong."""
    days, waits = terms.back_order_days, terms.shortage is Shortage.BACK_ORDER
    if (waits and not 1 <= days <= LONGEST_BACK_ORDER) or (not waits and days):
        raise BackOrderDaysWrong(field="back_order_days", days=days, highest=LONGEST_BACK_ORDER)


def plan_serving(
    shelves: Mapping[str, Sequence[Shelf]],
    wants: Sequence[Want],
    *,
    terms: Terms,
    today: date,
    taken: Mapping[int, int],
) -> Serving:
    """From one warehouse where one has it all; else as the seller's terms say.

    An order that may be split is served by the warehouse that has most of what is still wanted
    (of two, the lower id), then by the next; one that may not, by that first one alone. What is
    missing then is refused or waited for, if the terms serve a part at all.

    Raises NotEnoughStock where the terms serve no part, and where nothing is there.
    """
    try:
        whole = plan_parcel(shelves, wants, today=today, taken=taken)
    except NotEnoughStock:
        if terms == ALL_OR_NOTHING:
            raise
        return _in_parts(shelves, wants, terms, today, taken)
    return Serving((tuple(whole),))


def _in_parts(
    shelves: Mapping[str, Sequence[Shelf]],
    wants: Sequence[Want],
    terms: Terms,
    today: date,
    taken: Mapping[int, int],
) -> Serving:
    houses = {shelf.warehouse for found in shelves.values() for shelf in found}
    left = {want.position: want.quantity for want in wants}
    parts: list[Part] = []
    while houses and any(left.values()):
        offers = {
            house: _from_house(shelves, wants, left, house=house, today=today, taken=taken)
            for house in sorted(houses)
        }
        best = max(offers, key=lambda house: (_units(offers[house]), -house))
        if not offers[best]:
            break
        houses.discard(best)
        parts.append(offers[best])
        for position, take in offers[best]:
            left[position] -= take.quantity
        if not terms.may_split:
            break
    missing = tuple((position, units) for position, units in sorted(left.items()) if units)
    if not parts or (missing and terms.shortage is Shortage.REFUSE):
        # Of all warehouses together, since all of them were asked.
        plan_order(shelves, wants, today=today, taken=taken)
    return Serving(tuple(parts), missing)


def _from_house(
    shelves: Mapping[str, Sequence[Shelf]],
    wants: Sequence[Want],
    left: Mapping[int, int],
    *,
    house: int,
    today: date,
    taken: Mapping[int, int],
) -> Part:
    promised = Counter(taken)
    found: list[tuple[int, Take]] = []
    for want in wants:
        here = [shelf for shelf in shelves.get(want.product, ()) if shelf.warehouse == house]
        takes, _missing = take_up_to(
            here,
            left[want.position],
            today=today,
            taken=promised,
            least_days=want.least_days,
        )
        for take in takes:
            promised[take.holding] += take.quantity
            found.append((want.position, take))
    return tuple(found)


def _units(part: Part) -> int:
    return sum(take.quantity for _position, take in part)


def units_by_position(part: Part) -> dict[int, int]:
    """Units that a parcel has of each line, in the order of the lines."""
    units = Counter[int]()
    for position, take in part:
        units[position] += take.quantity
    return dict(sorted(units.items()))


def shared_freight(
    freight: int, parts: Sequence[Mapping[int, int]], prices: Mapping[int, int]
) -> list[int]:
    """Each parcel's part of the freight (fen) by the value of its goods; sums to the fen.

    ``parts`` are units by position, ``prices`` fen a unit. Goods that cost nothing count by unit.
    """
    goods = [sum(units * prices[position] for position, units in part.items()) for part in parts]
    weights = goods if any(goods) else [sum(part.values()) for part in parts]
    return shared(freight, weights)
