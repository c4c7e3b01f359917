"""First expired, first out; rules only, no database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse.rules.fulfilling import (
    NotEnoughStock,
    Shelf,
    Take,
    TooShortLived,
    Want,
    is_expired,
    plan_order,
    plan_parcel,
    plan_take,
)
from warehouse.rules.shelf_life import Minimums, last_sellable_day

TODAY = date(2026, 8, 1)
MORNING = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)


def a_shelf(
    lot: int,
    on_hand: int,
    expires_on: date | None,
    *,
    received_at: datetime = MORNING,
    warehouse: int = 1,
) -> Shelf:
    return Shelf(100 + lot, lot, warehouse, expires_on, received_at, on_hand)


def lots_of(takes: Sequence[Take]) -> list[tuple[int, int]]:
    return [(take.lot, take.quantity) for take in takes]


def test_the_first_to_expire_goes_first_and_goods_without_a_date_go_last() -> None:
    shelves = [
        a_shelf(1, 5, None),
        a_shelf(2, 5, date(2027, 6, 30)),
        a_shelf(3, 5, date(2026, 12, 31)),
    ]

    assert lots_of(plan_take(shelves, 12, today=TODAY)) == [(3, 5), (2, 5), (1, 2)]


def test_of_one_expiry_the_earlier_receipt_goes_first_then_the_lower_lot() -> None:
    same = date(2027, 1, 1)
    shelves = [
        a_shelf(3, 1, same, received_at=MORNING + timedelta(days=1)),
        a_shelf(2, 1, same),
        a_shelf(1, 1, same),
    ]

    assert lots_of(plan_take(shelves, 3, today=TODAY)) == [(1, 1), (2, 1), (3, 1)]


def test_goods_may_be_sold_until_the_day_before_their_expiry() -> None:
    assert is_expired(TODAY - timedelta(days=1), TODAY)
    assert is_expired(TODAY, TODAY)
    assert not is_expired(TODAY + timedelta(days=1), TODAY)
    assert not is_expired(None, TODAY)


def test_an_expired_lot_is_never_picked_even_when_nothing_else_is_there() -> None:
    with pytest.raises(NotEnoughStock) as refused:
        plan_take([a_shelf(1, 50, TODAY)], 1, today=TODAY)

    assert refused.value.facts == {"wanted": 1, "available": 0}


def test_all_or_nothing() -> None:
    shelves = [a_shelf(1, 5, date(2027, 1, 1)), a_shelf(2, 4, None), a_shelf(3, 9, TODAY)]

    with pytest.raises(NotEnoughStock) as refused:
        plan_take(shelves, 10, today=TODAY)

    assert refused.value.facts == {"wanted": 10, "available": 9}


def test_a_product_that_stands_twice_in_an_order_is_not_counted_twice() -> None:
    shelves = {"MILK": [a_shelf(1, 5, None)]}

    with pytest.raises(NotEnoughStock) as refused:
        plan_order(shelves, [Want(1, "MILK", 3), Want(2, "MILK", 3)], today=TODAY, taken={})

    assert refused.value.facts == {"line": 2, "product": "MILK", "wanted": 3, "available": 2}


def test_what_an_earlier_order_took_is_not_there_for_the_next() -> None:
    shelves = {"MILK": [a_shelf(1, 5, None)]}

    plan = plan_order(shelves, [Want(1, "MILK", 2)], today=TODAY, taken={101: 3})

    assert plan == [(1, Take(101, 1, 2))]
    with pytest.raises(NotEnoughStock):
        plan_order(shelves, [Want(1, "MILK", 3)], today=TODAY, taken={101: 3})


def test_a_parcel_comes_from_one_warehouse() -> None:
    shelves = {
        "MILK": [a_shelf(1, 2, None, warehouse=1), a_shelf(2, 3, None, warehouse=2)],
        "SOAP": [a_shelf(3, 9, None, warehouse=1), a_shelf(4, 9, None, warehouse=2)],
    }
    both = [Want(1, "SOAP", 1), Want(2, "MILK", 3)]

    plan = plan_parcel(shelves, both, today=TODAY, taken={})

    assert [(position, take.lot) for position, take in plan] == [(1, 4), (2, 2)]
    with pytest.raises(NotEnoughStock) as refused:
        plan_parcel(shelves, [Want(1, "MILK", 5)], today=TODAY, taken={})
    assert refused.value.facts == {"line": 1, "product": "MILK", "wanted": 5, "available": 3}


SHELVES = st.lists(
    st.builds(
        a_shelf,
        st.integers(1, 1_000),
        st.integers(0, 30),
        st.none() | st.dates(date(2026, 7, 1), date(2027, 7, 1)),
    ),
    unique_by=lambda shelf: shelf.lot,
    max_size=12,
)


@given(SHELVES, st.integers(1, 100))
def test_a_plan_takes_exactly_what_is_wanted_and_leaves_no_older_stock_behind(
    shelves: list[Shelf], wanted: int
) -> None:
    by_lot = {shelf.lot: shelf for shelf in shelves}
    usable = [shelf for shelf in shelves if not is_expired(shelf.expires_on, TODAY)]
    try:
        takes = plan_take(shelves, wanted, today=TODAY)
    except NotEnoughStock:
        assert sum(shelf.on_hand for shelf in usable) < wanted
        return

    assert sum(take.quantity for take in takes) == wanted
    taken = {take.lot: take.quantity for take in takes}
    assert all(0 < units <= by_lot[lot].on_hand for lot, units in taken.items())
    assert not any(is_expired(by_lot[lot].expires_on, TODAY) for lot in taken)
    last = by_lot[takes[-1].lot].expires_on or date.max
    for shelf in usable:
        if (shelf.expires_on or date.max) < last:
            assert taken.get(shelf.lot, 0) == shelf.on_hand


@pytest.mark.parametrize(("left", "is_taken"), [(29, False), (30, True), (31, True)])
def test_a_sale_leaves_so_many_days_of_life(left: int, is_taken: bool) -> None:
    shelves = [a_shelf(1, 5, TODAY + timedelta(days=left)), a_shelf(2, 5, None)]

    takes = plan_take(shelves, 2, today=TODAY, least_days=30)

    assert lots_of(takes) == [(1 if is_taken else 2, 2)]


def test_a_refusal_says_what_is_there_and_may_not_be_sold() -> None:
    shelves = [a_shelf(1, 5, TODAY + timedelta(days=29)), a_shelf(2, 3, None)]
    expired = a_shelf(3, 9, TODAY)

    with pytest.raises(TooShortLived) as refused:
        plan_take([*shelves, expired], 4, today=TODAY, taken={101: 1}, least_days=30)

    assert refused.value.facts == {
        "wanted": 4,
        "available": 3,
        "short_lived": 4,
        "least_days": 30,
    }


def test_the_last_sellable_day_is_that_on_which_a_sale_still_takes() -> None:
    for least in (0, 1, 2, 30):
        last = last_sellable_day(TODAY + timedelta(days=100), least)
        assert last == TODAY + timedelta(days=100 - max(least, 1))
        shelf = [a_shelf(1, 1, TODAY + timedelta(days=100))]
        assert plan_take(shelf, 1, today=last, least_days=least)
        with pytest.raises(NotEnoughStock):
            plan_take(shelf, 1, today=last + timedelta(days=1), least_days=least)
    assert last_sellable_day(None, 30) is None


def test_a_shop_comes_before_a_product_and_a_product_before_all() -> None:
    minimums = Minimums(90, {"MILK": 120, "TEA": 200}, {"tmall": 180})

    asked = [("tmall", "MILK"), ("own", "MILK"), ("own", "SOAP"), ("tmall", "SOAP")]
    assert [minimums.of(*one) for one in asked] == [180, 120, 90, 180]
