"""Quarters as people write them, and their days."""

from __future__ import annotations

from datetime import date

import pytest

from procurement.rules import quarters


@pytest.mark.parametrize(
    ("quarter", "first", "last"),
    [
        ("2026-Q1", date(2026, 1, 1), date(2026, 3, 31)),
        ("2026-Q2", date(2026, 4, 1), date(2026, 6, 30)),
        ("2026-Q3", date(2026, 7, 1), date(2026, 9, 30)),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31)),
        ("9999-Q4", date(9999, 10, 1), date(9999, 12, 31)),
    ],
)
def test_a_quarter_has_three_whole_months(quarter: str, first: date, last: date) -> None:
    assert quarters.first_day(quarter) == first
    assert quarters.last_day(quarter) == last
    assert quarters.quarter_of(last) == quarter == quarters.named(quarters.number_of(quarter))


@pytest.mark.parametrize("told", ["2026Q1", "2026-Q5", "0000-Q1", "2026-q1", ""])
def test_what_is_no_quarter_is_refused(told: str) -> None:
    with pytest.raises(quarters.NotAQuarter):
        quarters.last_day(told)
