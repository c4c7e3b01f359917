"""Other ways of sharing a joint cost: published values, and what must hold for any cost."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procurement.rules.sharing.reports import (
    Group,
    ReportNotPossible,
    better_apart,
    pool_costs,
    separable_costs,
    shapley,
)
from tests.procurement.sharing.pooled import Pooled

calmly = settings(deadline=None, max_examples=50)

#: The Tennessee Valley Authority's three purposes: navigation, flood control, power.
TVA = {
    frozenset({1}): 163_520,
    frozenset({2}): 140_826,
    frozenset({3}): 250_096,
    frozenset({1, 2}): 301_607,
    frozenset({1, 3}): 378_821,
    frozenset({2, 3}): 367_370,
    frozenset({1, 2, 3}): 412_584,
}


def tva(groups: Sequence[Group]) -> list[int]:
    return [TVA[group] for group in groups]


def runway(groups: Sequence[Group]) -> list[int]:
    """The longest plane decides: Shapley's value is known in closed form."""
    return [max(group) * 1000 for group in groups]


def test_shapleys_value_of_the_tennessee_valley_is_as_published() -> None:
    report = shapley([3, 1, 2], tva)

    assert report.sellers == (1, 2, 3)
    assert list(map(str, report.values)) == ["117829", "201513/2", "387997/2"]
    assert report.minor == (117_829, 100_757, 193_998)
    assert report.errors is None


def test_separable_costs_of_the_tennessee_valley_are_as_published() -> None:
    assert separable_costs([1, 2, 3], tva).minor == (117_476, 99_157, 195_951)


def test_a_runway_is_shared_step_by_step() -> None:
    """Each length is shared by all planes that need it."""
    report = shapley(range(1, 13), runway)

    assert report.values[0] == Fraction(1000, 12)
    assert report.values[11] == sum(Fraction(1000, n) for n in range(1, 13))


def test_a_drawn_value_is_near_the_true_one_and_says_how_near() -> None:
    sellers = range(1, 21)
    exact = [sum(Fraction(1000, 21 - n) for n in range(1, seller + 1)) for seller in sellers]

    report = shapley(sellers, runway, draws=2000, seed=7)

    assert report.errors is not None
    assert (report.draws, report.seed) == (2000, 7)
    assert sum(report.values) == 20_000
    for value, truth, error in zip(report.values, exact, report.errors, strict=True):
        assert abs(value - truth) <= 4 * error
        assert error <= 100


def test_the_same_seed_draws_the_same_whatever_the_order_of_sellers() -> None:
    one = shapley(range(1, 15), runway, draws=50, seed=3)

    assert one == shapley(range(14, 0, -1), runway, draws=50, seed=3)
    assert one != shapley(range(1, 15), runway, draws=50, seed=4)


costs = st.lists(st.integers(0, 10**6), min_size=16, max_size=16)


@calmly
@given(costs=costs)
def test_reports_come_to_the_joint_cost(costs: list[int]) -> None:
    def cost(groups: Sequence[Group]) -> list[int]:
        return [costs[sum(1 << n for n in group)] for group in groups]

    for report in (shapley(range(4), cost), separable_costs(range(4), cost)):
        assert sum(report.values) == sum(report.minor) == costs[15]
        assert all(
            abs(minor - value) < 1 for minor, value in zip(report.minor, report.values, strict=True)
        )


@calmly
@given(own=st.lists(st.integers(0, 10**6), min_size=1, max_size=8))
def test_who_saves_nothing_together_bears_its_own_cost(own: list[int]) -> None:
    def apart(groups: Sequence[Group]) -> list[int]:
        return [sum(own[n] for n in group) for group in groups]

    assert shapley(range(len(own)), apart).minor == tuple(own)
    assert separable_costs(range(len(own)), apart).minor == tuple(own)


def test_who_brings_the_pool_more_than_it_would_pay_alone_is_named() -> None:
    """Seller 3's goods need a second container as soon as they travel with the others'."""

    def port(groups: Sequence[Group]) -> list[int]:
        return [
            100 * len(group) + (900 if 3 in group and len(group) > 1 else 0) for group in groups
        ]

    assert better_apart([1, 2, 3, 4], port) == [(3, 900)]
    assert better_apart([1, 2, 4], port) == []
    assert better_apart([3], port) == []


def test_nobody_and_the_same_twice_are_no_pool() -> None:
    for sellers in ([], [1, 1]):
        with pytest.raises(ReportNotPossible):
            shapley(sellers, runway)
        with pytest.raises(ReportNotPossible):
            separable_costs(sellers, runway)
    with pytest.raises(ReportNotPossible):
        shapley(range(1, 20), runway, draws=1)


def test_a_real_pool_is_reported_beside_what_each_pays() -> None:
    pooled = Pooled()
    wishes = np.array([(*key, units) for key, units in pooled.wishes.items()])
    costs = pool_costs(
        pooled.problem,
        sellers=wishes[:, 0],
        products=wishes[:, 1],
        quantities=wishes[:, 2],
        bill=int(pooled.capped.paid.sum()),
    )
    sellers = pooled.sellers.tolist()

    assert costs([frozenset({seller}) for seller in sellers]) == pooled.alone.totals.tolist()
    for report in (shapley(sellers, costs), separable_costs(sellers, costs)):
        assert sum(report.minor) == pooled.capped.paid.sum()
        assert all(
            0 <= minor <= own
            for minor, own in zip(report.minor, pooled.alone.totals.tolist(), strict=True)
        )
