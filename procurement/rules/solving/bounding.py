"""A true bound for a part too large to be solved as one.

The programme is relaxed to a linear one. The duals of the products that several suppliers
offer are prices a unit; with them every supplier is a small programme of its own, and each of
those products takes what pays at its price. The sum of all those bounds is a bound of the
part, whatever the prices are, and never below the linear one but for the solver's tolerance.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Protocol

from procurement.rules.solving.evaluating import Evaluator, Plan
from procurement.rules.solving.modelling import Model, build, quiet_solver


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
    info, solution = solver.getInfo(), solver.getSolution()
    linear: float = info.objective_function_value * 100 - len(evaluator.offers) * 2 * weight
    problem = evaluator.problem
    shared = {product for product, offers in evaluator.by_product.items() if len(offers) > 1}
    duals = {product: float(solution.row_dual[model.balance[product]]) for product in shared}
    total = 0.0
    for product in sorted(shared):
        item, price = evaluator.items[product], duals[product] * 100
        # The balance: ordered + missing + unmet - extra - surplus = wanted.
        total += price * item.wanted
        total += min(0.0, item.penalty + item.firm_penalty - price) * item.firm
        total += min(0.0, item.penalty - price) * (item.wanted - item.firm)
        total += min(0.0, price - item.extra_credit) * (item.most - item.wanted)
        total += min(0.0, price - item.surplus_credit) * problem.surplus_limit(item)
    lanes = [(lane, [o for o in problem.offers if o.lane == lane.key]) for lane in problem.lanes]
    lanes.sort(key=lambda one: (len(one[1]), one[0].key))
    left = sum(len(offers) for _, offers in lanes)
    for lane, offers in lanes:
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
        share = max(ends - timer(), 0.1) * len(offers) / max(left, 1)
        left -= len(offers)
        # Priced goods nearly cancel out, so what is close enough is told in money.
        there = {number: p for number, p in known.items() if number in inner.offers}
        close = inner.evaluate(Plan("known", there)).landed * weight * gap * 0.1
        total += run(build(inner, prices), inner, there, weight, share, gap, close)[1]
    return max(total, linear)
