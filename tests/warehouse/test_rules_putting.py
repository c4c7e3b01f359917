"""Where goods are put away best, and whose units a move takes."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import DomainError
from warehouse.rules import putting as rules
from warehouse.rules.posting import PromisedToAnOrder, Status
from warehouse.rules.putting import Goods, Reason, Shelf, Suggestion

EARLY, LATE = date(2027, 1, 31), date(2027, 6, 30)
FREE = Status.AVAILABLE


def goods(lot: int = 1, units: int = 10, **told: object) -> Goods:
    """Milk at the gate (place 99), a litre and a kilogram each."""
    plain = {"product": 7, "status": FREE, "origin": 99, "expires_on": LATE}
    return Goods(lot=lot, units=units, unit_cm3=1_000, unit_g=1_000, **(plain | told))  # type: ignore[arg-type]


def shelf(place: int, zone: str = "storage", **told: object) -> Shelf:
    return Shelf(place=place, code=f"A-{place:02d}", zone=zone, **told)  # type: ignore[arg-type]


def test_an_empty_place_near_the_same_product_is_best_without_the_same_lot() -> None:
    shelves = [
        shelf(1),
        shelf(2, lies={5: (7, EARLY)}),
        shelf(3, lies={6: (8, LATE)}),
        shelf(4),
        shelf(5, zone="quarantine"),
        shelf(99, zone="gate"),
    ]

    (found,) = rules.plan([goods()], shelves)
    assert found == Suggestion(1, "A-01", 10, Reason.NEARBY, "A-02")

    # As if it had been put away.
    assert shelves[0].lies == {1: (7, LATE)}
    shelves[0].lies, shelves[3].lies = {}, {1: (7, LATE)}
    (found,) = rules.plan([goods()], shelves)
    assert found == Suggestion(4, "A-04", 10, Reason.SAME_LOT)


def test_two_last_days_of_a_product_never_share_a_place() -> None:
    (found,) = rules.plan([goods()], [shelf(1, lies={5: (7, EARLY)})])
    assert found is None

    (found,) = rules.plan([goods()], [shelf(1, lies={5: (7, LATE)})])
    assert found == Suggestion(1, "A-01", 10, Reason.NEARBY, "A-01")


def test_what_cannot_be_sold_goes_to_quarantine_and_nowhere_else() -> None:
    shelves = [shelf(1), shelf(2, zone="picking"), shelf(3, zone="quarantine")]

    found = rules.plan([goods(status=Status.DAMAGED), goods(2)], shelves)

    assert [one and one.place for one in found] == [3, 1]
    assert rules.plan([goods(status=Status.EXPIRED)], shelves[:2]) == [None]


def test_a_picking_place_is_filled_with_its_own_lot_alone() -> None:
    picking = shelf(1, zone="picking", lies={1: (7, LATE)})

    found = rules.plan([goods(), goods(2)], [picking])

    assert found == [Suggestion(1, "A-01", 10, Reason.SAME_LOT), None]


def test_a_place_takes_what_it_bears_and_the_next_goods_find_it_full() -> None:
    shelves = [shelf(1, bears_cm3=12_000), shelf(2, bears_g=25_000, taken_g=10_000)]

    found = rules.plan([goods(), goods(2), goods(3)], shelves)

    assert found == [
        Suggestion(1, "A-01", 10, Reason.EMPTY),
        Suggestion(2, "A-02", 10, Reason.NEARBY, "A-01"),
        # Five fit at the second, two at the first.
        Suggestion(2, "A-02", 5, Reason.NEARBY, "A-02"),
    ]
    assert rules.plan([goods(4)], [shelf(1, bears_g=999)]) == [None]


def test_goods_of_unknown_volume_take_none_and_unknown_capacity_bears_all() -> None:
    big = Goods(lot=1, product=7, status=FREE, origin=99, units=10**6)
    assert shelf(1, bears_cm3=1).room_for(big) == 10**6
    assert shelf(1).room_for(goods(units=10**6)) == 10**6


@pytest.mark.parametrize(
    ("moved", "to", "refusal"),
    [
        (goods(units=0), shelf(1), rules.MovesNothing),
        (goods(origin=1), shelf(1), rules.AlreadyThere),
        (goods(status=Status.RESERVED), shelf(1), PromisedToAnOrder),
        (goods(), shelf(1, zone="quarantine"), rules.ZoneDoesNotFit),
        (goods(status=Status.QUARANTINE), shelf(1), rules.ZoneDoesNotFit),
        (goods(status=Status.RECALLED), shelf(1, zone="picking"), rules.ZoneDoesNotFit),
        (goods(), shelf(1, bears_cm3=9_999), rules.PlaceTooFull),
    ],
)
def test_a_move_that_cannot_be_is_refused(
    moved: Goods, to: Shelf, refusal: type[DomainError]
) -> None:
    with pytest.raises(refusal):
        rules.check_move(moved, to)


def test_at_the_gate_and_in_its_zone_everything_may_lie() -> None:
    for status in (FREE, Status.DAMAGED, Status.EXPIRED):
        rules.check_move(goods(status=status), shelf(1, zone="gate"))
    rules.check_move(goods(), shelf(1, bears_cm3=10_000))
    rules.check_move(goods(status=Status.DAMAGED), shelf(1, zone="quarantine"))


@given(held=st.dictionaries(st.integers(1, 9), st.integers(0, 50), max_size=5), data=st.data())
def test_a_move_takes_of_each_owner_at_most_what_it_has(
    held: dict[int, int], data: st.DataObject
) -> None:
    there = sum(held.values())
    units = data.draw(st.integers(1, there + 3))
    if units > there:
        with pytest.raises(rules.TooFewThere):
            rules.split(units, held, lot="L", place="A")
        return

    taken = rules.split(units, held, lot="L", place="A")

    assert sum(taken.values()) == units
    assert all(0 < part <= held[owner] for owner, part in taken.items())
    # In proportion: off by less than one unit.
    for owner, has in held.items():
        assert abs(taken.get(owner, 0) * there - units * has) < there
