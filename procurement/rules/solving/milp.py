"""The optimised plan: HiGHS on each part of the round, and a price on the shared budget.

A part (see ``splitting``) is solved on its own, from the best plan known for it, with one
thread and its share of the time, two parts beside each other. A part too large for that is
bounded by prices (see ``bounding``), each of its products is left to one supplier, and the
suppliers are solved one by one. Where the budget binds, every fen paid is made dearer by one
factor, first as the linear programme says, then narrowed; each round gives every part another
plan and the whole round a true bound; the plans that together fit the budget best are then
chosen, and what is left of it is spent. A small round of which that leaves more than the gap is
then solved with its budget as one programme.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import highspy
import numpy as np

from procurement.rules.solving import bounding
from procurement.rules.solving.beside import solve_each
from procurement.rules.solving.evaluating import Evaluation, Evaluator, Plan, outcome
from procurement.rules.solving.greedy import filled, within_budget
from procurement.rules.solving.modelling import Floats, Model, build, quiet_solver
from procurement.rules.solving.splitting import assigned, parts
from procurement.rules.solving.terms import Problem

#: More price windows than this in a part of several suppliers are not solved as one.
LARGE: Final = 900
#: A programme of fewer columns is not worth presolving.
SMALL: Final = 1_000
#: What HiGHS would do to find a first plan: there is one.
IDLE: Final = (
    "mip_heuristic_run_feasibility_jump",
    "mip_heuristic_run_rins",
    "mip_heuristic_run_rens",
    "mip_heuristic_run_root_reduced_cost",
)
#: A part with fewer seconds than this is not tried.
LEAST: Final = 0.005
#: How often a price on the budget is tried at most, and how far from the linear one at first.
ROUNDS: Final = 8
STEP: Final = 0.1
#: How often a small round is solved with its budget as one programme at most.
TOGETHER: Final = 4
#: The budget binds where a fen paid counts at least so much.
BINDS: Final = 1.0001

SOLVER: Final = "HiGHS"
VERSION: Final = str(quiet_solver().version())


@dataclass(slots=True)
class Part:
    """One part: its terms, the plans known for it, and the best of them at the last price."""

    evaluator: Evaluator
    model: Model
    packs: Mapping[int, int]
    size: int
    is_large: bool
    #: (landed, adjusted, packs) of every plan met; the empty one is always among them.
    known: list[tuple[int, int, Mapping[int, int]]] = field(default_factory=list)

    def meet(self, packs: Mapping[int, int]) -> bool:
        """Remember a plan of this part, unless something is wrong with it."""
        found = self.evaluator.evaluate(Plan("optimised", packs))
        if found.is_feasible:
            told = (found.landed, found.adjusted, found.plan.packs)
            if told not in self.known:
                self.known.append(told)
        return found.is_feasible

    def best(self, weight: float) -> Mapping[int, int]:
        """The plan known that costs least when a fen paid costs ``weight``."""
        return min(
            self.known,
            key=lambda one: (one[1] + (weight - 1) * one[0], one[0], sorted(one[2].items())),
        )[2]


@dataclass(frozen=True, slots=True)
class Optimised:
    """The best plan found, a cost below which there is none, and what was done to find them."""

    found: Evaluation
    bound: int
    parts: int
    split_parts: int
    rounds: int
    weight: float


def optimise(
    evaluator: Evaluator,
    starts: Sequence[Evaluation],
    *,
    time_limit_s: float,
    gap: float,
    timer: Callable[[], float],
    large: int = LARGE,
) -> Optimised:
    """The best plan within the time; never worse than a feasible one of ``starts``.

    A part of several suppliers with more than ``large`` price windows is not solved as one.
    """
    problem = evaluator.problem
    ends = timer() + time_limit_s
    held = [_part(part, starts, large) for part in parts(problem)]
    inside = {item for part in held for item in part.evaluator.items}
    # What nobody offers is missing in every plan.
    rest = sum(outcome(i, 0).value for i in problem.items if i.product not in inside)
    tried = _Search(evaluator, held, rest, gap, timer)
    budget = problem.budget
    weight = 1.0 if budget is None else bounding.budget_weight(evaluator, budget)
    if weight < BINDS:
        tried.round(1.0, ends if budget is None else timer() + time_limit_s * 0.5)
    if budget is not None and (weight >= BINDS or tried.landed() > budget):
        _narrow(tried, budget, max(weight, 1.01), ends)
    found = tried.chosen(budget)
    if budget is not None:
        found = _together(tried, found, budget, ends)
    for start in starts:
        if start.is_feasible and (not found.is_feasible or start.adjusted < found.adjusted):
            found = start
    return Optimised(
        found=found,
        bound=min(math.floor(tried.bound), found.adjusted)
        if found.is_feasible
        else math.floor(tried.bound),
        parts=len(held),
        split_parts=sum(part.is_large for part in held),
        rounds=tried.rounds,
        weight=tried.weight,
    )


def _part(problem: Problem, starts: Sequence[Evaluation], large: int) -> Part:
    evaluator = Evaluator(problem)
    model = build(evaluator)
    size = sum(len(tiers) for tiers in model.tiers.values())
    is_large = size > large and len(evaluator.lanes) > 1
    part = Part(evaluator, model, {}, size, is_large)
    part.meet({})
    for start in starts:
        part.meet({n: p for n, p in start.plan.packs.items() if n in evaluator.offers})
    return part


@dataclass(slots=True)
class _Search:
    evaluator: Evaluator
    parts: list[Part]
    rest: int
    gap: float
    timer: Callable[[], float]
    bound: float = -math.inf
    rounds: int = 0
    weight: float = 1.0

    def round(self, weight: float, ends: float) -> None:
        """Solve every part once at this price of a fen; better the bound of the whole."""
        budget = self.evaluator.problem.budget or 0
        total = self.rest - (weight - 1) * budget

        def bounded(part: Part, span: float) -> float:
            if span < LEAST:
                # Out of time: the plans known stay, and the linear bound counts.
                return bounding.relaxed_bound(part.model, part.evaluator, weight)
            return _solve(part, weight, span, self.gap, self.timer)

        sizes = [part.size for part in self.parts]
        total += sum(solve_each(self.parts, sizes, bounded, ends=ends, timer=self.timer))
        for part in self.parts:
            part.packs = part.best(weight)
        self.bound = max(self.bound, total)
        self.rounds += 1
        self.weight = weight

    def landed(self) -> int:
        """What the parts' plans of the last round cost together."""
        return self._joined({n: p for part in self.parts for n, p in part.packs.items()}).landed

    def chosen(self, budget: int | None) -> Evaluation:
        """The parts' best plans that fit the budget together."""
        if budget is None or self.landed() <= budget:
            return self._joined({n: p for part in self.parts for n, p in part.packs.items()})
        return filled(self.evaluator, self._joined(_fitted(self.parts, budget)))

    def _joined(self, packs: Mapping[int, int]) -> Evaluation:
        return self.evaluator.evaluate(Plan("optimised", packs))


