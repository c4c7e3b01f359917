"""Which lots serve an order: oldest expiry first, all or nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.errors import DomainError


class NotEnoughStock(DomainError):
    """The seller's own unexpired stock of a product is smaller than what is wanted."""

    code = "warehouse.not_enough_stock"


class TooShortLived(NotEnoughStock):
    """Of what is there, too much has less of its life left than a sale here must leave."""

    code = "warehouse.too_short_lived"


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
    """Units of a product one order line asks for; ``product`` is its SKU.

    ``least_days`` of its life the sale must leave, by ``rules.shelf_life.Minimums``.
    """

    position: int
    product: str
    quantity: int
    least_days: int = 0


def is_expired(expires_on: date | None, today: date) -> bool:
    """Goods may be sold until the day before the date on them; on that day they stay."""
    return expires_on is not None and expires_on <= today


def plan_take(
    shelves: Sequence[Shelf],
    wanted: int,
    *,
    today: date,
    taken: Mapping[int, int] | None = None,
    least_days: int = 0,
) -> list[Take]:
    """First expired, first out: by expiry (none comes last), then day of receipt, then lot
    and place.

    All or nothing. ``taken`` is what was promised from each holding before, in the same
    batch, and not yet written. Expired lots are never picked, nor those of which the sale would
    leave less than ``least_days``.

    Raises NotEnoughStock with what is wanted and what is there, TooShortLived also with what is
    there but may not be sold.
    """
    promised = taken or {}
    takes, missing = take_up_to(shelves, wanted, today=today, taken=promised, least_days=least_days)
    if not missing:
        return takes
    found = {"wanted": wanted, "available": wanted - missing}
    short = sum(
        shelf.on_hand - promised.get(shelf.holding, 0)
        for shelf in shelves
        if not is_expired(shelf.expires_on, today)
        and is_expired(shelf.expires_on, _must_outlive(today, least_days))
    )
    if short > 0:
        raise TooShortLived(**found, short_lived=short, least_days=least_days)
    raise NotEnoughStock(**found)


def _must_outlive(today: date, least_days: int) -> date:
    """The day that goods must outlive to have so many days left today."""
    return today + timedelta(days=least_days - 1) if least_days > 1 else today


def take_up_to(
    shelves: Sequence[Shelf],
    wanted: int,
    *,
    today: date,
    taken: Mapping[int, int],
    least_days: int = 0,
) -> tuple[list[Take], int]:
    """As :func:`plan_take`, but what there is, and how many units are missing."""
    outlives = _must_outlive(today, least_days)
    usable = sorted(
        (shelf for shelf in shelves if not is_expired(shelf.expires_on, outlives)),
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
                shelves.get(want.product, ()),
                want.quantity,
                today=today,
                taken=promised,
                least_days=want.least_days,
            )
        except NotEnoughStock as error:
            facts = {"line": want.position, "product": want.product, **error.facts}
            raise type(error)(**facts) from error
        for take in takes:
            promised[take.holding] += take.quantity
            plan.append((want.position, take))
    return plan
