"""Which lists may be declared together, and what their lines become."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import DomainError
from customs.rules import collecting as rules
from customs.rules.charges import Charge, Kind, Mark
from customs.rules.deadlines import Route
from customs.rules.goods import GoodsLine

JULY = date(2026, 7, 1)


def line(key: int, quantity: int = 60, price: str = "10.0000", **other: object) -> rules.ListLine:
    total = quantity * 1000
    figures = GoodsLine(
        position=0,
        hs_code="1901101000",
        name_zh="奶粉",
        specification="1|0",
        origin="DEU",
        unit="122",
        quantity=quantity,
        legal_quantity=Decimal(quantity) * Decimal("0.9"),
        legal_unit="035",
        second_quantity=None,
        second_unit="",
        unit_price=Decimal(price),
        total=total,
        net_weight=quantity * 900,
        gross_weight=quantity * 1100,
    )
    return rules.ListLine(key, replace(figures, **other))  # type: ignore[arg-type]


@given(st.lists(st.tuples(st.integers(1, 9_999), st.integers(1, 4)), min_size=1, max_size=40))
@settings(max_examples=50, deadline=None)
def test_goods_lines_are_exactly_the_list_lines_in_them(told: list[tuple[int, int]]) -> None:
    lines = [line(key, units, f"{price}.0000") for key, (units, price) in enumerate(told)]

    drawn = rules.merged(lines, most=50)

    assert [one.position for one in drawn.goods] == list(range(1, len(drawn.goods) + 1))
    for one in drawn.goods:
        own = [it.figures for it in lines if drawn.places[it.key] == one.position]
        assert {it.unit_price for it in own} == {one.unit_price}
        assert one.quantity == sum(it.quantity for it in own)
        assert one.legal_quantity == sum(it.legal_quantity for it in own)
        assert (one.total, one.net_weight, one.gross_weight) == (
            sum(it.total for it in own),
            sum(it.net_weight for it in own),
            sum(it.gross_weight for it in own),
        )


def test_fifty_lines_are_the_most() -> None:
    lines = [line(key, name_zh=f"奶粉 {key}") for key in range(51)]

    assert len(rules.merged(lines[:50], most=50).goods) == 50
    with pytest.raises(rules.TooManyTogether) as raised:
        rules.merged(lines, most=50)
    assert raised.value.facts == {"lines": 51, "most": 50}


ALIKE = rules.Alike(JULY, 1, 2, "3", "1210", "2", "FOB", "EUR")
ONE = rules.Candidate(
    reference="DEC-1",
    shipment="SH-1",
    way=Route.COLLECTIVE,
    state="released",
    is_accepted=True,
    arrived_on=date(2026, 7, 31),
    accepted_on=date(2026, 8, 2),
    alike=ALIKE,
    packages=10,
)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"way": Route.ORDINARY}, rules.DeclaredAlone),
        ({"is_accepted": False}, rules.ListNotAccepted),
        ({"collected_in": "COL-1"}, rules.CollectedBefore),
        ({"arrived_on": date(2026, 8, 1)}, rules.MonthNotOver),
        *(
            ({"alike": replace(ALIKE, **{name: value})}, rules.ListsDiffer)  # type: ignore[arg-type]
            for name, value in {
                "month": date(2026, 6, 1),
                "supplier": 9,
                "warehouse": 9,
                "form": "1",
                "mode": "1239",
                "transport": "5",
                "terms": "CIF",
                "currency": "USD",
                "charges": (("freight", "3", "EUR"),),
            }.items()
        ),
    ],
)
def test_lists_that_may_not_be_declared_together(
    change: dict[str, object], refusal: type[DomainError]
) -> None:
    other = replace(ONE, reference="DEC-2", **change)  # type: ignore[arg-type]

    with pytest.raises(refusal) as raised:
        rules.check_lists([ONE, other], today=date(2026, 8, 31))
    assert raised.value.facts["list"] == "DEC-2"


def test_the_month_is_declared_from_the_day_after_its_end() -> None:
    rules.check_lists([ONE], today=date(2026, 8, 1))
    with pytest.raises(rules.MonthNotOver):
        rules.check_lists([ONE], today=date(2026, 7, 31))
    assert ONE.last_day == date(2026, 8, 31)


def test_totals_add_up_and_a_rate_stays() -> None:
    freight = Charge(Kind.FREIGHT, Mark.TOTAL, Decimal("450.10"), "USD")
    rate = Charge(Kind.INSURANCE, Mark.RATE, Decimal("0.3"), "")
    one = replace(ONE, charges=(freight, rate))

    assert rules.charges_together([one, one, one]) == [
        replace(freight, value=Decimal("1350.30")),
        rate,
    ]
    assert rules.alike_charges([rate]) != rules.alike_charges([replace(rate, value=Decimal("0.4"))])
    assert rules.alike_charges([freight]) == rules.alike_charges(
        [replace(freight, value=Decimal("9"))]
    )
