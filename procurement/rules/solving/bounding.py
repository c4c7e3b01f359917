"""A true bound for a part too large to be solved as one.

The programme is relaxed to a linear one. The duals of the products that several suppliers
offer are prices a unit; with them every supplier is a small programme of its own, and each of
those products takes what pays at its price. The sum of all those bounds is a bound of the
part, whatever the prices are, and never below the linear one but for the solver's tolerance.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Protocol

from procurement.rules.solving.beside import solve_each
from procurement.rules.solving.evaluating import Evaluator, Plan
from procurement.rules.solving.modelling import Model, build, quiet_solver
from procurement.rules.solving.terms import Lane, LaneKey, Offer


class Run(Protocol):
    def __call__(
        self,
        model: Model,
        evaluator: Evaluator,
        start: Mapping[int, int],
        weight: float,
        span: float,
        gap: float,
        absolute: float = 0.0,
    ) -> tuple[dict[int, int] | None, float]: ...


def slack(evaluator: Evaluator, weight: float) -> float:
    """What rounding half up can save against the programme, fen; and its own float dust."""
    return weight * (1.5 * len(evaluator.offers) + 2 * len(evaluator.lanes)) + 1


def relaxed_bound(model: Model, evaluator: Evaluator, weight: float) -> float:
    """The linear bound of a programme, fen."""
    solver = quiet_solver()
    solver.passModel(model.programme(weight, relaxed=True))
    solver.run()
    value: float = solver.getInfo().objective_function_value
    return value * 100 - slack(evaluator, weight)


def budget_weight(evaluator: Evaluator, budget: int) -> float:
    """What a fen paid counts where the budget binds: 1 and its dual in the linear programme."""
    model = build(evaluator)
    scale = 100.0 / max(budget, 1)
    entries = [(place, paid * scale) for place, paid in enumerate(model.paid) if paid]
    row = model.row(-math.inf, 1.0 if budget else 0.0, entries)
    solver = quiet_solver()
    solver.passModel(model.programme(1.0, relaxed=True))
    solver.run()
    return 1.0 + max(-float(solver.getSolution().row_dual[row]) * scale, 0.0)


def bound(
    evaluator: Evaluator,
    model: Model,
    known: Mapping[int, int],
    weight: float,
    span: float,
    gap: float,
    timer: Callable[[], float],
    run: Run,
) -> float:
    """The better of the linear bound and the priced one, fen; ``known`` is a plan of the part."""
    ends = timer() + span
    solver = quiet_solver()
    solver.passModel(model.programme(weight, relaxed=True))
    solver.run()
    linear: float = solver.getInfo().objective_function_value * 100 - slack(evaluator, weight)
    solution = solver.getSolution()
    problem = evaluator.problem
    shared = {product for product, offers in evaluator.by_product.items() if len(offers) > 1}
    row_duals = list(solution.row_dual)
    duals = {product: float(row_duals[model.balance[product]]) for product in shared}
    total = 0.0
    for product in sorted(shared):
        item, price = evaluator.items[product], duals[product] * 100
        # The balance: ordered + missing + unmet - extra - surplus = wanted.
        total += price * item.wanted
        total += min(0.0, item.penalty + item.firm_penalty - price) * item.firm
        total += min(0.0, item.penalty - price) * (item.wanted - item.firm)
        total += min(0.0, price - item.extra_credit) * (item.most - item.wanted)
        total += min(0.0, price - item.surplus_credit) * problem.surplus_limit(item)
    by_lane: dict[LaneKey, list[Offer]] = {}
    for offer in problem.offers:
        by_lane.setdefault(offer.lane, []).append(offer)
    lanes = [(evaluator.lanes[key], offers) for key, offers in by_lane.items()]
    lanes.sort(key=lambda one: (len(one[1]), one[0].key))

    def priced_bound(one: tuple[Lane, list[Offer]], share: float) -> float:
        lane, offers = one
        products = {offer.product for offer in offers}
        inner = Evaluator(
            replace(
                problem,
                items=tuple(item for item in problem.items if item.product in products),
                offers=tuple(offers),
                lanes=(lane,),
            )
        )
        prices = {product: duals[product] for product in products & shared}
        priced = build(inner, prices)
        # Priced goods nearly cancel out, so what is close enough is told in money.
        there = {number: p for number, p in known.items() if number in inner.offers}
        close = inner.evaluate(Plan("known", there)).landed * weight * gap * 0.3
        low = run(priced, inner, there, weight, share, gap, close)[1] if share > 0 else -math.inf
        # Without the time to be solved, the linear bound of this supplier counts.
        return relaxed_bound(priced, inner, weight) if low == -math.inf else low

    sizes = [len(offers) for _, offers in lanes]
    total += sum(solve_each(lanes, sizes, priced_bound, ends=ends, timer=timer))
    return max(total, linear)
