"""What every seller would pay if it bought alone: the same terms, a pool of one.

Each seller orders its own wishes, without tolerance, by the rules of the pool: rounded up to
packs and multiples, at least the minimum, a higher break where more costs less in all, and every
order raised to its supplier's minimum where that costs least. A seller with few lines is tried
in every way: each line from each offer, or split over two. One with more lines is tried with
every set of up to seven suppliers, and of one with more suppliers those are left out whose fees
and minimums cost too much (see :mod:`~procurement.rules.solving.alone_ways`). Against the solver
this is the cheapest way itself for nine sellers in ten of the study, and some hundredths of a
percent above it in all; the study measures it each time.

Freight, insurance, duty, wire, declaration and line fees are those of the order the seller then
places. What packs and minimums add is paid for and credited with nothing. Capacity is not looked
at. One row a seller, product and offer, all at once: made for ten thousand sellers.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from procurement.rules.solving import refusals
from procurement.rules.solving.alone_lanes import without_costly_lanes
from procurement.rules.solving.alone_ways import Singles, Wishes, choose
from procurement.rules.solving.evaluating import Cost, Plan
from procurement.rules.solving.tables import Tables, Whole, column, sums, times
from procurement.rules.solving.terms import BILLION, MILLION, MOST_UNITS, Problem

#: The parts of a cost, in the order of :class:`Cost`.
PARTS = ("goods", "freight", "insurance", "duty", "wire", "declaration", "handling")


@dataclass(frozen=True, slots=True)
class AloneLines:
    """One row a line of a seller's own orders, sorted by seller and order; fen.

    A product that is split over two offers has two; ``quantity`` is what of the wish it meets.
    """

    seller: Whole
    product: Whole
    quantity: Whole
    offer: Whole
    packs: Whole
    units: Whole
    goods: Whole
    customs_value: Whole
    duty: Whole
    order: Whole


@dataclass(frozen=True, slots=True)
class AloneOrders:
    """One row an order of one seller, sorted by seller and lane (its place in the problem)."""

    seller: Whole
    lane: Whole
    goods_minor: Whole
    cm3: Whole
    grams: Whole
    costs: Whole  # one column a part, as PARTS


@dataclass(frozen=True)
class Alone:
    """What going alone costs. ``costs`` has a row a seller and a column a part, fen.

    ``unserved`` are (seller, product) of wishes that no supplier offers.
    """

    sellers: Whole
    costs: Whole
    lines: AloneLines
    orders: AloneOrders
    unserved: tuple[tuple[int, int], ...]

    @cached_property
    def totals(self) -> Whole:
        """The whole landed cost of each of ``sellers``."""
        total: Whole = self.costs.sum(axis=1)
        return total

    def of(self, seller: int) -> Cost:
        """One seller's cost by part; nothing for a seller that wished for nothing."""
        at = int(np.searchsorted(self.sellers, seller))
        if at == len(self.sellers) or self.sellers[at] != seller:
            return Cost()
        return Cost(*(int(part) for part in self.costs[at]))

    def plan(self, seller: int) -> Plan:
        """One seller's orders as a plan, to be evaluated like any other."""
        mine = self.lines.seller == seller
        pairs = zip(self.lines.offer[mine].tolist(), self.lines.packs[mine].tolist(), strict=True)
        return Plan("alone", dict(pairs))


def alone(problem: Problem, *, sellers: Whole, products: Whole, quantities: Whole) -> Alone:
    """The cost of each seller's own order; one entry of the arrays a wish, in any order.

    The same seller and product twice counts together; who wishes nothing orders nothing. Of
    ``problem`` the items' sizes and duty, the offers and the lanes are used.
    Raises ProductUnknown, TermNotWhole or QuantityTooLarge.
    """
    wishes = _wishes(problem, sellers, products, quantities)
    tables = Tables(problem)
    has_offer = tables.count[wishes[1]] > 0
    unserved = tuple(
        zip(
            wishes[0][~has_offer].tolist(),
            tables.product[wishes[1][~has_offer]].tolist(),
            strict=True,
        )
    )
    seller, item, quantity = (column[has_offer] for column in wishes)
    row, offer = tables.candidates(item)
    packs, score = tables.best(offer, quantity[row], item[row])
    who = np.cumsum(np.diff(seller, prepend=seller[:1]) != 0)
    likely = offer[without_costly_lanes(tables, who, row, offer, packs, score)]
    wished = Wishes(who.astype(np.int64), item, quantity)
    bought = choose(tables, wished, Singles(row, offer, score), likely)
    lines, orders = _ordered(
        tables, seller[bought.row], item[bought.row], bought.quantity, bought.offer, bought.packs
    )
    names, at = np.unique(orders.seller, return_inverse=True)
    costs = np.zeros((len(names), len(PARTS)), dtype=np.int64)
    np.add.at(costs, at, orders.costs)
    return Alone(names, costs, lines, orders, unserved)


