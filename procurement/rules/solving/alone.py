"""What every seller would pay if it bought alone: the same terms, a pool of one.

Each seller orders its own wishes, without tolerance, by the rules of the pool: rounded up to
packs and multiples, at least the minimum, a higher break where more costs less in all; every
product from the offer that lands it cheapest; then suppliers are left out one by one where
their fees cost more than buying the same goods from another the seller orders from anyway.
An order below a supplier's minimum is raised in its dearest line until it reaches it. Freight,
insurance, duty, wire, declaration and line fees are those of the order the seller then places.
What packs and minimums add is paid for and credited with nothing. Capacity is not looked at.

One row a seller and product, all at once: made for ten thousand sellers.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from procurement.rules.solving import refusals
from procurement.rules.solving.evaluating import Cost, Plan
from procurement.rules.solving.tables import Tables, Whole, column, sums, times, up
from procurement.rules.solving.terms import BILLION, MILLION, MOST_UNITS, Problem

#: The parts of a cost, in the order of :class:`Cost`.
PARTS = ("goods", "freight", "insurance", "duty", "wire", "declaration", "handling")


@dataclass(frozen=True, slots=True)
class AloneLines:
    """One row a seller and product wished for, sorted by both; fen. ``order`` is the row of it."""

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
    taken = _without_costly_lanes(tables, seller, row, offer, packs, score)
    offer, packs = offer[taken], packs[taken]
    lines, orders = _ordered(tables, seller, item, quantity, offer, packs)
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
    strange = np.setdiff1d(products, known)
    if len(strange):
        raise refusals.ProductUnknown(products=strange.tolist())
    if len(quantities) and quantities.min() < 0:
        raise refusals.TermNotWhole(found=int(quantities.min()))
    if len(quantities) and quantities.max() > MOST_UNITS:
        raise refusals.QuantityTooLarge(found=int(quantities.max()), most=MOST_UNITS)
    names, who = np.unique(sellers, return_inverse=True)
    item = np.searchsorted(known, products)
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


def _without_costly_lanes(
    tables: Tables, seller: Whole, row: Whole, offer: Whole, packs: Whole, score: Whole
) -> Whole:
    """Which candidate each row takes: the cheapest, after leaving out lanes that cost too much."""
    lane, rows = tables.lane[offer], len(seller)
    # By row, the cheapest first; of equals the older offer.
    order = np.lexsort((score, row))
    taken = order[np.searchsorted(row, np.arange(rows))]
    if not tables.order_fee.any() and not tables.minimum.any():
        return taken
    who = np.cumsum(np.diff(seller, prepend=seller[:1]) != 0)
    minor = tables.minor(offer, packs)
    # Only who may choose takes part; and after each round only who has just chosen.
    chooses = np.zeros(int(who[-1]) + 1 if rows else 0, dtype=np.bool_)
    chooses[who[np.bincount(row, minlength=rows) > 1]] = True
    while chooses.any():
        held = np.flatnonzero(chooses[who])
        order = order[chooses[who[row[order]]]]
        moved, leaves = _leave_one(tables, who, row, lane, minor, score, order, taken, held)
        taken[held[leaves]] = moved[leaves]
        chooses[:] = False
        chooses[who[held[leaves]]] = True
    return taken


def _leave_one(
    tables: Tables,
    who: Whole,
    row: Whole,
    lane: Whole,
    minor: Whole,
    score: Whole,
    order: Whole,
    taken: Whole,
    held: Whole,
) -> tuple[Whole, npt.NDArray[np.bool_]]:
    """For the rows ``held``: where else they would come from, and which of them do."""
    width = len(tables.lanes)
    now = taken[held]
    used, at = np.unique(who[held] * width + lane[now], return_inverse=True)
    # What each row would cost from the next lane that its seller orders from anyway.
    pair = who[row[order]] * width + lane[order]
    found = np.minimum(np.searchsorted(used, pair), len(used) - 1)
    other = order[(used[found] == pair) & (lane[order] != lane[taken[row[order]]])]
    first = other[np.diff(row[other], prepend=-1) != 0]
    elsewhere = np.full(len(who), -1, dtype=np.int64)
    elsewhere[row[first]] = first
    moved = elsewhere[held]
    has = moved >= 0
    # A lane costs its fees and what its order lacks to the supplier's minimum.
    of = used % width
    lacks = np.maximum(tables.minimum[of] - sums(at, minor[now], len(used)), 0)
    gain = tables.order_fee[of] + times(lacks, tables.rate[of], BILLION)
    gain -= sums(at, np.where(has, score[moved] - score[now], 0), len(used))
    gain[at[~has]] = 0
    # One lane a seller and round: the one that saves most, the first of equals.
    pays = np.flatnonzero(gain > 0)
    best = pays[np.lexsort((-gain[pays], used[pays] // width))]
    heads = best[np.diff(used[best] // width, prepend=-1) != 0]
    goes = np.zeros(len(used), dtype=np.bool_)
    goes[heads] = True
    leaves: npt.NDArray[np.bool_] = goes[at]
    return moved, leaves


def _ordered(
    tables: Tables, seller: Whole, item: Whole, quantity: Whole, offer: Whole, packs: Whole
) -> tuple[AloneLines, AloneOrders]:
    lane = tables.lane[offer]
    width = max(len(tables.lanes), 1)
    names, who = np.unique(seller, return_inverse=True)
    used, order = np.unique(who * width + lane, return_inverse=True)
    order_lane = (used % width).astype(np.int64)
    packs = _raised(tables, order, order_lane, offer, packs)
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


def _raised(tables: Tables, order: Whole, order_lane: Whole, offer: Whole, packs: Whole) -> Whole:
    """Packs, with the dearest line of each order below its supplier's minimum raised to it."""
    count = len(order_lane)
    minor = tables.minor(offer, packs)
    short = tables.minimum[order_lane] - sums(order, minor, count)
    if not (short > 0).any():
        return packs
    best = np.lexsort((np.arange(len(order)), -minor, order))
    dearest = best[np.searchsorted(order[best], np.arange(count))][short > 0]
    needed = minor[dearest] + short[short > 0]
    packs = packs.copy()
    # Reaching a break may lower the price; with every break behind it, it cannot any more.
    for _step in range(tables.starts.shape[1] + 1):
        reached = tables.minor(offer[dearest], packs[dearest])
        lacks = np.maximum(needed - reached, 0)
        price = np.maximum(reached // packs[dearest], 1)
        lowest = tables.prices[offer[dearest], -1]
        last = _step == tables.starts.shape[1]
        more = -(-lacks // (np.minimum(price, lowest) if last else price))
        packs[dearest] += up(more, tables.multiple[offer[dearest]])
    return packs


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
