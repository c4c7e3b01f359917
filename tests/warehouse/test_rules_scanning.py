"""What a barcode says, what is none, and which line of a count it belongs to."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InputError
from warehouse.rules.scanning import (
    CountedLine,
    NamesNoArticle,
    NoSuchDay,
    NotACode,
    NotInThisShipment,
    OtherGoodsOnLine,
    Scanned,
    WrongCheckDigit,
    check_digit,
    read,
    take,
)

GTIN, OTHER = "09520000000011", "09520000000028"
SSCC = "395200000000000012"
TODAY = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("9520000000011", Scanned(gtin=GTIN)),
        (GTIN, Scanned(gtin=GTIN)),
        (" 9520000000011\n", Scanned(gtin=GTIN)),
        ("]E09520000000011", Scanned(gtin=GTIN)),
        ("96385074", Scanned(gtin="00000096385074")),
        (SSCC, Scanned(sscc=SSCC)),
        (f"(00){SSCC}", Scanned(sscc=SSCC)),
        (f"]C100{SSCC}", Scanned(sscc=SSCC)),
        (
            f"(01){GTIN}(11)260131(17)280331(10)L2604(37)24",
            Scanned(
                gtin=GTIN,
                lot="L2604",
                units=24,
                produced_on=date(2026, 1, 31),
                expires_on=date(2028, 3, 31),
            ),
        ),
        (
            f"]C101{GTIN}1528030010L2604\x1d21S-1",
            Scanned(gtin=GTIN, lot="L2604", serial="S-1", best_before=date(2028, 3, 31)),
        ),
        (
            f"]d2\x1d01{GTIN}10L2604|3048|17280200",
            Scanned(gtin=GTIN, lot="L2604", units=48, expires_on=date(2028, 2, 29)),
        ),
        (
            f"]C100{SSCC}02{GTIN}3796\x1d10L2604",
            Scanned(gtin=GTIN, sscc=SSCC, lot="L2604", units=96),
        ),
        (
            f"https://id.example.test/01/{GTIN}/10/LOT-2026-000001/21/A%2FB?17=280331",
            Scanned(gtin=GTIN, lot="LOT-2026-000001", serial="A/B", expires_on=date(2028, 3, 31)),
        ),
        (f"https://id.example.test/01/{GTIN}/21/7", Scanned(gtin=GTIN, serial="7")),
        ("(10)LOT-2026-000001", Scanned(lot="LOT-2026-000001")),
    ],
)
def test_a_code_says(text: str, said: Scanned) -> None:
    assert read(text, today=TODAY) == said


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("9520000000012", WrongCheckDigit),
        ("395200000000000011", WrongCheckDigit),
        ("(01)09520000000012(10)L1", WrongCheckDigit),
        ("]C10109520000000012", WrongCheckDigit),
        ("(00)395200000000000011", WrongCheckDigit),
        ("https://id.example.test/01/09520000000012/21/7", WrongCheckDigit),
        (f"(01){GTIN}(17)289931", NotACode),
        (f"(01){GTIN}(17)280230", NoSuchDay),
        (f"(01){GTIN}(11)990101", NoSuchDay),
        ("", NotACode),
        ("   ", NotACode),
        ("hello", NotACode),
        ("12345", NotACode),
        ("(01)123", NotACode),
        ("(21)ONLY-A-SERIAL", NotACode),
        ("(37)4", NotACode),
        (f"(01){GTIN}(01){OTHER}", NotACode),
        (f"(01){GTIN}(10)" + "9" * 21, NotACode),
        ("https://example.test/shop/milk", NotACode),
        ("https://example.test/01/x", NotACode),
        ("https://[", NotACode),
        (f"https://id.example.test/01/{GTIN}/37/many", NotACode),
        (f"https://id.example.test/01/{GTIN}/30/-5", NotACode),
        (f"https://id.example.test/01/{GTIN}/37/123456789", NotACode),
        ("9" * 300, NotACode),
        ("٩٥٢٠٠٠٠٠٠٠٠١١", NotACode),
        ("牛奶粉", NotACode),
        ("\x00", NotACode),
    ],
)
def test_what_is_no_code_is_refused(text: str, refusal: type[InputError]) -> None:
    with pytest.raises(refusal):
        read(text, today=TODAY)


@given(st.text(max_size=60) | st.from_regex(r"(\]C1)?[0-9()\x1d]{8,60}", fullmatch=True))
def test_whatever_is_scanned_is_read_or_refused(text: str) -> None:
    try:
        said = read(text, today=TODAY)
    except (NotACode, WrongCheckDigit, NoSuchDay):
        return
    assert said.gtin or said.sscc or said.lot


@pytest.mark.parametrize("number", ["106141412345678908", "376130321109103420", "96385074"])
def test_published_numbers_have_their_check_digit(number: str) -> None:
    assert check_digit(number[:-1]) == number[-1]


@given(st.integers(0, 10**13 - 1))
def test_one_wrong_digit_is_always_found(number: int) -> None:
    body = str(number).zfill(13)
    right = check_digit(body)
    assert read(body + right, today=TODAY).gtin == body + right
    for wrong in set("0123456789") - {right}:
        with pytest.raises(WrongCheckDigit):
            read(body + wrong, today=TODAY)


@pytest.mark.parametrize(
    ("today", "told", "day"),
    [
        (date(2026, 1, 1), "760101", date(2076, 1, 1)),
        (date(2049, 1, 1), "990101", date(2099, 1, 1)),
        (date(2099, 1, 1), "520101", date(2052, 1, 1)),
    ],
)
def test_two_digits_of_a_year_are_of_the_nearest_century(today: date, told: str, day: date) -> None:
    assert read(f"(01){GTIN}(17){told}", today=today).expires_on == day


def of(line: int, **told: object) -> CountedLine:
    return CountedLine(line=line, gtin=GTIN, **told)  # type: ignore[arg-type]


def test_a_code_fills_its_line_and_adds_the_units_it_says() -> None:
    said = read(f"(01){GTIN}(17)280331(10)L2604(37)24", today=TODAY)
    lines = [CountedLine(1, OTHER), of(2, batch="L2604", counted=24)]

    assert take(said, lines, adds=False) == of(
        2, counted=48, batch="L2604", expires_on=date(2028, 3, 31)
    )


def test_an_article_number_says_no_units_unless_every_scan_is_one() -> None:
    said = read("9520000000011", today=TODAY)

    assert take(said, [of(1)], adds=False) == of(1)
    assert take(said, [of(1)], adds=True) == of(1, counted=1)
    assert take(said, [of(1, counted=1)], adds=True) == of(1, counted=2)


def test_of_two_lines_of_a_product_that_of_the_batch_is_meant() -> None:
    lines = [of(1, batch="L1"), of(2, batch="L2")]

    assert take(Scanned(gtin=GTIN, lot="L2"), lines, adds=True) == of(2, batch="L2", counted=1)


def test_without_a_batch_the_line_being_counted_goes_on_or_the_next_one_begins() -> None:
    lines = [of(1, counted=3), of(2)]

    assert take(Scanned(gtin=GTIN), lines, adds=True) == of(1, counted=4)
    assert take(Scanned(gtin=GTIN), lines, adds=False) == of(2)


def test_a_batch_that_was_not_announced_is_taken_where_nothing_is_counted_yet() -> None:
    lines = [of(1, batch="L1", counted=3), of(2, batch="L2")]

    assert take(Scanned(gtin=GTIN, lot="L3"), lines, adds=True) == of(2, batch="L3", counted=1)


@pytest.mark.parametrize(
    "said",
    [
        Scanned(gtin=GTIN, lot="L2", units=1),
        Scanned(gtin=GTIN, lot="L1", units=1, expires_on=date(2028, 4, 30)),
        Scanned(gtin=GTIN, units=1, produced_on=date(2026, 2, 1)),
    ],
)
def test_a_line_takes_no_goods_of_another_batch_or_day(said: Scanned) -> None:
    counted = of(
        1,
        counted=3,
        batch="L1",
        produced_on=date(2026, 1, 31),
        expires_on=date(2028, 3, 31),
    )

    with pytest.raises(OtherGoodsOnLine):
        take(said, [counted], adds=False)


def test_a_code_of_other_goods_is_refused_by_its_number() -> None:
    with pytest.raises(NotInThisShipment) as refused:
        take(Scanned(gtin=OTHER), [of(1)], adds=True)
    assert refused.value.facts == {"gtin": OTHER}

    with pytest.raises(NamesNoArticle):
        take(Scanned(sscc=SSCC), [of(1)], adds=True)
