"""Two other ways of sharing a round's cost, beside what each seller really pays; for operators."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from accounts.models import Company
from procurement.models import PoolRound, RoundBill
from procurement.queries import bearing
from procurement.rules.sharing import reports

#: More sellers than these are told as one, "all others": a group is asked for each of them.
MOST_TOLD: Final = 24
#: Wishes that are counted in all, which bounds the orders of joining that are drawn.
_WORK: Final = 3_000_000
_OTHERS: Final = 0
HEAD: Final = (
    *("seller", "units", "paid_cny", "alone_cny", "shapley_cny", "standard_error_cny"),
    *("separable_costs_cny", "draws", "seed"),
)


@dataclass(frozen=True, slots=True)
class Beside:
    """One seller, or all others together: fen. ``error`` of a drawn value."""

    seller: str
    units: int
    paid_minor: int
    alone_minor: int
    shapley_minor: int
    error_minor: int
    separable_minor: int
    draws: int
    seed: int


def beside(round: PoolRound) -> list[Beside]:
    """What Shapley's value and separable costs would put on each, most units first.

    Both come to what all sellers really pay. Empty where nothing is billed. Ask
    ``platform_wide``.
    """
    run, plan = bearing.newest(round), bearing.plan_of(round)
    if run is None or plan is None:
        return []
    platform_id = bearing.platform_of(round)
    held = bearing.held(round, bearing.stood_of(run), platform_id)
    wishes = held.loc[(held["owner_id"] != platform_id) & (held["quantity"] > 0)]
    units = wishes.groupby("owner_id")["quantity"].sum()
    ranked = units.sort_index().sort_values(ascending=False, kind="stable").index.to_numpy()
    if not len(ranked):
        return []
    told = set(ranked[: MOST_TOLD if len(ranked) > MOST_TOLD else None].tolist())
    player = wishes["owner_id"].where(wishes["owner_id"].isin(told), _OTHERS)
    by = wishes.assign(player=player).groupby(["player", "product_id"])["quantity"].sum()
    asked = by.reset_index()
    bills = _bills(round, run.number, platform_id, told)
    players = sorted(set(asked["player"].tolist()))
    costs = reports.pool_costs(
        bearing.terms_of(plan),
        sellers=asked["player"].to_numpy(np.int64),
        products=asked["product_id"].to_numpy(np.int64),
        quantities=asked["quantity"].to_numpy(np.int64),
        bill=int(bills["paid_minor"].sum()),
    )
    draws = max(10, min(500, _WORK // (len(asked) * len(players))))
    shapley = reports.shapley(players, costs, draws=draws)
    separable = reports.separable_costs(players, costs)
    codes = dict(Company.objects.filter(pk__in=told).values_list("pk", "code"))
    sums = asked.groupby("player")["quantity"].sum()
    rows = [
        Beside(
            seller=codes.get(key, ""),
            units=int(sums[key]),
            paid_minor=int(bills["paid_minor"][key]),
            alone_minor=int(bills["alone_minor"][key]),
            shapley_minor=shapley.minor[at],
            error_minor=shapley.errors[at] if shapley.errors else 0,
            separable_minor=separable.minor[at],
            draws=shapley.draws,
            seed=shapley.seed or 0,
        )
        for at, key in enumerate(players)
    ]
    return sorted(rows, key=lambda row: (not row.seller, -row.units, row.seller))


def _bills(round: PoolRound, run: int, platform_id: int, told: set[int]) -> pd.DataFrame:
    """paid_minor and alone_minor of each seller that is told, and of all others together."""
    rows = RoundBill.objects.filter(round=round, run=run, units__gt=0).exclude(owner=platform_id)
    found = pd.DataFrame(
        list(rows.order_by("owner_id").values_list("owner_id", "paid_minor", "alone_minor")),
        columns=["owner_id", "paid_minor", "alone_minor"],
    )
    player = found["owner_id"].where(found["owner_id"].isin(told), _OTHERS)
    return found.groupby(player)[["paid_minor", "alone_minor"]].sum()
