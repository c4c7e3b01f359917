"""What a plan costs and what is wrong with it: one exact evaluation, whoever made the plan.

Rounding, always half up, to the fen: goods once a line (exact in the offer's currency before
that); LCL freight and insurance once an order; the customs value of a line (its goods and, by
value of goods, its part of freight and insurance) once, and the duty on it once. Everything
else is whole by itself. Totals are sums of rounded parts, so parts add up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cached_property

from procurement.rules.solving import refusals
from procurement.rules.solving.freighting import Freight, Load, half_up, load_cost, room
from procurement.rules.solving.terms import (
    BILLION,
    MILLION,
    Item,
    Lane,
    LaneKey,
    Offer,
    Problem,
)


def _(message: str) -> str:
    """Marks a message for translation; the door translates it."""
    return message


@dataclass(frozen=True, slots=True)
class Cost:
    """Landed cost by part, fen."""

    goods: int = 0
    freight: int = 0
    insurance: int = 0
    duty: int = 0
    wire: int = 0
    declaration: int = 0
    handling: int = 0

    @property
    def total(self) -> int:
        return sum(getattr(self, part.name) for part in fields(self))

    @property
    def fees(self) -> int:
        return self.wire + self.declaration + self.handling

    def __add__(self, other: Cost) -> Cost:
        return Cost(
            *(getattr(self, part.name) + getattr(other, part.name) for part in fields(Cost))
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """Packs by offer (only those ordered), and each order's load (chosen for it if not said)."""

    kind: str
    packs: Mapping[int, int]
    loads: Mapping[LaneKey, Load] | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an order. ``price_minor`` is the price of the break that was reached."""

    offer: int
    product: int
    lane: LaneKey
    packs: int
    units: int
    price_minor: int
    goods_minor: int
    goods: int
    customs_value: int
    duty: int
    cm3: int
    grams: int


@dataclass(frozen=True, slots=True)
class Order:
    """One order: the sums of its lines and how it is shipped."""

    lane: LaneKey
    goods_minor: int
    cm3: int
    grams: int
    load: Load
    cost: Cost


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a product comes to, in units; ``value`` is penalties less credits, fen.

    ``ordered`` = ``wanted`` - ``unmet`` + ``extra`` + ``surplus``; ``missing`` of the unmet
    units are firm ones.
    """

    product: int
    ordered: int
    unmet: int
    missing: int
    extra: int
    surplus: int
    value: int


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a plan cannot be carried out; ``message`` is an English msgid for ``facts``."""

    rule: str
    message: str
    facts: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A plan, counted. ``adjusted`` is what is minimised: landed cost and the outcomes' value."""

    plan: Plan
    lines: tuple[Line, ...]
    orders: tuple[Order, ...]
    outcomes: tuple[Outcome, ...]
    cost: Cost
    adjusted: int
    faults: tuple[Fault, ...]

    @property
    def landed(self) -> int:
        return self.cost.total

    @property
    def is_feasible(self) -> bool:
        return not self.faults


def outcome(item: Item, ordered: int) -> Outcome:
    """Units and value of a product of which ``ordered`` units come."""
    unmet = max(item.wanted - ordered, 0)
    missing = max(item.firm - ordered, 0)
    above = max(ordered - item.wanted, 0)
    # Who wants nothing takes nothing: tolerance only completes what somebody wishes.
    extra = min(above, item.most - item.wanted) if item.wanted else 0
    surplus = above - extra
    value = unmet * item.penalty + missing * item.firm_penalty
    value -= extra * item.extra_credit + surplus * item.surplus_credit
    return Outcome(item.product, ordered, unmet, missing, extra, surplus, value)


