"""One part of a round as a mixed-integer programme for HiGHS; money in yuan, for its numbers.

Per offer: packs within each price's window, of which one at most is open, in whole multiples.
Per order: whether it is placed (fees, minimum), whole containers of each type and LCL, for m3
and tonnes. Per product: what is unmet, firm units apart, and what is extra or surplus.
The programme never costs more than the exact evaluation of the same packs: freight bears the
lowest duty among the order's goods, and rounding is left out. So its bound is a true bound.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import highspy
import numpy as np
import numpy.typing as npt
from highspy import _core

from procurement.rules.solving.evaluating import Evaluator, outcome
from procurement.rules.solving.plain import packs_for_amount
from procurement.rules.solving.terms import (
    BILLION,
    MILLION,
    Item,
    Lane,
    LaneKey,
    Offer,
    Pricing,
)

Floats = npt.NDArray[np.float64]
INF = highspy.kHighsInf
FEN = 0.01


def quiet_solver() -> Any:
    """HiGHS, silent, on one thread, and the same each time."""
    # The class of the Python layer prints a banner when it is made; this one is silent.
    make: Any = _core._Highs
    solver = make()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("random_seed", 20260701)
    return solver


class Tier(NamedTuple):
    low: int
    high: int
    price: int
    fixed: int
    open: int
    packs: int


class OrderColumns(NamedTuple):
    placed: int
    containers: tuple[int, ...]
    lcl: int
    lcl_paid: int
    lcl_used: int


@dataclass
class Model:
    """Columns, rows, and where to find what; ``paid`` is landed cost, ``valued`` the rest."""

    paid: list[float] = field(default_factory=list)
    valued: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    rows: list[tuple[float, float, list[tuple[int, float]]]] = field(default_factory=list)
    tiers: dict[int, list[Tier]] = field(default_factory=dict)
    multiples: dict[int, int] = field(default_factory=dict)
    orders: dict[LaneKey, OrderColumns] = field(default_factory=dict)
    products: dict[int, tuple[int, int, int, int]] = field(default_factory=dict)
    #: The row of each product, by which its dual price is found.
    balance: dict[int, int] = field(default_factory=dict)

    def column(
        self, *, paid: float = 0.0, valued: float = 0.0, upper: float = INF, whole: bool = False
    ) -> int:
        self.paid.append(paid)
        self.valued.append(valued)
        self.upper.append(upper)
        self.whole.append(whole)
        return len(self.paid) - 1

    def row(self, low: float, high: float, entries: list[tuple[int, float]]) -> int:
        self.rows.append((low, high, entries))
        return len(self.rows) - 1

    def costs(self, weight: float) -> Floats:
        result: Floats = np.array(self.paid) * weight + np.array(self.valued)
        return result

    def programme(self, weight: float, *, relaxed: bool = False) -> Any:
        """As HiGHS takes it."""
        made = highspy.HighsLp()
        made.num_col_, made.num_row_ = len(self.paid), len(self.rows)
        made.col_cost_ = self.costs(weight)
        made.col_lower_ = np.zeros(len(self.paid))
        made.col_upper_ = np.array(self.upper)
        made.row_lower_ = np.array([low for low, _, _ in self.rows])
        made.row_upper_ = np.array([high for _, high, _ in self.rows])
        counts = [len(entries) for _, _, entries in self.rows]
        made.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        made.a_matrix_.start_ = np.concatenate(([0], np.cumsum(counts))).astype(np.int32)
        made.a_matrix_.index_ = np.array(
            [column for _, _, entries in self.rows for column, _ in entries], dtype=np.int32
        )
        made.a_matrix_.value_ = np.array(
            [factor for _, _, entries in self.rows for _, factor in entries], dtype=np.float64
        )
        if not relaxed:
            kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
            made.integrality_ = [kinds[whole] for whole in self.whole]
        return made

    def packs(self, values: Floats) -> dict[int, int]:
        """The plan that a solution says, in whole multiples."""
        found = {}
        for number, tiers in self.tiers.items():
            packs = sum(values[tier.packs] for tier in tiers)
            count = round(packs / self.multiples[number]) * self.multiples[number]
            if count:
                found[number] = count
        return found

    def start(self, evaluator: Evaluator, packs: Mapping[int, int]) -> Floats | None:
        """A plan as a solution of the programme; None where the programme does not know it."""
        values = np.zeros(len(self.paid))
        ordered = dict.fromkeys(evaluator.items, 0)
        sums = dict.fromkeys(evaluator.lanes, (0, 0))
        for number, count in packs.items():
            offer = evaluator.offers[number]
            tier = next((t for t in self.tiers[number] if t.low <= count <= t.high), None)
            if tier is None:
                return None
            values[tier.open], values[tier.packs] = 1.0, count
            # The column behind the tiers counts the multiples.
            values[self.tiers[number][-1].packs + 1] = count // offer.multiple
            item, units = evaluator.items[offer.product], count * offer.pack_quantity
            ordered[offer.product] += units
            cm3, grams = sums[offer.lane]
            cm3, grams = cm3 + units * item.volume_cm3, grams + units * item.gross_weight_g
            sums[offer.lane] = cm3, grams
            values[self.orders[offer.lane].placed] = 1.0
        for key, columns in self.orders.items():
            lane = evaluator.lanes[key]
            cost, load = evaluator.freight[key].cheapest(*sums[key])
            counts = dict(load.containers)
            for column, container in zip(columns.containers, lane.containers, strict=False):
                values[column] = counts.get(container.code, 0)
                cost -= container.price * counts.get(container.code, 0)
            if load.lcl:
                values[columns.lcl] = load.lcl / MILLION
                values[columns.lcl_paid], values[columns.lcl_used] = cost * FEN + 0.01, 1.0
        for product, kept in self.products.items():
            one = outcome(evaluator.items[product], ordered[product])
            told = (one.missing, one.unmet - one.missing, one.extra, one.surplus)
            for place, number in zip(kept, told, strict=True):
                values[place] = number
        return values


def build(evaluator: Evaluator, prices: Mapping[int, float] | None = None) -> Model:
    """The programme of one part.

    ``prices``: yuan a unit for products whose balance is kept elsewhere (see ``bounding``).
    """
    model, prices = Model(), prices or {}
    by_lane: dict[LaneKey, list[tuple[Offer, int]]] = {key: [] for key in evaluator.lanes}
    balance: dict[int, list[tuple[int, float]]] = {product: [] for product in evaluator.items}
    for offer in evaluator.problem.offers:
        lane, item = evaluator.lanes[offer.lane], evaluator.items[offer.product]
        most = useful_packs(item, offer, lane)
        by_lane[offer.lane].append((offer, most))
        _offer(model, offer, item, lane, most, prices.get(offer.product, 0.0))
        balance[offer.product] += [
            (tier.packs, float(offer.pack_quantity)) for tier in model.tiers[offer.id]
        ]
    for key, offers in by_lane.items():
        _order(model, evaluator, evaluator.lanes[key], offers)
    for item in evaluator.problem.items:
        if item.product not in prices:
            _product(model, evaluator, item, balance[item.product])
    return model


def useful_packs(item: Item, offer: Offer, lane: Lane) -> int:
    """More packs than this are never worth it: wish, breaks within reach, order's minimum."""
    enough = min(offer.packs_for(max(item.most, 1)), offer.most_packs)
    packs = enough
    if lane.minimum_minor:
        packs = max(packs, packs_for_amount(offer, offer.least_packs, lane.minimum_minor))
    goods = offer.goods_minor(enough)
    for step in offer.breaks:
        reach = offer.round_up(step.from_packs)
        more = (reach - enough) * offer.pack_quantity
        if offer.pricing is Pricing.ALL_UNITS and enough < reach <= offer.most_packs:
            saved = goods - offer.goods_minor(reach)
            if saved * lane.rate_ppb / BILLION + item.surplus_credit * more > 0:
                packs = max(packs, reach)
    return min(packs, offer.most_packs)


