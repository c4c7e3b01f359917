"""How much of their life a sale must leave to goods, how long they may lie in bond, and when
somebody is told that they near an end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from core.errors import InputError

#: Days before its expiry at which the owner of a lot hears of it, once at each.
EXPIRY_DAYS = (180, 90, 60, 30)
#: Days before the last on which it may be sold at which the owner hears of it.
LAST_SALE_DAYS = (30, 7)
#: Days that goods may lie in bond where their warehouse has set nothing else (two years, the term
#: of customs' rules), and days before their end at which the owner hears of it.
BOND_LIMIT_DAYS = 730
SHORTEST_LIMIT, LONGEST_LIMIT = 30, 3_650
BOND_DAYS = (90, 60, 30, 0)
#: Days of sales from which the pace is taken.
PACE_DAYS = 90
LONGEST_MINIMUM = 3_650


class BondLimitWrong(InputError):
    """Goods may lie in bond from 30 days to ten years."""

    code = "warehouse.bond_limit_wrong"


class ShelfDaysWrong(InputError):
    """A sale may have to leave from 1 to 3,650 days of a product's life."""

    code = "warehouse.shelf_days_wrong"


class ShopOrProduct(InputError):
    """What a sale must leave is set for a shop or for a product, not for both at once."""

    code = "warehouse.shop_or_product"


@dataclass(frozen=True, slots=True)
class Minimums:
    """Days of its life that a sale of a seller's goods must leave: what is set for the shop, else
    for the product (by SKU), else for all."""

    all: int = 0
    by_product: Mapping[str, int] = field(default_factory=dict)
    by_channel: Mapping[str, int] = field(default_factory=dict)

    def of(self, channel: str, sku: str) -> int:
        if channel in self.by_channel:
            return self.by_channel[channel]
        return self.by_product.get(sku, self.all)


NO_MINIMUMS = Minimums()


def last_sellable_day(expires_on: date | None, least_days: int) -> date | None:
    """The last day on which goods may be sold that must have so many days left then; without a
    minimum the day before their expiry. None for what does not expire."""
    return expires_on and expires_on - timedelta(days=max(least_days, 1))


def check_bond_limit(days: int) -> None:
    """Raises BondLimitWrong."""
    if not SHORTEST_LIMIT <= days <= LONGEST_LIMIT:
        raise BondLimitWrong(
            field="days", days=days, shortest=SHORTEST_LIMIT, longest=LONGEST_LIMIT
        )


def check_minimum(days: int | None, *, channel: str, sku: str) -> None:
    """Raises ShopOrProduct or ShelfDaysWrong."""
    if channel and sku:
        raise ShopOrProduct(field="product", channel=channel, product=sku)
    if days is not None and not 1 <= days <= LONGEST_MINIMUM:
        raise ShelfDaysWrong(field="days", days=days, longest=LONGEST_MINIMUM)


@dataclass(frozen=True, slots=True)
class Window:
    """Lots that reach a threshold (``days``) since the last look: their day lies after ``after``,
    up to ``until``. What came in since then is told of at its nearest threshold alone, which
    begins after ``nearer``."""

    days: int
    after: date
    until: date
    nearer: date


def windows(thresholds: Sequence[int], *, today: date, looked_on: date | None) -> list[Window]:
    """What of each threshold is news today, if somebody last looked on a day; without one, all
    that lies within a threshold and no nearer one. A threshold is told of once."""
    found = []
    for days, nearer in zip(thresholds, (*thresholds[1:], None), strict=True):
        until = today + timedelta(days=days)
        # Nothing is nearer than the last: what is past its day as well.
        begins = date.min if nearer is None else today + timedelta(days=nearer)
        after = begins if looked_on is None else looked_on + timedelta(days=days)
        found.append(Window(days, after, until, begins))
    return found


def wasted(lots: Iterable[tuple[date, int]], *, sold: int, today: date) -> int:
    """Units of one product that will not be sold by the day before they expire, if they go on to
    be sold as in the last 90 days, first expired first; of each lot its expiry and its units. What
    a sale must leave of its life is taken off the expiry by who asks.

    What is sold of an earlier lot is not sold of a later one. Whole units, rounded up.
    """
    waste = gone = 0
    for expires_on, units in sorted(lots):
        days_left = max((expires_on - today).days, 0)
        taken = min(units, max(sold * days_left // PACE_DAYS - gone, 0))
        gone += taken
        waste += units - taken
    return waste
