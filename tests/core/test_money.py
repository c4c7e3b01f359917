"""Money is exact, and what is split sums to what was there."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, cast

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.errors import CurrencyMismatch, NotExact
from core.money import Money, exponent, shared

WEIGHTS = st.lists(st.integers(0, 10**9), min_size=1, max_size=40)
TOTALS = st.integers(-(10**15), 10**15)


def test_a_hundred_euros_among_three_lose_no_cent() -> None:
    parts = Money.of("100.00", "EUR").shared([1, 1, 1])

    assert [str(part.amount) for part in parts] == ["33.34", "33.33", "33.33"]


def test_yen_have_no_decimals_and_dinars_three() -> None:
    assert Money.of("1250", "JPY").minor == 1250
    assert Money.of("1.250", "KWD").minor == 1250
    assert [exponent(code) for code in ("CNY", "KRW", "CLF")] == [2, 0, 4]
    with pytest.raises(NotExact):
        Money.of("100.5", "JPY")


def test_the_largest_remainder_gets_the_odd_unit_and_ties_go_to_the_first() -> None:
    assert shared(10, [1, 1, 4]) == [2, 2, 6], "three remainders of two thirds: the first two"
    assert shared(7, [3, 3, 1]) == [3, 3, 1]
    assert shared(1, [5, 5]) == [1, 0]
    assert shared(-1, [5, 5]) == [-1, 0]
    assert shared(0, [0, 0]) == [0, 0]


def test_rates_round_half_up_to_the_cent() -> None:
    assert Money(1005, "EUR").converted(Decimal("1.05"), "CNY") == Money(1055, "CNY")
    assert Money(100, "JPY").converted(Decimal("0.0505"), "CNY") == Money(505, "CNY")


@pytest.mark.parametrize("wrong", [1.5, True, "1", None])
def test_an_amount_is_a_whole_number_and_nothing_else(wrong: object) -> None:
    with pytest.raises(NotExact):
        Money(cast(Any, wrong), "CNY")
    with pytest.raises(NotExact):
        shared(cast(Any, wrong), [1])


def test_floats_negative_weights_and_orphans_are_refused() -> None:
    with pytest.raises(NotExact):
        Money.of(cast(Any, 0.1), "CNY")
    with pytest.raises(NotExact):
        shared(5, [2, -1])
    with pytest.raises(NotExact):
        shared(5, [0, 0])


def test_two_currencies_do_not_add() -> None:
    with pytest.raises(CurrencyMismatch):
        Money(1, "CNY") + Money(1, "EUR")
    with pytest.raises(CurrencyMismatch):
        assert Money(1, "CNY") < Money(2, "EUR")


@given(total=TOTALS, weights=WEIGHTS)
def test_shares_sum_exactly_and_stray_less_than_one_unit(total: int, weights: list[int]) -> None:
    assume(sum(weights))

    parts = shared(total, weights)

    mass = sum(weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part * mass - total * weight) < mass
        assert weight or part == 0
