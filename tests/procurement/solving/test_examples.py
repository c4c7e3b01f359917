"""Numeric examples of others, for one product: packs, tolerance, minimum and price breaks."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from procurement.rules.solving.alone import alone
from procurement.rules.solving.evaluating import Evaluator
from procurement.rules.solving.plain import cheapest_packs
from procurement.rules.solving.solution import Solution, solve
from procurement.rules.solving.terms import Break, Item, Lane, Offer, Pricing, Problem

TEA = 1
NORTH = Lane(51, "CNY", "DDP", 1_000_000_000)


def one_product(
    *,
    wanted: int,
    more: int = 0,
    less: int = 0,
    pack: int = 1,
    minimum: int = 0,
    breaks: tuple[tuple[int, int], ...] = ((1, 100),),
    multiple: int = 1,
    surplus: bool = True,
    lane: Lane = NORTH,
    **values: Any,
) -> Problem:
    worth = {"penalty": 150, "firm_penalty": 10_000, "extra_credit": 90, **values}
    tea = Item(TEA, wanted - less, wanted, wanted + more, **worth)
    offer = Offer(
        1, TEA, 51, "CNY", "DDP", pack, tuple(Break(*b) for b in breaks), multiple, minimum
    )
    return Problem((tea,), (offer,), (lane,), allows_surplus=surplus)


def packs(found: Solution) -> int:
    return found.best.plan.packs.get(1, 0)


@pytest.mark.parametrize(
    ("quantity", "tolerance", "expected"),
    [(0, 2, 0), (0, 5, 0), (2, 2, 1), (4, 2, 1), (4, 4, 1), (5, 3, 2), (5, 4, 2)],
)
def test_a_case_is_completed_from_tolerance_and_never_filled_from_it_alone(
    quantity: int, tolerance: int, expected: int
) -> None:
    # Cases of 4; source: Foodsoft, order_article.rb.
    priced = ((1, 400),)
    problem = one_product(wanted=quantity, more=tolerance, pack=4, breaks=priced, surplus=False)

    assert packs(solve(problem)) == expected


def test_a_case_that_tolerance_cannot_complete_is_left_out_where_nobody_takes_the_rest() -> None:
    priced = ((1, 400),)
    found = solve(one_product(wanted=5, more=2, pack=4, breaks=priced, surplus=False))

    assert packs(found) == 1
    assert found.best.outcomes[0].unmet == 1


@pytest.mark.parametrize("wanted", [1, 6, 12, 13, 15, 18])
def test_a_minimum_of_15_in_multiples_of_3(wanted: int) -> None:
    # Source: Dolibarr, issue 38783.
    problem = one_product(wanted=wanted, minimum=15, multiple=3)
    expected = {18: 18}.get(wanted, 15)

    assert solve(problem).plans["plain"].plan.packs[1] == expected
    assert packs(solve(problem)) == expected


def test_a_minimum_is_reached_and_never_missed_by_rounding_to_the_nearest() -> None:
    # 50,000 g bought in pounds of 453.592292197 g, in thousandths: 110.231 lb would be
    # 49,999.932 g. In micrograms a thousandth of a pound is 453,592,292 (and a bit).
    # Source: ERPNext, pull request 57883.
    thousandth, minimum = 453_592_292, 50_000 * 10**9
    needed = -(-minimum * 1_000 // (thousandth * 1_000 + 197))

    assert needed == 110_232
    # The same in whole units that a plan may hold: a unit is 1/100 g here.
    problem = one_product(wanted=1, minimum=5_000_000, pack=45_359)
    assert solve(problem).plans["plain"].lines[0].units == 111 * 45_359
    assert 110 * 45_359 < 5_000_000 <= 111 * 45_359


def test_the_minimum_counts_once_for_the_pool() -> None:
    # Two sellers need 3 and 2; source: Odoo, issue 6536.
    problem = one_product(wanted=3 + 2, minimum=5)
    apart = alone(
        problem,
        sellers=np.array([11, 12]),
        products=np.array([TEA, TEA]),
        quantities=np.array([3, 2]),
    )

    assert packs(solve(problem)) == 5
    assert apart.lines.packs.tolist() == [5, 5]


def test_the_best_quantity_of_an_all_units_discount_is_a_break() -> None:
    # Demand 800 a year, 60 an order, holding 30 % of the price: total cost of a year by lot.
    # Source: textbook exercise (nursingexpertshelp.com), recomputed.
    breaks = ((1, 5_300), (50, 5_150), (100, 4_950), (200, 4_800), (500, 4_700))
    offer = Offer(1, TEA, 51, "CNY", "DDP", 1, tuple(Break(*b) for b in breaks))

    def year(lot: int) -> float:
        price = offer.price_at(lot) / 100
        return 800 * price + 60 * 800 / lot + 0.3 * price * lot / 2

    assert round(year(79), 1) == 42_417.9
    assert round(year(100), 1) == 40_822.5
    assert round(year(500), 1) == 41_221.0
    assert round(year(200), 1) == 40_080.0
    assert min((1, 79, 50, 100, 200, 500), key=year) == 200


def test_more_is_ordered_where_a_break_makes_more_cost_less() -> None:
    # 190 at 49.50 are 9,405.00; 200 at 48.00 are 9,600.00, for ten more.
    breaks = ((1, 5_300), (100, 4_950), (200, 4_800))
    few = one_product(wanted=190, breaks=breaks, penalty=9_000, extra_credit=0)
    many = one_product(wanted=195, breaks=breaks, penalty=9_000, extra_credit=0)
    taken = one_product(wanted=190, more=10, breaks=breaks, penalty=9_000, extra_credit=2_000)

    assert packs(solve(few)) == 190
    assert packs(solve(many)) == 200
    assert packs(solve(taken)) == 200


def test_incremental_prices_never_make_more_cost_less() -> None:
    offer = Offer(
        1, TEA, 51, "CNY", "DDP", 1, (Break(1, 100), Break(10, 1)), pricing=Pricing.INCREMENTAL
    )

    assert [cheapest_packs(offer, units) for units in (8, 9, 10)] == [8, 9, 10]


def test_goods_are_rounded_half_up_once_a_line() -> None:
    problem = one_product(wanted=3, breaks=((1, 5),), lane=Lane(51, "CNY", "DDP", 100_000_000))

    # 15 cents at 0.10 are 1.5 fen.
    assert Evaluator(problem).evaluate(solve(problem).best.plan).cost.goods == 2
