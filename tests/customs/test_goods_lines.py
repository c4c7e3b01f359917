"""Goods lines: weights and money add up, whatever a shipment carries."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customs.rules.declaring import (
    NetOverGross,
    NothingShipped,
    Shipped,
    form_for,
    goods_lines,
    kilograms,
    unit_price,
)


def shipped(**changes: object) -> Shipped:
    told: dict[str, object] = {
        "key": 1,
        "sku": "MILK-001",
        "hs_code": "1901101010",
        "name_zh": "示例奶粉",
        "origin": "DEU",
        "declared_unit": "122",
        "legal_unit": "035",
        "unit_net": 900,
        "unit_gross": 1100,
        "ordered": 60,
        "shipped": 60,
        "amount": 60_000,
    }
    return Shipped(**(told | changes))  # type: ignore[arg-type]


def test_the_packing_is_shared_and_the_lines_sum_to_the_head() -> None:
    small, large = goods_lines(
        [shipped(key=1), shipped(key=2, shipped=30)], gross_weight=100_000, currency="EUR"
    )

    assert (small.net_weight, large.net_weight) == (54_000, 27_000)
    assert (small.gross_weight, large.gross_weight) == (66_667, 33_333)
    assert (small.total, large.total) == (60_000, 30_000)


@pytest.mark.parametrize(
    ("unit", "declared", "quantity"),
    [("035", "122", "54.00000"), ("036", "122", "54000.00000"), ("122", "122", "60.00000")],
)
def test_the_legal_quantity_follows_the_legal_unit(unit: str, declared: str, quantity: str) -> None:
    line = shipped(legal_unit=unit, declared_unit=declared)

    (made,) = goods_lines([line], gross_weight=66_000, currency="EUR")

    assert made.legal_quantity == Decimal(quantity)


def test_a_unit_price_has_four_decimals_of_its_currency() -> None:
    assert unit_price(100, 3, "EUR") == Decimal("0.3333")
    assert unit_price(100, 3, "JPY") == Decimal("33.3333")
    assert unit_price(1, 16, "EUR") == Decimal("0.0006")


def test_a_shipment_of_nothing_makes_no_lines() -> None:
    for lines in ([], [shipped(shipped=0)]):
        with pytest.raises(NothingShipped):
            goods_lines(lines, gross_weight=1, currency="EUR")


def test_the_whole_cannot_be_lighter_than_its_contents() -> None:
    with pytest.raises(NetOverGross):
        goods_lines([shipped()], gross_weight=53_999, currency="EUR")


def test_kilograms_are_exact() -> None:
    assert [kilograms(grams) for grams in (54_000, 54_500, 1, 10, 0)] == [
        "54",
        "54.5",
        "0.001",
        "0.01",
        "0",
    ]


def test_the_fifth_place_of_the_company_code_tells_the_form() -> None:
    assert form_for("3302W60001") == "1"
    assert form_for("3302960001") == "3"
    assert form_for("") == "3"


@given(
    told=st.lists(
        st.tuples(
            st.integers(1, 5_000),
            st.integers(0, 500),
            st.integers(1, 100_000),
            st.integers(1, 10**9),
        ),
        min_size=1,
        max_size=60,
    ),
    packing=st.integers(0, 10**7),
)
def test_lines_always_sum_to_the_head_and_agree_with_their_price(
    told: list[tuple[int, int, int, int]], packing: int
) -> None:
    lines = [
        shipped(
            key=i, unit_net=net, unit_gross=net + box, ordered=units, shipped=units, amount=amount
        )
        for i, (net, box, units, amount) in enumerate(told)
    ]
    gross = sum(line.unit_net * line.shipped for line in lines) + packing

    made = goods_lines(lines, gross_weight=gross, currency="EUR")

    assert sum(line.gross_weight for line in made) == gross
    assert all(line.net_weight <= line.gross_weight for line in made)
    assert [line.total for line in made] == [line.amount for line in lines]
    for line in made:
        off = abs(line.unit_price * line.quantity - Decimal(line.total) / 100)
        assert off <= Decimal("0.00005") * line.quantity
