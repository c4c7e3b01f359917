"""Every seller alone: the same terms, a pool of one."""

from __future__ import annotations

import random

import numpy as np
import pytest

from procurement.rules.solving import refusals
from procurement.rules.solving.alone import Alone, alone
from procurement.rules.solving.evaluating import Cost, evaluate
from procurement.rules.solving.terms import Break, Container, Item, Lane, Offer, Problem
from tests.procurement.solving.terms_of import random_problem

TEA, SOAP = 1, 2
ANNA, BELA = 11, 12


def costed(problem: Problem, *wishes: tuple[int, int, int]) -> Alone:
    columns = np.array(wishes, dtype=np.int64).reshape(-1, 3).T
    return alone(problem, sellers=columns[0], products=columns[1], quantities=columns[2])


def wishes_of(problem: Problem, seed: int) -> list[tuple[int, int, int]]:
    chance = random.Random(seed)
    return [
        (seller, item.product, chance.randint(0, 9))
        for seller in (7, 3, 5)
        for item in problem.items
    ]


def euros(**terms: object) -> Lane:
    return Lane(1, "EUR", "FOB", 7_800_000_000, **terms)  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", range(40))
def test_a_sellers_own_cost_is_what_its_orders_evaluate_to(seed: int) -> None:
    problem = random_problem(seed, products=4, lanes=3)

    found = costed(problem, *wishes_of(problem, seed))

    assert len(found.sellers) > 0
    for seller in found.sellers.tolist():
        assert found.of(seller) == evaluate(problem, found.plan(seller)).cost


@pytest.mark.parametrize("seed", range(20))
def test_the_order_of_the_wishes_changes_nobodys_cost(seed: int) -> None:
    problem = random_problem(seed, products=4, lanes=3)
    wishes = wishes_of(problem, seed)

    straight, turned = costed(problem, *wishes), costed(problem, *reversed(wishes))

    assert straight.costs.tolist() == turned.costs.tolist()
    assert straight.sellers.tolist() == turned.sellers.tolist() == [3, 5, 7]


def test_a_seller_alone_pays_its_own_packs_freight_and_fees() -> None:
    problem = Problem(
        items=(Item(TEA, 0, 0, 0, gross_weight_g=500, volume_cm3=2_000, duty_ppm=100_000),),
        offers=(Offer(1, TEA, 1, "EUR", "FOB", 6, ((1, 1_200), (10, 1_000))),),  # type: ignore[arg-type]
        lanes=(
            euros(
                containers=(Container("20GP", 1_200_000, 28_000_000, 21_000_000),),
                lcl_price=60_000,
                lcl_minimum=30_000,
                wire_fee=15_000,
                declaration_fee=40_000,
                line_fee=5_000,
                pays_freight=True,
            ),
        ),
    )

    found = costed(problem, (ANNA, TEA, 7))

    # Two packs of 6: EUR 24.00 at 7.80 are 187.20; 0.024 m3 cost the LCL minimum of 300.00;
    # duty is 10 % of 487.20.
    assert found.of(ANNA) == Cost(18_720, 30_000, 0, 4_872, 15_000, 40_000, 5_000)
    assert found.of(BELA) == Cost()
    assert found.totals.tolist() == [113_592]


def test_a_seller_below_a_suppliers_minimum_has_to_order_up_to_it() -> None:
    problem = Problem(
        items=(Item(TEA, 0, 0, 0),),
        offers=(Offer(1, TEA, 1, "EUR", "FOB", 6, (Break(1, 1_200),)),),
        lanes=(euros(minimum_minor=10_000),),
    )

    found = costed(problem, (ANNA, TEA, 1))

    assert found.lines.packs.tolist() == [9]
    assert found.orders.goods_minor.tolist() == [10_800]


def test_a_seller_leaves_out_a_supplier_whose_fees_cost_more_than_it_saves() -> None:
    problem = Problem(
        items=(Item(TEA, 0, 0, 0), Item(SOAP, 0, 0, 0)),
        offers=(
            Offer(1, TEA, 1, "EUR", "FOB", 1, (Break(1, 100),)),
            Offer(2, SOAP, 1, "EUR", "FOB", 1, (Break(1, 110),)),
            Offer(3, SOAP, 2, "EUR", "FOB", 1, (Break(1, 100),)),
        ),
        lanes=(
            euros(wire_fee=1_000),
            Lane(2, "EUR", "FOB", 7_800_000_000, wire_fee=1_000),
        ),
    )

    few, many = (
        costed(problem, (ANNA, TEA, 5), (ANNA, SOAP, 5)),
        costed(problem, (ANNA, TEA, 50), (ANNA, SOAP, 50)),
    )

    assert few.lines.offer.tolist() == [1, 2]
    assert many.lines.offer.tolist() == [1, 3]


def test_who_wishes_for_nothing_orders_nothing_alone() -> None:
    problem = Problem((Item(TEA, 0, 0, 0),), (), ())

    assert costed(problem).sellers.tolist() == []
    assert costed(problem, (ANNA, TEA, 0)).sellers.tolist() == []
    assert costed(problem, (ANNA, TEA, 2)).unserved == ((ANNA, TEA),)


def test_wishes_that_are_no_whole_numbers_or_too_large_are_refused() -> None:
    problem = Problem((Item(TEA, 0, 0, 0),), (), ())
    one = np.array([1], dtype=np.int64)

    with pytest.raises(refusals.TermNotWhole):
        alone(problem, sellers=one, products=one, quantities=np.array([1.5]))
    with pytest.raises(refusals.TermNotWhole):
        costed(problem, (ANNA, TEA, -1))
    with pytest.raises(refusals.QuantityTooLarge):
        costed(problem, (ANNA, TEA, 600_000_000), (ANNA, TEA, 600_000_000))
    with pytest.raises(refusals.ProductUnknown):
        costed(problem, (ANNA, SOAP, 1))
