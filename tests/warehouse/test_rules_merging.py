"""When orders of one buyer may become one, and what that one holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import DomainError
from tests.factories.warehouse import SELLS
from warehouse.rules.merging import (
    BuyersDiffer,
    HeldFromMerging,
    InSeveralParcels,
    ListReleased,
    Merging,
    PastMerging,
    ReceiverNotAmong,
    ReceiversDiffer,
    TooFewToMerge,
    check_mergeable,
    joined,
    receiver_among,
)
from warehouse.rules.order_way import OrderMerged
from warehouse.rules.retail import IncomingLine
from warehouse.rules.waiting import NotPaidInTime

FIRST = Merging(
    number="RO-1",
    state="allocated",
    channel="shop",
    buyer="hash",
    house=7,
    receiver=("张三", "138", "杭州"),
    lines={1: IncomingLine("MILK", 2, 10_000)},
)
SECOND = replace(FIRST, number="RO-2", state="listed", listed="RL-2")


def test_waiting_orders_of_one_buyer_become_one() -> None:
    check_mergeable([FIRST, SECOND], now=SELLS)
    unpaid = replace(SECOND, unpaid_until=SELLS + timedelta(seconds=1))
    check_mergeable([FIRST, unpaid], now=SELLS)


@pytest.mark.parametrize(
    ("change", "refusal", "facts"),
    [
        ({"state": "merged", "into": "RO-9"}, OrderMerged, {"order": "RO-2", "into": "RO-9"}),
        ({"state": "released"}, ListReleased, {"order": "RO-2", "list": "RL-2"}),
        ({"state": "packed"}, ListReleased, {"order": "RO-2", "list": "RL-2"}),
        ({"state": "cancelled"}, PastMerging, {"order": "RO-2", "state": "cancelled"}),
        ({"listed": ""}, PastMerging, {"order": "RO-2", "state": "listed"}),
        (
            {"state": "handed_over", "listed": ""},
            PastMerging,
            {"order": "RO-2", "state": "handed_over"},
        ),
        ({"unpaid_until": SELLS}, NotPaidInTime, {"order": "RO-2", "unpaid_until": SELLS}),
        ({"holds": 1}, HeldFromMerging, {"order": "RO-2"}),
        ({"is_parted": True}, InSeveralParcels, {"order": "RO-2"}),
        ({"buyer": "other"}, BuyersDiffer, {"order": "RO-2", "other": "RO-1"}),
        ({"channel": "other"}, BuyersDiffer, {"order": "RO-2", "other": "RO-1"}),
        ({"house": 8}, BuyersDiffer, {"order": "RO-2", "other": "RO-1"}),
    ],
)
def test_what_stands_in_the_way_is_named(
    change: dict[str, object], refusal: type[DomainError], facts: dict[str, object]
) -> None:
    with pytest.raises(refusal) as raised:
        check_mergeable([FIRST, replace(SECOND, **change)], now=SELLS)  # type: ignore[arg-type]

    assert raised.value.facts == facts


@pytest.mark.parametrize("count", [0, 1, 21])
def test_two_orders_at_least_and_twenty_at_most(count: int) -> None:
    orders = [replace(FIRST, number=f"RO-{n}") for n in range(count)]

    with pytest.raises(TooFewToMerge):
        check_mergeable(orders, now=SELLS)


def test_the_receiver_is_named_where_they_differ() -> None:
    elsewhere = replace(SECOND, receiver=("张三", "138", "上海"))

    assert receiver_among([FIRST, SECOND], "") == 0
    assert receiver_among([FIRST, elsewhere], "RO-2") == 1
    with pytest.raises(ReceiversDiffer) as raised:
        receiver_among([FIRST, elsewhere], "")
    assert "上海" not in str(raised.value.facts), "not a word of the buyer"
    with pytest.raises(ReceiverNotAmong):
        receiver_among([FIRST, elsewhere], "RO-3")
    assert "上海" not in repr(elsewhere)


LINES = st.lists(
    st.builds(IncomingLine, st.sampled_from("ABC"), st.integers(1, 9), st.sampled_from([100, 200])),
    min_size=1,
    max_size=5,
)


@given(st.lists(LINES, min_size=2, max_size=4))
def test_no_unit_and_no_fen_is_lost_and_each_line_finds_its_own(
    told: list[list[IncomingLine]],
) -> None:
    orders = [
        replace(FIRST, number=f"RO-{n}", lines=dict(enumerate(lines, start=1)))
        for n, lines in enumerate(told)
    ]

    lines, at = joined(orders)

    every = [line for several in told for line in several]
    assert len({(line.sku, line.unit_price_minor) for line in lines}) == len(lines)
    for line in lines:
        key = (line.sku, line.unit_price_minor)
        assert line.quantity == sum(
            one.quantity for one in every if (one.sku, one.unit_price_minor) == key
        )
    assert sum(line.quantity for line in lines) == sum(line.quantity for line in every)
    for order in orders:
        for position, line in order.lines.items():
            found = lines[at[order.number, position] - 1]
            assert (found.sku, found.unit_price_minor) == (line.sku, line.unit_price_minor)
