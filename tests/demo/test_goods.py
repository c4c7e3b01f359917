"""Reading products, full ones and ones that a mapping completes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from demo import house
from demo.calendar import Quarter, QuarterNotReadable
from demo.goods import COLUMNS, GoodsRefused, MappingRefused, read_goods, read_mapping

CURRENCIES = {"ALM": "EUR", "RHG": "EUR", "LAV": "EUR", "COL": "EUR", "HAN": "JPY"}
CURRENCIES |= {"BLU": "AUD", "RBC": "USD"}
HEADER = "sku,category,retail_price_brl,weight_g,volume_m3,listings,sellers\n"


def _mapping() -> dict[str, object]:
    return read_mapping((house.DATA / "mapping.toml").read_bytes())


def test_the_demos_own_products_are_all_usable() -> None:
    content = (house.DATA / "products.csv").read_bytes()

    goods = read_goods("products.csv", content, mapping=None, currencies=CURRENCIES)

    shampoo = next(one for one in goods if one.sku == "JP-SHAMPOO-500")
    assert shampoo.breaks == ((1, 8640), (40, 8040), (120, 7320)), "yen have no decimals"
    assert shampoo.retail_price_minor == 7900


def test_a_mapping_completes_supplier_code_pack_and_price() -> None:
    content = (HEADER + "TOYS-B1,toys,100.00,400,0.002,9,4\n").encode()

    (toy,) = read_goods("p.csv", content, mapping=_mapping(), currencies=CURRENCIES)

    assert (toy.supplier, toy.currency, toy.origin, toy.hs_code) == (
        *("HAN", "JPY", "JPN"),
        "9503008900",
    )
    assert (toy.pack_quantity, toy.minimum_quantity) == (12, 48)
    assert (toy.net_weight_g, toy.gross_weight_g, toy.volume_cm3) == (400, 440, 2000)
    # 100 BRL * 1.80 = 180 CNY retail; 40 % of it is 72 CNY a unit; 12 of them at 0.059 CNY.
    assert toy.retail_price_minor == 18_000
    assert toy.breaks == ((1, 14_644), (10, 13_619), (40, 12_594))
    assert toy.rates == (Decimal("0"), Decimal("0.13"), Decimal("0"))


def test_goods_of_a_fresh_category_spoil() -> None:
    content = (HEADER + "FLOWERS-B1,flowers,30.00,200,0.001,9,4\n").encode()

    (flower,) = read_goods("p.csv", content, mapping=_mapping(), currencies=CURRENCIES)

    assert (flower.storage, flower.shelf_life_days) == ("fresh", 14)


def test_every_wrong_row_is_named() -> None:
    content = (
        HEADER
        + "A,toys,ten,400,0.002,9,4\n"
        + ",toys,10,400,0.002,9,4\n"
        + "B,toys,0,400,0.002,9,4\n"
        + "C,toys,10,400,0.002,9,4\n"
        + "C,toys,10,400,0.002,9,4\n"
    ).encode()

    with pytest.raises(GoodsRefused) as refused:
        read_goods("p.csv", content, mapping=_mapping(), currencies=CURRENCIES)

    rows = refused.value.facts["rows"]
    assert isinstance(rows, list)
    assert [(error.row, error.field) for error in rows] == [
        *((2, "retail_price_brl"), (3, "sku")),
        *((4, "retail_price_brl"), (6, "sku")),
    ]


@pytest.mark.parametrize(
    "breaks", ["10:5.00", "1:5.00;1:4.00", "1:4.00;10:5.00", "1:0", "1:4.005", "cheap"]
)
def test_price_breaks_begin_at_one_pack_and_fall(breaks: str) -> None:
    row = dict.fromkeys(COLUMNS, "1") | {
        "sku": "A",
        "name_zh": "甲",
        "name_en": "A",
        "supplier": "ALM",
        "currency": "EUR",
        "price_breaks": breaks,
        "shelf_life_days": "",
    }
    content = (",".join(COLUMNS) + "\n" + ",".join(row[name] for name in COLUMNS)).encode()

    with pytest.raises(GoodsRefused) as refused:
        read_goods("p.csv", content, mapping=None, currencies=CURRENCIES)

    rows = refused.value.facts["rows"]
    assert isinstance(rows, list)
    assert [error.field for error in rows] == ["price_breaks"]


def test_a_mapping_without_a_part_is_refused() -> None:
    with pytest.raises(MappingRefused):
        read_mapping(b"[columns]\nsku = 'sku'\n")
    with pytest.raises(MappingRefused):
        read_mapping(b"this is no TOML")


def test_quarters_know_their_days() -> None:
    quarter = Quarter.named("2026-Q4")

    assert str(quarter.first_day) == "2026-10-01"
    assert str(quarter.last_day) == "2026-12-31"
    assert quarter.after() == Quarter(2027, 1)
    with pytest.raises(QuarterNotReadable):
        Quarter.named("2026Q4")


def test_a_quarter_that_is_not_over_is_rehearsed_whole_weeks_earlier() -> None:
    over, coming = Quarter.named("2026-Q3"), Quarter.named("2027-Q1")
    today = date(2026, 11, 2)

    assert over.told_by(today) == over
    rehearsed = coming.told_by(today)
    assert rehearsed.name == "2027-Q1"
    assert rehearsed.days_earlier == 154
    assert str(rehearsed.settles_at.date()) == "2026-10-29"
    assert rehearsed.first_day.weekday() == coming.first_day.weekday()
