"""One quarter as a round: bought alone, pooled by the plain rule, and optimised."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from procurement.rules import billing
from procurement.rules.allotting import allot
from procurement.rules.sharing.quantities import Policy
from procurement.rules.sharing.splitting import Groups, split
from procurement.rules.solving.evaluating import Cost, Evaluation
from procurement.rules.solving.solution import solve
from procurement.rules.solving.terms import Problem
from procurement.study.demand import Demand
from procurement.study.strictly import Exact, exactly, kept_parts, kept_whole
from procurement.study.terms import Mapping, problem

#: The platform's id; sellers have 1 and above.
PLATFORM: Final = 0
#: When a plan counts as solved: this share of its cost from a proven bound.
GAP: Final = 0.01


@dataclass(frozen=True, slots=True)
class Pooled:
    """One plan, shared. ``bills``: seller_id, units, alone, strict, by_value, by_driver, paid; fen.

    ``by_value`` is the sellers' bill in proportion to the value of their goods, ``by_driver`` as
    the house's drivers share it, ``paid`` the same capped by ``alone``, which is the cost of
    buying the same units alone (``strict``: if what is then left over kept all of its value).
    ``surplus_cost`` is the platform's own part of the bill, for
    the units that nobody wished for; ``borne`` what no split could put on a seller.
    """

    kind: str
    cost: Cost
    adjusted: int
    orders: int
    containers: int
    units: int
    given: int
    unmet: int
    surplus: int
    surplus_cost: int
    borne: int
    bills: pd.DataFrame

    @property
    def better(self) -> int:
        return int((self.bills["paid"] < self.bills["alone"]).sum())

    @property
    def served(self) -> int:
        """Sellers who get something."""
        return len(self.bills)

    @property
    def equal(self) -> int:
        return int((self.bills["paid"] == self.bills["alone"]).sum())

    @property
    def worse(self) -> int:
        return int((self.bills["paid"] > self.bills["alone"]).sum())

    def losers(self, column: str) -> tuple[int, int]:
        """Sellers whose ``column`` is above their cost alone, and by how many fen together."""
        over = self.bills[column] - self.bills["alone"]
        return int((over > 0).sum()), int(over.clip(lower=0).sum())

    def sum(self, column: str) -> int:
        return int(self.bills[column].sum())


@dataclass(frozen=True, slots=True)
class Round:
    """A quarter's round. ``alone`` is what all sellers pay where each buys alone, and
    ``alone_units`` what comes of it. ``gap_ppm`` is of the optimised plan; only ``seconds``
    differs from run to run, unless ``was_cut``: then the time limit decided the plan."""

    quarter: int
    tolerance: int
    sellers: int
    products: int
    lines: int
    wished: int
    alone: Cost
    strict: Cost
    alone_units: int
    alone_orders: int
    plain: Pooled
    best: Pooled
    gap_ppm: int
    chosen: str
    was_cut: bool
    seconds: float
    exact: Exact | None


def wishes(lines: pd.DataFrame, *, tolerance: int) -> pd.DataFrame:
    """A quarter's forecasts as wishes; everybody gives ``tolerance`` percent, to the nearest
    unit and either way."""
    mine = lines.loc[lines["forecast"] > 0, ["seller_id", "product_id", "forecast"]]
    flex = (2 * mine["forecast"] * tolerance + 100) // 200
    quantity = mine["forecast"]
    return pd.DataFrame(
        {
            "product_id": mine["product_id"],
            "seller_id": mine["seller_id"],
            "quantity": quantity,
            "less": flex,
            "more": flex,
            "entitlement": quantity,
            "filed": np.arange(len(mine), dtype=np.int64),
        }
    ).reset_index(drop=True)


def run(
    mapping: Mapping,
    demand: Demand,
    quarter: int,
    *,
    tolerance: int = 0,
    seconds: float = 30.0,
    checked: int = 0,
) -> Round:
    """Run one quarter's round by the rules of the house."""
    asked = wishes(demand.of(quarter), tolerance=tolerance)
    return settle(
        mapping, demand, asked,
        quarter=quarter, tolerance=tolerance, seconds=seconds, checked=checked,
    )  # fmt: skip


