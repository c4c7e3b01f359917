"""Who loses more by a missed sale than by a unit left over orders more than it expects to sell."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from procurement.rules.booking import between, critical_ratio, newsvendor

UNITS = st.integers(0, 100_000)
COSTS = st.integers(1, 10_000)


def test_a_book_that_earns_eight_and_loses_four_is_ordered_in_234_and_a_half() -> None:
    assert critical_ratio(under=8, over=4) == Fraction(2, 3)
    booked = newsvendor(mean=Decimal(200), deviation=Decimal(80), under=8, over=4)
    assert booked == Decimal("234.5")


def test_of_bounds_that_hold_four_times_in_five_the_same_is_made() -> None:
    # 80 x 1.2816 above 200 is 302.5: one quarter in ten sells more.
    assert between(200, 303, under=2, over=1) == 235
    assert between(200, 303, under=1, over=1) == 200
    assert between(200, 303, under=1, over=2) == 165
    assert between(7, 7, under=2, over=1) == 7


@given(UNITS, UNITS, COSTS, COSTS)
def test_the_dearer_a_missed_sale_the_more_is_ordered(
    units: int, more: int, under: int, over: int
) -> None:
    high = units + more
    found = between(units, high, under=under, over=over)

    assert between(units, high, under=under + 1, over=over) >= found >= 0
    assert between(units, high, under=under, over=under) == units
