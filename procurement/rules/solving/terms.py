"""The terms of a round, as the solver sees them: frozen, checked, and in a fixed order.

Money is in fen unless a name ends in ``_minor`` (minor units of the offer's currency).
``*_ppm`` are millionths. Nothing here depends on the order in which rows were given.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NamedTuple

from procurement.rules.solving import refusals

#: More units (or packs) than this of anything is a typing mistake.
MOST_UNITS: Final = 10**9
#: The most a pack may cost, in minor units; the same as in the table of prices.
MOST_PRICE: Final = 10**9
#: The most any other amount may be (fen), and the most grams or cm3 a container holds.
MOST_AMOUNT: Final = 10**15
MILLION: Final = 10**6
BILLION: Final = 10**9


class Pricing(StrEnum):
    """Whether a break's price counts for all packs or for those from the break on."""

    ALL_UNITS = "all_units"
    INCREMENTAL = "incremental"


class LaneKey(NamedTuple):
    """What goes into one order: one supplier, one currency, one incoterm."""

    supplier: int
    currency: str
    incoterm: str


class Break(NamedTuple):
    """From this many packs on, this price for a pack."""

    from_packs: int
    pack_price_minor: int


@dataclass(frozen=True, slots=True)
class Item:
    """What all sellers together wish of one product, and what a unit is worth beyond it.

    ``firm`` <= ``wanted`` <= ``most``: sums of what sellers insist on, want, and would take.
    A unit below ``wanted`` costs ``penalty``; one below ``firm`` costs ``firm_penalty`` more.
    A unit above ``wanted`` within the tolerance is worth ``extra_credit``; one above ``most``
    is the platform's and worth ``surplus_credit``; of those at most ``surplus_limit`` (None =
    no limit). Nothing is ordered of a product that is not ``wanted`` at all. Surplus comes from
    packs, breaks and minimums only, however much it is worth: nobody buys it for itself.
    """

    product: int
    firm: int
    wanted: int
    most: int
    gross_weight_g: int = 0
    volume_cm3: int = 0
    duty_ppm: int = 0
    penalty: int = 0
    firm_penalty: int = 0
    extra_credit: int = 0
    surplus_credit: int = 0
    surplus_limit: int | None = None

    def __post_init__(self) -> None:
        numbers = [self.firm, self.wanted, self.most, self.gross_weight_g, self.volume_cm3]
        numbers += [self.duty_ppm, self.penalty, self.firm_penalty]
        numbers += [self.extra_credit, self.surplus_credit, self.surplus_limit or 0]
        _whole(numbers, product=self.product)
        _limited([self.most, self.wanted, self.firm], MOST_UNITS, product=self.product)
        _limited(numbers, MOST_PRICE, product=self.product)
        if not self.firm <= self.wanted <= self.most:
            raise refusals.WishesCrossed(
                product=self.product, firm=self.firm, wanted=self.wanted, most=self.most
            )
        if not self.penalty >= self.extra_credit >= self.surplus_credit:
            raise refusals.ValuesRise(
                product=self.product,
                penalty=self.penalty,
                extra_credit=self.extra_credit,
                surplus_credit=self.surplus_credit,
            )


