"""Numbers of pallets, what their labels say, and where they may stand."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import DomainError
from warehouse.rules import pallets as rules
from warehouse.rules.pallets import Content
from warehouse.rules.posting import Status
from warehouse.rules.putting import Goods, PlaceTooFull, Reason, Shelf, ZoneDoesNotFit
from warehouse.rules.scanning import WrongCheckDigit, check_digit, read

TODAY = date(2026, 11, 30)
GTIN = "09520000000011"


def test_a_number_has_extension_prefix_reference_and_check_digit() -> None:
    assert rules.sscc("9520000", 1) == "395200000000000012"
    assert rules.sscc("9520000", 999_999_999) == "395200009999999994"


@given(st.from_regex(r"[0-9]{6,12}", fullmatch=True), st.integers(1, 9999))
def test_every_number_has_eighteen_digits_and_is_read_again(prefix: str, serial: int) -> None:
    number = rules.sscc(prefix, serial)

    assert len(number) == 18
    assert number[-1] == check_digit(number[:-1])
    assert read(f"(00){number}", today=TODAY).sscc == number


@pytest.mark.parametrize("prefix", ["", "12345", "1234567890123", "95200a0"])
def test_without_a_company_prefix_there_is_no_number(prefix: str) -> None:
    with pytest.raises(rules.NoCompanyPrefix):
        rules.sscc(prefix, 1)


def test_a_prefix_has_so_many_numbers_and_no_more() -> None:
    assert rules.sscc("952000000000", 9_999)[1:-1] == "9520000000009999"

    with pytest.raises(rules.PalletNumbersUsedUp):
        rules.sscc("952000000000", 10_000)


@pytest.mark.parametrize(
    "text",
    [
        "395200000000000012",
        " 00395200000000000012\n",
        "(00)395200000000000012",
        "]C100395200000000000012",
    ],
)
def test_a_label_is_read_with_and_without_its_identifier(text: str) -> None:
    assert rules.sscc_of(text) == "395200000000000012"
    assert rules.place_code(text) == "395200000000000012"


def test_what_is_no_pallet_is_a_place_and_a_misread_one_is_refused() -> None:
    assert rules.sscc_of("a-01-02") == ""
    assert rules.place_code(" a-01-02 ") == "A-01-02"
    with pytest.raises(WrongCheckDigit):
        rules.sscc_of("395200000000000011")


def test_the_label_of_one_lot_says_goods_day_units_and_lot() -> None:
    one = Content(GTIN, "LOT-2026-000001", 40, date(2028, 3, 31))
    elements = rules.label_elements([one, Content(GTIN, "LOT-2026-000001", 20, date(2028, 3, 31))])

    assert rules.readable(elements) == f"(02){GTIN}(17)280331(37)60(10)LOT-2026-000001"
    assert rules.barcode_text(elements) == f"\xf102{GTIN}172803313760\xf110LOT-2026-000001"
    said = read(rules.barcode_text(elements)[1:].replace("\xf1", "\x1d"), today=TODAY)
    assert (said.gtin, said.units, said.lot, said.expires_on) == (
        GTIN,
        60,
        "LOT-2026-000001",
        date(2028, 3, 31),
    )


def test_the_label_of_a_mixed_pallet_says_its_number_alone() -> None:
    assert rules.label_elements([Content(GTIN, "L-1", 1), Content(GTIN, "L-2", 1)]) == []
    assert rules.label_elements([]) == []


def goods(units: int, status: Status = Status.AVAILABLE, *, lot: int = 1) -> Goods:
    return Goods(lot=lot, product=1, status=status, origin=9, units=units, unit_cm3=100, unit_g=10)


def test_promised_goods_stand_with_what_is_sold() -> None:
    rules.check_pallet([goods(5), goods(2, Status.RESERVED)], Shelf(1, "A-1", "storage"))
    with pytest.raises(ZoneDoesNotFit):
        rules.check_pallet([goods(2, Status.RESERVED)], Shelf(1, "Q-1", "quarantine"))


@pytest.mark.parametrize(
    ("lying", "shelf", "refusal"),
    [
        ([goods(5)], Shelf(1, "Q-1", "quarantine"), ZoneDoesNotFit),
        ([goods(5), goods(1, Status.DAMAGED)], Shelf(1, "A-1", "storage"), ZoneDoesNotFit),
        ([goods(5), goods(6, lot=2)], Shelf(1, "A-1", "storage", bears_cm3=1_099), PlaceTooFull),
        ([goods(5)], Shelf(1, "A-1", "storage", bears_g=100, taken_g=51), PlaceTooFull),
    ],
)
def test_a_pallet_is_not_put_where_some_of_it_may_not_lie(
    lying: list[Goods], shelf: Shelf, refusal: type[DomainError]
) -> None:
    with pytest.raises(refusal):
        rules.check_pallet(lying, shelf)


def test_a_pallet_goes_beside_its_lot_or_to_an_empty_place_with_room_for_all_of_it() -> None:
    full = Shelf(1, "A-1", "storage", bears_cm3=400)
    used = Shelf(2, "A-2", "storage", lies={7: (8, None)})
    empty, gate = Shelf(3, "A-3", "storage"), Shelf(9, "A-0", "gate")
    other = Shelf(4, "A-4", "storage", lies={2: (1, date(2030, 1, 1))})

    found = rules.suggest([goods(5)], [gate, full, other, used, empty])
    assert found is not None
    assert (found.code, found.units, found.reason) == ("A-3", 5, Reason.EMPTY)

    empty.take(goods(1), 1)
    assert rules.suggest([goods(5)], [used, empty]).reason is Reason.SAME_LOT  # type: ignore[union-attr]
    assert rules.suggest([goods(5)], [used]).code == "A-2"  # type: ignore[union-attr]
    assert rules.suggest([goods(5)], [gate, full, other]) is None
    assert rules.suggest([], [used]) is None


def test_what_goes_onto_a_pallet_takes_room_where_it_stands() -> None:
    below = Shelf(1, "A-1", "storage", bears_cm3=1_000)
    pallet = Shelf(2, "395200000000000012", "storage", under=below)

    assert pallet.room_for(goods(20)) == 10
    pallet.take(goods(4), 4)
    assert below.room_for(goods(20)) == 6
    from_there = Goods(lot=1, product=1, status=Status.AVAILABLE, origin=1, units=20, unit_cm3=100)
    assert pallet.room_for(from_there) == 20, "it lies there already"
