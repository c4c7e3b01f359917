"""A round is solved, and how it was solved is kept."""

from __future__ import annotations

import json
import zlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import pandas as pd
from django.conf import settings
from django.db import transaction
from django.db.models import Max

from procurement.models import PoolRound, RoundPlan
from procurement.queries import deposits, forecasts, planning
from procurement.rules import ordering
from procurement.rules.solving.evaluating import Evaluation
from procurement.rules.solving.solution import (
    digest,
    problem_to_json,
    replay,
    solution_to_json,
    solve,
)
from procurement.rules.solving.terms import Problem


@dataclass(frozen=True, slots=True)
class Planned:
    """A solved round: the demand that was planned, its terms, and the plan that was chosen."""

    demand: pd.DataFrame
    problem: Problem
    best: Evaluation
    row: RoundPlan


def plan_ahead(*, round: PoolRound, now: datetime) -> Planned:
    """Plan a round as it would be ordered at this moment, so that an operator sees it before.

    Raises RoundAlreadyClosed, or what :func:`plan_round` raises; then nothing has been written.
    """
    ordering.check_open(quarter=round.code, closed_at=round.closed_at)
    return plan_round(round=round, now=now, dropped=deposits.dropped(round, now))


@transaction.atomic
def plan_round(
    *,
    round: PoolRound,
    now: datetime,
    dropped: Collection[int] = (),
    seconds: float | None = None,
) -> Planned:
    """Solve a round as it stands and keep the plan, its terms and its gap.

    ``dropped`` are sellers whose wishes no longer count; ``seconds`` limits the solver
    (BONDPOOL_SOLVER_SECONDS if not given): the plans of the plain rule and of the greedy
    planner are there whatever it finds. Where the very same terms were solved before, that plan
    is taken again: what was looked at is what is ordered.

    Raises OfferMissing, PlanningRateMissing, or what the solver refuses of the terms; then
    nothing has been written.
    """
    held = PoolRound.objects.select_for_update().get(pk=round.pk)
    demand = planning.counted(held, forecasts.demand_frame(held), dropped=dropped, now=now)
    problem = planning.terms(held, demand).problem
    terms = problem_to_json(problem)
    solved = RoundPlan.objects.filter(round=held, terms_digest=digest(terms)).defer("terms")
    if (before := solved.order_by("-number").first()) is not None:
        return Planned(demand, problem, replay(terms, before.found), before)
    limit = settings.SOLVER_SECONDS if seconds is None else seconds
    solution = solve(problem, time_limit_s=limit, gap=settings.SOLVER_GAP)
    best, plain = solution.best, solution.plans["plain"]
    last = RoundPlan.objects.filter(round=held).aggregate(last=Max("number"))["last"] or 0
    told = json.dumps(terms, separators=(",", ":"), sort_keys=True).encode()
    row = RoundPlan.objects.create(
        round=held,
        number=last + 1,
        made_at=now,
        chosen=solution.chosen,
        landed_minor=best.landed,
        adjusted_minor=best.adjusted,
        plain_landed_minor=plain.landed,
        plain_adjusted_minor=plain.adjusted,
        bound_minor=solution.bound,
        gap_ppm=solution.gap_ppm,
        solver=solution.solver,
        solver_version=solution.solver_version,
        terms=zlib.compress(told, 6),
        terms_digest=solution.problem,
        found=solution_to_json(solution),
        dropped=sorted(dropped),
    )
    return Planned(demand, problem, best, row)
