"""Each threshold is told of once, and what goes to waste is what cannot be sold in time."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from warehouse.rules.shelf_life import BOND_DAYS, EXPIRY_DAYS, PACE_DAYS, wasted, windows

TODAY = date(2026, 8, 1)


def days_told(expires_on: date, looks: list[date]) -> list[int]:
    """At which thresholds a lot that was there from the start is told of, look by look."""
    told, last = [], None
    for day in looks:
        told += [
            one.days
            for one in windows(EXPIRY_DAYS, today=day, looked_on=last)
            if one.after < expires_on <= one.until
        ]
        last = day
    return told


def test_a_lot_is_told_of_at_180_90_60_and_30_days_and_once_at_each() -> None:
    expires_on = TODAY + timedelta(days=200)

    daily = [TODAY + timedelta(days=n) for n in range(201)]

    assert days_told(expires_on, daily) == [180, 90, 60, 30]


def test_who_looks_first_late_tells_of_the_nearest_threshold_alone() -> None:
    assert days_told(TODAY + timedelta(days=45), [TODAY]) == [60]
    assert days_told(TODAY - timedelta(days=2), [TODAY]) == [30]
    assert days_told(TODAY + timedelta(days=181), [TODAY]) == []


@given(st.integers(31, 400), st.lists(st.integers(1, 40), min_size=1, max_size=40))
def test_no_threshold_is_told_of_twice_whenever_somebody_looks(left: int, steps: list[int]) -> None:
    looks = [TODAY]
    for step in steps:
        looks.append(looks[-1] + timedelta(days=step))

    told = days_told(TODAY + timedelta(days=left), looks)

    assert len(told) == len(set(told))
    assert told == sorted(told, reverse=True)


def test_the_end_of_the_time_in_bond_is_told_of_on_its_day() -> None:
    (last,) = [one for one in windows(BOND_DAYS, today=TODAY, looked_on=None) if one.days == 0]

    assert last.after < TODAY <= last.until


def test_what_is_not_sold_in_time_goes_to_waste() -> None:
    soon, late = TODAY + timedelta(days=30), TODAY + timedelta(days=90)

    # Two a day: sixty by the first day, a hundred and twenty more by the second.
    assert wasted([(soon, 100)], sold=180, today=TODAY) == 40
    assert wasted([(soon, 100), (late, 150)], sold=180, today=TODAY) == 40 + 30
    assert wasted([(soon, 50), (late, 130)], sold=180, today=TODAY) == 0
    assert wasted([(soon, 7)], sold=0, today=TODAY) == 7
    assert wasted([(TODAY, 7)], sold=9_000, today=TODAY) == 7


@given(
    st.lists(st.tuples(st.integers(0, 300), st.integers(1, 500)), max_size=6),
    st.integers(0, 2_000),
)
def test_no_more_goes_to_waste_than_there_is_and_none_that_the_pace_sells(
    lots: list[tuple[int, int]], sold: int
) -> None:
    told = [(TODAY + timedelta(days=days), units) for days, units in lots]

    waste = wasted(told, sold=sold, today=TODAY)

    there = sum(units for _days, units in lots)
    longest = max((days for days, _units in lots), default=0)
    assert max(there - sold * longest // PACE_DAYS, 0) <= waste <= there
