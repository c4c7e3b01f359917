"""Which lots serve an order: oldest expiry first, all or nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.errors import DomainError


class NotEnoughStock(DomainError):
    """The seller's own unexpired stock of a product is smaller than what is wanted."""

    code = "warehouse.not_enough_stock"


@dataclass(frozen=True, slots=True)
class Shelf:
    """One owner's units of one lot at one place, free to be sold."""

    holding: int
    lot: int
    warehouse: int
    expires_on: date | None
    received_at: datetime
    on_hand: int


@dataclass(frozen=True, slots=True)
class Take:
    """Units to take from one holding."""

    holding: int
    lot: int
    quantity: int


@dataclass(frozen=True, slots=True)
class Want:
    """Units of a product one order line asks for; ``product`` is its SKU."""

    position: int
    product: str
    quantity: int


def is_expired(expires_on: date | None, today: date) -> bool:
    """Goods may be sold until the day before the date on them; on that day they stay."""
    return expires_on is not None and expires_on <= today


def plan_take(
    shelves: Sequence[Shelf],
    wanted: int,
    *,
    today: date,
    taken: Mapping[int, int] | None = None,
) -> list[Take]:
    """First expired, first out: by expiry (none comes last), then day of receipt, then lot
    and place.

    All or nothing. ``taken`` is what was promised from each holding before, in the same
    batch, and not yet written. Expired lots are never picked.

    Raises NotEnoughStock with what is wanted and what is there.
    """
    takes, missing = take_up_to(shelves, wanted, today=today, taken=taken or {})
    if missing:
        raise NotEnoughStock(wanted=wanted, available=wanted - missing)
    return takes


def take_up_to(
    shelves: Sequence[Shelf], wanted: int, *, today: date, taken: Mapping[int, int]
) -> tuple[list[Take], int]:
    """As :func:`plan_take`, but what there is, and how many units are missing."""
    usable = sorted(
        (shelf for shelf in shelves if not is_expired(shelf.expires_on, today)),
        key=lambda shelf: (
            shelf.expires_on is None,
            shelf.expires_on or date.max,
            shelf.received_at,
            shelf.lot,
            shelf.holding,
        ),
    )
    takes: list[Take] = []
    missing = wanted
    for shelf in usable:
        if missing == 0:
            break
        quantity = min(missing, shelf.on_hand - taken.get(shelf.holding, 0))
        if quantity > 0:
            takes.append(Take(shelf.holding, shelf.lot, quantity))
            missing -= quantity
    return takes, missing


def plan_parcel(
    shelves: Mapping[str, Sequence[Shelf]],
    wants: Sequence[Want],
    *,
    today: date,
    taken: Mapping[int, int],
) -> list[tuple[int, Take]]:
    """Like :func:`plan_order`, from one warehouse: a parcel has one, and so has its retail list.

    The first warehouse (by id) that can serve the whole order does. Raises NotEnoughStock of
    the warehouse that came furthest.
    """
    houses = sorted({shelf.warehouse for found in shelves.values() for shelf in found})
    furthest = NotEnoughStock()
    for house in houses or [0]:
        here = {
            sku: [shelf for shelf in found if shelf.warehouse == house]
            for sku, found in shelves.items()
        }
        try:
            return plan_order(here, wants, today=today, taken=taken)
        except NotEnoughStock as refusal:
            furthest = max(furthest, refusal, key=_reach)
    raise furthest


def _reach(refusal: NotEnoughStock) -> tuple[int, int]:
    facts = refusal.facts
    return int(str(facts.get("line", 0))), int(str(facts.get("available", 0)))


def plan_order(
    shelves: Mapping[str, Sequence[Shelf]],
    wants: Sequence[Want],
    *,
    today: date,
    taken: Mapping[int, int],
) -> list[tuple[int, Take]]:
    """Takes of a whole order, as (position, take); ``shelves`` are by SKU.

    A product that stands in two lines of the order is not counted twice. All or nothing:
    raises NotEnoughStock, naming the product and the line; then ``taken`` still holds.
    """
    promised = Counter(taken)
    plan: list[tuple[int, Take]] = []
    for want in wants:
        try:
            takes = plan_take(
                shelves.get(want.product, ()), want.quantity, today=today, taken=promised
            )
        except NotEnoughStock as error:
            raise NotEnoughStock(line=want.position, product=want.product, **error.facts) from error
        for take in takes:
            promised[take.holding] += take.quantity
            plan.append((want.position, take))
    return plan