def windows(offer: Offer, most: int) -> list[tuple[int, int, int, int]]:
    """Each price's window: packs from, packs to, price, and what a whole order pays besides."""
    found: list[tuple[int, int, int, int]] = []
    fixed = 0
    for place, (start, price) in enumerate(offer.breaks):
        if place and offer.pricing is Pricing.INCREMENTAL:
            fixed += (start - 1) * (offer.breaks[place - 1].pack_price_minor - price)
        after = offer.breaks[place + 1].from_packs if place + 1 < len(offer.breaks) else most + 1
        low = max(offer.round_up(start), offer.least_packs)
        high = min(after - 1, most) // offer.multiple * offer.multiple
        if low <= high:
            found.append((low, high, price, fixed))
    return found


def _offer(model: Model, offer: Offer, item: Item, lane: Lane, most: int, worth: float) -> None:
    factor = lane.rate_ppb / BILLION * FEN
    factor *= (1 + lane.insurance_ppm / MILLION) * (1 + item.duty_ppm / MILLION)
    tiers = []
    for low, high, price, fixed in windows(offer, most):
        is_open = model.column(paid=fixed * factor + lane.line_fee * FEN, upper=1.0, whole=True)
        packs = model.column(
            paid=price * factor, valued=-worth * offer.pack_quantity, upper=float(high)
        )
        model.row(0.0, INF, [(packs, 1.0), (is_open, -float(low))])
        model.row(-INF, 0.0, [(packs, 1.0), (is_open, -float(high))])
        tiers.append(Tier(low, high, price, fixed, is_open, packs))
    model.tiers[offer.id], model.multiples[offer.id] = tiers, offer.multiple
    if tiers:
        times = model.column(upper=float(most // offer.multiple), whole=True)
        entries = [(tier.packs, 1.0) for tier in tiers]
        model.row(0.0, 0.0, [*entries, (times, -float(offer.multiple))])


def _order(model: Model, evaluator: Evaluator, lane: Lane, offers: list[tuple[Offer, int]]) -> None:
    items = evaluator.items
    fees = (lane.wire_fee + lane.declaration_fee) * FEN
    placed = model.column(paid=fees, upper=1.0, whole=True)
    tiers = [(offer, tier) for offer, _ in offers for tier in model.tiers[offer.id]]
    for offer, _most in offers:
        own = [(tier.open, 1.0) for tier in model.tiers[offer.id]]
        if own:
            model.row(-INF, 0.0, [*own, (placed, -1.0)])
    if lane.minimum_minor:
        goods = [(tier.packs, float(tier.price)) for _, tier in tiers]
        goods += [(tier.open, float(tier.fixed)) for _, tier in tiers if tier.fixed]
        # In the size of the minimum, so that the row's numbers are near one.
        scale = 1.0 / lane.minimum_minor
        model.row(0.0, INF, [*((c, f * scale) for c, f in goods), (placed, -1.0)])
    columns = OrderColumns(placed, (), -1, -1, -1)
    if lane.pays_freight and tiers:
        columns = _freight(model, evaluator, lane, offers, placed)
        room = [
            (c, k.cm3 / MILLION, k.grams / MILLION)
            for c, k in zip(columns.containers, lane.containers, strict=True)
        ]
        if columns.lcl >= 0:
            room.append((columns.lcl, 1.0, 1.0))
        for place, size in ((1, "volume_cm3"), (2, "gross_weight_g")):
            filled = [
                (tier.packs, offer.pack_quantity * getattr(items[offer.product], size) / MILLION)
                for offer, tier in tiers
            ]
            model.row(-INF, 0.0, [*filled, *((row[0], -row[place]) for row in room)])
    model.orders[lane.key] = columns


def _freight(
    model: Model,
    evaluator: Evaluator,
    lane: Lane,
    offers: list[tuple[Offer, int]],
    placed: int,
) -> OrderColumns:
    items = evaluator.items
    factor = FEN * (1 + lane.insurance_ppm / MILLION)
    factor *= 1 + min(items[offer.product].duty_ppm for offer, _ in offers) / MILLION
    cm3 = sum(m * o.pack_quantity * items[o.product].volume_cm3 for o, m in offers)
    grams = sum(m * o.pack_quantity * items[o.product].gross_weight_g for o, m in offers)
    containers = tuple(
        model.column(
            paid=kind.price * factor,
            upper=float(max(-(-cm3 // kind.cm3), -(-grams // kind.grams))),
            whole=True,
        )
        for kind in lane.containers
    )
    if lane.lcl_price is None:
        return OrderColumns(placed, containers, -1, -1, -1)
    most = max(cm3, grams, 1) / MILLION
    for kind in lane.containers:
        # More LCL than a container costs, where the container would hold it, never pays.
        if lane.lcl_price and kind.price * MILLION <= lane.lcl_price * min(kind.cm3, kind.grams):
            most = min(most, kind.price / lane.lcl_price)
    if not lane.lcl_minimum:
        lcl = model.column(paid=lane.lcl_price * factor, upper=most)
        spare = model.column(upper=INF)
        return OrderColumns(placed, containers, lcl, spare, spare)
    lcl = model.column(upper=most)
    cost = model.column(paid=factor / FEN)
    used = model.column(upper=1.0, whole=True)
    model.row(0.0, INF, [(cost, 1.0), (lcl, -lane.lcl_price * FEN)])
    model.row(0.0, INF, [(cost, 1.0), (used, -lane.lcl_minimum * FEN)])
    model.row(-INF, 0.0, [(lcl, 1.0), (used, -most)])
    return OrderColumns(placed, containers, lcl, cost, used)


def _product(
    model: Model,
    evaluator: Evaluator,
    item: Item,
    ordered: list[tuple[int, float]],
) -> None:
    limit = evaluator.problem.surplus_limit(item)
    columns = (
        model.column(valued=(item.penalty + item.firm_penalty) * FEN, upper=float(item.firm)),
        model.column(valued=item.penalty * FEN, upper=float(item.wanted - item.firm)),
        model.column(valued=-item.extra_credit * FEN, upper=float(item.most - item.wanted)),
        model.column(valued=-item.surplus_credit * FEN, upper=float(limit)),
    )
    model.products[item.product] = columns
    signs = (1.0, 1.0, -1.0, -1.0)
    wanted = float(item.wanted)
    model.balance[item.product] = model.row(
        wanted, wanted, [*ordered, *zip(columns, signs, strict=True)]
    )
