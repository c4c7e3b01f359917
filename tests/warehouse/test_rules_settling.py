"""What a supplier pays for a claim, and whose how much of it is."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse.rules import settling as rules
from warehouse.rules.settling import Damage, Part


def test_each_owner_gets_what_its_units_are_claimed_with() -> None:
    damages = [Damage(2, 1, 1_000, 2), Damage(1, 1, 1_000, 2), Damage(1, 3, 300, 3)]

    told = rules.parts(damages, amount_minor=1_000, home_minor=7_853)

    # 500 and 800 of the 1,300 that are claimed.
    assert told == [Part(1, 4, 615, 4_833), Part(2, 1, 385, 3_020)]


def test_of_a_line_of_no_worth_each_unit_counts_the_same() -> None:
    damages = [Damage(1, 1, 0, 3), Damage(2, 2, 0, 3)]

    assert [one.amount_minor for one in rules.parts(damages, amount_minor=9, home_minor=9)] == [
        3,
        6,
    ]


@given(
    st.lists(
        st.builds(
            Damage,
            owner=st.integers(1, 5),
            units=st.integers(1, 9),
            line_minor=st.integers(0, 10**6),
            line_units=st.integers(9, 50),
        ),
        min_size=1,
        max_size=8,
    ),
    st.integers(0, 10**9),
    st.integers(0, 10**10),
)
def test_the_parts_sum_to_the_whole(damages: list[Damage], minor: int, home: int) -> None:
    told = rules.parts(damages, amount_minor=minor, home_minor=home)

    assert sum(one.amount_minor for one in told) == minor
    assert sum(one.home_minor for one in told) == home
    assert all(one.amount_minor >= 0 <= one.home_minor for one in told)
    assert [one.owner for one in told] == sorted({one.owner for one in damages})


def test_what_differs_is_booked_and_nothing_else() -> None:
    assert rules.differences({1: 5, 2: 3}, {1: 5, 2: 4, 3: 1}) == {2: -1, 3: -1}


@pytest.mark.parametrize(("minor", "again"), [(0, False), (101, False), (-1, True), (101, True)])
def test_a_supplier_pays_at_most_what_was_claimed(minor: int, again: bool) -> None:
    with pytest.raises(rules.SettlementOutOfBounds):
        rules.check_amount(minor, claimed=100, is_correction=again)


def test_of_a_claim_of_nothing_nothing_is_paid() -> None:
    rules.check_amount(0, claimed=0, is_correction=False)
    with pytest.raises(rules.SettlementOutOfBounds):
        rules.check_amount(1, claimed=0, is_correction=False)


@pytest.mark.parametrize("day", [date(2026, 7, 24), date(2026, 8, 2)])
def test_a_claim_is_settled_after_it_was_opened_and_not_in_future(day: date) -> None:
    with pytest.raises(rules.SettledInFuture):
        rules.check_day(day, opened=date(2026, 7, 25), today=date(2026, 8, 1))


def test_a_reason_is_one_line_without_signs_that_nobody_sees() -> None:
    told = rules.check_reason(" paid\u202e less\x07,\nby bank ", is_correction=True)

    assert told == "paid less, by bank"
    assert rules.check_reason("why", is_correction=False) == ""
    with pytest.raises(rules.CorrectionWithoutReason):
        rules.check_reason("\u202e\x07 ", is_correction=True)
