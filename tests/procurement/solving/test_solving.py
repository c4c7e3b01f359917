"""The plans of a round: never dearer than the plain rule, never below the bound, exact."""

from __future__ import annotations

import itertools
import json
import random
import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procurement.rules.solving import refusals
from procurement.rules.solving.evaluating import Evaluation, Evaluator, Plan, evaluate
from procurement.rules.solving.greedy import greedy
from procurement.rules.solving.milp import optimise
from procurement.rules.solving.modelling import useful_packs
from procurement.rules.solving.plain import plain
from procurement.rules.solving.solution import (
    Solution,
    problem_from_json,
    problem_to_json,
    replay,
    solution_to_json,
    solve,
)
from procurement.rules.solving.terms import Break, Item, Lane, Offer, Problem, Valuation
from tests.procurement.solving.terms_of import random_problem

SEEDS = st.integers(0, 10**9)


def quickly(problem: Problem) -> Solution:
    return solve(problem, time_limit_s=5, gap=0.0001)


def the_best_there_is(problem: Problem) -> Evaluation:
    """Every plan, tried; for problems of a few products only."""
    evaluator = Evaluator(problem)
    choices = []
    for offer in problem.offers:
        item = evaluator.items[offer.product]
        most = useful_packs(item, offer, evaluator.lanes[offer.lane]) + offer.multiple
        steps = range(offer.least_packs, min(most, offer.most_packs) + 1, offer.multiple)
        choices.append([0, *steps] if item.wanted else [0])
    best = evaluator.evaluate(Plan("nothing", {}))
    ids = [offer.id for offer in problem.offers]
    for counts in itertools.product(*choices):
        found = evaluator.evaluate(Plan("tried", dict(zip(ids, counts, strict=True))))
        if found.is_feasible and found.adjusted < best.adjusted:
            best = found
    return best


@pytest.mark.parametrize("seed", range(36))
def test_nothing_that_could_be_ordered_is_better_than_the_solvers_bound(seed: int) -> None:
    problem = random_problem(seed, products=2, lanes=2, most_units=8, has_budget=seed % 3 == 0)

    best, found = the_best_there_is(problem), quickly(problem)

    assert found.bound <= best.adjusted <= found.best.adjusted
    # What is left open is how freight bears duty, and the solver's own hundredth of a percent.
    assert found.best.adjusted - best.adjusted <= 0.01 * max(best.adjusted, best.landed) + 100


@given(seed=SEEDS, products=st.integers(1, 7), lanes=st.integers(1, 4), has_budget=st.booleans())
@settings(max_examples=20, deadline=None)
def test_the_plan_is_never_dearer_than_the_plain_or_the_greedy_one(
    seed: int, products: int, lanes: int, has_budget: bool
) -> None:
    problem = random_problem(seed, products=products, lanes=lanes, has_budget=has_budget)

    found = quickly(problem)

    assert found.best.is_feasible
    assert found.plans["optimised"].is_feasible
    for plan in found.plans.values():
        if plan.is_feasible:
            assert found.best.adjusted <= plan.adjusted
            assert found.plans["optimised"].adjusted <= plan.adjusted
            assert found.bound <= plan.adjusted


@given(seed=SEEDS)
@settings(max_examples=20, deadline=None)
def test_the_order_of_the_terms_changes_nothing(seed: int) -> None:
    problem = random_problem(seed, products=5, lanes=3, has_budget=seed % 2 == 0)
    chance = random.Random(seed)

    def mixed(rows: tuple) -> tuple:  # type: ignore[type-arg]
        return tuple(chance.sample(rows, len(rows)))

    other = Problem(
        mixed(problem.items),
        mixed(problem.offers),
        mixed(problem.lanes),
        problem.budget,
        problem.allows_surplus,
    )
    straight, turned = (solution_to_json(quickly(each)) for each in (problem, other))

    del straight["milliseconds"], turned["milliseconds"]
    assert straight == turned


