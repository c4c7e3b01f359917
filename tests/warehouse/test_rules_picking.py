"""What is on a list for picking, and which orders are served when units are missing."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse.rules import picking as rules
from warehouse.rules.picking import Missing, Picked, Spot, Wanted

A, B = Spot(1, 10), Spot(2, 10)


def wants(order: int, spot: Spot, units: int) -> Wanted:
    place = {1: "A-01", 2: "B-07"}[spot.place]
    return Wanted(order, spot, units, place, "MILK", "Milk powder", f"LOT-{spot.lot}")


def test_a_list_has_one_line_for_each_place_and_lot_in_the_order_of_the_walk() -> None:
    lines = rules.pick_list([wants(1, B, 2), wants(2, A, 1), wants(3, B, 4)])

    assert [(line.place_code, line.lot_number, line.units) for line in lines] == [
        ("A-01", "LOT-10", 1),
        ("B-07", "LOT-10", 6),
    ]


def test_what_was_not_told_of_was_found_whole() -> None:
    assert rules.confirm([wants(1, A, 2), wants(2, B, 1)], {}) == Picked((1, 2), {})


def test_an_order_that_lacks_a_unit_is_put_aside_and_its_others_serve_those_behind_it() -> None:
    wanted = [wants(1, A, 1), wants(2, A, 3), wants(2, B, 1), wants(3, A, 1), wants(3, B, 1)]

    picked = rules.confirm(wanted, {A: 3, B: 1})

    assert picked == Picked((1, 3), {2: Missing("A-01", "MILK", "LOT-10", 1)})


@pytest.mark.parametrize("found", [-1, 3])
def test_more_than_a_line_asks_for_is_not_found(found: int) -> None:
    with pytest.raises(rules.FoundOutOfRange) as refused:
        rules.confirm([wants(1, A, 2)], {A: found})
    assert refused.value.facts == {"units": found, "wanted": 2}


@given(
    wanted=st.lists(
        st.builds(wants, st.integers(1, 6), st.sampled_from([A, B]), st.integers(1, 5)), min_size=1
    ),
    share=st.fractions(0, 1),
)
def test_no_more_is_picked_than_was_found_and_every_order_is_one_or_the_other(
    wanted: list[Wanted], share: float
) -> None:
    asked = Counter[Spot]()
    for one in wanted:
        asked[one.spot] += one.units
    found = {spot: int(units * share) for spot, units in asked.items()}

    picked = rules.confirm(wanted, found)

    taken = Counter[Spot]()
    for one in wanted:
        if one.order in picked.whole:
            taken[one.spot] += one.units
    assert all(taken[spot] <= found[spot] for spot in asked)
    assert sorted([*picked.whole, *picked.aside]) == sorted({one.order for one in wanted})
    assert all(one.units > 0 for one in picked.aside.values())


@pytest.mark.parametrize("orders", [0, 201])
def test_a_wave_has_as_many_orders_as_a_list_holds(orders: int) -> None:
    rules.check_size(1)
    rules.check_size(200)
    with pytest.raises(rules.WaveTooLarge):
        rules.check_size(orders)
