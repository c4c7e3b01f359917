"""What may be sent back until when, and what of it is taken in; rules only."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customs.rules.giving_back import GivenBack, ListedLine, given_back, part_of
from customs.rules.retail_tax import Tax
from warehouse.rules import returning as rules
from warehouse.rules.posting import Account, Leg, Status
from warehouse.rules.returning import Went

RELEASED = date(2026, 8, 2)
WENT = [Went(1, 1, 10, 5, 3), Went(2, 1, 11, 5, 1), Went(3, 2, 12, 6, 2, back=1)]


def announced(
    *,
    stage: str = "delivered",
    day: date = RELEASED,
    coming: dict[int, int] | None = None,
    **units: int,
) -> dict[int, int]:
    return rules.check_announced(
        stage,
        released_on=RELEASED,
        today=day,
        went=WENT,
        coming=coming or {},
        units={int(name[1:]): n for name, n in units.items()},
    )


def test_a_buyer_sends_back_what_went_out_within_thirty_days() -> None:
    assert announced(l1=4, l2=0) == {1: 4}
    assert announced(stage="handed_over", day=RELEASED + timedelta(days=30), l2=1) == {2: 1}
    assert rules.comes_until(RELEASED) == date(2026, 9, 16)


def test_after_thirty_days_nothing_is_announced() -> None:
    with pytest.raises(rules.ReturnTooLate) as late:
        announced(day=RELEASED + timedelta(days=31), l1=1)
    assert late.value.facts == {"until": date(2026, 9, 1)}


@pytest.mark.parametrize("stage", ["allocated", "packed", "cancelled", "returned"])
def test_only_what_is_gone_comes_back(stage: str) -> None:
    with pytest.raises(rules.NotGoneYet):
        announced(stage=stage, l1=1)


def test_never_twice_and_never_more_than_went() -> None:
    with pytest.raises(rules.MoreThanWent) as more:
        announced(l1=5)
    assert more.value.facts == {"line": 1, "wanted": 5, "available": 4}
    with pytest.raises(rules.MoreThanWent):
        announced(l2=2)
    with pytest.raises(rules.MoreThanWent):
        announced(coming={1: 3}, l1=2)
    with pytest.raises(rules.MoreThanWent):
        announced(l3=1)
    with pytest.raises(rules.NothingComesBack):
        announced()
    for nothing in (0, -1):
        with pytest.raises(rules.NothingComesBack):
            announced(l1=nothing)


def test_what_is_counted_is_taken_in_by_lot() -> None:
    taken = rules.plan_arrival(WENT, announced={1: 4}, counted={1: 2, 2: 1, 3: 0})

    assert [(one.lot, n) for one, n in taken] == [(10, 2), (11, 1)]
    assert rules.legs_of(taken)[:2] == [
        Leg(Account.CONSUMER, 10, -2),
        Leg(Account.STOCK, 10, 2, 5, Status.QUARANTINE),
    ]
    assert not rules.is_all_back(WENT, taken)
    everything = rules.plan_arrival(WENT, announced={1: 4, 2: 1}, counted={1: 3, 2: 1, 3: 1})
    assert rules.is_all_back(WENT, everything)


@pytest.mark.parametrize(
    "counted", [{1: 4}, {3: 2}, {9: 1}, {1: 3, 2: 1}], ids=["lot", "back", "foreign", "line"]
)
def test_no_more_is_taken_in_than_announced_and_gone(counted: dict[int, int]) -> None:
    with pytest.raises(rules.CountOverReturn):
        rules.plan_arrival(WENT, announced={1: 3, 2: 2}, counted=counted)


def test_of_nothing_nothing_is_taken_in() -> None:
    with pytest.raises(rules.NothingComesBack):
        rules.plan_arrival(WENT, announced={1: 3}, counted={1: 0})


def test_a_return_has_a_reason_of_one_line() -> None:
    assert rules.check_why("  too \t small ") == "too small"
    assert rules.check_why("x" * 200) == "x" * 200
    for wrong in ("", " \n ", "x" * 201, "a\x07b"):
        with pytest.raises(rules.ReturnReasonMissing):
            rules.check_why(wrong)


def test_in_the_zone_by_the_forty_fifth_day() -> None:
    until = rules.comes_until(RELEASED)
    rules.check_in_time(until, until)
    with pytest.raises(rules.CameTooLate):
        rules.check_in_time(until, until + timedelta(days=1))
    rules.check_open("announced")
    for ended in ("arrived", "refused"):
        with pytest.raises(rules.ReturnEnded):
            rules.check_open(ended)


@given(
    total=st.integers(0, 10**9),
    parts=st.lists(st.integers(1, 9), min_size=1, max_size=6),
)
def test_all_that_came_back_brings_all_of_the_tax_however_it_came(
    total: int, parts: list[int]
) -> None:
    units, before, given_so_far = sum(parts), 0, 0
    for now in parts:
        part = part_of(total, units, before=before, now=now)
        assert part >= 0
        given_so_far, before = given_so_far + part, before + now
        assert given_so_far <= total

    assert given_so_far == total


def test_tax_is_given_back_line_by_line() -> None:
    lines = [ListedLine(1, 3, 1_000, Tax(0, 10, 100)), ListedLine(2, 1, 500, Tax(0, 0, 45))]

    assert given_back(lines, {1: 1}) == GivenBack(333, Tax(0, 3, 33))
    assert given_back(lines, {1: 3, 2: 1}) == GivenBack(1_500, Tax(0, 10, 145))
