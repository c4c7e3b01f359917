"""How a count at the gate is checked: rules only, no database."""

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
    check_count,
    check_counts,
    entitle,
)

ANNA, BERT = 1, 2


@pytest.mark.parametrize("counted", [-1, True, 2.0, "3"])
def test_a_count_is_a_whole_number(counted: object) -> None:
    with pytest.raises(NotACount):
        check_counts({11: 5}, {11: counted})  # type: ignore[dict-item]


def test_a_count_over_the_notice_is_refused_with_both_figures() -> None:
    with pytest.raises(CountOverNotice) as refused:
        check_count(5, 6)

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


OWNERS = st.dictionaries(st.integers(1, 60), st.integers(0, 500), min_size=1, max_size=40).map(
    lambda found: [Entitled(owner, units) for owner, units in found.items()]
)


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
            still_open[part.owner] = Entitled(part.owner, before.quantity - part.quantity)
        left -= announced

    assert given_out == {one.owner: one.quantity for one in shares}
