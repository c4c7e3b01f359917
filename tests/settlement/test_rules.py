from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from settlement import risk, rules
from settlement.rules import Invoice, Terms

TERMS = Terms(10_000, Decimal(50), Decimal(30), 100_000_000)
EUR = Decimal("7.4326")


def test_one_payment_for_two_invoices_reaches_the_lower_spread() -> None:
    invoices = [Invoice(10_000_000, {1: 10_000_000}), Invoice(5_000_001, {1: 5_000_001})]

    price = rules.price(invoices, "EUR", EUR, TERMS)

    # 150,000.01 x 7.4326 = 1,114,890.07; x 1.003 = 1,118,234.74
    assert price.goods.mid_minor == 111_489_007
    assert price.goods.cost_minor == 111_823_474
    assert price.goods.spread_bp == 30
    # alone: 746,976.30 + 373,488.22 at 0.50 %, and two wires
    assert price.alone_goods_minor == 112_046_452
    assert price.alone_fee_minor == 20_000
    assert price.saved_minor == 232_978
    assert (price.saved_fees_minor, price.saved_spread_minor) == (10_000, 222_978)


def test_an_invoice_that_is_large_by_itself_would_get_the_lower_spread_alone() -> None:
    invoices = [Invoice(20_000_000, {1: 20_000_000}), Invoice(20_000_000, {2: 20_000_000})]

    price = rules.price(invoices, "EUR", EUR, TERMS)

    assert price.saved_spread_minor == 0
    assert price.saved_minor == 10_000


def test_yen_have_no_decimals() -> None:
    # 1,234,567 JPY x 0.0423076047 = 52,231.57 CNY; x 1.005 = 52,492.73
    told = rules.convert(1_234_567, "JPY", Decimal("0.0423076047"), TERMS)

    assert (told.mid_minor, told.cost_minor) == (5_223_157, 5_249_273)


def test_yuan_are_not_bought() -> None:
    told = rules.convert(123_456, "CNY", Decimal(1), TERMS)

    assert (told.mid_minor, told.cost_minor, told.spread_bp) == (123_456, 123_456, Decimal(0))


def test_the_bank_total_is_shared_exactly_and_the_residue_goes_by_largest_remainder() -> None:
    invoices = [
        Invoice(10_000_000, {7: 6_000_000, 9: 4_000_000}),
        Invoice(5_000_001, {7: 2_000_000, 9: 3_000_001}),
    ]

    charges = rules.charge(invoices, "EUR", EUR, TERMS, goods_minor=111_823_474, fee_minor=10_000)

    assert [(c.seller_id, c.goods_minor, c.fee_minor, c.alone_minor) for c in charges] == [
        (7, 59_639_182, 5_333, 59_768_104),
        (9, 52_184_292, 4_667, 52_298_348),
    ]


def test_equal_remainders_go_to_the_lower_company_id() -> None:
    invoice = Invoice(3, {9: 1, 7: 1, 8: 1})

    charges = rules.charge([invoice], "CNY", Decimal(1), TERMS, goods_minor=4, fee_minor=2)

    assert [(c.seller_id, c.goods_minor, c.fee_minor) for c in charges] == [
        (7, 2, 1),
        (8, 1, 1),
        (9, 1, 0),
    ]


shares = st.dictionaries(st.integers(1, 30), st.integers(1, 10**9), min_size=1, max_size=8)


@given(
    st.lists(shares, min_size=1, max_size=6),
    st.decimals("0.0001", "20", places=10),
    st.sampled_from(["EUR", "JPY", "KWD"]),
)
def test_charges_sum_to_the_payment_and_alone_to_alone(
    told: list[dict[int, int]], mid: Decimal, currency: str
) -> None:
    invoices = [Invoice(sum(s.values()), s) for s in told]
    price = rules.price(invoices, currency, mid, TERMS)

    charges = rules.charge(
        invoices,
        currency,
        mid,
        TERMS,
        goods_minor=price.goods.cost_minor,
        fee_minor=price.fee_minor,
    )

    assert sum(c.goods_minor for c in charges) == price.goods.cost_minor
    assert sum(c.fee_minor for c in charges) == price.fee_minor
    assert sum(c.alone_minor for c in charges) == price.alone_minor
    assert price.saved_spread_minor + price.saved_fees_minor == price.saved_minor
    turned = [
        Invoice(i.amount_minor, dict(sorted(i.shares.items(), reverse=True)))
        for i in reversed(invoices)
    ]
    assert charges == rules.charge(
        turned,
        currency,
        mid,
        TERMS,
        goods_minor=price.goods.cost_minor,
        fee_minor=price.fee_minor,
    )


@pytest.mark.parametrize(
    ("day", "value_date"),
    [
        (date(2026, 10, 28), date(2026, 10, 30)),
        (date(2026, 10, 29), date(2026, 11, 2)),
        (date(2026, 10, 30), date(2026, 11, 3)),
        (date(2026, 10, 31), date(2026, 11, 3)),
        # A make-up Saturday: people work, banks abroad do not settle.
        (date(2026, 10, 8), date(2026, 10, 12)),
    ],
)
def test_money_arrives_two_business_days_on(day: date, value_date: date) -> None:
    assert rules.business_days_after(day, 2) == value_date


@pytest.mark.parametrize(
    ("period", "day", "start", "end"),
    [
        ("quarter", date(2026, 8, 3), date(2026, 7, 1), date(2026, 9, 30)),
        ("quarter", date(2026, 12, 31), date(2026, 10, 1), date(2026, 12, 31)),
        ("month", date(2028, 2, 3), date(2028, 2, 1), date(2028, 2, 29)),
        ("year", date(2026, 8, 3), date(2026, 1, 1), date(2026, 12, 31)),
        ("invoice", date(2026, 8, 3), date(2026, 8, 3), date(2026, 8, 3)),
    ],
)
def test_a_period_holds_its_days(period: str, day: date, start: date, end: date) -> None:
    assert rules.period_of(period, day) == (start, end)


def test_what_is_settled_is_the_period_before() -> None:
    assert rules.period_before("quarter", date(2027, 1, 5)) == (
        date(2026, 10, 1),
        date(2026, 12, 31),
    )


def test_waiting_a_quarter_with_a_million_of_dollars_risks_54_000() -> None:
    told = risk.exposure("USD", 100_000_000, 91)

    assert told is not None
    assert (told.percent, told.at_risk_minor) == (Decimal("5.4"), 5_400_000)
    assert risk.exposure("XXX", 100_000_000, 91) is None
