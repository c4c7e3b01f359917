"""Which legs a movement of goods makes, and which it may not make."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse.rules.posting import (
    PROMISED,
    Account,
    Leg,
    NotToBeDestroyed,
    Place,
    PostingNotBalanced,
    PostingTooSmall,
    PromisedToAnOrder,
    Status,
    StatusDoesNotFollow,
    StockShort,
    changed,
    changes,
    check_enough,
    counted,
    destroyed,
    moved,
    received,
    settled,
    shipped,
    transferred,
)

LOT, GATE, BIN = 7, 1, 2
FREE, HELD = Status.AVAILABLE, Status.RESERVED


def test_what_comes_from_a_supplier_lies_at_its_place_free_to_be_sold() -> None:
    assert received(LOT, GATE, 5) == (
        Leg(Account.SUPPLIER, LOT, -5),
        Leg(Account.STOCK, LOT, 5, GATE, FREE),
    )


def test_goods_change_their_status_where_they_lie() -> None:
    assert changed(LOT, GATE, 5, before=FREE, after=HELD) == (
        Leg(Account.STOCK, LOT, -5, GATE, FREE),
        Leg(Account.STOCK, LOT, 5, GATE, HELD),
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (Status.DAMAGED, FREE),
        (Status.EXPIRED, FREE),
        (Status.RECALLED, FREE),
        (HELD, Status.RECALLED),
        (HELD, Status.PICKED),
        (FREE, Status.PICKED),
        (FREE, FREE),
        (Status.QUARANTINE, Status.QUARANTINE),
        (Status.QUARANTINE, HELD),
    ],
)
def test_a_status_does_not_follow_any_other(before: Status, after: Status) -> None:
    with pytest.raises(StatusDoesNotFollow) as refused:
        changed(LOT, GATE, 1, before=before, after=after)
    assert refused.value.facts == {"before": before.value, "after": after.value}


def test_goods_are_moved_and_counted_in_the_status_they_have() -> None:
    assert moved(LOT, 3, status=FREE, origin=GATE, destination=BIN) == (
        Leg(Account.STOCK, LOT, -3, GATE, FREE),
        Leg(Account.STOCK, LOT, 3, BIN, FREE),
    )
    assert counted(LOT, BIN, -2, status=FREE) == (
        Leg(Account.ADJUSTMENT, LOT, 2),
        Leg(Account.STOCK, LOT, -2, BIN, FREE),
    )


@pytest.mark.parametrize("status", sorted(PROMISED))
def test_what_is_promised_is_neither_moved_nor_counted_away(status: Status) -> None:
    with pytest.raises(PromisedToAnOrder):
        moved(LOT, 1, status=status, origin=GATE, destination=BIN)
    with pytest.raises(PromisedToAnOrder):
        counted(LOT, GATE, -1, status=status)


@pytest.mark.parametrize("status", sorted(Status))
def test_only_what_nobody_can_sell_is_destroyed(status: Status) -> None:
    if status in {Status.DAMAGED, Status.EXPIRED, Status.RECALLED}:
        assert destroyed(LOT, GATE, 4, status=status) == (
            Leg(Account.STOCK, LOT, -4, GATE, status),
            Leg(Account.DESTROYED, LOT, 4),
        )
    else:
        with pytest.raises(NotToBeDestroyed):
            destroyed(LOT, GATE, 4, status=status)


def test_what_was_picked_goes_to_the_consumer() -> None:
    assert shipped(LOT, GATE, 2) == (
        Leg(Account.STOCK, LOT, -2, GATE, Status.PICKED),
        Leg(Account.CONSUMER, LOT, 2),
    )


def test_the_giver_and_the_taker_meet_on_one_account() -> None:
    given_away, taken = transferred(LOT, GATE, 6)

    assert given_away == (
        Leg(Account.STOCK, LOT, -6, GATE, Status.OFFERED),
        Leg(Account.OWNERS, LOT, 6),
    )
    assert taken == (
        Leg(Account.OWNERS, LOT, -6),
        Leg(Account.STOCK, LOT, 6, GATE, FREE),
    )


def test_legs_of_one_place_are_added_up_and_those_that_cancel_out_are_left_away() -> None:
    legs = [
        *changed(LOT, GATE, 2, before=FREE, after=HELD),
        *changed(LOT, GATE, 3, before=FREE, after=HELD),
        *moved(8, 4, status=FREE, origin=GATE, destination=BIN),
        *moved(8, 4, status=FREE, origin=BIN, destination=GATE),
    ]

    assert settled(legs) == list(changed(LOT, GATE, 5, before=FREE, after=HELD))


def test_units_do_not_go_from_one_lot_into_another() -> None:
    legs = [
        Leg(Account.STOCK, LOT, -1, GATE, FREE),
        Leg(Account.STOCK, LOT + 1, 1, GATE, FREE),
    ]

    with pytest.raises(PostingNotBalanced) as refused:
        settled(legs)
    assert refused.value.facts == {"lots": [LOT, LOT + 1], "units": 0}


def test_a_part_of_a_unit_and_nothing_at_all_are_no_movement() -> None:
    with pytest.raises(PostingTooSmall):
        settled(received(LOT, GATE, 0.5))  # type: ignore[arg-type]
    with pytest.raises(PostingTooSmall):
        settled(received(LOT, GATE, 0))
    with pytest.raises(PostingTooSmall):
        settled([])


def test_the_first_place_that_is_short_is_named() -> None:
    here, there = Place(LOT, 3, GATE, FREE), Place(LOT, 4, GATE, FREE)

    check_enough({here: 5}, {here: -5, there: 2})
    with pytest.raises(StockShort) as refused:
        check_enough({here: 5, there: 1}, {there: -2, here: -6})
    assert refused.value.facts == {
        "lot": LOT,
        "owner": 3,
        "status": "available",
        "wanted": 6,
        "available": 5,
    }


@given(
    st.lists(
        st.tuples(st.integers(1, 3), st.sampled_from([GATE, BIN]), st.integers(1, 50)),
        min_size=1,
    )
)
def test_whatever_moves_the_units_of_a_lot_stay_as_many(
    steps: list[tuple[int, int, int]],
) -> None:
    legs = [
        leg
        for lot, place, units in steps
        for leg in (
            *received(lot, place, units),
            *changed(lot, place, units, before=FREE, after=Status.DAMAGED),
            *destroyed(lot, place, units - 1, status=Status.DAMAGED),
        )
    ]

    merged = settled(legs)

    for lot in {leg.lot for leg in merged}:
        assert sum(leg.quantity for leg in merged if leg.lot == lot) == 0
    there = changes([(9, merged)])
    assert sum(there.values()) == len(steps)
    assert {place.status for place in there} == {Status.DAMAGED}