def settle(
    mapping: Mapping,
    demand: Demand,
    asked: pd.DataFrame,
    *,
    quarter: int,
    tolerance: int,
    seconds: float,
    checked: int = 0,
) -> Round:
    """Solve and share what was ``asked``; ``checked`` sellers are solved by themselves too."""
    terms = problem(mapping, demand, asked)
    began = time.perf_counter()
    solution = solve(terms, time_limit_s=seconds, gap=GAP)
    took = time.perf_counter() - began
    wished = asked.rename(columns={"quantity": "units"})
    alone = billing.going_alone(terms, wished[["seller_id", "product_id", "units"]])
    best = pooled(terms, solution.best, asked)
    return Round(
        quarter=quarter,
        tolerance=tolerance,
        sellers=asked["seller_id"].nunique(),
        products=asked["product_id"].nunique(),
        lines=len(asked),
        wished=int(asked["quantity"].sum()),
        alone=Cost(*(int(part) for part in alone.costs.sum(axis=0))),
        strict=Cost(*(int(part) for part in kept_parts(alone).sum(axis=0))),
        alone_units=int(alone.lines.units.sum()),
        alone_orders=len(alone.orders.seller),
        plain=pooled(terms, solution.plans["plain"], asked),
        best=best,
        gap_ppm=solution.gap_ppm,
        chosen=solution.chosen,
        was_cut=took >= seconds * 0.95 or solution.gap_ppm > GAP * 1_000_000,
        seconds=took,
        exact=exactly(terms, alone, best.bills, count=checked) if checked else None,
    )


def pooled(terms: Problem, plan: Evaluation, asked: pd.DataFrame) -> Pooled:
    """Share one plan's units and costs among those who asked."""
    made = allot(terms, plan, asked, policy=Policy(), platform_id=PLATFORM)
    orders = {order.lane: at for at, order in enumerate(plan.orders)}
    lines = pd.DataFrame(
        {
            "line_id": made.lines["line"],
            "product_id": made.lines["product_id"],
            "order_id": [orders[line.lane] for line in plan.lines],
        }
    ).astype("int64")
    shares = made.shares.rename(columns={"line": "line_id"})
    shares = shares.assign(order_id=lines["order_id"].to_numpy()[shares["line_id"].to_numpy()])
    charges = billing.expected(plan, pd.Series(range(len(orders)), dtype="int64"), lines)
    held = billing.holdings(terms, shares, lines)
    mine = made.given.given.loc[lambda rows: rows["units"] > 0]
    alone = billing.going_alone(terms, mine)
    bills = billing.bill(charges, held, alone, platform_id=PLATFORM).rows
    platform = bills.loc[bills["owner_id"] == PLATFORM]
    sellers = bills.loc[bills["owner_id"] != PLATFORM]
    told = pd.DataFrame(
        {
            "seller_id": sellers["owner_id"],
            "units": sellers["units"],
            "alone": sellers["alone_minor"],
            # Both are sorted by seller, and are the same sellers: those who get something.
            "strict": kept_whole(alone),
            "by_value": _by_value(sellers),
            "by_driver": sellers["shared_minor"],
            "paid": sellers["paid_minor"],
        }
    ).reset_index(drop=True)
    return Pooled(
        kind=plan.plan.kind,
        cost=plan.cost,
        adjusted=plan.adjusted,
        orders=len(plan.orders),
        containers=sum(count for order in plan.orders for _, count in order.load.containers),
        units=sum(line.units for line in plan.lines),
        given=int(mine["units"].sum()),
        unmet=sum(one.unmet for one in plan.outcomes),
        surplus=int(made.given.platform["units"].sum()),
        surplus_cost=int(platform["shared_minor"].sum()),
        borne=int(platform["added_minor"].sum()),
        bills=told,
    )


def _by_value(sellers: pd.DataFrame) -> np.ndarray:
    """The same bill by one driver for everything, as most pools do it: the value of goods."""
    goods = sellers["goods_minor"].to_numpy(np.int64)
    group = Groups.of_rows(np.zeros(len(goods), dtype=np.int64), 1)
    total = np.array([int(sellers["shared_minor"].sum())], dtype=np.int64)
    return split(group, total, goods)


def by_category(
    mapping: Mapping, demand: Demand, quarter: int, *, seconds: float
) -> dict[str, Round]:
    """The same quarter with a round for each category: the thinnest pools there could be."""
    categories = {one.id: one.category for one in demand.products}
    asked = wishes(demand.of(quarter), tolerance=0)
    of = asked["product_id"].map(categories)
    return {
        str(category): settle(mapping, demand, mine, quarter=quarter, tolerance=0, seconds=seconds)
        for category, mine in asked.groupby(of, sort=True)
    }
