"""What is counted how often, what a count finds, and whose what is missing is."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse.rules.counting import (
    CountIncomplete,
    CountState,
    CountTermsOutOfRange,
    Entry,
    Grade,
    NobodysSurplus,
    PromisedGoodsMissing,
    Terms,
    after_first,
    after_last,
    check_entered,
    check_still,
    check_terms,
    due_on,
    grades,
    is_beyond,
    parts_of,
)
from warehouse.rules.posting import Kind, Status, changed, counted, moved

HOLDINGS = st.dictionaries(st.integers(1, 30), st.integers(0, 500), max_size=8)


def test_what_moves_most_of_the_value_is_of_grade_a() -> None:
    assert grades({1: 800, 2: 150, 3: 50, 4: 0}) == {
        1: Grade.A,
        2: Grade.B,
        3: Grade.C,
        4: Grade.C,
    }


def test_of_one_product_all_is_of_grade_a_and_of_none_sold_all_of_c() -> None:
    assert grades({1: 5}) == {1: Grade.A}
    assert grades({1: 0, 2: 0}) == {1: Grade.C, 2: Grade.C}


@given(st.dictionaries(st.integers(), st.integers(0, 10**12), max_size=20))
def test_every_product_has_a_grade_and_none_that_moved_more_a_lower_one(
    moved_: dict[int, int],
) -> None:
    found = grades(moved_)

    assert found.keys() == moved_.keys()
    by_value = sorted(moved_, key=lambda one: -moved_[one])
    for more, less in pairwise(by_value):
        assert found[more] <= found[less] or moved_[more] == moved_[less]


def test_a_grade_is_due_after_its_days() -> None:
    terms = Terms(7, 30, 91)

    assert [due_on(date(2026, 8, 1), one, terms) for one in Grade] == [
        date(2026, 8, 8),
        date(2026, 8, 31),
        date(2026, 10, 31),
    ]


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        (Terms(a_days=0), "a_days"),
        (Terms(b_days=6), "b_days"),
        (Terms(c_days=731), "c_days"),
        (Terms(tolerance_bp=1001), "tolerance"),
    ],
)
def test_terms_that_cannot_be_meant_are_refused(terms: Terms, field: str) -> None:
    with pytest.raises(CountTermsOutOfRange) as refused:
        check_terms(terms)

    assert refused.value.facts["field"] == field


@pytest.mark.parametrize(
    ("units", "booked", "beyond"),
    [(1000, 1000, False), (995, 1000, False), (994, 1000, True), (1, 0, True), (0, 0, False)],
)
def test_half_a_percent_may_differ(units: int, booked: int, beyond: bool) -> None:
    assert is_beyond(Entry(1, units, booked, by=7), 50) is beyond


def test_what_differs_too_much_is_counted_again_and_what_differs_is_approved() -> None:
    right, near, far = Entry(1, 10, 10, 7), Entry(2, 999, 1000, 7), Entry(3, 5, 10, 7)

    assert after_first([right], 50) == CountState.DONE
    assert after_first([right, near], 50) == CountState.COUNTED
    assert after_first([right, near, far], 50) == CountState.RECOUNT
    assert after_last([right]) == CountState.DONE
    assert after_last([right, far]) == CountState.COUNTED


@pytest.mark.parametrize("units", [{}, {1: 2}, {1: 2, 2: 3, 3: 4}, {1: 2, 2: -1}])
def test_every_line_that_is_asked_for_gets_its_units(units: dict[int, int]) -> None:
    with pytest.raises(CountIncomplete):
        check_entered([1, 2], units)


@given(HOLDINGS, HOLDINGS, st.integers(-600, 600).filter(bool))
def test_parts_sum_to_the_difference_and_take_nothing_that_is_promised(
    free: dict[int, int], promised: dict[int, int], difference: int
) -> None:
    there = {
        owner: free.get(owner, 0) + promised.get(owner, 0)
        for owner in free.keys() | promised.keys()
    }
    try:
        parts = parts_of(difference, free, there)
    except PromisedGoodsMissing:
        assert -difference > sum(free.values())
        return
    except NobodysSurplus:
        assert difference > 0
        assert not any(there.values())
        return

    assert sum(parts.values()) == difference
    for owner, part in parts.items():
        assert (part > 0) == (difference > 0)
        assert free.get(owner, 0) + part >= 0
        # Within one unit of its exact part.
        weights = free if difference < 0 else there
        exact = abs(difference) * weights[owner]
        assert abs(abs(part) * sum(weights.values()) - exact) < sum(weights.values())


@pytest.mark.parametrize(
    ("kind", "legs", "may"),
    [
        (Kind.COUNTED, counted(7, 1, -2, status=Status.AVAILABLE), True),
        (
            Kind.RESERVED,
            changed(7, 1, 2, before=Status.AVAILABLE, after=Status.RESERVED),
            False,
        ),
        (
            Kind.RETURNED,
            changed(7, 1, 2, before=Status.RESERVED, after=Status.AVAILABLE),
            True,
        ),
        (
            Kind.CHANGED,
            changed(7, 1, 2, before=Status.OFFERED, after=Status.AVAILABLE),
            True,
        ),
        (
            Kind.CHANGED,
            changed(7, 1, 2, before=Status.RELEASED, after=Status.PICKED),
            False,
        ),
        (
            Kind.CHANGED,
            changed(7, 1, 2, before=Status.AVAILABLE, after=Status.DAMAGED),
            False,
        ),
        (Kind.MOVED, moved(7, 2, status=Status.AVAILABLE, origin=1, destination=2), False),
    ],
)
def test_what_is_being_counted_is_neither_fetched_nor_added_to(
    kind: Kind, legs: tuple[object, ...], may: bool
) -> None:
    assert check_still(kind, legs) is may  # type: ignore[arg-type]
