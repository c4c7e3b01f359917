"""What a tariff may say, and how exact charges become whole fen."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import DomainError
from tests.factories.fees import rates
from warehouse.rules import fees

DAY = date(2026, 7, 1)
FEN = st.decimals(-(10**9), 10**9, places=8)


@given(st.lists(FEN, max_size=30))
def test_a_bill_is_rounded_once_and_its_lines_sum_to_it(exact: list[Decimal]) -> None:
    lines = fees.in_fen(exact)

    total = sum(exact, Decimal(0))
    assert abs(sum(lines) - total) <= Decimal("0.5")
    assert all(abs(line - part) < 1 for line, part in zip(lines, exact, strict=True))


@pytest.mark.parametrize(
    ("exact", "lines"),
    [
        (["0.5"], [1]),
        (["0.49999999"], [0]),
        (["0.4", "0.4", "0.4"], [1, 0, 0]),
        (["1.2", "1.7", "1.1"], [1, 2, 1]),
        (["-0.3", "10.9"], [0, 11]),
        ([], []),
    ],
)
def test_the_largest_remainder_gets_the_last_fen(exact: list[str], lines: list[int]) -> None:
    assert fees.in_fen([Decimal(one) for one in exact]) == lines


@pytest.mark.parametrize(
    ("told", "refusal", "field"),
    [
        ({"valid_to": DAY - timedelta(days=1)}, fees.TariffEndsBeforeItBegins, "valid_to"),
        ({"until_days": (90, 30)}, fees.WrongBands, "bands"),
        ({"until_days": (30,)}, fees.WrongBands, "bands"),
        ({"until_days": (0, 30)}, fees.WrongBands, "bands"),
        ({"free_days": -1}, fees.WrongFreeDays, "free_days"),
        ({"rates": (Decimal(1), Decimal("0.001"), Decimal(1))}, fees.WrongRate, "rate_2"),
        ({"rates": (Decimal(1), Decimal(1), Decimal(-1))}, fees.WrongRate, "rate_3"),
        ({"order_rate": Decimal(1_000_000)}, fees.WrongRate, "order_rate"),
        ({"order_line_rate": Decimal("1E+30")}, fees.WrongRate, "order_line_rate"),
        ({"unit_in_rate": Decimal("NaN")}, fees.WrongRate, "unit_in_rate"),
        ({"pallet_rate": Decimal(1)}, fees.PalletWithoutSize, "pallet_cm3"),
        ({"rates": (Decimal(0),) * 3}, fees.TariffWithoutRate, "rate_1"),
    ],
)
def test_what_a_tariff_cannot_say(
    told: dict[str, Any], refusal: type[DomainError], field: str
) -> None:
    with pytest.raises(refusal) as refused:
        fees.check_tariff(rates(**told))

    assert refused.value.facts["field"] == field


def test_a_tariff_may_say_all_of_it() -> None:
    fees.check_tariff(
        rates(
            valid_to=DAY,
            free_days=7,
            pallet_rate=Decimal(300),
            pallet_cm3=1_440_000,
            order_rate=Decimal(250),
            order_line_rate=Decimal(80),
            unit_in_rate=Decimal("12.50"),
        )
    )
    fees.check_tariff(rates(until_days=(), rates=(Decimal("0.01"),)))


def test_a_tariff_begins_after_what_is_charged_and_not_in_the_past() -> None:
    fees.check_beginning(DAY, today=DAY, charged=DAY - timedelta(days=1))

    for today, charged in ((DAY + timedelta(days=1), None), (DAY, DAY)):
        with pytest.raises(fees.TariffBeginsTooEarly) as refused:
            fees.check_beginning(DAY, today=today, charged=charged)
        assert refused.value.facts["earliest"] == DAY + timedelta(days=1)


def test_a_day_is_charged_when_it_is_over_and_in_its_turn() -> None:
    fees.check_day(DAY, today=DAY + timedelta(days=1), charged=None)

    with pytest.raises(fees.DayNotOver):
        fees.check_day(DAY, today=DAY, charged=None)
    with pytest.raises(fees.DaysOutOfTurn):
        fees.check_day(DAY, today=DAY + timedelta(days=9), charged=DAY + timedelta(days=1))
