"""Which suppliers a seller with very many of them leaves out when it goes alone.

Every line comes from the offer that lands it cheapest; then suppliers are left out whose order
costs more than buying the same goods from others. An order costs its fees and what it lacks to
the supplier's minimum; goods that move to an order below its own
minimum cost nothing there until it is reached. Of a seller those suppliers are left out together
that do not meddle with each other, the one that saves most first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from procurement.rules.solving.tables import Floats, Tables, Whole
from procurement.rules.solving.terms import BILLION

#: So often a seller leaves suppliers out at most.
ROUNDS: Final = 60


@dataclass(frozen=True, slots=True)
class _Candidates:
    """Every offer of every row: which row, whose, the lane, and what it costs by itself, fen."""

    row: Whole
    lane: Whole
    score: Floats
    goods: Floats


def without_costly_lanes(
    tables: Tables, who: Whole, row: Whole, offer: Whole, packs: Whole, score: Whole
) -> Whole:
    """Which candidate each row takes; ``who`` counts the sellers of the rows from 0."""
    lane, rows = tables.lane[offer], len(who)
    # By row, the cheapest first; of equals the older offer.
    order = np.lexsort((score, row))
    taken = order[np.searchsorted(row, np.arange(rows))]
    if not tables.order_fee.any() and not tables.minimum.any():
        return taken
    goods = tables.minor(offer, packs) * (tables.rate[lane] / BILLION)
    of = _Candidates(row, lane, score.astype(np.float64), goods)
    # Only who may choose takes part; and after each round only who has just chosen.
    chooses = np.zeros(int(who[-1]) + 1 if rows else 0, dtype=np.bool_)
    chooses[who[np.bincount(row, minlength=rows) > 1]] = True
    for _round in range(ROUNDS):
        if not chooses.any():
            break
        held = np.flatnonzero(chooses[who])
        moved, leaves = _leave(tables, who, of, taken, held)
        taken[held[leaves]] = moved[leaves]
        chooses[:] = False
        chooses[who[held[leaves]]] = True
    return taken


def _leave(
    tables: Tables, who: Whole, of: _Candidates, taken: Whole, held: Whole
) -> tuple[Whole, npt.NDArray[np.bool_]]:
    """For the rows ``held``: where else they would come from, and which of them do."""
    width = len(tables.lanes)
    now = taken[held]
    used, at = np.unique(who[held] * width + of.lane[now], return_inverse=True)
    lane, count = used % width, len(used)
    minimum = tables.minimum[lane] * (tables.rate[lane] / BILLION)
    lacks = np.maximum(minimum - np.bincount(at, of.goods[now], minlength=count), 0.0)
    # What each row would cost from another order of its seller, what that order lacks for free;
    # or from one of its own.
    place = np.full(len(who), -1, dtype=np.int64)
    place[held] = np.arange(len(held))
    tried = np.flatnonzero(place[of.row] >= 0)
    tried = tried[tried != taken[of.row[tried]]]
    pair = who[of.row[tried]] * width + of.lane[tried]
    found = np.minimum(np.searchsorted(used, pair), count - 1)
    there = used[found] == pair
    other = of.lane[tried]
    short = tables.minimum[other] * (tables.rate[other] / BILLION) - of.goods[tried]
    opened = np.where(there, 0.0, tables.order_fee[other] + np.maximum(short, 0.0))
    filled = np.where(there, np.minimum(of.goods[tried], lacks[found]), 0.0)
    cost = of.score[tried] + opened - filled
    best = np.lexsort((cost, of.row[tried]))
    heads = best[np.diff(of.row[tried[best]], prepend=-1) != 0]
    moved, to = (np.full(len(held), -1, dtype=np.int64) for _ in range(2))
    fee = np.zeros(len(held))
    at_place = place[of.row[tried[heads]]]
    moved[at_place], fee[at_place] = tried[heads], opened[heads]
    to[at_place] = np.where(there[heads], found[heads], -1)
    has = np.flatnonzero(moved >= 0)
    inside = np.flatnonzero(to >= 0)
    # An order that is left out saves its fees and what it lacks, if all of it can move.
    gain = tables.order_fee[lane] + lacks
    more = of.score[moved[has]] + fee[has] - of.score[now[has]]
    gain -= np.bincount(at[has], more, minlength=count)
    both, pairs = np.unique(at[inside] * count + to[inside], return_inverse=True)
    free = np.bincount(pairs, of.goods[moved[inside]], minlength=len(both))
    begin, end = both // count, both % count
    gain += np.bincount(begin, np.minimum(free, lacks[end]), minlength=count)
    stays = np.ones(len(held), dtype=np.bool_)
    stays[has] = False
    gain[at[stays]] = 0.0
    goes = _apart(gain, begin, end)
    leaves: npt.NDArray[np.bool_] = goes[at]
    return moved, leaves


def _apart(gain: Floats, begin: Whole, end: Whole) -> npt.NDArray[np.bool_]:
    """Those that gain most among all that take from or add to the same orders."""
    goes = gain > 0.5
    rank = np.empty(len(gain), dtype=np.int64)
    rank[np.lexsort((-np.arange(len(gain)), gain))] = np.arange(1, len(gain) + 1)
    rank[~goes] = 0
    strongest = rank.copy()
    np.maximum.at(strongest, end, rank[begin])
    goes &= strongest == rank
    beaten = strongest[end] > rank[begin]
    goes[begin[beaten]] = False
    return goes