@given(seed=SEEDS, products=st.integers(1, 8))
@settings(max_examples=20, deadline=None)
def test_every_unit_is_accounted_for_and_parts_add_up(seed: int, products: int) -> None:
    problem = random_problem(seed, products=products, lanes=3)

    for found in quickly(problem).plans.values():
        wanted = {item.product: item.wanted for item in problem.items}
        for one in found.outcomes:
            assert one.ordered == wanted[one.product] - one.unmet + one.extra + one.surplus
            assert min(one.ordered, one.unmet, one.missing, one.extra, one.surplus) >= 0
        assert found.landed == sum(order.cost.total for order in found.orders)
        assert found.cost.goods == sum(line.goods for line in found.lines)
        assert found.cost.duty == sum(line.duty for line in found.lines)
        values = sum(one.value for one in found.outcomes)
        assert found.adjusted == found.landed + values


@given(seed=SEEDS)
@settings(max_examples=20, deadline=None)
def test_a_stored_plan_is_counted_again_to_the_fen(seed: int) -> None:
    problem = random_problem(seed, products=5, lanes=3)
    stored = json.loads(json.dumps(problem_to_json(problem)))
    found = quickly(problem)

    again = replay(stored, json.loads(json.dumps(solution_to_json(found))))

    assert again == found.best
    assert problem_from_json(stored) == problem


def test_a_stored_plan_of_changed_terms_is_refused() -> None:
    problem = random_problem(7, products=4)
    told, solved = problem_to_json(problem), solution_to_json(quickly(problem))
    cheaper = json.loads(json.dumps(told))
    cheaper["offers"][0]["breaks"][0][1] += 1
    lied = json.loads(json.dumps(solved))
    lied["plans"][lied["chosen"]]["landed"] += 1

    with pytest.raises(refusals.ReplayDiffers):
        replay(cheaper, solved)
    with pytest.raises(refusals.ReplayDiffers):
        replay(told, lied)
    with pytest.raises(refusals.PlanUnknown):
        evaluate(problem, Plan("optimised", {999: 1}))


@pytest.mark.parametrize("has_terms", [True, False])
def test_an_empty_round_orders_nothing(has_terms: bool) -> None:
    problem = random_problem(3, products=4, lanes=2)
    if has_terms:
        unwanted = tuple(replace(item, firm=0, wanted=0, most=3) for item in problem.items)
        problem = replace(problem, items=unwanted)
    else:
        problem = Problem((), (), ())

    found = quickly(problem)

    assert (found.best.lines, found.best.orders) == ((), ())
    assert found.best.adjusted == found.bound == found.gap_ppm == 0


@given(seed=SEEDS)
@settings(max_examples=20, deadline=None)
def test_a_budget_is_kept_and_used(seed: int) -> None:
    problem = random_problem(seed, products=6, lanes=3)
    free = quickly(problem)
    budget = free.best.landed * 6 // 10

    bound_by_it = quickly(replace(problem, budget=budget))

    assert bound_by_it.best.landed <= budget
    assert bound_by_it.best.adjusted >= free.bound
    assert bound_by_it.bound <= bound_by_it.best.adjusted


