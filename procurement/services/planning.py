"""A round is solved, and how it was solved is kept.

The solver takes seconds, and filing needs the round's lock: so terms are read under the lock,
solved without it and without a transaction, and what was found is kept under the lock again,
if the terms are still those that were solved.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final, TypeVar

import numpy as np
import pandas as pd
from django.conf import settings
from django.db import transaction
from django.db.models import Max

from procurement.models import PoolRound, RoundPlan
from procurement.queries import counting, deposits, planning
from procurement.rules import ordering
from procurement.rules.solving.evaluating import Evaluation
from procurement.rules.solving.solution import (
    Solution,
    digest,
    problem_to_json,
    replay,
    solution_to_json,
    solve,
)
from procurement.rules.solving.terms import Problem

Told = TypeVar("Told")
#: Solves the terms of a round; BONDPOOL_SOLVER_SECONDS and _GAP if it is not given.
Solver = Callable[[Problem], Solution]
#: Refuses, or says who has dropped out of the round that is held.
Drops = Callable[[PoolRound], Collection[int]]

#: So often terms that changed meanwhile are solved without the lock; then once under it.
TURNS: Final = 3


@dataclass(frozen=True, slots=True)
class Planned:
    """A solved round: the demand that was planned, its terms, and the plan that was chosen.

    ``without_freight``: suppliers whose freight nobody has entered, so that it counts nothing.
    """

    demand: pd.DataFrame
    problem: Problem
    best: Evaluation
    row: RoundPlan
    without_freight: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Read:
    """A round as it was read under its lock. ``versions``: the forecasts that counted."""

    versions: counting.Keys
    wishes: pd.DataFrame
    demand: pd.DataFrame
    found: planning.Terms
    terms: dict[str, Any]
    digest: str
    dropped: list[int]

    @property
    def problem(self) -> Problem:
        return self.found.problem

    @property
    def without_freight(self) -> tuple[int, ...]:
        return self.found.market.without_freight


def within(seconds: float | None) -> Solver:
    """The solver with so many seconds, or as many as the settings give it."""
    limit = settings.SOLVER_SECONDS if seconds is None else seconds
    return partial(solve, time_limit_s=limit, gap=settings.SOLVER_GAP)


def plan_ahead(*, round: PoolRound, now: datetime, solver: Solver | None = None) -> Planned:
    """Plan a round as it would be ordered at this moment, so that an operator sees it before.

    Sellers go on filing meanwhile: the plan is of the moment in which it was asked for.

    Raises RoundAlreadyClosed, or what :func:`plan_round` raises; then nothing has been written.
    """

    def drops(held: PoolRound) -> Collection[int]:
        ordering.check_open(quarter=held.code, closed_at=held.closed_at)
        return deposits.dropped(held, now)

    with transaction.atomic():
        held = _lock(round)
        read = _read(held, now, drops(held))
        if (before := _known(held, read)) is not None:
            return before
    solution = (solver or within(None))(read.problem)
    with transaction.atomic():
        held = _lock(round)
        drops(held)
        return _known(held, read) or _kept(held, read, solution, now)


def planned_now(
    *, round: PoolRound, now: datetime, dropped: Collection[int]
) -> tuple[RoundPlan, Evaluation] | None:
    """The plan that closing the round at this moment would order, counted again; None where the
    round as it stands was not solved yet. Nothing is held and nothing is written.

    Raises OfferMissing, PlanningRateMissing, or what the solver refuses of the terms.
    """
    read = _read(round, now, dropped)
    solved = RoundPlan.objects.filter(round=round, terms_digest=read.digest).defer("terms")
    row = solved.order_by("-number").first()
    return (row, replay(read.terms, row.found)) if row is not None else None


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
    return plan_and(
        lambda _held, planned: planned,
        round=round,
        now=now,
        drops=lambda _held: dropped,
        solver=within(seconds),
    )


def plan_and(
    then: Callable[[PoolRound, Planned], Told],
    *,
    round: PoolRound,
    now: datetime,
    drops: Drops,
    solver: Solver | None = None,
) -> Told:
    """Plan a round and do something with the plan while the round is held, in one transaction.

    Terms that changed while they were solved are solved again. Raises what ``drops`` and
    ``then`` raise and what :func:`plan_round` does; then nothing has been written.
    """
    solver = solver or within(None)
    read: _Read | None = None
    solution: Solution | None = None
    for turn in range(TURNS + 1):
        with transaction.atomic():
            held = _lock(round)
            now_read = _read(held, now, drops(held), read)
            planned = _known(held, now_read)
            if planned is None and turn == TURNS:
                # Whoever changes prices all the time shall not keep a round from closing.
                solution, read = solver(now_read.problem), now_read
            if planned is None and solution and read and read.digest == now_read.digest:
                planned = _kept(held, now_read, solution, now)
            if planned is not None:
                # The wishes of a large round are held once while it is ordered, not three times.
                del now_read
                read = solution = None
                return then(held, planned)
        # No transaction is open here: the solver may take seconds, and the lock must not.
        read, solution = now_read, solver(now_read.problem)
    raise AssertionError("the last turn always has a plan")


def _lock(round: PoolRound) -> PoolRound:
    """Filing and closing hold the same lock."""
    held: PoolRound = PoolRound.objects.select_for_update().get(pk=round.pk)
    return held


def _read(
    held: PoolRound, now: datetime, dropped: Collection[int], before: _Read | None = None
) -> _Read:
    versions = counting.counting_keys(held)
    if before is not None and np.array_equal(versions, before.versions):
        # A version never changes: the same versions, the same wishes.
        wishes = before.wishes
    else:
        wishes = counting.demand_frame(held)
    demand = planning.counted(held, wishes, dropped=dropped, now=now)
    found = planning.terms(held, demand, before.found if before else None)
    if before is not None and found is before.found:
        told, its_digest = before.terms, before.digest
    else:
        told = problem_to_json(found.problem)
        its_digest = digest(told)
    return _Read(
        versions=versions,
        wishes=wishes,
        demand=demand,
        found=found,
        terms=told,
        digest=its_digest,
        dropped=sorted(dropped),
    )


def _known(held: PoolRound, read: _Read) -> Planned | None:
    """The plan that was made of the very same terms before."""
    solved = RoundPlan.objects.filter(round=held, terms_digest=read.digest)
    row = solved.filter(dropped=read.dropped).defer("terms").order_by("-number").first()
    newest = _next(held) - 1
    if row is None or row.number < newest:
        # Found for the same sums, but other sellers had dropped out, or the round was planned by
        # other terms since: what holds today stands as the newest.
        row = solved.order_by("-number").first()
        if row is not None:
            row.pk, row.number, row.dropped = None, newest + 1, read.dropped
            row.save(force_insert=True)
    if row is None:
        return None
    best = replay(read.terms, row.found)
    return Planned(read.demand, read.problem, best, row, read.without_freight)


def _next(held: PoolRound) -> int:
    return (RoundPlan.objects.filter(round=held).aggregate(last=Max("number"))["last"] or 0) + 1


def _kept(held: PoolRound, read: _Read, solution: Solution, now: datetime) -> Planned:
    best, plain = solution.best, solution.plans["plain"]
    told = json.dumps(read.terms, separators=(",", ":"), sort_keys=True).encode()
    row = RoundPlan.objects.create(
        round=held,
        number=_next(held),
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
        dropped=read.dropped,
    )
    return Planned(read.demand, read.problem, best, row, read.without_freight)