@dataclass(frozen=True, slots=True)
class Offer:
    """One supplier's terms for one product; ordered in ``multiple`` packs at a time."""

    id: int
    product: int
    supplier: int
    currency: str
    incoterm: str
    pack_quantity: int
    breaks: tuple[Break, ...]
    multiple: int = 1
    minimum_quantity: int = 0
    capacity: int | None = None
    pricing: Pricing = Pricing.ALL_UNITS
    #: Which order the offer's lines go into.
    lane: LaneKey = field(init=False, repr=False, compare=False)
    #: The smallest order in packs: the minimum, rounded up to the multiple.
    least_packs: int = field(init=False, repr=False, compare=False)
    #: The largest order that capacity allows (0: not even the smallest).
    most_packs: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        told = {"product": self.product, "supplier": self.supplier}
        object.__setattr__(self, "breaks", tuple(Break(*step) for step in self.breaks))
        object.__setattr__(self, "pricing", Pricing(self.pricing))
        starts = [step.from_packs for step in self.breaks]
        prices = [step.pack_price_minor for step in self.breaks]
        sizes = [self.pack_quantity, self.multiple, self.minimum_quantity, self.capacity or 0]
        _whole([*sizes, *starts, *prices], **told)
        _limited([*sizes, *starts], MOST_UNITS, **told)
        _limited(prices, MOST_PRICE, **told)
        if not self.pack_quantity or not self.multiple:
            raise refusals.PackEmpty(**told)
        _limited([self.pack_quantity * self.multiple], MOST_UNITS, **told)
        if not starts:
            raise refusals.BreaksMissing(**told)
        if len(set(starts)) < len(starts):
            raise refusals.BreaksOverlap(**told, starts=starts)
        if starts != sorted(starts):
            raise refusals.BreaksUnsorted(**told, starts=starts)
        if not all(prices):
            raise refusals.PriceMissing(**told)
        if prices != sorted(prices, reverse=True):
            raise refusals.PricesRise(**told, prices=prices)
        lane = LaneKey(self.supplier, self.currency, self.incoterm)
        least = self.round_up(max(-(-self.minimum_quantity // self.pack_quantity), 1))
        room = MOST_UNITS if self.capacity is None else self.capacity
        most = room // self.pack_quantity // self.multiple * self.multiple
        object.__setattr__(self, "lane", lane)
        object.__setattr__(self, "least_packs", least)
        object.__setattr__(self, "most_packs", most if most >= least else 0)
        if starts[0] > self.least_packs:
            raise refusals.BreaksGapped(**told, from_packs=starts[0], smallest=self.least_packs)

    def round_up(self, packs: int) -> int:
        """``packs`` rounded up to what is ordered at a time."""
        return -(-packs // self.multiple) * self.multiple

    def packs_for(self, units: int) -> int:
        """The packs that hold ``units``: rounded up, and at least the smallest order."""
        return max(self.round_up(-(-units // self.pack_quantity)), self.least_packs)

    def price_at(self, packs: int) -> int:
        """The price of the last break that ``packs`` reach."""
        price = self.breaks[0].pack_price_minor
        for step in self.breaks:
            if packs >= step.from_packs:
                price = step.pack_price_minor
        return price

    def goods_minor(self, packs: int) -> int:
        """What ``packs`` cost in the offer's currency, exactly."""
        if self.pricing is Pricing.ALL_UNITS:
            return packs * self.price_at(packs)
        total, above = 0, packs
        for step in reversed(self.breaks):
            # The pack that reaches a break is the first at its price.
            within = above - max(step.from_packs - 1, 0)
            if within > 0:
                total += within * step.pack_price_minor
                above -= within
        return total + above * self.breaks[0].pack_price_minor


@dataclass(frozen=True, slots=True)
class Container:
    """A container type of a supplier's port: its price and what it holds."""

    code: str
    price: int
    cm3: int
    grams: int


@dataclass(frozen=True, slots=True)
class Lane:
    """The terms of one order: its currency's rate, minimum, freight and fees.

    ``rate_ppb`` fen for 10**9 minor units. LCL is priced per cubic metre or tonne, whichever
    is more (``lcl_price``; None = not offered), and costs at least ``lcl_minimum``. Wire and
    declaration are paid once an order, ``line_fee`` once a line. ``insurance_ppm`` counts on
    goods and freight. Without ``pays_freight`` the supplier carries the main freight.
    """

    supplier: int
    currency: str
    incoterm: str
    rate_ppb: int
    minimum_minor: int = 0
    containers: tuple[Container, ...] = ()
    lcl_price: int | None = None
    lcl_minimum: int = 0
    wire_fee: int = 0
    declaration_fee: int = 0
    line_fee: int = 0
    insurance_ppm: int = 0
    pays_freight: bool = False

    def __post_init__(self) -> None:
        told = {"supplier": self.supplier, "currency": self.currency, "incoterm": self.incoterm}
        amounts = [self.rate_ppb, self.minimum_minor, self.lcl_price or 0, self.lcl_minimum]
        amounts += [self.wire_fee, self.declaration_fee, self.line_fee, self.insurance_ppm]
        sizes = [number for c in self.containers for number in (c.price, c.cm3, c.grams)]
        _whole([*amounts, *sizes], **told)
        _limited([*amounts, *sizes], MOST_AMOUNT, **told)
        if not self.rate_ppb:
            raise refusals.RateMissing(**told)
        if not all(sizes):
            raise refusals.ContainerEmpty(**told)
        if len({c.code for c in self.containers}) < len(self.containers):
            raise refusals.NamedTwice(**told, containers=[c.code for c in self.containers])
        if self.pays_freight and not self.containers and self.lcl_price is None:
            raise refusals.FreightMissing(**told)
        object.__setattr__(
            self, "containers", tuple(sorted(self.containers, key=lambda c: (c.price, c.code)))
        )

    @property
    def key(self) -> LaneKey:
        return LaneKey(self.supplier, self.currency, self.incoterm)


@dataclass(frozen=True, slots=True)
class Problem:
    """A whole round. ``budget`` limits its landed cost (fen; None = no limit).

    ``allows_surplus``: whether the platform may take what is above everybody's most; how
    much of it is each item's ``surplus_limit``. Raises InputError, one class a rule.
    """

    items: tuple[Item, ...]
    offers: tuple[Offer, ...]
    lanes: tuple[Lane, ...]
    budget: int | None = None
    allows_surplus: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "items", tuple(sorted(self.items, key=lambda i: i.product)))
        object.__setattr__(self, "offers", tuple(sorted(self.offers, key=lambda o: o.id)))
        object.__setattr__(self, "lanes", tuple(sorted(self.lanes, key=lambda lane: lane.key)))
        _once("product", (item.product for item in self.items))
        _once("offer", (offer.id for offer in self.offers))
        _once("lane", (lane.key for lane in self.lanes))
        _once("product and lane", ((offer.product, *offer.lane) for offer in self.offers))
        if self.budget is not None:
            _whole([self.budget])
        items = {item.product: item for item in self.items}
        lanes = {lane.key: lane for lane in self.lanes}
        for offer in self.offers:
            told = {"product": offer.product, "supplier": offer.supplier}
            if offer.product not in items:
                raise refusals.ProductUnknown(**told)
            if offer.lane not in lanes:
                raise refusals.LaneUnknown(**told, currency=offer.currency, incoterm=offer.incoterm)
            _fits(items[offer.product], offer, lanes[offer.lane])

    def surplus_limit(self, item: Item) -> int:
        """How many units of a product may become the platform's."""
        if not self.allows_surplus:
            return 0
        return MOST_UNITS if item.surplus_limit is None else item.surplus_limit

    @property
    def lane_places(self) -> dict[LaneKey, int]:
        """Of each lane, where it stands among ``lanes``."""
        return {lane.key: place for place, lane in enumerate(self.lanes)}


def _fits(item: Item, offer: Offer, lane: Lane) -> None:
    """A pack goes whole into one container, whatever the others hold."""
    grams, cm3 = item.gross_weight_g * offer.pack_quantity, item.volume_cm3 * offer.pack_quantity
    if (
        lane.pays_freight
        and lane.containers
        and not any(c.grams >= grams and c.cm3 >= cm3 for c in lane.containers)
    ):
        raise refusals.PackTooBig(
            product=offer.product, supplier=offer.supplier, grams=grams, cm3=cm3
        )


def _once(what: str, keys: Iterable[object]) -> None:
    seen: set[object] = set()
    for key in keys:
        if key in seen:
            raise refusals.NamedTwice(what=what, named=key)
        seen.add(key)


def _whole(numbers: Iterable[object], **told: object) -> None:
    for number in numbers:
        if type(number) is not int or number < 0:
            raise refusals.TermNotWhole(**told, found=number)


def _limited(numbers: Iterable[int], most: int, **told: object) -> None:
    for number in numbers:
        if number > most:
            raise refusals.QuantityTooLarge(**told, found=number, most=most)


@dataclass(frozen=True, slots=True)
class Valuation:
    """What a unit beyond the wish is worth, in millionths of its landed unit cost.

    The house's view, one for a round: firm is firm, so a firm unit is left out only where it
    cannot be ordered, or where that would cost a hundred times its price; a unit the sellers
    would do without loses its margin; an extra unit is worth what it costs less some handling;
    the platform's own stock came unasked and counts for nothing: so where nobody gives tolerance
    the plan that costs least landed is the one that is chosen.
    """

    penalty_ppm: int = 1_300_000
    firm_penalty_ppm: int = 98_700_000
    extra_ppm: int = 900_000
    surplus_ppm: int = 0

    def of(self, unit_cost: int) -> dict[str, int]:
        """The four values for an :class:`Item`, fen a unit, from a landed unit cost in fen."""
        return {
            "penalty": unit_cost * self.penalty_ppm // MILLION,
            # So dear that a hundred times its price is no price any more: as much as may be told.
            "firm_penalty": min(unit_cost * self.firm_penalty_ppm // MILLION, MOST_PRICE),
            "extra_credit": unit_cost * self.extra_ppm // MILLION,
            "surplus_credit": unit_cost * self.surplus_ppm // MILLION,
        }
