"""What a parcel would be taxed, with its working: by rule, on its page and over the API."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Role
from catalog.models import Product
from core.walls import platform_wide
from customs.models import RetailList
from customs.rules.retail_tax import (
    Limits,
    NotOnPositiveList,
    OverOrderLimit,
    OverYearLimit,
    Parcel,
    ParcelLine,
    Rates,
    assess,
)
from customs.rules.tax_file import GENERAL_TRADE
from customs.rules.tax_working import What, work_out
from tests.factories.accounts import MembershipFactory, SellerFactory, UserFactory
from tests.factories.catalog import ProductFactory
from tests.factories.customs import TariffRateFactory

NOW = Limits(order_limit=500_000, year_limit=2_600_000, payable_fraction=Decimal("0.7"))
CREAM = Rates(duty=Decimal("0.05"), vat=Decimal("0.13"), consumption_tax=Decimal("0.15"))


def line(fen: int, rates: Rates = CREAM, quantity: int = 1) -> ParcelLine:
    return ParcelLine(quantity, fen, "3304990039", rates)


def told(parcel: Parcel, used: int = 0) -> list[tuple[str, str, str, int | None]]:
    (one,) = work_out(parcel, used_this_year=used, limits=NOW).lines
    return [(step.what, step.reckoned, step.yuan, step.due) for step in one.steps]


def test_within_the_limits_seven_tenths_of_both_taxes_are_written_out() -> None:
    assert told(Parcel((line(41_000),), freight=1_500)) == [
        (What.DUTIABLE, "410.00 + 15.00", "425.00", None),
        (What.CONSUMPTION_TAX, "425.00 ÷ (1 − 15 %) × 15 %", "75.00", None),
        (What.VAT, "(425.00 + 75.00) × 13 %", "65.00", None),
        (What.CONSUMPTION_TAX_DUE, "75.00 × 70 %", "52.50", 5_250),
        (What.VAT_DUE, "65.00 × 70 %", "45.50", 4_550),
    ]


def test_without_consumption_tax_there_is_no_step_for_it() -> None:
    plain = Rates(duty=Decimal(0), vat=Decimal("0.13"))
    assert told(Parcel((line(100, plain),))) == [
        (What.DUTIABLE, "1.00 + 0.00", "1.00", None),
        (What.VAT, "1.00 × 13 %", "0.13", None),
        (What.VAT_DUE, "0.13 × 70 %", "0.091", 9),
    ]


def test_one_dear_thing_is_taxed_in_full() -> None:
    steps = told(Parcel((line(600_000, Rates(Decimal("0.05"), Decimal("0.13"))),)))
    assert steps[1:] == [
        (What.DUTY, "6000.00 × 5 %", "300.00", 30_000),
        (What.VAT, "(6000.00 + 300.00) × 13 %", "819.00", 81_900),
    ]


@pytest.mark.parametrize(
    ("parcel", "used", "refusal"),
    [
        (Parcel((line(250_001), line(250_000))), 0, OverOrderLimit),
        (Parcel((line(1_000),)), 2_599_001, OverYearLimit),
        (
            Parcel((line(1_000, Rates(Decimal(0), Decimal("0.13"), on_positive_list=False)),)),
            0,
            NotOnPositiveList,
        ),
    ],
)
def test_what_is_no_retail_import_is_worked_out_as_general_trade(
    parcel: Parcel, used: int, refusal: type[Exception]
) -> None:
    worked = work_out(parcel, used_this_year=used, limits=NOW)
    assert worked.regime == GENERAL_TRADE
    assert type(worked.refusal) is refusal
    assert all(What.DUTY in [step.what for step in one.steps] for one in worked.lines)


@given(
    fen=st.lists(st.integers(0, 400_000), min_size=1, max_size=4),
    freight=st.integers(0, 5_000),
    rates=st.sampled_from(["0", "0.05", "0.15", "0.36"]),
    vat=st.sampled_from(["0.09", "0.13"]),
    quantity=st.integers(1, 3),
)
def test_the_working_ends_where_the_tax_does(
    fen: list[int], freight: int, rates: str, vat: str, quantity: int
) -> None:
    own = Rates(Decimal("0.08"), Decimal(vat), Decimal(rates))
    parcel = Parcel(tuple(line(one, own, quantity) for one in fen), freight)
    worked = work_out(parcel, used_this_year=0, limits=NOW)
    assert worked.dutiable == sum(fen) + freight
    if worked.refusal is None:
        assessed = assess(parcel, used_this_year=0, limits=NOW)
        assert worked.regime == assessed.regime
        assert [one.tax for one in worked.lines] == [one.tax for one in assessed.lines]
        assert worked.tax == assessed.tax


FORM = {
    "goods_1": "",
    "quantity_1": "1",
    "price_1": "410.00",
    "freight": "15",
    "used": "",
    "day": "2026-08-01",
}


@pytest.fixture
def cream() -> Product:
    product = ProductFactory.create(hs_code="3304990039")
    TariffRateFactory.create(hs_code="3304990039", consumption_tax_rate=Decimal("0.15"))
    return product


def visitor(language: str = "en") -> Client:
    person = UserFactory.create()
    MembershipFactory.create(user=person, company=SellerFactory.create(), role=Role.SELLER)
    client = Client(headers={"accept": "text/html", "accept-language": language})
    client.force_login(person)
    return client


def shown(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", answer.content.decode()).split())


def test_general_trade_is_worked_out_when_it_is_asked_for() -> None:
    """No limit is asked, not even the positive list; duty and both taxes in full."""
    unlisted = replace(CREAM, on_positive_list=False)
    parcel = Parcel((line(41_000, unlisted),), freight=1_500)

    worked = work_out(parcel, used_this_year=2_600_000, limits=NOW, is_retail=False)

    assert (worked.regime, worked.refusal) == (GENERAL_TRADE, None)
    (one,) = worked.lines
    assert [(step.what, step.reckoned, step.yuan, step.due) for step in one.steps] == [
        (What.DUTIABLE, "410.00 + 15.00", "425.00", None),
        (What.DUTY, "425.00 × 5 %", "21.25", 2_125),
        (What.CONSUMPTION_TAX, "(425.00 + 21.25) ÷ (1 − 15 %) × 15 %", "78.75", 7_875),
        (What.VAT, "(425.00 + 21.25 + 78.75) × 13 %", "68.25", 6_825),
    ]
    assert worked.tax.total == 2_125 + 7_875 + 6_825


@pytest.mark.django_db
def test_a_seller_sees_general_trade_and_what_a_unit_holds(cream: Product) -> None:
    form = FORM | {"goods_1": cream.hs_code, "regime": "general_trade", "holds_1": "50毫升/瓶"}

    text = shown(visitor().post("/customs/tax/", form))

    assert "General trade: duty, consumption tax and VAT in full" in text
    wrong = visitor().post("/customs/tax/", form | {"holds_1": "much"})
    assert wrong.status_code == 422
    assert "What a unit holds is a number with its measure" in shown(wrong)


@pytest.mark.django_db
def test_a_seller_sees_the_working_of_a_parcel(cream: Product) -> None:
    answer = visitor().post("/customs/tax/", FORM | {"goods_1": cream.sku})

    assert answer.status_code == 200
    text = shown(answer)
    assert "Within both limits: no duty, and 70% of consumption tax and VAT." in text
    for told in ("425.00 ÷ (1 − 15 %) × 15 %", "(425.00 + 75.00) × 13 %", "98.00", "52.50"):
        assert told in text
    with platform_wide():
        assert RetailList.objects.count() == 0


@pytest.mark.django_db
def test_what_may_not_leave_as_retail_is_said_in_ones_language(cream: Product) -> None:
    form = FORM | {"goods_1": cream.hs_code, "price_1": "3000", "quantity_1": "2"}

    text = shown(visitor("zh-hans").post("/customs/tax/", form))

    assert "不能作为跨境电商零售进口" in text
    assert "6000.00" in text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"goods_1": "NONE"}, "neither the SKU of a product nor a tariff code"),
        ({"goods_1": "9999999999"}, "The tariff has no rate of this code on that day."),
        ({"goods_1": "3304990039", "quantity_1": "1.5"}, "Enter a whole number."),
        ({"goods_1": "3304990039", "price_1": "-1"}, "greater than or equal to 0"),
        ({"goods_1": "3304990039", "goods_2": "3304990039"}, "This field is required."),
        ({"goods_1": "3304990039", "day": "2016-04-07"}, "there was no rule for retail import"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    cream: Product, changes: dict[str, str], told: str
) -> None:
    answer = visitor().post("/customs/tax/", FORM | changes)

    assert answer.status_code == 422
    assert told in shown(answer)
