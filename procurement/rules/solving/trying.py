"""A plan in the making: what a change would cost, in constant time; floats, for searching only.

Whatever is found here is evaluated again in whole numbers before it counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from procurement.rules.solving.evaluating import Evaluator
from procurement.rules.solving.freighting import half_up
from procurement.rules.solving.terms import BILLION, MILLION, Item, LaneKey, Offer

#: What a fen that an order lacks to its minimum costs while searching: never worth it.
SHORT: Final = 50.0
#: What a unit of surplus over the limit costs while searching.
OVER: Final = 1e9


class Totals(NamedTuple):
    """The sums of one order; ``duty`` is the duty on the goods alone."""

    minor: int = 0
    goods: int = 0
    cm3: int = 0
    grams: int = 0
    duty: float = 0.0
    lines: int = 0

    def plus(self, other: Totals, sign: int = 1) -> Totals:
        return Totals(
            self.minor + sign * other.minor,
            self.goods + sign * other.goods,
            self.cm3 + sign * other.cm3,
            self.grams + sign * other.grams,
            self.duty + sign * other.duty,
            self.lines + sign * other.lines,
        )


Change = tuple[Offer, int]


class Trial:
    """Packs by offer, with the running sums; ``weight`` multiplies every fen paid."""

    def __init__(
        self, evaluator: Evaluator, packs: Mapping[int, int] | None = None, weight: float = 1.0
    ) -> None:
        self.evaluator = evaluator
        self.weight = weight
        self.packs: dict[int, int] = {}
        self.totals: dict[LaneKey, Totals] = dict.fromkeys(evaluator.lanes, Totals())
        self.costs: dict[LaneKey, float] = dict.fromkeys(evaluator.lanes, 0.0)
        self.ordered: dict[int, int] = dict.fromkeys(evaluator.items, 0)
        self._rates = {key: freight.rates() for key, freight in evaluator.freight.items()}
        self._limits = {
            i.product: evaluator.problem.surplus_limit(i) for i in evaluator.problem.items
        }
        #: What ``greedy`` found out about a product's choices; it does not change with the plan.
        self.ranked: dict[int, list[tuple[float, int, list[Change]]]] = {}
        self._lines: dict[tuple[int, int], Totals] = {}
        if packs:
            self.apply([(evaluator.offers[number], count) for number, count in packs.items()])

    def line(self, offer: Offer, packs: int) -> Totals:
        """What one line adds to its order."""
        if not packs:
            return Totals()
        known = self._lines.get((offer.id, packs))
        if known is None:
            item = self.evaluator.items[offer.product]
            units, minor = packs * offer.pack_quantity, offer.goods_minor(packs)
            goods = half_up(minor * self.evaluator.lanes[offer.lane].rate_ppb, BILLION)
            known = self._lines[offer.id, packs] = Totals(
                minor,
                goods,
                units * item.volume_cm3,
                units * item.gross_weight_g,
                goods * item.duty_ppm / MILLION,
                1,
            )
        return known

    def lane_cost(self, key: LaneKey, totals: Totals) -> float:
        """The landed cost of an order with these sums, and what it lacks to its minimum."""
        if not totals.lines:
            return 0.0
        lane = self.evaluator.lanes[key]
        freight = self.evaluator.freight[key].cost(totals.cm3, totals.grams)
        insurance = (totals.goods + freight) * lane.insurance_ppm / MILLION
        duty = totals.duty * (1 + (freight + insurance) / max(totals.goods, 1))
        fees = lane.wire_fee + lane.declaration_fee + lane.line_fee * totals.lines
        cost = (totals.goods + freight + insurance + duty + fees) * self.weight
        lacks = lane.minimum_minor - totals.minor
        return cost + max(lacks, 0) * lane.rate_ppb / BILLION * SHORT * self.weight

    def value(self, item: Item, units: int) -> float:
        """Penalties less credits of a product, and what the surplus limit forbids."""
        if units < item.wanted:
            missing = item.firm - units
            firm = missing * item.firm_penalty if missing > 0 else 0
            return (item.wanted - units) * item.penalty + firm
        extra = min(units, item.most) - item.wanted if item.wanted else 0
        surplus = units - item.wanted - extra
        over = surplus - self._limits[item.product] if surplus else 0
        credit = extra * item.extra_credit + surplus * item.surplus_credit
        return over * OVER - credit if over > 0 else -credit

    def linear(self, offer: Offer, packs: int) -> float:
        """About what a line costs in a well-filled order, without the order's own fees."""
        if not packs:
            return 0.0
        row = self.line(offer, packs)
        lane = self.evaluator.lanes[offer.lane]
        by_cm3, by_grams = self._rates[offer.lane]
        freight = max(row.cm3 * by_cm3, row.grams * by_grams)
        duty = self.evaluator.items[offer.product].duty_ppm / MILLION
        border = (row.goods + freight) * (1 + lane.insurance_ppm / MILLION)
        return (border * (1 + duty) + lane.line_fee) * self.weight

    def _after(self, changes: Iterable[Change]) -> tuple[dict[LaneKey, Totals], dict[int, int]]:
        lanes: dict[LaneKey, Totals] = {}
        ordered: dict[int, int] = {}
        for offer, packs in changes:
            before = self.packs.get(offer.id, 0)
            if packs == before:
                continue
            at = lanes.get(offer.lane) or self.totals[offer.lane]
            lanes[offer.lane] = at.plus(self.line(offer, before), -1).plus(self.line(offer, packs))
            units = ordered.get(offer.product, self.ordered[offer.product])
            ordered[offer.product] = units + (packs - before) * offer.pack_quantity
        return lanes, ordered

    def weighed(self, changes: Iterable[Change]) -> tuple[float, float]:
        """How the adjusted and the landed cost would change; each offer stands there once."""
        lanes, ordered = self._after(changes)
        paid = 0.0
        for key, totals in lanes.items():
            paid += self.lane_cost(key, totals) - self.costs[key]
        delta = paid
        for product, units in ordered.items():
            item = self.evaluator.items[product]
            delta += self.value(item, units) - self.value(item, self.ordered[product])
        return delta, paid / self.weight

    def delta(self, changes: Iterable[Change]) -> float:
        """How the adjusted cost would change."""
        return self.weighed(changes)[0]

    def paid(self, changes: Iterable[Change]) -> float:
        """How the landed cost would change."""
        return self.weighed(changes)[1]

    def step(self, changes: list[Change]) -> float:
        """Make the changes, and say how the adjusted cost changed."""
        lanes, ordered = self._after(changes)
        delta = -sum(self.costs[key] for key in lanes)
        for product, units in ordered.items():
            item = self.evaluator.items[product]
            delta += self.value(item, units) - self.value(item, self.ordered[product])
        self._make(changes, lanes, ordered)
        return delta + sum(self.costs[key] for key in lanes)

    def apply(self, changes: Iterable[Change]) -> None:
        """Make the changes."""
        changes = list(changes)
        self._make(changes, *self._after(changes))

    def _make(
        self, changes: list[Change], lanes: dict[LaneKey, Totals], ordered: dict[int, int]
    ) -> None:
        for offer, packs in changes:
            if packs:
                self.packs[offer.id] = packs
            else:
                self.packs.pop(offer.id, None)
        self.totals |= lanes
        self.costs |= {key: self.lane_cost(key, totals) for key, totals in lanes.items()}
        self.ordered |= ordered

    def try_(self, changes: list[Change]) -> bool:
        """Make the changes if they save more than rounding could."""
        if self.delta(changes) < -1.0:
            self.apply(changes)
            return True
        return False

    def adjusted(self) -> float:
        """The adjusted cost as far as known here."""
        values = (self.value(self.evaluator.items[p], units) for p, units in self.ordered.items())
        return sum(self.costs.values()) + sum(values)

    def landed(self) -> float:
        return sum(self.costs.values()) / self.weight