@pytest.mark.parametrize("budget", [3_000_000, 5_000_000, 8_000_000, 10_000_000])
def test_a_few_large_orders_fit_a_budget_as_well_as_they_can(budget: int) -> None:
    # What a price on the budget cannot do: five goods of two suppliers, each with a minimum.
    wanted = ((1, 462, 5600), (2, 1576, 970), (3, 1067, 1350), (4, 146, 9600), (5, 381, 14500))
    items = tuple(
        Item(key, units, units, units, 500, 1_000, **Valuation().of(cost))
        for key, units, cost in wanted
    )
    asked = (
        (1, 6, 120, (1, 4680), (50, 4320), (150, 3960)),
        (2, 24, 240, (1, 3120), (40, 2880), (120, 2640)),
        (3, 30, 300, (1, 5400), (30, 5040), (100, 4620)),
        (4, 8, 96, (1, 9600), (30, 8960), (90, 8320)),
        (5, 12, 96, (1, 38400), (20, 35760), (50, 33120)),
    )
    offers = tuple(
        Offer(
            key,
            key,
            supplier := 1 + (key == 5),
            ("EUR", "AUD")[supplier - 1],
            "FOB",
            pack,
            tuple(Break(*step) for step in steps),
            minimum_quantity=least,
        )
        for key, pack, least, *steps in asked
    )
    lanes = tuple(
        Lane(
            supplier,
            currency,
            "FOB",
            rate,
            300_000,
            lcl_price=45_000,
            lcl_minimum=45_000,
            wire_fee=20_000,
            declaration_fee=40_000,
            line_fee=2_000,
            insurance_ppm=3_000,
        )
        for supplier, currency, rate in ((1, "EUR", 7_574_800_000), (2, "AUD", 4_660_000_000))
    )

    found = solve(Problem(items, offers, lanes, budget))

    assert found.best.landed <= budget
    assert found.chosen == "optimised"
    assert found.gap_ppm <= 10_000


@given(seed=SEEDS)
@settings(max_examples=20, deadline=None)
def test_goods_always_fit_into_what_is_booked_for_them(seed: int) -> None:
    problem = random_problem(seed, products=6, lanes=3)
    found = quickly(problem).best
    lanes = {lane.key: lane for lane in problem.lanes}

    for order in found.orders:
        lane = lanes[order.lane]
        if lane.pays_freight:
            held = {kind.code: kind for kind in lane.containers}
            cm3 = sum(held[code].cm3 * n for code, n in order.load.containers)
            grams = sum(held[code].grams * n for code, n in order.load.containers)
            assert order.cm3 <= cm3 + order.load.lcl
            assert order.grams <= grams + order.load.lcl


def test_the_greedy_plan_is_mostly_better_than_the_plain_one() -> None:
    better = 0
    for seed in range(40):
        evaluator = Evaluator(random_problem(seed, products=6, lanes=3))
        one, other = (evaluator.evaluate(rule(evaluator)) for rule in (plain, greedy))
        better += not one.is_feasible or other.adjusted <= one.adjusted

    assert better >= 36


def test_the_solver_says_nothing_on_its_own(capfd: pytest.CaptureFixture[str]) -> None:
    quickly(random_problem(5, products=6, lanes=3))

    assert capfd.readouterr().out == ""


@pytest.mark.parametrize("seed", range(100, 124))
def test_a_part_too_large_to_be_solved_as_one_still_has_a_true_bound(seed: int) -> None:
    problem = random_problem(seed, products=2, lanes=2, most_units=8)
    evaluator = Evaluator(problem)
    starts = [evaluator.evaluate(rule(evaluator)) for rule in (plain, greedy)]

    best = the_best_there_is(problem)
    found = optimise(
        evaluator, starts, time_limit_s=5, gap=0.0001, timer=time.perf_counter, large=0
    )

    assert found.bound <= best.adjusted <= found.found.adjusted
    assert found.found.is_feasible
    assert all(found.found.adjusted <= start.adjusted for start in starts if start.is_feasible)


def test_a_wish_of_a_thousand_million_units_is_counted_to_the_fen() -> None:
    item = Item(1, 10**9, 10**9, 10**9, penalty=1_000)
    offer = Offer(1, 1, 1, "CNY", "DDP", 1, (Break(1, 7),))
    problem = Problem((item,), (offer,), (Lane(1, "CNY", "DDP", 1_000_000_000),))

    found = quickly(problem)

    assert found.best.plan.packs == {1: 10**9}
    assert found.best.landed == 7 * 10**9


def test_without_time_the_greedy_plan_and_a_true_bound_remain() -> None:
    problem = random_problem(11, products=7, lanes=3)
    ticks = itertools.count()

    found = solve(problem, time_limit_s=1, gap=0.01, timer=lambda: float(next(ticks)))

    assert found.best.is_feasible
    assert found.bound <= quickly(problem).best.adjusted
