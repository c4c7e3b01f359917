"""Every seller alone: the same terms, a pool of one."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procurement.rules.solving import refusals
from procurement.rules.solving.alone import Alone, alone
from procurement.rules.solving.evaluating import Cost, Evaluator, Plan, evaluate
from procurement.rules.solving.terms import Break, Container, Item, Lane, Offer, Problem
from procurement.study import strictly
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


def test_a_seller_of_one_line_goes_where_no_minimum_raises_its_order() -> None:
    cheap_with_minimum = Offer(1, TEA, 1, "EUR", "FOB", 1, (Break(1, 100),))
    dear = Offer(2, TEA, 2, "EUR", "FOB", 1, (Break(1, 130),))
    problem = Problem(
        items=(Item(TEA, 0, 0, 0),),
        offers=(cheap_with_minimum, dear),
        lanes=(euros(minimum_minor=10_000), Lane(2, "EUR", "FOB", 7_800_000_000)),
    )

    few, many = costed(problem, (ANNA, TEA, 5)), costed(problem, (ANNA, TEA, 90))

    assert few.lines.offer.tolist() == [2]
    # From 77 units on the minimum costs less than the dearer price.
    assert many.lines.offer.tolist() == [1]
    assert many.orders.goods_minor.tolist() == [10_000]


def test_a_line_is_split_where_two_suppliers_together_cost_less() -> None:
    problem = Problem(
        items=(Item(TEA, 0, 0, 0),),
        offers=(
            Offer(1, TEA, 1, "EUR", "FOB", 12, (Break(1, 1_200),)),
            Offer(2, TEA, 2, "EUR", "FOB", 1, (Break(1, 120),)),
        ),
        lanes=(euros(), Lane(2, "EUR", "FOB", 7_800_000_000)),
    )

    found = costed(problem, (ANNA, TEA, 26))

    assert found.lines.offer.tolist() == [1, 2]
    assert (found.lines.packs.tolist(), found.lines.quantity.tolist()) == ([2, 2], [24, 2])
    assert found.of(ANNA).goods == (2 * 1_200 + 2 * 120) * 78 // 10


def test_an_order_is_raised_in_two_lines_where_one_would_overshoot() -> None:
    problem = Problem(
        items=(Item(TEA, 0, 0, 0), Item(SOAP, 0, 0, 0)),
        offers=(
            Offer(1, TEA, 1, "EUR", "FOB", 1, (Break(1, 700),)),
            Offer(2, SOAP, 1, "EUR", "FOB", 1, (Break(1, 450),)),
        ),
        lanes=(euros(minimum_minor=3_000),),
    )

    found = costed(problem, (ANNA, TEA, 1), (ANNA, SOAP, 1))

    # 3 x 7.00 + 2 x 4.50 is 30.00; one line alone comes to 31.50 of tea or 30.40 of soap.
    assert found.orders.goods_minor.tolist() == [3_000]
    assert found.lines.packs.tolist() == [3, 2]


def test_what_a_seller_pays_alone_does_not_depend_on_who_else_is_asked_about() -> None:
    problem = random_problem(3, products=6, lanes=3)
    wishes = [
        (seller, item.product, 1 + (seller * 7 + item.product * 3) % 9)
        for seller in range(1, 40)
        for item in problem.items
    ]

    together = costed(problem, *wishes)

    for seller in range(1, 40):
        mine = [one for one in wishes if one[0] == seller]
        assert costed(problem, *mine).of(seller) == together.of(seller)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), tea=st.integers(0, 5), soap=st.integers(1, 5))
def test_nobody_could_buy_its_wishes_alone_for_less(seed: int, tea: int, soap: int) -> None:
    problem = random_problem(seed, products=2, lanes=2)
    offers = tuple(replace(offer, capacity=None) for offer in problem.offers)
    problem = replace(problem, offers=offers, budget=None)
    wished = {1: tea, 2: soap}

    found = costed(problem, *((ANNA, product, units) for product, units in wished.items()))

    cheapest = brute_force(problem, wished, most_packs=7)
    paid = found.of(ANNA).total
    assert evaluate(problem, found.plan(ANNA)).landed == paid
    if cheapest is not None:
        # Packs beyond the brute force may cost less than all within it.
        assert paid <= cheapest * 1.03
    if all(packs <= 7 for packs in found.lines.packs.tolist()):
        assert cheapest is not None
        assert paid >= cheapest


@pytest.mark.parametrize("first", [0, 100, 200])
def test_nearly_every_seller_gets_its_very_cheapest_way_alone(first: int) -> None:
    apart = []
    for seed in range(first, first + 40):
        problem = random_problem(seed, products=4, lanes=3)
        offers = tuple(replace(offer, capacity=None) for offer in problem.offers)
        problem = replace(problem, offers=offers, budget=None)
        wishes = [(ANNA, item.product, (seed * 5 + item.product * 3) % 9) for item in problem.items]
        found = costed(problem, *wishes)
        own = found.of(ANNA).total
        if own:
            best = strictly.cheapest(problem, found, ANNA, own)
            apart.append((own - best) / best)

    assert sum(one < 0.001 for one in apart) >= 0.95 * len(apart)
    assert sum(apart) / len(apart) < 0.002


def brute_force(problem: Problem, wished: dict[int, int], *, most_packs: int) -> int | None:
    """The least landed cost of all plans of so many packs that hold the wishes; None without."""
    evaluator = Evaluator(problem)
    offers = [offer for offer in problem.offers if wished[offer.product]]
    counts = [[0, *range(offer.least_packs, most_packs + 1, offer.multiple)] for offer in offers]
    best = None
    for packs in itertools.product(*counts):
        units = dict.fromkeys(wished, 0)
        for offer, many in zip(offers, packs, strict=True):
            units[offer.product] += many * offer.pack_quantity
        if any(units[product] < many for product, many in wished.items()):
            continue
        told = {offer.id: many for offer, many in zip(offers, packs, strict=True) if many}
        found = evaluator.evaluate(Plan("alone", told))
        broken = {fault.rule for fault in found.faults} - {"surplus"}
        if not broken and (best is None or found.landed < best):
            best = found.landed
    return best


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
