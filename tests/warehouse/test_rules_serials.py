"""Serial numbers: how they are read, and which units they name."""

from __future__ import annotations

import pytest

from core.errors import DomainError
from warehouse.rules.serials import (
    SerialDidNotLeave,
    SerialNotHere,
    SerialSeenTwice,
    SerialsMissing,
    Unit,
    WrongSerial,
    check_serials,
    choose,
    choose_back,
    read_serials,
)


def test_they_stand_one_after_the_other() -> None:
    assert read_serials(" S-1 S-2\r\nS-3\n\n") == ("S-1", "S-2", "S-3")


def test_there_is_one_for_each_unit_of_a_product_that_keeps_them() -> None:
    assert check_serials(["S-1", "S-2"], 2, keeps=True) == ("S-1", "S-2")
    assert check_serials([], 0, keeps=True) == ()
    assert check_serials(["S-1"], 9, keeps=False) == ()


@pytest.mark.parametrize(
    ("serials", "refusal", "facts"),
    [
        (["S-1"], SerialsMissing, {"units": 2, "serials": 1}),
        (["S-1", "S-2", "S-3"], SerialsMissing, {"units": 2, "serials": 3}),
        (["S-1", "S-1"], SerialSeenTwice, {"row": 2, "serial": "S-1", "first_row": 1}),
        (["S-1", "序-2"], WrongSerial, {"row": 2, "serial": "序-2"}),
        (["S" * 21, "S-2"], WrongSerial, {"row": 1, "serial": "S" * 21}),
    ],
)
def test_wrong_ones_are_refused_by_their_row(
    serials: list[str], refusal: type[DomainError], facts: dict[str, object]
) -> None:
    with pytest.raises(refusal) as refused:
        check_serials(serials, 2, keeps=True)
    assert refused.value.facts == facts


UNITS = [Unit(1, "S-1", "L-1"), Unit(2, "S-2", "L-1", 2), Unit(3, "S-3", "L-1", 1)]


def test_what_is_in_the_house_leaves_and_what_left_comes_back() -> None:
    assert [one.pk for one in choose(["S-2", "S-1"], UNITS, {"L-1": 2})] == [2, 1]
    assert [one.pk for one in choose_back(["S-3"], UNITS, {"L-1": 1})] == [3]


def test_two_products_may_have_units_of_one_number() -> None:
    units = [Unit(1, "S-1", "L-1"), Unit(2, "S-1", "L-2")]

    assert [one.pk for one in choose(["S-1", "S-1"], units, {"L-1": 1, "L-2": 1})] == [1, 2]


@pytest.mark.parametrize(
    ("serials", "refusal"),
    [
        (["S-1"], SerialsMissing),
        (["S-1", "S-3"], SerialNotHere),
        (["S-1", "S-9"], SerialNotHere),
        (["S-1", "S-1"], SerialSeenTwice),
    ],
)
def test_nothing_leaves_that_is_not_here_or_not_named(
    serials: list[str], refusal: type[DomainError]
) -> None:
    with pytest.raises(refusal):
        choose(serials, UNITS, {"L-1": 2})


@pytest.mark.parametrize(
    ("serials", "refusal"),
    [([], SerialsMissing), (["S-1"], SerialDidNotLeave), (["S-3", "S-3"], SerialSeenTwice)],
)
def test_nothing_comes_back_that_did_not_leave(
    serials: list[str], refusal: type[DomainError]
) -> None:
    with pytest.raises(refusal):
        choose_back(serials, UNITS, {"L-1": 1})
