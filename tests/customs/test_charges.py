"""What the terms leave out of the price, and the customs value that counts it in."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customs.rules.charges import (
    Charge,
    ChargeInPrice,
    ChargeWrong,
    Kind,
    Mark,
    NoCustomsRate,
    Valued,
    check_charges,
    customs_values,
    left_out,
)

RATES = {"EUR": Decimal("8.2"), "USD": Decimal("7.1"), "JPY": Decimal("0.048")}


def charge(kind: Kind, mark: Mark, value: str, currency: str = "") -> Charge:
    return Charge(kind, mark, Decimal(value), currency)


FREIGHT = charge(Kind.FREIGHT, Mark.TOTAL, "450", "EUR")


@pytest.mark.parametrize(
    ("terms", "kinds"),
    [
        *((terms, {Kind.FREIGHT, Kind.INSURANCE}) for terms in ("FOB", "FCA", "FAS", "EXW")),
        *((terms, {Kind.INSURANCE}) for terms in ("CFR", "CPT")),
        *((terms, set()) for terms in ("CIF", "CIP", "DAP")),
    ],
)
def test_the_terms_say_what_the_price_does_not_hold(terms: str, kinds: set[Kind]) -> None:
    assert left_out(terms) == kinds


@pytest.mark.parametrize(
    "wrong",
    [
        charge(Kind.FREIGHT, Mark.TOTAL, "-1", "EUR"),
        charge(Kind.FREIGHT, Mark.TOTAL, "0", "EUR"),
        charge(Kind.FREIGHT, Mark.TOTAL, "450"),
        charge(Kind.FREIGHT, Mark.RATE, "5", "EUR"),
        charge(Kind.INSURANCE, Mark.UNIT, "5", "EUR"),
    ],
)
def test_a_charge_that_the_form_does_not_know_is_refused(wrong: Charge) -> None:
    with pytest.raises(ChargeWrong):
        check_charges([wrong], "FOB")


def test_a_kind_of_charge_is_declared_once() -> None:
    with pytest.raises(ChargeWrong):
        check_charges([FREIGHT, FREIGHT], "FOB")


def test_what_the_price_holds_is_not_declared_beside_it() -> None:
    check_charges([charge(Kind.OTHER, Mark.TOTAL, "-20", "EUR")], "CIF")
    with pytest.raises(ChargeInPrice) as refused:
        check_charges([FREIGHT], "CFR")
    assert refused.value.facts == {"charge": "freight", "incoterm": "CFR"}


def test_freight_is_shared_by_weight_and_insurance_by_value() -> None:
    light, heavy = customs_values(
        [(200_000, 100_000), (100_000, 200_000)],
        [FREIGHT, charge(Kind.INSURANCE, Mark.TOTAL, "30", "EUR")],
        currency="EUR",
        rates=RATES,
    )

    assert light == Valued(freight=15_000, insurance=2_000, other=0, cif=217_000, cny=1_779_400)
    assert heavy == Valued(freight=30_000, insurance=1_000, other=0, cif=131_000, cny=1_074_200)


@pytest.mark.parametrize(
    ("told", "cif"),
    [
        # 5 % of 1,000.00
        ([charge(Kind.FREIGHT, Mark.RATE, "5")], 105_000),
        # 80 euros for each of 0.5 tonnes
        ([charge(Kind.FREIGHT, Mark.UNIT, "80", "EUR")], 104_000),
        # 82 dollars at 7.1 are 582.2 yuan, at 8.2 71 euros
        ([charge(Kind.FREIGHT, Mark.TOTAL, "82", "USD")], 107_100),
        # 0.3 % of 1,000.00 and 100.00
        (
            [
                charge(Kind.FREIGHT, Mark.RATE, "10"),
                charge(Kind.INSURANCE, Mark.RATE, "0.3"),
            ],
            110_330,
        ),
        ([charge(Kind.OTHER, Mark.TOTAL, "-12.34", "EUR")], 98_766),
    ],
)
def test_a_charge_counts_as_its_mark_says(told: list[Charge], cif: int) -> None:
    (line,) = customs_values([(100_000, 500_000)], told, currency="EUR", rates=RATES)

    assert line.cif == cif


def test_yen_have_no_cents() -> None:
    (line,) = customs_values([(100_000, 1)], [], currency="JPY", rates=RATES)

    assert (line.cif, line.cny) == (100_000, 480_000)


def test_without_customs_rate_nothing_is_valued() -> None:
    with pytest.raises(NoCustomsRate) as refused:
        customs_values([(1, 1)], [], currency="SEK", rates=RATES)
    assert refused.value.facts == {"currency": "SEK"}


@given(
    lines=st.lists(
        st.tuples(st.integers(0, 10**8), st.integers(0, 10**7)), min_size=1, max_size=20
    ),
    freight=st.integers(1, 10**7),
    insurance=st.integers(1, 10**4),
)
def test_the_lines_sum_to_goods_and_charges(
    lines: list[tuple[int, int]], freight: int, insurance: int
) -> None:
    told = [
        Charge(Kind.FREIGHT, Mark.TOTAL, Decimal(freight) / 100, "EUR"),
        Charge(Kind.INSURANCE, Mark.TOTAL, Decimal(insurance) / 100, "EUR"),
    ]

    valued = customs_values(lines, told, currency="EUR", rates=RATES)

    goods = sum(total for total, _grams in lines)
    assert sum(one.freight for one in valued) == freight
    assert sum(one.cif for one in valued) == goods + freight + insurance
