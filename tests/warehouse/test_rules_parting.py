"""What there is in which warehouse, and how an order is served from it; rules only."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse.rules import parting as rules
from warehouse.rules.fulfilling import NotEnoughStock, Shelf, Take, Want
from warehouse.rules.parting import Serving, Shortage, Terms

TODAY = date(2026, 8, 1)
CAME = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)
PART = Terms(Shortage.PART)
SPLIT = Terms(may_split=True)
PART_SPLIT = Terms(Shortage.PART, may_split=True)


def a_shelf(holding: int, on_hand: int, *, house: int = 1, gone: bool = False) -> Shelf:
    expires = date(2026, 8, 1) if gone else None
    return Shelf(holding, 100 + holding, house, expires, CAME, on_hand)


def served(shelves: dict[str, list[Shelf]], wants: list[tuple[str, int]], terms: Terms) -> Serving:
    asked = [Want(position, sku, units) for position, (sku, units) in enumerate(wants, start=1)]
    return rules.plan_serving(shelves, asked, terms=terms, today=TODAY, taken={})


def test_where_one_warehouse_has_it_all_the_terms_do_not_matter() -> None:
    shelves = {"MILK": [a_shelf(1, 2), a_shelf(2, 5, house=2)]}

    for terms in (rules.ALL_OR_NOTHING, PART, SPLIT, PART_SPLIT):
        assert served(shelves, [("MILK", 4)], terms) == Serving(((((1), Take(2, 102, 4)),),))


def test_all_or_nothing_refuses_what_two_warehouses_have_together() -> None:
    shelves = {"MILK": [a_shelf(1, 2), a_shelf(2, 2, house=2)]}

    for terms in (rules.ALL_OR_NOTHING,):
        with pytest.raises(NotEnoughStock) as refused:
            served(shelves, [("MILK", 3)], terms)
    assert refused.value.facts["wanted"] == 3


def test_an_order_is_split_so_that_most_of_it_comes_from_one_warehouse() -> None:
    shelves = {
        "MILK": [a_shelf(1, 2), a_shelf(2, 1, house=2)],
        "TEA": [a_shelf(3, 4, house=2), a_shelf(4, 1, house=3)],
    }

    found = served(shelves, [("MILK", 3), ("TEA", 4)], SPLIT)

    assert found.parts == (
        ((1, Take(2, 102, 1)), (2, Take(3, 103, 4))),
        ((1, Take(1, 101, 2)),),
    )
    assert found.missing == ()


def test_an_order_that_may_be_split_is_still_refused_where_all_together_lack_something() -> None:
    shelves = {"MILK": [a_shelf(1, 2), a_shelf(2, 2, house=2)]}

    with pytest.raises(NotEnoughStock) as refused:
        served(shelves, [("MILK", 5)], SPLIT)
    assert (refused.value.facts["wanted"], refused.value.facts["available"]) == (5, 4)


def test_a_part_is_served_from_the_warehouse_that_has_most() -> None:
    shelves = {"MILK": [a_shelf(1, 2), a_shelf(2, 3, house=2), a_shelf(5, 9, house=2, gone=True)]}

    found = served(shelves, [("MILK", 4), ("TEA", 1)], PART)

    assert found == Serving((((1, Take(2, 102, 3)),),), ((1, 1), (2, 1)))


def test_a_part_of_several_warehouses() -> None:
    shelves = {"MILK": [a_shelf(1, 2), a_shelf(2, 3, house=2)]}

    found = served(shelves, [("MILK", 9)], PART_SPLIT)

    assert [rules.units_by_position(part) for part in found.parts] == [{1: 3}, {1: 2}]
    assert found.missing == ((1, 4),)


def test_of_nothing_no_part_is_served() -> None:
    for terms in (PART, PART_SPLIT, Terms(Shortage.BACK_ORDER, 9)):
        with pytest.raises(NotEnoughStock):
            served({"MILK": [a_shelf(1, 9, gone=True)]}, [("MILK", 1)], terms)
        with pytest.raises(NotEnoughStock):
            served({}, [("MILK", 1)], terms)


SKUS = st.sampled_from(["MILK", "TEA"])


@given(
    stock=st.lists(st.tuples(SKUS, st.integers(1, 3), st.integers(1, 6)), max_size=8),
    wants=st.lists(st.tuples(SKUS, st.integers(1, 9)), min_size=1, max_size=4),
    terms=st.builds(Terms, st.just(Shortage.PART), st.just(0), st.booleans()),
)
def test_what_is_served_and_what_is_missing_is_what_was_wanted(
    stock: list[tuple[str, int, int]], wants: list[tuple[str, int]], terms: Terms
) -> None:
    shelves: dict[str, list[Shelf]] = {}
    for at, (sku, house, units) in enumerate(stock):
        shelves.setdefault(sku, []).append(a_shelf(at, units, house=house))
    try:
        found = served(shelves, wants, terms)
    except NotEnoughStock:
        assert not {sku for sku, _units in wants} & shelves.keys()
        return

    house_of = {one.holding: one.warehouse for several in shelves.values() for one in several}
    sku_of = {one.holding: sku for sku, several in shelves.items() for one in several}
    taken, by_position = Counter[int](), Counter[int]()
    houses = []
    for part in found.parts:
        (house,) = {house_of[take.holding] for _position, take in part}
        houses.append(house)
        for position, take in part:
            taken[take.holding] += take.quantity
            by_position[position] += take.quantity
            assert sku_of[take.holding] == wants[position - 1][0]
    missing = dict(found.missing)
    assert len(houses) == len(set(houses)), "one parcel a warehouse"
    assert terms.may_split or len(houses) == 1
    assert all(taken[at] <= units for at, (_sku, _house, units) in enumerate(stock))
    for position, (_sku, units) in enumerate(wants, start=1):
        assert by_position[position] + missing.get(position, 0) == units
    if terms.may_split:
        for sku in {sku for sku, _units in wants}:
            there = sum(units for other, _house, units in stock if other == sku)
            wanted = sum(units for other, units in wants if other == sku)
            lacks = sum(missing.get(at, 0) for at, one in enumerate(wants, 1) if one[0] == sku)
            assert lacks == max(0, wanted - there), "nothing is missing that lies somewhere"


def test_freight_goes_by_value_to_the_fen() -> None:
    prices = {1: 10_000, 2: 5_000}

    assert rules.shared_freight(1_000, [{1: 1, 2: 1}, {1: 1}], prices) == [600, 400]
    assert rules.shared_freight(1_000, [{1: 1}, {1: 1}, {1: 1}], prices) == [334, 333, 333]
    assert rules.shared_freight(1_000, [{3: 3}, {3: 1}], {3: 0}) == [750, 250]
    assert rules.shared_freight(0, [{1: 1}, {2: 1}], prices) == [0, 0]


@pytest.mark.parametrize(
    "terms",
    [
        Terms(Shortage.BACK_ORDER, 0),
        Terms(Shortage.BACK_ORDER, 61),
        Terms(Shortage.PART, 1),
        Terms(Shortage.REFUSE, 1, may_split=True),
    ],
)
def test_only_back_orders_wait_and_not_for_ever(terms: Terms) -> None:
    with pytest.raises(rules.BackOrderDaysWrong):
        rules.check_terms(terms)


def test_how_long_is_waited() -> None:
    rules.check_terms(Terms(Shortage.BACK_ORDER, 60))

    assert Terms(Shortage.BACK_ORDER, 14).waits_until(TODAY) == date(2026, 8, 15)
    assert PART.waits_until(TODAY) is None
