"""Solve a round, keep what was solved, and count it again later to the fen."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Final

from procurement.rules.solving import milp, refusals
from procurement.rules.solving.blocking import Obstacle, obstacles
from procurement.rules.solving.evaluating import Evaluation, Evaluator, Plan
from procurement.rules.solving.explaining import Reason, explain_rest
from procurement.rules.solving.freighting import Load
from procurement.rules.solving.greedy import greedy, within_budget
from procurement.rules.solving.plain import plain
from procurement.rules.solving.terms import (
    MILLION,
    Break,
    Container,
    Item,
    Lane,
    LaneKey,
    Offer,
    Pricing,
    Problem,
)

FORMAT: Final = 1
KINDS: Final = ("plain", "greedy", "optimised")


@dataclass(frozen=True, slots=True)
class Solution:
    """Three plans, counted; the one chosen; and a cost below which no plan can be.

    ``gap_ppm``: by how much the chosen plan could at most be beaten, in millionths of what it
    costs (its adjusted or its landed cost, whichever is more). ``split_parts``: parts of the
    round too large to be solved as one. ``weight_ppm``: what a fen paid counted where the
    budget binds. Only the times differ from run to run, and what the time limit cut off.
    """

    problem: str
    plans: Mapping[str, Evaluation]
    chosen: str
    bound: int
    gap_ppm: int
    solver: str
    solver_version: str
    parts: int
    split_parts: int
    rounds: int
    weight_ppm: int
    milliseconds: Mapping[str, int]
    #: What keeps firm units out of the chosen plan, and what would let them in.
    obstacles: tuple[Obstacle, ...]
    #: Why each order is shipped as it is, and why a product that is wanted is not ordered.
    orders_why: Mapping[LaneKey, tuple[Reason, ...]]
    left_out: Mapping[int, tuple[Reason, ...]]

    @property
    def best(self) -> Evaluation:
        return self.plans[self.chosen]

    @property
    def saved(self) -> int:
        """What the chosen plan saves against the plain rule, adjusted, fen."""
        return self.plans["plain"].adjusted - self.best.adjusted


def solve(
    problem: Problem,
    *,
    time_limit_s: float = 30.0,
    gap: float = 0.01,
    timer: Callable[[], float] = time.perf_counter,
) -> Solution:
    """The plain, the greedy and the optimised plan of a round, and the best of them.

    The best is the feasible one with the least adjusted cost, of equals the plainer one: so it
    is never worse than the plain rule where that can be carried out. ``gap`` is when a part
    counts as solved, as a share of its cost. Without any time (``time_limit_s`` 0) nothing is
    optimised and no bound is looked for: the gap is then told as the whole.
    """
    marks = [timer()]
    evaluator = Evaluator(problem)
    plans = {"plain": evaluator.evaluate(plain(evaluator))}
    marks.append(timer())
    free = evaluator.evaluate(greedy(evaluator))
    plans["greedy"] = within_budget(evaluator, free)
    marks.append(timer())
    best = None
    if time_limit_s > 0:
        left = max(time_limit_s - (marks[-1] - marks[0]), 0.5)
        given = list(plans.values())
        best = milp.optimise(evaluator, given, time_limit_s=left, gap=gap, timer=timer)
        plans["optimised"] = best.found
        marks.append(timer())
    # An empty plan breaks no rule, so there is always a feasible one.
    chosen = min(
        (kind for kind, plan in plans.items() if plan.is_feasible),
        key=lambda kind: plans[kind].adjusted,
    )
    winner = plans[chosen]
    whole = max(winner.adjusted, winner.landed, 1)
    bound = min(best.bound, winner.adjusted) if best else winner.adjusted - whole
    orders_why, left_out = explain_rest(evaluator, winner)
    return Solution(
        problem=digest(problem_to_json(problem)),
        plans=plans,
        chosen=chosen,
        bound=bound,
        gap_ppm=-(-(winner.adjusted - bound) * MILLION // whole),
        solver=milp.SOLVER,
        solver_version=milp.VERSION,
        parts=best.parts if best else 0,
        split_parts=best.split_parts if best else 0,
        rounds=best.rounds if best else 0,
        weight_ppm=round(best.weight * MILLION) if best else MILLION,
        milliseconds={
            kind: round((after - before) * 1000)
            for kind, before, after in zip(KINDS, marks, marks[1:], strict=False)
        },
        obstacles=obstacles(evaluator, winner, free=free),
        orders_why=orders_why,
        left_out=left_out,
    )


_ITEM, _OFFER, _LANE, _CONTAINER = (
    tuple(field.name for field in fields(kind) if field.init)
    for kind in (Item, Offer, Lane, Container)
)


def _told(one: object, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(one, name) for name in names}


def problem_to_json(problem: Problem) -> dict[str, Any]:
    """The terms as plain numbers and texts, always in the same order."""
    # By name and not by ``asdict``, which copies each number deeply: of thousands, for seconds.
    return {
        "format": FORMAT,
        "items": [_told(item, _ITEM) for item in problem.items],
        "offers": [
            {
                **_told(offer, _OFFER),
                "breaks": [list(step) for step in offer.breaks],
                "pricing": offer.pricing.value,
            }
            for offer in problem.offers
        ],
        "lanes": [
            {
                **_told(lane, _LANE),
                "containers": [_told(kind, _CONTAINER) for kind in lane.containers],
            }
            for lane in problem.lanes
        ],
        "budget": problem.budget,
        "allows_surplus": problem.allows_surplus,
    }


def problem_from_json(told: Mapping[str, Any]) -> Problem:
    """The terms as they were stored; checked like any others."""
    return Problem(
        items=tuple(Item(**item) for item in told["items"]),
        offers=tuple(
            Offer(
                **{
                    **offer,
                    "breaks": tuple(Break(*step) for step in offer["breaks"]),
                    "pricing": Pricing(offer["pricing"]),
                }
            )
            for offer in told["offers"]
        ),
        lanes=tuple(
            Lane(**{**lane, "containers": tuple(Container(**kind) for kind in lane["containers"])})
            for lane in told["lanes"]
        ),
        budget=told["budget"],
        allows_surplus=told["allows_surplus"],
    )


def plan_to_json(found: Evaluation) -> dict[str, Any]:
    """A plan with what it came to."""
    plan = found.plan
    return {
        "kind": plan.kind,
        "packs": [[offer, packs] for offer, packs in sorted(plan.packs.items())],
        "loads": [
            {
                "lane": list(key),
                "containers": [list(one) for one in load.containers],
                "lcl": load.lcl,
            }
            for key, load in sorted((plan.loads or {}).items())
        ],
        "cost": asdict(found.cost),
        "landed": found.landed,
        "adjusted": found.adjusted,
        "faults": [asdict(fault) for fault in found.faults],
    }


def plan_from_json(told: Mapping[str, Any]) -> Plan:
    """A stored plan, its containers included."""
    return Plan(
        told["kind"],
        {int(offer): int(packs) for offer, packs in told["packs"]},
        {
            LaneKey(*one["lane"]): Load(
                tuple((str(code), int(number)) for code, number in one["containers"]), one["lcl"]
            )
            for one in told["loads"]
        },
    )


def solution_to_json(solution: Solution) -> dict[str, Any]:
    """Everything that is stored of a solution; the terms are stored beside it."""
    return {
        "format": FORMAT,
        "problem": solution.problem,
        "plans": {kind: plan_to_json(plan) for kind, plan in solution.plans.items()},
        "chosen": solution.chosen,
        "bound": solution.bound,
        "gap_ppm": solution.gap_ppm,
        "solver": solution.solver,
        "solver_version": solution.solver_version,
        "parts": solution.parts,
        "split_parts": solution.split_parts,
        "rounds": solution.rounds,
        "weight_ppm": solution.weight_ppm,
        "milliseconds": dict(solution.milliseconds),
        "obstacles": [asdict(one) for one in solution.obstacles],
        "orders_why": [
            {"lane": list(key), "reasons": [asdict(reason) for reason in reasons]}
            for key, reasons in sorted(solution.orders_why.items())
        ],
        "left_out": [
            {"product": product, "reasons": [asdict(reason) for reason in reasons]}
            for product, reasons in sorted(solution.left_out.items())
        ],
    }


def digest(told: Mapping[str, Any]) -> str:
    """SHA-256 of the JSON with sorted keys and no spaces: the same terms, the same digest."""
    text = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def replay(problem: Mapping[str, Any], solution: Mapping[str, Any]) -> Evaluation:
    """The chosen plan of a stored solution, counted again from the stored terms.

    Raises ReplayDiffers when the terms are not those it was made for, or a fen differs.
    """
    if digest(problem) != solution["problem"]:
        raise refusals.ReplayDiffers(what="problem")
    stored = solution["plans"][solution["chosen"]]
    found = Evaluator(problem_from_json(problem)).evaluate(plan_from_json(stored))
    for name, now in (("landed", found.landed), ("adjusted", found.adjusted)):
        if stored[name] != now:
            raise refusals.ReplayDiffers(what=name, stored=stored[name], found=now)
    return found
