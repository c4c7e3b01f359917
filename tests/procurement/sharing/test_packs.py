"""Packs filled from tolerance: who may still change what, and who gets what arrived."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.rules.sharing.packs import (
    Fill,
    PackNotUsable,
    improves_fill,
    missing_units,
    packs_filled,
    received_in_order,
)

units = st.integers(0, 60)
packs = st.integers(1, 12)


@pytest.mark.parametrize(
    ("quantity", "tolerance", "packs"),
    [(0, 2, 0), (0, 5, 0), (2, 2, 1), (4, 2, 1), (4, 4, 1), (5, 3, 2), (5, 4, 2)],
)
def test_tolerance_completes_a_begun_pack_and_never_makes_one(
    quantity: int, tolerance: int, packs: int
) -> None:
    """The table of the food co-operatives' software (Foodsoft), packs of 4."""
    assert packs_filled(quantity, tolerance, 4) == packs


@pytest.mark.parametrize(
    ("received", "units"), [(6, [4, 1, 1]), (4, [3, 1, 0]), (1, [1, 0, 0]), (0, [0, 0, 0])]
)
def test_what_arrives_goes_to_wishes_first_and_then_to_tolerances(
    received: int, units: list[int]
) -> None:
    """Foodsoft's own example: three members, packs of 3."""
    assert received_in_order(received, [(3, 2), (1, 3), (1, 0)]) == (units, 0)


def test_what_nobody_asked_for_is_surplus() -> None:
    assert received_in_order(10, [(3, 2), (1, 1), (1, 0)]) == ([5, 2, 1], 2)
    assert received_in_order(8, [(3, 2), (1, 3), (1, 0)], tolerances_too=False) == ([3, 1, 1], 3)


@pytest.mark.parametrize(
    ("before", "after", "allowed"),
    [
        (Fill(3), Fill(2), False),
        (Fill(2, 1), Fill(2, 2), True),
        (Fill(7), Fill(6), True),
        (Fill(7), Fill(1), False),
        (Fill(4, 2), Fill(6), True),
        (Fill(4, 1), Fill(4, 1), True),
        # A change that empties a full pack hurts whoever counted on it, though nothing is
        # missing afterwards.
        (Fill(7), Fill(0), False),
        (Fill(6), Fill(7), False),
        (Fill(7), Fill(13), True),
        (Fill(12, 5), Fill(12), False),
    ],
)
def test_after_the_cut_off_a_change_may_only_improve_the_fill(
    before: Fill, after: Fill, allowed: bool
) -> None:
    """Packs of 6; the first five are Foodsoft's."""
    assert improves_fill(before, after, 6) is allowed


@given(before=st.tuples(units, units), after=st.tuples(units, units), pack=packs)
def test_no_allowed_change_loses_a_pack_or_adds_missing_units(
    before: tuple[int, int], after: tuple[int, int], pack: int
) -> None:
    if improves_fill(before, after, pack):
        assert packs_filled(*after, pack) >= packs_filled(*before, pack)
        assert missing_units(*after, pack) <= missing_units(*before, pack)


@given(a=st.tuples(units, units), b=st.tuples(units, units), pack=packs)
def test_a_change_and_its_undoing_are_allowed_together_only_if_nothing_changed_for_the_pool(
    a: tuple[int, int], b: tuple[int, int], pack: int
) -> None:
    if improves_fill(a, b, pack) and improves_fill(b, a, pack):
        assert a == b


@given(received=units, wishes=st.lists(st.tuples(units, units), max_size=8))
def test_what_arrived_is_handed_out_whole_and_nobody_gets_more_than_it_would_take(
    received: int, wishes: list[tuple[int, int]]
) -> None:
    given_units, surplus = received_in_order(received, wishes)

    assert sum(given_units) + surplus == received
    assert all(0 <= got <= sum(wish) for got, wish in zip(given_units, wishes, strict=True))
    assert surplus == 0 or given_units == [sum(wish) for wish in wishes]


@pytest.mark.parametrize(("quantity", "tolerance", "pack"), [(-1, 0, 6), (1, -1, 6), (1, 0, 0)])
def test_packs_are_not_counted_from_less_than_nothing(
    quantity: int, tolerance: int, pack: int
) -> None:
    with pytest.raises(PackNotUsable):
        packs_filled(quantity, tolerance, pack)
