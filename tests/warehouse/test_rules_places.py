"""Which places a range has, and what is wrong in a file of them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import DomainError
from warehouse.rules import places as rules


def test_a_range_has_every_place_between_its_ends() -> None:
    assert rules.span("A-01-01", "A-02-03") == [
        *("A-01-01", "A-01-02", "A-01-03"),
        *("A-02-01", "A-02-02", "A-02-03"),
    ]
    assert len(rules.span("A-01-01", "A-20-04")) == 80
    assert rules.span("a1", "b2") == ["A1", "A2", "B1", "B2"]
    assert rules.span(" a-01 ", "A-01") == ["A-01"]


@given(low=st.integers(0, 99), more=st.integers(0, 49), aisles=st.integers(1, 3))
def test_a_range_is_as_long_as_its_numbers_say(low: int, more: int, aisles: int) -> None:
    high = min(low + more, 99)
    last = chr(ord("A") + aisles - 1)

    found = rules.span(f"A-{low:02d}", f"{last}-{high:02d}")

    assert len(found) == len(set(found)) == aisles * (high - low + 1)
    assert found == sorted(found)
    assert (found[0], found[-1]) == (f"A-{low:02d}", f"{last}-{high:02d}")


@pytest.mark.parametrize(
    ("first", "last", "refusal"),
    [
        ("A-02", "A-01", rules.NotARange),
        ("A-01", "A-001", rules.NotARange),
        ("A-01", "B", rules.NotARange),
        ("AB-1", "CD-1", rules.NotARange),
        ("A-01", "1-01", rules.NotARange),
        ("A-0001", "A-9999", rules.TooManyPlaces),
        ("A-01-01-01", "A-99-99-99", rules.TooManyPlaces),
        ("", "A-01", rules.WrongPlaceCode),
        ("A_01", "A_02", rules.WrongPlaceCode),
        ("A-", "A-", rules.WrongPlaceCode),
        ("货架1", "货架2", rules.WrongPlaceCode),
        ("A" * 33, "A" * 33, rules.WrongPlaceCode),
        ("095200000000000017", "095200000000000017", rules.WrongPlaceCode),
        ("00095200000000000017", "00095200000000000017", rules.WrongPlaceCode),
    ],
)
def test_what_is_no_range_is_refused(first: str, last: str, refusal: type[DomainError]) -> None:
    with pytest.raises(refusal):
        rules.span(first, last)


def test_a_file_is_read_and_every_wrong_cell_named() -> None:
    right = {"code": "a-1", "zone": "Storage", "volume_m3": "1.2", "load_kg": ""}

    places, faults = rules.read_rows([(2, right)], set())
    assert places == [rules.NewPlace("A-1", "storage", Decimal("1.2"), None)]
    assert faults == []

    rows = [
        (2, right),
        (3, right | {"zone": "cellar", "volume_m3": "-1"}),
        (4, right | {"code": "B-1", "load_kg": "1.2345"}),
        (5, right | {"code": "GATE"}),
        (6, right | {"code": "C-1"}),
        (7, {"code": "", "zone": ""}),
        (8, right | {"code": "D-1", "volume_m3": "0"}),
    ]
    places, faults = rules.read_rows(rows, {"C-1"})
    assert [one.code for one in places] == ["A-1"]
    assert [(one.row, one.field, type(one.error)) for one in faults] == [
        (3, "zone", rules.WrongZone),
        (3, "volume_m3", rules.WrongCapacity),
        (3, "code", rules.PlaceRepeated),
        (4, "load_kg", rules.WrongCapacity),
        (5, "code", rules.PlaceCodeTaken),
        (6, "code", rules.PlaceCodeTaken),
        (7, "code", rules.WrongPlaceCode),
        (7, "zone", rules.WrongZone),
        (8, "volume_m3", rules.WrongCapacity),
    ]
