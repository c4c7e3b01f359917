"""Nobody pays more than alone, and the bill is paid to the last minor unit."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procurement.rules.sharing.capping import Capped, CapsNotUsable, cap

calmly = settings(deadline=None, max_examples=100)


def capped(shares: list[int], alone: list[int]) -> Capped:
    ids = np.arange(1, len(shares) + 1)
    return cap(ids, np.array(shares, dtype=np.int64), np.array(alone, dtype=np.int64))


def test_what_is_cut_is_spread_again_by_what_the_others_bear() -> None:
    told = capped([500, 300, 100, 100], [400, 900, 900, 100])

    assert told.paid.tolist() == [400, 375, 125, 100]
    assert told.cut.tolist() == [100, 0, 0, 0]
    assert told.feasible


def test_who_reaches_its_own_cap_passes_the_rest_on() -> None:
    told = capped([500, 300, 100], [100, 310, 900])

    assert told.paid.tolist() == [100, 310, 490]
    assert told.in_last.tolist() == [False, False, True]


def test_where_no_split_satisfies_all_the_platform_bears_the_rest() -> None:
    told = capped([500, 300], [400, 350])

    assert told.paid.tolist() == [400, 350]
    assert told.borne == 50
    assert not told.feasible


def test_a_tie_for_the_last_unit_goes_to_the_lower_company() -> None:
    assert capped([10, 5, 5], [9, 9, 9]).paid.tolist() == [9, 6, 5]


def test_who_bears_nothing_yet_takes_something_only_when_the_others_are_full() -> None:
    assert capped([10, 5, 0], [4, 7, 9]).paid.tolist() == [4, 7, 4]


def test_nobody_is_nothing_to_cap() -> None:
    assert capped([], []).paid.tolist() == []


@pytest.mark.parametrize(
    ("shares", "alone"),
    [([1], [1, 2]), ([-1], [1]), ([1], [-1]), ([10**14 + 1], [1]), ([1.5], [1])],
)
def test_what_is_no_whole_amount_is_refused(shares: list[float], alone: list[float]) -> None:
    with pytest.raises(CapsNotUsable):
        cap(np.arange(len(shares)), np.array(shares), np.array(alone))


def test_a_seller_stands_once_in_a_bill() -> None:
    with pytest.raises(CapsNotUsable):
        cap(np.array([3, 3]), np.array([1, 1]), np.array([1, 1]))


amounts = st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), max_size=12)


@calmly
@given(amounts=amounts)
def test_the_bill_is_paid_and_nobody_pays_more_than_alone(amounts: list[tuple[int, int]]) -> None:
    shares, alone = [s for s, _ in amounts], [a for _, a in amounts]

    told = capped(shares, alone)

    paid = told.paid.tolist()
    assert sum(paid) + told.borne == sum(shares)
    assert all(0 <= one <= most for one, most in zip(paid, alone, strict=True))
    assert told.borne == max(0, sum(shares) - sum(alone))
    # Only who was below its cap takes anything more, and nobody else pays less than it bore.
    assert all(p >= min(s, a) for p, (s, a) in zip(paid, amounts, strict=True))
    assert (told.paid == np.array(shares) - told.cut + told.added).all() if shares else True


@calmly
@given(amounts=amounts, seed=st.integers(0, 99))
def test_the_order_of_sellers_changes_nothing(amounts: list[tuple[int, int]], seed: int) -> None:
    ids = np.arange(1, len(amounts) + 1)
    both = np.array(amounts, dtype=np.int64).reshape(-1, 2)
    turn = np.random.default_rng(seed).permutation(len(ids))

    one = cap(ids, both[:, 0], both[:, 1])
    other = cap(ids[turn], both[turn, 0], both[turn, 1])

    assert other.paid.tolist() == one.paid[turn].tolist()
    assert other.place.tolist() == one.place[turn].tolist()


@calmly
@given(amounts=amounts)
def test_what_was_added_can_be_told_from_a_sellers_own_numbers(
    amounts: list[tuple[int, int]],
) -> None:
    told = capped([s for s, _ in amounts], [a for _, a in amounts])

    for n, (share, alone) in enumerate(amounts):
        if told.in_last[n]:
            floor, remainder = divmod(told.left * int(told.basis[n]), told.basis_sum)
            up = remainder > told.cut_at or (
                remainder == told.cut_at and told.place[n] <= told.taken
            )
            assert told.added[n] == floor + up
        elif told.added[n]:
            assert told.added[n] == alone - share


def test_ten_thousand_sellers_are_capped_at_once() -> None:
    chance = np.random.default_rng(20260701)
    shares = chance.integers(0, 10**9, 10_000)
    alone = (shares * chance.lognormal(0.1, 0.3, 10_000)).astype(np.int64)

    began = time.process_time()
    told = cap(np.arange(10_000), shares, alone)

    assert time.process_time() - began < 1
    assert int(told.paid.sum()) + told.borne == int(shares.sum())
    assert (told.paid <= alone).all()
