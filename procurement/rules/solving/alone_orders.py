"""The cheapest packs of very many small orders at once, each by itself.

An order is given what it must hold at least of each product. Packs, multiples and minimums are
rounded up to; a higher break is taken where more costs less in all; and an order below its
supplier's minimum is raised where that costs least: in one of its lines, or in two of them.

Costs are looked for in floats; whoever takes the packs counts them again in whole numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from procurement.rules.solving.tables import Floats, Tables, Whole, up
from procurement.rules.solving.terms import BILLION, MILLION, MOST_UNITS

Flags = npt.NDArray[np.bool_]

#: How often the lines of an order are looked at again after one of them changed.
ROUNDS: Final = 6
#: How many packs fewer than it would need by itself a line is tried with, another filling up.
STEPS: Final = 24
#: Orders of more lines are raised in one line only.
MOST_LINES: Final = 8
#: So many pairs are held at once.
_AT_ONCE: Final = 50_000
#: A change is made if it saves more than this, fen.
_LEAST: Final = 0.5


@dataclass(frozen=True, slots=True)
class Needs:
    """One row a line, sorted by ``order``: of what offer how much is needed; ``lane`` of orders."""

    order: Whole
    offer: Whole
    item: Whole
    quantity: Whole
    lane: Whole


@dataclass(slots=True)
class _Sums:
    """What the cost of an order depends on."""

    minor: Floats
    goods: Floats
    dutied: Floats
    cm3: Floats
    grams: Floats

    def at(self, order: Whole) -> _Sums:
        return _Sums(*(getattr(self, name)[order] for name in _PARTS))

    def plus(self, other: _Sums, sign: float = 1.0) -> _Sums:
        return _Sums(*(getattr(self, n) + sign * getattr(other, n) for n in _PARTS))


_PARTS: Final = ("minor", "goods", "dutied", "cm3", "grams")


class Packed:
    """The packs of ``needs``, a number of them a row, and what each order then costs."""

    def __init__(self, tables: Tables, needs: Needs) -> None:
        self.tables, self.needs = tables, needs
        self.least = tables.needed(needs.offer, needs.quantity)
        self.packs, _score = tables.best(needs.offer, needs.quantity, needs.item)
        self._lines = np.bincount(needs.order, minlength=len(needs.lane)).astype(np.int64)
        self._first = np.cumsum(self._lines) - self._lines
        self._settle()
        #: The packs and their sums before any order was raised to its minimum.
        self._base = self.packs.copy()
        self._own = self._rows(np.arange(len(self._base)), self._base)
        self._stood = self._added(self._own)
        self.is_low: Flags = self._stood.minor < tables.minimum[needs.lane]
        self._raise_one()

    def cost(self) -> Floats:
        """Fen of each order."""
        return self._cost(self.needs.lane, self._lines, self._sums(self.packs))

    def bound(self) -> Floats:
        """What no way to raise an order goes below, fen."""
        lane, tables = self.needs.lane, self.tables
        duty = np.full(len(lane), np.inf)
        np.minimum.at(duty, self.needs.order, tables.duty[self.needs.item] / MILLION)
        lacks = np.maximum(tables.minimum[lane] - self._stood.minor, 0)
        border = lacks * (tables.rate[lane] / BILLION) * (1 + tables.insurance[lane] / MILLION)
        before = self._cost(lane, self._lines, self._stood)
        found: Floats = np.minimum(before + border * (1 + duty) - 1, self.cost())
        return found

    # --- what an order costs

    def _rows(self, row: Whole, packs: Whole) -> _Sums:
        """What ``packs`` of some rows' offers come to."""
        tables, needs = self.tables, self.needs
        offer, item = needs.offer[row], needs.item[row]
        minor = tables.minor(offer, packs).astype(np.float64)
        goods = minor * (tables.rate[tables.lane[offer]] / BILLION)
        units = (packs * tables.pack[offer]).astype(np.float64)
        return _Sums(
            minor,
            goods,
            goods * (tables.duty[item] / MILLION),
            units * tables.volume[item],
            units * tables.weight[item],
        )

    def _sums(self, packs: Whole) -> _Sums:
        return self._added(self._rows(np.arange(len(packs)), packs))

    def _added(self, rows: _Sums) -> _Sums:
        return _Sums(
            *(added(self.needs.order, getattr(rows, n), len(self.needs.lane)) for n in _PARTS)
        )

    def _cost(self, lane: Whole, lines: Whole, sums: _Sums) -> Floats:
        tables = self.tables
        freight = tables.freight_about(lane, sums.cm3, sums.grams)
        border = (sums.goods + freight) * (1 + tables.insurance[lane] / MILLION)
        duty = sums.dutied * border / np.maximum(sums.goods, 1)
        cost: Floats = border + duty + tables.order_fee[lane] + tables.line_fee[lane] * lines
        return cost

    # --- breaks

    def _settle(self) -> None:
        """Of each order the line whose other number of packs saves most, again and again."""
        width = self.tables.starts.shape[1]
        active = self._movable() if width > 1 else np.arange(0)
        for _round in range(ROUNDS):
            if not len(active):
                break
            order = self.needs.order[active]
            lane, lines = self.needs.lane[order], self._lines[order]
            at = self._sums(self.packs).at(order)
            now = self._cost(lane, lines, at)
            others = at.plus(self._rows(active, self.packs[active]), -1.0)
            saved, chosen = np.zeros(len(active)), self.packs[active]
            for step in range(width):
                tried = self._at_step(active, step)
                there = self._cost(lane, lines, others.plus(self._rows(active, tried)))
                gain = np.where(tried <= MOST_UNITS, now - there, 0.0)
                better = gain > saved + _LEAST
                saved, chosen = np.where(better, gain, saved), np.where(better, tried, chosen)
            active = self._take_best(active, chosen, saved)

    def _movable(self) -> Whole:
        """The lines of orders in which some line might do with another number of packs: one that
        is above what is needed, or whose goods cost less at a break."""
        every = np.arange(len(self.packs))
        minor = self.tables.minor(self.needs.offer, self.packs)
        able = self.packs > self.least
        for step in range(1, self.tables.starts.shape[1]):
            able |= self.tables.minor(self.needs.offer, self._at_step(every, step)) < minor
        moves = np.zeros(len(self.needs.lane), dtype=np.bool_)
        moves[self.needs.order[able]] = True
        found: Whole = np.flatnonzero(moves[self.needs.order])
        return found

    def _at_step(self, row: Whole, step: int) -> Whole:
        """What is needed, or what reaches a break."""
        if not step:
            return self.least[row]
        offer = self.needs.offer[row]
        starts = up(self.tables.starts[offer, step], self.tables.multiple[offer])
        reached: Whole = np.maximum(self.least[row], starts)
        return reached

    def _take_best(self, active: Whole, chosen: Whole, saved: Floats) -> Whole:
        """Change one row an order; returns the rows of the orders that changed."""
        pays = np.flatnonzero(saved > 0)
        heads = pays[_heads(self.needs.order[active[pays]], -saved[pays])]
        self.packs[active[heads]] = chosen[heads]
        changed = np.zeros(len(self.needs.lane), dtype=np.bool_)
        changed[self.needs.order[active[heads]]] = True
        return active[changed[self.needs.order[active]]]

    # --- minimums

    def _raise_one(self) -> None:
        """Each order below its minimum is raised in the line where that costs least."""
        rows = np.flatnonzero(self.is_low[self.needs.order])
        if len(rows):
            packs, cost = self._fill(self._without(rows), rows)
            heads = _heads(self.needs.order[rows], cost)
            self.packs[rows[heads]] = packs[heads]

    def _without(self, rows: Whole) -> _Sums:
        """The rows' orders without those rows, nothing raised."""
        at = self._stood.at(self.needs.order[rows])
        return at.plus(self._own.at(rows), -1.0)

    def _fill(self, others: _Sums, rows: Whole) -> tuple[Whole, Floats]:
        """The packs of each row that bring ``others`` to the minimum in the cheapest way, and what
        the order then costs."""
        tables, offer, order = self.tables, self.needs.offer[rows], self.needs.order[rows]
        lane, lines = self.needs.lane[order], self._lines[order]
        multiple, least = tables.multiple[offer], self.least[rows]
        asked = np.maximum(tables.minimum[lane] - others.minor, 0.0).astype(np.int64)
        best_packs, best_cost = least, np.full(len(rows), np.inf)
        width = tables.starts.shape[1]
        whole = np.zeros(len(rows), dtype=np.int64)
        for step in range(width):
            # Incremental goods are the least of their straight lines: all must reach it.
            lacks = np.maximum(asked - tables.fixed[offer, step], 0)
            whole = np.maximum(whole, -(-lacks // tables.prices[offer, step]))
        for step in range(width):
            price, start = tables.prices[offer, step], tables.starts[offer, step]
            own = np.maximum(-(-asked // price), start if step else 0)
            packs = up(np.maximum(np.where(tables.incremental[offer], whole, own), least), multiple)
            added = self._rows(rows, packs)
            cost = self._cost(lane, lines, others.plus(added))
            reaches = (added.minor >= asked) & (packs <= MOST_UNITS)
            better = reaches & (cost < best_cost - _LEAST)
            best_packs = np.where(better, packs, best_packs)
            best_cost = np.where(better, cost, best_cost)
        return best_packs, best_cost

    def raise_two(self, wanted: Flags) -> None:
        """Of the orders ``wanted`` try each pair of lines: one with fewer packs than it would
        need, the other filling up. Changes the orders for which that costs less."""
        lines = self._lines
        orders = np.flatnonzero(wanted & self.is_low & (lines > 1) & (lines <= MOST_LINES))
        ends = np.cumsum(lines[orders] * (lines[orders] - 1))
        begin = done = 0
        while begin < len(orders):
            end = max(int(np.searchsorted(ends, done + _AT_ONCE)), begin + 1)
            self._raise_pairs(orders[begin:end])
            begin, done = end, int(ends[end - 1])

    def _raise_pairs(self, orders: Whole) -> None:
        place = np.full(len(self.needs.lane), -1, dtype=np.int64)
        place[orders] = np.arange(len(orders))
        rows = np.flatnonzero(place[self.needs.order] >= 0)
        full, _cost = self._fill(self._without(rows), rows)
        # Each row with each other one of its order.
        beside = self._lines[self.needs.order[rows]] - 1
        one = np.repeat(np.arange(len(rows)), beside)
        first = rows[one]
        turn = np.arange(len(one)) - np.repeat(np.cumsum(beside) - beside, beside)
        begin = self._first[self.needs.order[first]]
        other = begin + turn + (turn >= first - begin)
        best_cost = self.cost()[orders]
        best = np.full((3, len(orders)), -1, dtype=np.int64)
        best_filled = np.zeros(len(orders), dtype=np.int64)
        for step in range(1, STEPS + 1):
            packs = full[one] - step * self.tables.multiple[self.needs.offer[first]]
            there = np.flatnonzero(packs >= self.least[first])
            if not len(there):
                break
            row, fill, count = first[there], other[there], packs[there]
            base = self._without(row).plus(self._rows(row, count))
            base = base.plus(self._own.at(fill), -1.0)
            filled, cost = self._fill(base, fill)
            at = place[self.needs.order[row]]
            heads = _heads(at, cost)
            heads = heads[cost[heads] < best_cost[at[heads]] - _LEAST]
            best_cost[at[heads]] = cost[heads]
            best[:, at[heads]] = row[heads], fill[heads], count[heads]
            best_filled[at[heads]] = filled[heads]
        won = np.flatnonzero(best[0] >= 0)
        changed = np.zeros(len(self.needs.lane), dtype=np.bool_)
        changed[orders[won]] = True
        rows = np.flatnonzero(changed[self.needs.order])
        self.packs[rows] = self._base[rows]
        self.packs[best[0, won]], self.packs[best[1, won]] = best[2, won], best_filled[won]


def added(of: Whole, numbers: Floats, count: int) -> Floats:
    """The numbers added up by what they are of, always in the same order."""
    found: Floats = np.bincount(of, numbers, minlength=count).astype(np.float64)
    return found


def _heads(of: Whole, cost: Floats) -> Whole:
    """The place of the least cost of each ``of``, which is sorted; the first of equals."""
    if not len(of):
        return of
    starts = np.flatnonzero(np.diff(of, prepend=-1))
    least = np.minimum.reduceat(cost, starts)
    found = np.flatnonzero(cost == np.repeat(least, np.diff(np.append(starts, len(of)))))
    heads: Whole = found[np.diff(of[found], prepend=-1) != 0]
    return heads
