"""Is going alone made out dearer than it is? Two stricter measures beside the house's.

``kept_whole``: what minimums and packs add to a seller's own order is taken to keep all of its
value, so that only the part of it that was wished for counts; fees count whole. Nobody who buys
alone does better than that. ``exactly``: the cheapest way for a few sellers found by the
optimising engine, because the house's rule for ten thousand sellers is quick, not best.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from procurement.rules.solving.alone import Alone
from procurement.rules.solving.solution import solve
from procurement.rules.solving.tables import Whole, sums
from procurement.rules.solving.terms import MOST_PRICE, Problem

_GOODS, _FREIGHT, _INSURANCE, _DUTY = 0, 1, 2, 3


def kept_parts(alone: Alone) -> Whole:
    """What each of ``alone.sellers`` pays for what it wished, the left-over at full value; fen.

    A row a seller; columns as in :data:`~procurement.rules.solving.alone.PARTS`.
    """
    lines, orders = alone.lines, alone.orders
    count = len(orders.seller)
    costs = orders.costs.copy()
    costs[:, _GOODS] = sums(lines.order, lines.goods * lines.quantity // lines.units, count)
    costs[:, _DUTY] = sums(lines.order, lines.duty * lines.quantity // lines.units, count)
    for part in (_FREIGHT, _INSURANCE):
        # In Python's whole numbers: the products pass 2**63 for very large orders.
        rows = zip(*(orders.costs[:, at].tolist() for at in (part, _GOODS)), strict=True)
        kept = costs[:, _GOODS].tolist()
        costs[:, part] = [
            cost * some // max(whole, 1) for (cost, whole), some in zip(rows, kept, strict=True)
        ]
    found = np.zeros((len(alone.sellers), costs.shape[1]), dtype=np.int64)
    np.add.at(found, np.searchsorted(alone.sellers, orders.seller), costs)
    return found


def kept_whole(alone: Alone) -> Whole:
    """The sums of :func:`kept_parts`, one a seller."""
    total: Whole = kept_parts(alone).sum(axis=1)
    return total


@dataclass(frozen=True, slots=True)
class Exact:
    """``rows``: seller_id, units, alone (by the house's rule), exact, paid; fen."""

    rows: pd.DataFrame

    @property
    def overstated(self) -> int:
        """Sellers for whom the house's rule is more than 1 % above the cheapest way."""
        return int((100 * (self.rows["alone"] - self.rows["exact"]) > self.rows["alone"]).sum())

    @property
    def over_exact(self) -> int:
        """Sellers who pay more in the pool than the cheapest way alone."""
        return int((self.rows["paid"] > self.rows["exact"]).sum())


def exactly(problem: Problem, alone: Alone, bills: pd.DataFrame, *, count: int) -> Exact:
    """Solve ``count`` sellers' own orders, evenly from the smallest to the largest."""
    ranked = bills.sort_values(["units", "seller_id"], ignore_index=True)
    at = np.unique(np.linspace(0, len(ranked) - 1, min(count, len(ranked))).astype(np.int64))
    rows = []
    for seller, units, paid in ranked.loc[at, ["seller_id", "units", "paid"]].to_numpy().tolist():
        house = alone.of(seller).total
        rows.append((seller, units, house, cheapest(problem, alone, seller, house), paid))
    names = ["seller_id", "units", "alone", "exact", "paid"]
    return Exact(pd.DataFrame(rows, columns=names, dtype="int64"))


#: Seconds for one seller; a handful of products takes some hundredths.
_SECONDS: Final = 5.0


def cheapest(problem: Problem, alone: Alone, seller: int, house: int) -> int:
    """What one seller's own order costs at least, fen: solved, and at most the ``house``'s way."""
    mine = alone.lines.seller == seller
    wished: Counter[int] = Counter()
    for product, units in zip(
        alone.lines.product[mine].tolist(), alone.lines.quantity[mine].tolist(), strict=True
    ):
        wished[product] += units
    items = tuple(
        replace(
            item, firm=wished[item.product], wanted=wished[item.product],
            most=wished[item.product], penalty=min(house, MOST_PRICE), firm_penalty=0,
            extra_credit=0, surplus_credit=0,
        )
        for item in problem.items
        if item.product in wished
    )  # fmt: skip
    offers = tuple(offer for offer in problem.offers if offer.product in wished)
    lanes = tuple(lane for lane in problem.lanes if lane.key in {o.lane for o in offers})
    own = Problem(items, offers, lanes)
    best = solve(own, time_limit_s=_SECONDS, gap=0.0).best
    # All that was wished, or the house's way: leaving something out is no way to compare.
    return min(best.landed, house) if not any(one.unmet for one in best.outcomes) else house
