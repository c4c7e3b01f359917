"""Sums over the rounds of a study, from which the report and its charts are made."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np
import pandas as pd

from procurement.rules.solving.evaluating import Cost
from procurement.study import demand as demands
from procurement.study.rounds import Pooled, Round
from procurement.study.running import Study

CLASSES: Final = 10


@dataclass(frozen=True, slots=True)
class Hard:
    """One way to hold the rounds, summed: who would lose by which rule, who bears what; fen."""

    sellers: int
    without: int
    alone: int
    plain: int
    best: int
    by_value: tuple[int, int]
    by_driver: tuple[int, int]
    above: int
    borne_plain: int
    borne_best: int
    surplus_cost: int


def hard(rounds: Iterable[Round]) -> Hard:
    """The sums of some rounds; who is in several counts in each."""
    held = list(rounds)
    best = [one.best for one in held]

    def losers(column: str) -> tuple[int, int]:
        found = [one.losers(column) for one in best]
        return sum(many for many, _ in found), sum(fen for _, fen in found)

    return Hard(
        sellers=sum(one.sellers for one in held),
        without=sum(one.sellers - one.best.served for one in held),
        alone=sum(one.alone.total for one in held),
        plain=sum(one.plain.cost.total for one in held),
        best=sum(one.cost.total for one in best),
        by_value=losers("by_value"),
        by_driver=losers("by_driver"),
        above=sum(one.worse for one in best),
        borne_plain=sum(one.plain.borne for one in held),
        borne_best=sum(one.borne for one in best),
        surplus_cost=sum(one.surplus_cost for one in best),
    )


@dataclass(frozen=True, slots=True)
class Size:
    """A tenth of the sellers, by the units they get; ``least`` is the lowest saving of one of
    them, tenths of a percent."""

    least_units: int
    most_units: int
    sellers: int
    units: int
    alone: int
    strict: int
    paid: int
    least: int


def sizes(rounds: Sequence[Round]) -> list[Size]:
    """All quarters together; each seller is ranked within its quarter, ties by its id."""
    parts = []
    for one in rounds:
        bills = one.best.bills.sort_values(["units", "seller_id"], ignore_index=True)
        rank = np.arange(len(bills), dtype=np.int64) * CLASSES // max(len(bills), 1)
        parts.append(bills.assign(rank=rank))
    bills = pd.concat(parts, ignore_index=True)
    saving = 1000 * (bills["alone"] - bills["paid"]) // bills["alone"].clip(lower=1)
    found = []
    for _rank, mine in bills.assign(saving=saving).groupby("rank", sort=True):
        found.append(
            Size(
                least_units=int(mine["units"].min()),
                most_units=int(mine["units"].max()),
                sellers=len(mine),
                **{name: int(mine[name].sum()) for name in ("units", "alone", "strict", "paid")},
                least=int(mine["saving"].min()),
            )
        )
    return found


def parts_of(cost: Cost) -> dict[str, int]:
    """A cost as the charts tell it apart."""
    return {
        "goods": cost.goods,
        "freight": cost.freight + cost.insurance,
        "duty": cost.duty,
        "fees": cost.fees,
    }


def added(costs: Iterable[Cost]) -> Cost:
    return sum(costs, Cost())


def as_json(study: Study) -> dict[str, Any]:
    """Every figure exactly, in fen and units, without anything that differs from run to run."""

    def plan(one: Pooled) -> dict[str, Any]:
        told: dict[str, Any] = {
            field.name: getattr(one, field.name)
            for field in fields(Pooled)
            if field.name not in {"bills", "cost"}
        }
        told |= {"landed": one.cost.total, **parts_of(one.cost)}
        told |= {name: one.sum(name) for name in ("alone", "strict", "paid")}
        told |= {"better": one.better, "equal": one.equal, "above_alone": one.worse}
        told["would_lose"] = {name: list(one.losers(name)) for name in ("by_value", "by_driver")}
        return told

    def round_(one: Round) -> dict[str, Any]:
        return {
            "quarter": demands.name(one.quarter),
            "tolerance_percent": one.tolerance,
            "sellers": one.sellers,
            "products": one.products,
            "lines": one.lines,
            "wished": one.wished,
            "alone": {"landed": one.alone.total, **parts_of(one.alone)},
            "strict": {"landed": one.strict.total, **parts_of(one.strict)},
            "alone_units": one.alone_units,
            "alone_orders": one.alone_orders,
            "plain": plan(one.plain),
            "optimised": plan(one.best),
            "gap_ppm": one.gap_ppm,
            "chosen": one.chosen,
        }

    return {
        "is_real": study.demand.is_real,
        "rounds": [round_(one) for one in study.firm],
        "rounds_with_tolerance": [round_(one) for one in study.flexed],
        "by_category": {name: round_(one) for name, one in study.thin.items()},
        "easy": round_(study.easy),
        "easy_by_category": {name: round_(one) for name, one in study.easy_thin.items()},
        "against_sales": [
            {field.name: getattr(one, field.name) for field in fields(one)}
            | {"quarter": demands.name(one.quarter)}
            for one in study.against
        ],
    }


def sellers_csv(study: Study) -> str:
    """Every seller of every quarter: what it would pay alone, by each rule, and what it pays."""
    codes = study.demand.sellers
    parts = []
    for one in study.firm:
        bills = one.best.bills
        told = bills.drop(columns="seller_id").add_suffix("_fen")
        told = told.rename(columns={"units_fen": "units"})
        told.insert(0, "seller", bills["seller_id"].map(codes))
        told.insert(0, "quarter", demands.name(one.quarter))
        parts.append(told)
    return pd.concat(parts, ignore_index=True).to_csv(index=False, lineterminator="\n")