def _wishes(
    problem: Problem, sellers: Whole, products: Whole, quantities: Whole
) -> tuple[Whole, Whole, Whole]:
    """Seller, place of the item, quantity: summed, sorted, without the empty ones."""
    for given in (sellers, products, quantities):
        if len(given) and not np.issubdtype(given.dtype, np.integer):
            raise refusals.TermNotWhole(found=str(given.dtype))
    known = np.array([item.product for item in problem.items], dtype=np.int64)
    item = np.searchsorted(known, products)
    is_known = np.append(known, -1)[item] == products
    if not is_known.all():
        raise refusals.ProductUnknown(products=np.unique(products[~is_known]).tolist())
    if len(quantities) and quantities.min() < 0:
        raise refusals.TermNotWhole(found=int(quantities.min()))
    if len(quantities) and quantities.max() > MOST_UNITS:
        raise refusals.QuantityTooLarge(found=int(quantities.max()), most=MOST_UNITS)
    names, who = np.unique(sellers, return_inverse=True)
    key, place = np.unique(who * max(len(known), 1) + item, return_inverse=True)
    summed = np.zeros(len(key), dtype=np.int64)
    np.add.at(summed, place, quantities)
    if len(summed) and summed.max() > MOST_UNITS:
        raise refusals.QuantityTooLarge(found=int(summed.max()), most=MOST_UNITS)
    wished = summed > 0
    key = key[wished]
    return (
        names[key // max(len(known), 1)].astype(np.int64),
        (key % max(len(known), 1)).astype(np.int64),
        summed[wished],
    )


def _ordered(
    tables: Tables, seller: Whole, item: Whole, quantity: Whole, offer: Whole, packs: Whole
) -> tuple[AloneLines, AloneOrders]:
    lane = tables.lane[offer]
    width = max(len(tables.lanes), 1)
    names, who = np.unique(seller, return_inverse=True)
    used, order = np.unique(who * width + lane, return_inverse=True)
    order_lane = (used % width).astype(np.int64)
    units = packs * tables.pack[offer]
    minor = tables.minor(offer, packs)
    goods = times(minor, tables.rate[lane], BILLION)
    count = len(used)
    cm3 = sums(order, units * tables.volume[item], count)
    grams = sums(order, units * tables.weight[item], count)
    in_all = sums(order, goods, count)
    freight = _freight(tables, order_lane, cm3, grams)
    insurance = times(in_all + freight, tables.insurance[order_lane], MILLION)
    border = in_all + freight + insurance
    value = times(goods, border[order], np.maximum(in_all, 1)[order])
    duty = times(value, tables.duty[item], MILLION)
    wire = column(each.wire_fee for each in tables.lanes)
    declaration = column(each.declaration_fee for each in tables.lanes)
    costs = np.stack(
        [
            in_all,
            freight,
            insurance,
            sums(order, duty, count),
            wire[order_lane],
            declaration[order_lane],
            np.bincount(order, minlength=count).astype(np.int64) * tables.line_fee[order_lane],
        ],
        axis=1,
    )
    lines = AloneLines(
        seller, tables.product[item], quantity, tables.offer[offer], packs, units, goods, value,
        duty, order.astype(np.int64),
    )  # fmt: skip
    orders = AloneOrders(
        names[used // width].astype(np.int64), order_lane, sums(order, minor, count), cm3, grams,
        costs,
    )  # fmt: skip
    return lines, orders


def _freight(tables: Tables, lane: Whole, cm3: Whole, grams: Whole) -> Whole:
    """The cheapest freight of each order, exactly."""
    cost = np.zeros(len(lane), dtype=np.int64)
    for place, terms in enumerate(tables.lanes):
        if not terms.pays_freight:
            continue
        mine = np.flatnonzero(lane == place)
        measure = np.maximum(cm3[mine], grams[mine])
        whole = measure > 0
        if terms.lcl_price is not None:
            price = np.full(len(mine), terms.lcl_price, dtype=np.int64)
            part = np.maximum(times(measure, price, MILLION), terms.lcl_minimum)
            cost[mine] = np.where(whole, part, 0)
            # A part load that costs no more than the cheapest container is the answer.
            cheapest = min((c.price for c in terms.containers), default=None)
            whole &= cheapest is not None and part > cheapest
        for at in mine[whole].tolist():
            cost[at] = tables.freight[place].cost(int(cm3[at]), int(grams[at]))
    return cost
