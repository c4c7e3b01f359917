"""Goods lines: weights and money add up, whatever a shipment carries."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customs.rules.declaring import form_for
from customs.rules.goods import (
    DataMissing,
    GoodsLine,
    ListLine,
    MoreOwnedThanShipped,
    NetOverGross,
    NothingShipped,
    OwnPart,
    Shipped,
    TooManyGoodsLines,
    goods_lines,
    kilograms,
    list_lines,
    own_parts,
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
    small, large = list_lines(
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

    (made,) = list_lines([line], gross_weight=66_000, currency="EUR")

    assert made.legal_quantity == Decimal(quantity)


def test_a_unit_price_has_four_decimals_of_its_currency() -> None:
    assert unit_price(100, 3, "EUR") == Decimal("0.3333")
    assert unit_price(100, 3, "JPY") == Decimal("33.3333")
    assert unit_price(1, 16, "EUR") == Decimal("0.0006")


def test_a_shipment_of_nothing_makes_no_lines() -> None:
    for lines in ([], [shipped(shipped=0)]):
        with pytest.raises(NothingShipped):
            list_lines(lines, gross_weight=1, currency="EUR")


def test_the_whole_cannot_be_lighter_than_its_contents() -> None:
    with pytest.raises(NetOverGross):
        list_lines([shipped()], gross_weight=53_999, currency="EUR")


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


def merged(*lines: Shipped, most: int = 50) -> list[GoodsLine]:
    gross = sum(line.unit_gross * line.shipped for line in lines)
    return goods_lines(lines, list_lines(lines, gross_weight=gross, currency="EUR"), most=most)


def test_lines_that_agree_in_all_that_is_declared_are_one_goods_line() -> None:
    strawberry, vanilla = shipped(key=1, sku="A"), shipped(key=2, sku="B", shipped=30)

    (line,) = merged(strawberry, vanilla)

    assert line == GoodsLine(
        position=1,
        hs_code="1901101010",
        name_zh="示例奶粉",
        specification="",
        origin="DEU",
        unit="122",
        quantity=90,
        legal_quantity=Decimal("81.00000"),
        legal_unit="035",
        second_quantity=None,
        second_unit="",
        unit_price=Decimal("10.0000"),
        total=90_000,
        net_weight=81_000,
        gross_weight=99_000,
    )


@pytest.mark.parametrize(
    "other",
    [
        {"hs_code": "1901101090"},
        {"name_zh": "另一种奶粉"},
        {"specification": "800 克"},
        {"origin": "FRA"},
        {"declared_unit": "142"},
        {"amount": 60_060},
    ],
)
def test_lines_that_differ_in_one_thing_stay_apart(other: dict[str, object]) -> None:
    first, second = merged(shipped(key=1), shipped(key=2, **other))

    assert (first.position, second.position) == (1, 2)


def test_each_list_line_names_its_goods_line() -> None:
    lines = [shipped(key=1), shipped(key=2, name_zh="另一种"), shipped(key=3)]

    listed = list_lines(lines, gross_weight=198_000, currency="EUR")

    assert [(line.position, line.goods) for line in listed] == [(1, 1), (2, 2), (3, 1)]


def test_more_goods_lines_than_a_declaration_holds_are_refused() -> None:
    lines = [shipped(key=i, name_zh=f"奶粉 {i}") for i in range(3)]

    assert len(merged(*lines, most=3)) == 3
    with pytest.raises(TooManyGoodsLines) as refused:
        merged(*lines, most=2)
    assert refused.value.facts == {"lines": 3, "most": 2}


@pytest.mark.parametrize(
    ("unit", "content", "quantity"),
    [
        ("095", 750, "45.00000"),
        ("096", 750, "45000.00000"),
        ("007", 0, "60.00000"),
        ("011", 0, "60.00000"),
        ("035", 0, "54.00000"),
    ],
)
def test_the_second_legal_unit_is_derived_as_the_first(
    unit: str, content: int, quantity: str
) -> None:
    (line,) = merged(shipped(second_unit=unit, content_ml=content))

    assert (line.second_unit, line.second_quantity) == (unit, Decimal(quantity))


def test_a_second_legal_unit_that_cannot_be_derived_is_named() -> None:
    with pytest.raises(DataMissing) as refused:
        merged(shipped(second_unit="095"))

    assert refused.value.facts == {"MILK-001": "second_unit"}


def test_the_parts_of_a_line_sum_to_it_and_the_rest_is_the_buyers() -> None:
    (line,) = list_lines([shipped(amount=100)], gross_weight=66_001, currency="EUR")

    parts = own_parts(line, {7: 20, 5: 19, 8: 0}, buyer=1)

    assert parts == [
        OwnPart(owner=1, quantity=21, amount=35, net_weight=18_900, gross_weight=23_101),
        OwnPart(owner=5, quantity=19, amount=32, net_weight=17_100, gross_weight=20_900),
        OwnPart(owner=7, quantity=20, amount=33, net_weight=18_000, gross_weight=22_000),
    ]


def test_nobody_owns_more_than_was_shipped() -> None:
    (line,) = list_lines([shipped()], gross_weight=66_000, currency="EUR")

    with pytest.raises(MoreOwnedThanShipped):
        own_parts(line, {5: 61}, buyer=1)


@given(
    units=st.dictionaries(st.integers(2, 20), st.integers(0, 50), max_size=8),
    rest=st.integers(0, 9),
    amount=st.integers(0, 10**9),
    packing=st.integers(0, 10**6),
)
def test_parts_always_sum_to_their_line(
    units: dict[int, int], rest: int, amount: int, packing: int
) -> None:
    whole = sum(units.values()) + rest or 1
    line = shipped(shipped=whole, ordered=whole, amount=amount)
    (made,) = list_lines([line], gross_weight=900 * whole + packing, currency="EUR")

    parts = own_parts(made, units, buyer=1)

    assert sum(part.quantity for part in parts) == made.quantity
    assert sum(part.amount for part in parts) == made.total
    assert sum(part.net_weight for part in parts) == made.net_weight
    assert sum(part.gross_weight for part in parts) == made.gross_weight
    assert all(part.net_weight <= part.gross_weight for part in parts)
    assert {part.owner: part.quantity for part in parts if part.owner != 1} == {
        owner: quantity for owner, quantity in units.items() if quantity
    }


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

    made = list_lines(lines, gross_weight=gross, currency="EUR")

    assert sum(line.gross_weight for line in made) == gross
    assert all(line.net_weight <= line.gross_weight for line in made)
    assert [line.total for line in made] == [line.amount for line in lines]
    goods = goods_lines(lines, made, most=100)
    assert sum(one.total for one in goods) == sum(line.total for line in made)
    assert sum(one.gross_weight for one in goods) == gross
    everything: list[ListLine | GoodsLine] = [*made, *goods]
    for line in everything:
        off = abs(line.unit_price * line.quantity - Decimal(line.total) / 100)
        assert off <= Decimal("0.00005") * line.quantity