def _narrow(tried: _Search, budget: int, weight: float, ends: float) -> None:
    """Find the price of a fen at which the parts' plans just fit, from the linear one on."""
    low = high = 0.0
    step = STEP
    for _turn in range(ROUNDS):
        began = tried.timer()
        # Half of the time left for each: a round cut short tells little.
        tried.round(weight, tried.timer() + max(ends - tried.timer(), 0.0) / 2)
        over = tried.landed() > budget
        best = tried.chosen(budget)
        within = best.adjusted - tried.bound <= tried.gap * max(best.adjusted, best.landed, 1)
        took = tried.timer() - began
        if (best.is_feasible and within) or tried.timer() + took / 2 > ends:
            break
        low, high = (weight, high) if over else (low, weight)
        if low and high:
            weight = (low + high) / 2
        else:
            weight = 1 + (weight - 1) * (1 + step if over else 1 / (1 + step))
            step *= 2


def _together(tried: _Search, found: Evaluation, budget: int, ends: float) -> Evaluation:
    """Solve a small round with its budget as one programme, where a price on the budget left more
    than the gap: few large orders fit a budget or do not, and no price tells how best."""
    evaluator = tried.evaluator
    span = ends - tried.timer()
    apart = found.adjusted - tried.bound
    is_near = found.is_feasible and apart <= tried.gap * max(found.adjusted, found.landed, 1)
    if is_near or span < LEAST or sum(part.size for part in tried.parts) > LARGE:
        return found
    model = build(evaluator)
    # By how much the programme's sums may differ from those counted to the fen.
    spare = bounding.slack(evaluator, 1.0)
    scale = 100.0 / max(budget, 1)
    entries = [(place, paid * scale) for place, paid in enumerate(model.paid) if paid]
    row = model.row(-math.inf, (budget + spare) / max(budget, 1), entries)
    limit = float(budget)
    for turn in range(TOGETHER):
        begin = found.plan.packs if found.is_feasible else {}
        packs, bound = run(model, evaluator, begin, 1.0, span, tried.gap)
        if not turn:
            # Only within all of the budget it is one for every plan.
            tried.bound = max(tried.bound, bound)
        tried.rounds += 1
        if packs is None:
            break
        whole = evaluator.evaluate(Plan("optimised", packs))
        within = whole if whole.is_feasible else within_budget(evaluator, whole)
        if within.is_feasible and (not found.is_feasible or within.adjusted < found.adjusted):
            found = within
        span = ends - tried.timer()
        if whole.landed <= budget or span < LEAST:
            break
        # The programme counts some duty and freight too low: less by what that came to.
        limit -= whole.landed - budget + 1
        model.rows[row] = (-math.inf, max(limit, 0.0) / max(budget, 1), entries)
    return found


