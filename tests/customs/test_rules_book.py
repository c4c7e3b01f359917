"""What receipts add to an account book, and what never happens to it."""

from __future__ import annotations

import csv
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customs.rules import book as rules
from customs.rules.book import BookBelowZero, Columns, Kind, effect
from customs.rules.squaring import Beside, Reason

VECTORS = Path(__file__).resolve().parents[3] / "shared/data/customs/arithmetic_vectors.csv"
UNITS = st.integers(1, 50)


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        (Kind.APPROVED_IN, Columns(prevd_inc=7)),
        (Kind.CHANGED_IN, Columns(prevd_inc=-7)),
        (Kind.POSTED_IN, Columns(prevd_inc=-7, actl_inc=7)),
        (Kind.APPROVED_OUT, Columns(prevd_redc=7)),
        (Kind.POSTED_OUT, Columns(prevd_redc=-7, actl_redc=7)),
        (Kind.DESTROYED, Columns(actl_redc=7)),
        (Kind.RETURNED, Columns(actl_inc=7)),
        (Kind.COUNTED, Columns(actl_inc=7)),
    ],
)
def test_a_receipt_moves_its_columns_and_a_reversal_moves_them_back(
    kind: Kind, told: Columns
) -> None:
    assert effect(kind, 7) == told
    assert effect(kind, 7) + effect(kind, 7, is_reversal=True) == Columns()


def test_only_a_count_is_of_less_and_nothing_is_of_no_units() -> None:
    assert effect(Kind.COUNTED, -3) == Columns(actl_redc=3)
    for kind, quantity in ((Kind.APPROVED_IN, -1), (Kind.COUNTED, 0), (Kind.RETURNED, 0)):
        with pytest.raises(rules.BookQuantityWrong):
            effect(kind, quantity)


@given(st.lists(st.tuples(st.sampled_from(Kind), UNITS, st.booleans()), max_size=30))
def test_whatever_comes_a_book_is_never_below_zero(lines: list[tuple[Kind, int, bool]]) -> None:
    told = Columns()
    for kind, quantity, is_reversal in lines:
        after = told + effect(kind, quantity, is_reversal=is_reversal)
        try:
            rules.check_columns(after, item="B/1")
        except BookBelowZero:
            continue
        told = after
        assert 0 <= told.available <= told.on_hand <= told.actl_inc


def test_what_is_announced_is_not_available_and_what_is_listed_no_longer() -> None:
    told = rules.replayed(
        [
            (Kind.APPROVED_IN, 100, False),
            (Kind.CHANGED_IN, 4, False),
            (Kind.POSTED_IN, 60, False),
            (Kind.APPROVED_OUT, 50, False),
        ],
        item="B/1",
    )

    assert told == Columns(prevd_inc=36, prevd_redc=50, actl_inc=60)
    assert (told.on_hand, told.available) == (60, 10)
    with pytest.raises(BookBelowZero) as refused:
        rules.check_columns(told + effect(Kind.APPROVED_OUT, 11), item="B/1")
    assert refused.value.facts["item"] == "B/1"


@given(st.integers(1, 10**6), st.data())
def test_what_leaves_takes_its_part_and_the_last_takes_all(
    on_hand: int, data: st.DataObject
) -> None:
    total = data.draw(st.decimals(0, 10**9, places=5))
    stands, left = total, on_hand
    while left:
        quantity = data.draw(st.integers(max(1, left // 3), left))
        stands -= rules.part(stands, quantity, left)
        left -= quantity

    assert stands == 0


@given(
    st.lists(
        st.tuples(st.integers(1, 40), st.booleans(), st.none() | st.decimals(-500, 500, places=5)),
        max_size=30,
    )
)
def test_a_total_is_never_below_zero_and_zero_of_nothing(
    moves: list[tuple[int, bool, Decimal | None]],
) -> None:
    total: Decimal | None = Decimal(0)
    on_hand = 0
    for units, comes, told in moves:
        after = on_hand + units if comes else max(on_hand - units, 0)
        if told is not None and (told < 0) == comes:
            told = -told
        more = rules.usd_change(total, before=on_hand, after=after, told=told)
        total = None if total is None or more is None else total + more
        on_hand = after
        if total is None:
            return
        assert total >= 0
        assert on_hand or total == 0


def test_what_comes_back_to_nothing_on_hand_is_of_unknown_worth_unless_told() -> None:
    assert rules.usd_change(Decimal(0), before=0, after=3, told=None) is None
    assert rules.usd_change(Decimal(0), before=0, after=3, told=Decimal(9)) == 9
    assert rules.usd_change(Decimal(9), before=3, after=4, told=None) == 3
    assert rules.usd_change(Decimal(9), before=3, after=0, told=Decimal(-2)) == -9


AGREED = Beside(
    stock=10,
    owned=10,
    owners=2,
    aside=1,
    counted_in=0,
    handed_over=0,
    sent_back=0,
    destroyed=0,
    counted=0,
)


@pytest.mark.parametrize(
    ("beside", "on_hand", "waits", "unexplained"),
    [
        (AGREED, 10, [], 0),
        (replace(AGREED, handed_over=2), 12, [(Reason.HANDED_OVER, 2)], 0),
        (replace(AGREED, sent_back=1), 9, [(Reason.SENT_BACK, 1)], 0),
        (replace(AGREED, destroyed=3), 13, [(Reason.DESTROYED, 3)], 0),
        (replace(AGREED, counted_in=4), 6, [(Reason.COUNTED_IN, 4)], 0),
        (replace(AGREED, counted=-2), 12, [(Reason.COUNTED, -2)], 0),
        (replace(AGREED, handed_over=-2), 8, [], 2),
        (replace(AGREED, counted_in=-2, handed_over=-2), 10, [], 4),
        (replace(AGREED, owned=9), 10, [], 1),
        (AGREED, 7, [], 3),
    ],
)
def test_a_difference_is_explained_or_alarmed(
    beside: Beside, on_hand: int, waits: list[tuple[Reason, int]], unexplained: int
) -> None:
    assert list(beside.waiting()) == waits
    assert beside.unexplained(on_hand) == unexplained


def test_an_item_of_which_all_is_gone_is_not_open() -> None:
    assert not Columns(actl_inc=60, actl_redc=60).is_open
    assert Columns(actl_inc=60, actl_redc=59).is_open
    assert Columns(prevd_inc=1).is_open


def test_a_logistics_centre_files_its_goods_first() -> None:
    assert rules.style_of("L3104B26A002") == rules.Style.FILED
    assert rules.style_of("T3105W000001") == rules.Style.POSTING


def test_the_sums_of_real_rows_come_out() -> None:
    if not VECTORS.is_file():
        pytest.skip("the vectors of real account books are not beside the checkout")
    with VECTORS.open(encoding="utf-8", newline="") as file:
        real = {row["id"]: row for row in csv.DictReader(file)}

    price, units = real["A4"]["inputs"].split(" x ")
    assert rules.worth(Decimal(price), int(units), Decimal(1)) == Decimal(real["A4"]["expected"])
    total, units = real["A5"]["inputs"].split(" / ")
    assert rules.average(Decimal(total), int(units)) == Decimal(real["A5"]["expected"])
    came, listed = map(int, real["A6"]["inputs"].split(" - "))
    available = Columns(actl_inc=came, prevd_redc=listed).available
    assert available == int(real["A6"]["expected"])