class Evaluator:
    """Evaluates plans of one problem; remembers loads, so that many plans are quick."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.items = {item.product: item for item in problem.items}
        self.offers = {offer.id: offer for offer in problem.offers}
        self.lanes = {lane.key: lane for lane in problem.lanes}
        self.freight = {lane.key: Freight(lane) for lane in problem.lanes}

    @cached_property
    def by_product(self) -> dict[int, list[Offer]]:
        """The offers of each product, in order of id."""
        found: dict[int, list[Offer]] = {product: [] for product in self.items}
        for offer in self.problem.offers:
            found[offer.product].append(offer)
        return found

    def evaluate(self, plan: Plan) -> Evaluation:
        """Raises PlanUnknown when the plan names what the problem does not have."""
        chosen = {offer: packs for offer, packs in sorted(plan.packs.items()) if packs}
        if not chosen.keys() <= self.offers.keys():
            raise refusals.PlanUnknown(offers=sorted(chosen.keys() - self.offers.keys()))
        by_lane: dict[LaneKey, list[tuple[Offer, int]]] = {}
        ordered = dict.fromkeys(self.items, 0)
        for number, packs in chosen.items():
            offer = self.offers[number]
            by_lane.setdefault(offer.lane, []).append((offer, packs))
            ordered[offer.product] += packs * offer.pack_quantity
        if plan.loads is not None and not plan.loads.keys() <= self.lanes.keys():
            raise refusals.PlanUnknown(lanes=sorted(plan.loads.keys() - self.lanes.keys()))
        lines: list[Line] = []
        orders: list[Order] = []
        faults: list[Fault] = []
        for key in sorted(by_lane):
            given = None if plan.loads is None else plan.loads.get(key)
            order, held = self._order(self.lanes[key], by_lane[key], given)
            orders.append(order)
            lines += held
            faults += _order_faults(self.lanes[key], order)
        outcomes = [outcome(self.items[product], units) for product, units in ordered.items()]
        cost = sum((order.cost for order in orders), Cost())
        faults += (fault for n, packs in chosen.items() for fault in _faults(self.offers[n], packs))
        faults += self._limits(outcomes, cost)
        counted = Plan(plan.kind, chosen, {order.lane: order.load for order in orders})
        adjusted = cost.total + sum(one.value for one in outcomes)
        return Evaluation(
            counted, tuple(lines), tuple(orders), tuple(outcomes), cost, adjusted, tuple(faults)
        )

    def _order(
        self, lane: Lane, chosen: Iterable[tuple[Offer, int]], given: Load | None
    ) -> tuple[Order, list[Line]]:
        counted: list[tuple[Offer, int, int, int, int, int]] = []
        for offer, packs in chosen:
            item, units = self.items[offer.product], packs * offer.pack_quantity
            minor = offer.goods_minor(packs)
            goods = half_up(minor * lane.rate_ppb, BILLION)
            counted.append(
                (offer, packs, minor, goods, units * item.volume_cm3, units * item.gross_weight_g)
            )
        cm3, grams = sum(row[4] for row in counted), sum(row[5] for row in counted)
        goods = sum(row[3] for row in counted)
        if given is None:
            freight, load = self.freight[lane.key].cheapest(cm3, grams)
        else:
            load = given
            freight = load_cost(lane, load) if lane.pays_freight else 0
        insurance = half_up((goods + freight) * lane.insurance_ppm, MILLION)
        border = goods + freight + insurance
        lines = []
        for offer, packs, minor, own, own_cm3, own_grams in counted:
            value = half_up(own * border, goods) if goods else 0
            lines.append(
                Line(
                    offer=offer.id,
                    product=offer.product,
                    lane=lane.key,
                    packs=packs,
                    units=packs * offer.pack_quantity,
                    price_minor=offer.price_at(packs),
                    goods_minor=minor,
                    goods=own,
                    customs_value=value,
                    duty=half_up(value * self.items[offer.product].duty_ppm, MILLION),
                    cm3=own_cm3,
                    grams=own_grams,
                )
            )
        cost = Cost(
            goods=goods,
            freight=freight,
            insurance=insurance,
            duty=sum(line.duty for line in lines),
            wire=lane.wire_fee,
            declaration=lane.declaration_fee,
            handling=lane.line_fee * len(lines),
        )
        return Order(lane.key, sum(row[2] for row in counted), cm3, grams, load, cost), lines

    def _limits(self, outcomes: Iterable[Outcome], cost: Cost) -> Iterable[Fault]:
        for one in outcomes:
            limit = self.problem.surplus_limit(self.items[one.product])
            if one.surplus > limit:
                yield Fault(
                    "surplus",
                    _("%(surplus)s units would become the platform's; it takes %(limit)s."),
                    {"product": one.product, "surplus": one.surplus, "limit": limit},
                )
        budget = self.problem.budget
        if budget is not None and cost.total > budget:
            yield Fault(
                "budget",
                _("The landed cost of %(landed)s is above the budget of %(budget)s."),
                {"landed": cost.total, "budget": budget},
            )


def _faults(offer: Offer, packs: int) -> Iterable[Fault]:
    told = {"product": offer.product, "supplier": offer.supplier, "packs": packs}
    if packs < 0 or packs % offer.multiple:
        yield Fault(
            "multiple",
            _("%(packs)s packs are not a multiple of the %(multiple)s ordered at a time."),
            {**told, "multiple": offer.multiple},
        )
    elif packs < offer.least_packs:
        yield Fault(
            "minimum",
            _("%(packs)s packs are below the smallest order of %(least)s packs."),
            {**told, "least": offer.least_packs},
        )
    if offer.capacity is not None and packs * offer.pack_quantity > offer.capacity:
        yield Fault(
            "capacity",
            _("%(units)s units are more than the %(capacity)s that the supplier can deliver."),
            {**told, "units": packs * offer.pack_quantity, "capacity": offer.capacity},
        )


def _order_faults(lane: Lane, order: Order) -> Iterable[Fault]:
    told = {"supplier": lane.supplier, "currency": lane.currency, "incoterm": lane.incoterm}
    if order.goods_minor < lane.minimum_minor:
        yield Fault(
            "order_minimum",
            _("The order of %(amount)s is below the supplier's minimum of %(minimum)s."),
            {**told, "amount": order.goods_minor, "minimum": lane.minimum_minor},
        )
    if lane.pays_freight:
        cm3, grams = room(lane, order.load)
        if order.cm3 > cm3 or order.grams > grams:
            yield Fault(
                "load",
                _("%(cm3)s cm3 and %(grams)s g do not fit into %(room_cm3)s cm3 and %(room_g)s g."),
                {**told, "cm3": order.cm3, "grams": order.grams, "room_cm3": cm3, "room_g": grams},
            )
        if order.load.lcl and lane.lcl_price is None:
            yield Fault("lcl", _("The supplier's port ships no part loads."), told)


def evaluate(problem: Problem, plan: Plan) -> Evaluation:
    """One plan, once; see :class:`Evaluator` for many."""
    return Evaluator(problem).evaluate(plan)