def _fitted(held: Sequence[Part], budget: int) -> dict[int, int]:
    """One plan a part, together within the budget: the best value for its money first."""
    chosen = [min(part.known, key=lambda one: (one[0], one[1])) for part in held]
    spent = sum(one[0] for one in chosen)
    while True:
        best: tuple[float, int, tuple[int, int, Mapping[int, int]]] | None = None
        for place, part in enumerate(held):
            now = chosen[place]
            for other in part.known:
                more, gain = other[0] - now[0], now[1] - other[1]
                if gain <= 0 or spent + more > budget:
                    continue
                ratio = gain / max(more, 1)
                if best is None or ratio > best[0]:
                    best = (ratio, place, other)
        if best is None:
            return {number: packs for one in chosen for number, packs in one[2].items()}
        spent += best[2][0] - chosen[best[1]][0]
        chosen[best[1]] = best[2]


def _solve(part: Part, weight: float, span: float, gap: float, timer: Callable[[], float]) -> float:
    """One part at one price: its plans are remembered; returns a true bound in fen."""
    if not part.is_large:
        packs, bound = run(part.model, part.evaluator, part.best(weight), weight, span, gap)
        if bound == -math.inf:
            bound = bounding.relaxed_bound(part.model, part.evaluator, weight)
        if packs is not None:
            part.meet(packs)
        return bound
    ends = timer() + span
    known = part.best(weight)
    bounded = bounding.bound(part.evaluator, part.model, known, weight, span * 0.7, gap, timer, run)
    # Every product stays with the suppliers of the best plan known.
    pieces = parts(assigned(part.evaluator.problem, known))

    def improved(piece: Problem, share: float) -> Mapping[int, int]:
        inner = Evaluator(piece)
        begin = {n: p for n, p in known.items() if n in inner.offers}
        packs, _ = run(build(inner), inner, begin, weight, max(share, LEAST), gap)
        return packs if packs is not None else begin

    sizes = [len(piece.offers) for piece in pieces]
    found = solve_each(pieces, sizes, improved, ends=max(ends, timer() + 0.1), timer=timer)
    part.meet({number: packs for one in found for number, packs in one.items()})
    return bounded


def run(
    model: Model,
    evaluator: Evaluator,
    start: Mapping[int, int],
    weight: float,
    span: float,
    gap: float,
    absolute: float = 0.0,
) -> tuple[dict[int, int] | None, float]:
    """Solve one programme from a start; the packs found, if any, and a true bound in fen.

    It may stop at ``gap`` of its cost, or at ``absolute`` fen from the best.
    """
    solver = quiet_solver()
    # With dearer money the whole is cut to the budget afterwards: less near is near enough.
    solver.setOptionValue("mip_rel_gap", gap * 0.25)
    solver.setOptionValue("time_limit", span)
    # The start is a good plan; what is left is to prove it, and to better it on the way.
    for name in IDLE:
        solver.setOptionValue(name, False)
    solver.setOptionValue("mip_heuristic_effort", 0.0)
    if len(model.paid) < SMALL:
        solver.setOptionValue("presolve", "off")
    solver.setOptionValue("mip_abs_gap", max(absolute * 0.01, 1e-6))
    solver.passModel(model.programme(weight))
    values = model.start(evaluator, start)
    if values is not None:
        solution = highspy.HighsSolution()
        solution.col_value = values.tolist()
        solver.setSolution(solution)
    solver.run()
    info = solver.getInfo()
    bound: float = info.mip_dual_bound * 100 - bounding.slack(evaluator, weight)
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return None, bound
    found: Floats = np.array(solver.getSolution().col_value)
    return model.packs(found), bound
