"""What would have been ordered too much and too little, against what was then sold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from procurement.rules import crediting, quarters, suggesting
from procurement.study import demand as demands
from procurement.study.demand import UNKNOWN, Demand
from procurement.study.terms import Mapping

KEYS: Final = ["seller_id", "product_id"]
WAYS: Final = ("filed", "credited", "suggested")
#: The made-up liars: every fourth seller files half as much again, always.
EVERY: Final = 4
INFLATED_PERCENT: Final = 150


@dataclass(frozen=True, slots=True)
class Against:
    """One way to order, one quarter: units, and money in fen, against what was sold.

    ``over_cost`` is the landed cost of what was not sold; ``under_margin`` what the missing
    units would have earned. ``wape`` and ``bias`` are parts of 10,000 of the units sold, line by
    line; ``pooled`` is the WAPE of the products' sums, which is what the pool buys.
    """

    quarter: int
    way: str
    ordered: int
    sold: int
    over: int
    under: int
    over_cost: int
    under_margin: int
    wape: int
    bias: int
    pooled: int
    pooled_over: int
    pooled_under: int


def compare(mapping: Mapping, demand: Demand) -> list[Against]:
    """Every quarter with known sales and known quarters before it, each way of ordering."""
    values = _values(mapping, demand)
    found = []
    for quarter in _tried(demand):
        sold = _sold(demand.of(quarter))
        for way in WAYS:
            found.append(_against(quarter, way, _ordered(demand, quarter, way), sold, values))
    return found


def inflated(demand: Demand) -> Demand:
    """The same demand where every fourth seller always files half as much again: made up."""
    lines = demand.lines
    filed = lines["forecast"]
    more = (filed * INFLATED_PERCENT + 99) // 100
    lies = lines["seller_id"] % EVERY == 0
    told = lines.assign(forecast=filed.where(~lies, more))
    return Demand(demand.is_real, demand.products, demand.sellers, told)


def compare_inflated(mapping: Mapping, demand: Demand) -> dict[str, list[Against]]:
    """Filed and credited orders of the made-up liars and of the others, who file as they did."""
    told, values = inflated(demand), _values(mapping, demand)
    found: dict[str, list[Against]] = {"liars": [], "others": []}
    for quarter in _tried(told):
        sold = _sold(told.of(quarter))
        for way in ("filed", "credited"):
            units = _ordered(told, quarter, way)
            for name, lies in (("liars", True), ("others", False)):
                found[name].append(
                    _against(quarter, way, _some(units, lies), _some(sold, lies), values)
                )
    return found


def in_all(rows: Iterable[Against], way: str) -> Against:
    """The quarters of one way together."""
    mine = [one for one in rows if one.way == way]
    sold = sum(one.sold for one in mine)
    add = {
        name: sum(getattr(one, name) for one in mine)
        for name in ("ordered", "over", "under", "over_cost", "under_margin", "pooled_over",
                     "pooled_under")
    }  # fmt: skip
    return Against(
        quarter=0,
        way=way,
        sold=sold,
        wape=_parts(add["over"] + add["under"], sold),
        bias=_parts(add["ordered"] - sold, sold),
        pooled=_parts(add["pooled_over"] + add["pooled_under"], sold),
        **add,
    )


def _tried(demand: Demand) -> list[int]:
    known = sorted(set(demand.lines.loc[demand.lines["actual"] != UNKNOWN, "quarter"].tolist()))
    return known[1:]


def _ordered(demand: Demand, quarter: int, way: str) -> pd.Series:
    lines = demand.of(quarter)
    filed = lines.loc[lines["forecast"] > 0]
    before = demand.lines.loc[
        (demand.lines["quarter"] < quarter) & (demand.lines["actual"] != UNKNOWN)
    ]
    if way == "suggested":
        past = before.rename(columns={"actual": "units"}).assign(is_censored=False)
        told = suggesting.suggest(past[list(suggesting.SALES)], newest=quarter - 1)
        index = pd.MultiIndex.from_arrays([told.seller_id, told.product_id], names=KEYS)
        units = pd.Series(told.units, index=index, dtype="int64")
        return units[units > 0]
    quantity = filed["forecast"].tolist()
    if way == "credited":
        policy = crediting.policy_on(quarters.first_day(demands.name(quarter)))
        sellers = filed["seller_id"].unique().tolist()
        past = before.assign(is_censored=False)[list(crediting.HISTORY)]
        _market, scores = crediting.score(past, newest=quarter - 1, policy=policy, sellers=sellers)
        known = {
            one.seller_id: crediting.Credit(one.factor, policy.band(one.band), policy, one.is_new)
            for one in scores
        }
        quantity = [
            known[seller].ordered(units)
            for seller, units in zip(filed["seller_id"].tolist(), quantity, strict=True)
        ]
    index = pd.MultiIndex.from_frame(filed[KEYS])
    return pd.Series(quantity, index=index, dtype="int64")


def _sold(lines: pd.DataFrame) -> pd.Series:
    mine = lines.loc[lines["actual"] > 0]
    return pd.Series(
        mine["actual"].to_numpy(), index=pd.MultiIndex.from_frame(mine[KEYS]), dtype="int64"
    )


def _some(units: pd.Series, lies: bool) -> pd.Series:
    mine = units.index.get_level_values("seller_id").to_numpy() % EVERY == 0
    found: pd.Series = units[mine if lies else ~mine]
    return found


def _values(mapping: Mapping, demand: Demand) -> pd.DataFrame:
    """What a unit costs landed and what it earns, by product."""
    rows = [
        (one.id, mapping.landed(one), max(mapping.retail(one) - mapping.landed(one), 0))
        for one in demand.products
    ]
    return pd.DataFrame(rows, columns=["product_id", "landed", "margin"]).set_index("product_id")


def _against(
    quarter: int, way: str, ordered: pd.Series, sold: pd.Series, values: pd.DataFrame
) -> Against:
    both = pd.DataFrame({"ordered": ordered, "sold": sold}).fillna(0).astype("int64")
    apart = both["ordered"] - both["sold"]
    over, under = apart.clip(lower=0), (-apart).clip(lower=0)
    of = both.index.get_level_values("product_id")
    sums = apart.groupby(level="product_id").sum()
    whole = int(both["sold"].sum())
    pooled_over, pooled_under = int(sums.clip(lower=0).sum()), int((-sums).clip(lower=0).sum())
    return Against(
        quarter=quarter,
        way=way,
        ordered=int(both["ordered"].sum()),
        sold=whole,
        over=int(over.sum()),
        under=int(under.sum()),
        over_cost=int((over.to_numpy() * values["landed"].reindex(of).to_numpy(np.int64)).sum()),
        under_margin=int(
            (under.to_numpy() * values["margin"].reindex(of).to_numpy(np.int64)).sum()
        ),
        wape=_parts(int(apart.abs().sum()), whole),
        bias=_parts(int(apart.sum()), whole),
        pooled=_parts(pooled_over + pooled_under, whole),
        pooled_over=pooled_over,
        pooled_under=pooled_under,
    )


def _parts(units: int, whole: int) -> int:
    return (2 * units * 10_000 + whole) // (2 * whole) if whole else 0
