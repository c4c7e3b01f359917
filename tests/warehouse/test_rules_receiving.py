"""Who bears what is missing: rules only, no database."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse.rules.receiving import (
    CountIncomplete,
    CountOverNotice,
    Entitled,
    NotACount,
    NotOnShipment,
    SharesDoNotAddUp,
    check_counts,
    entitle,
    share_received,
)

ANNA, BERT, CARA, PLATFORM = 1, 2, 3, 9


def test_a_full_delivery_gives_everybody_its_share() -> None:
    assert share_received(60, [Entitled(ANNA, 40), Entitled(BERT, 20)]) == {ANNA: 40, BERT: 20}


def test_the_platforms_surplus_goes_short_before_any_seller() -> None:
    entitled = [Entitled(ANNA, 40), Entitled(BERT, 18), Entitled(PLATFORM, 2, is_surplus=True)]

    assert share_received(59, entitled) == {ANNA: 40, BERT: 18, PLATFORM: 1}
    assert share_received(58, entitled) == {ANNA: 40, BERT: 18, PLATFORM: 0}


def test_what_the_surplus_cannot_bear_falls_on_the_sellers_pro_rata() -> None:
    entitled = [
        Entitled(ANNA, 50),
        Entitled(BERT, 30),
        Entitled(CARA, 10),
        Entitled(PLATFORM, 6, is_surplus=True),
    ]

    # 15 are missing: 6 by the platform, 9 by the sellers as 50 : 30 : 10.
    assert share_received(81, entitled) == {ANNA: 45, BERT: 27, CARA: 9, PLATFORM: 0}


def test_the_largest_remainder_bears_the_odd_unit() -> None:
    # 2 missing of 10 as 7 : 3 is 1.4 and 0.6.
    assert share_received(8, [Entitled(ANNA, 7), Entitled(BERT, 3)]) == {ANNA: 6, BERT: 2}


def test_equal_remainders_go_by_company_id_whatever_order_they_come_in() -> None:
    entitled = [Entitled(CARA, 5), Entitled(ANNA, 5), Entitled(BERT, 5)]

    assert share_received(14, entitled) == {ANNA: 4, BERT: 5, CARA: 5}
    assert share_received(13, entitled) == {ANNA: 4, BERT: 4, CARA: 5}


def test_nothing_arrived_is_nothing_for_everybody() -> None:
    entitled = [Entitled(ANNA, 5), Entitled(PLATFORM, 1, is_surplus=True)]

    assert share_received(0, entitled) == {ANNA: 0, PLATFORM: 0}


@pytest.mark.parametrize("counted", [-1, True, 2.0, "3"])
def test_a_count_is_a_whole_number(counted: object) -> None:
    with pytest.raises(NotACount):
        share_received(counted, [Entitled(ANNA, 5)])  # type: ignore[arg-type]


def test_a_count_over_the_notice_is_refused_with_both_figures() -> None:
    with pytest.raises(CountOverNotice) as refused:
        share_received(6, [Entitled(ANNA, 5)])

    assert refused.value.facts == {"announced": 5, "counted": 6}


def test_counts_of_a_shipment_name_each_line_once_and_no_other() -> None:
    check_counts({11: 5, 12: 7}, {11: 5, 12: 0})

    with pytest.raises(CountIncomplete) as missing:
        check_counts({11: 5, 12: 7}, {11: 5})
    assert missing.value.facts == {"lines": [12]}
    with pytest.raises(NotOnShipment) as foreign:
        check_counts({11: 5}, {11: 5, 99: 1})
    assert foreign.value.facts == {"lines": [99]}
    with pytest.raises(CountOverNotice) as over:
        check_counts({11: 5, 12: 7}, {11: 5, 12: 8})
    assert over.value.facts == {"line": 12, "announced": 7, "counted": 8}


def test_a_shipment_of_the_whole_line_entitles_everybody_to_its_share() -> None:
    assert entitle(12, [Entitled(BERT, 5), Entitled(ANNA, 7)]) == [
        Entitled(ANNA, 7),
        Entitled(BERT, 5),
    ]


def test_more_announced_than_shared_out_is_refused() -> None:
    with pytest.raises(SharesDoNotAddUp):
        entitle(13, [Entitled(BERT, 5), Entitled(ANNA, 7)])


OWNERS = st.dictionaries(
    st.integers(1, 60), st.tuples(st.integers(0, 500), st.booleans()), min_size=1, max_size=40
).map(lambda found: [Entitled(owner, units, surplus) for owner, (units, surplus) in found.items()])


@given(OWNERS, st.data())
def test_received_is_the_sum_of_the_parts_and_nobody_gets_more_than_its_share(
    entitled: list[Entitled], data: st.DataObject
) -> None:
    announced = sum(one.quantity for one in entitled)
    counted = data.draw(st.integers(0, announced))

    received = share_received(counted, entitled)

    assert sum(received.values()) == counted
    assert all(0 <= received[one.owner] <= one.quantity for one in entitled)
    sellers = [one for one in entitled if not one.is_surplus]
    if any(received[one.owner] < one.quantity for one in sellers):
        assert not any(received[one.owner] for one in entitled if one.is_surplus)


@given(OWNERS, st.data())
def test_shipments_in_parts_give_each_owner_exactly_its_share_in_the_end(
    shares: list[Entitled], data: st.DataObject
) -> None:
    still_open = {one.owner: one for one in shares}
    given_out = dict.fromkeys(still_open, 0)
    left = sum(one.quantity for one in shares)
    while left:
        announced = data.draw(st.integers(1, left))
        for part in entitle(announced, list(still_open.values())):
            given_out[part.owner] += part.quantity
            before = still_open[part.owner]
            still_open[part.owner] = Entitled(
                part.owner, before.quantity - part.quantity, before.is_surplus
            )
        left -= announced

    assert given_out == {one.owner: one.quantity for one in shares}
