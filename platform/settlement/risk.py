"""What waiting may cost: how far a currency has moved against the yuan, and how often.

The figures are the 95th percentile of the adverse move (the currency dearer in CNY) over
overlapping windows of so many days, from the euro reference rates of the European Central
Bank of 2016-10-31 to 2026-10-30, crossed through the euro on the same day. Windows that
overlap are not independent, so the figures are indicative. They are a risk, never part of
a saving.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

SOURCE = "ECB 2016-10-31 – 2026-10-30"

#: Days waited -> percent, one window in twenty was worse.
_ADVERSE: dict[str, dict[int, str]] = {
    "USD": {30: "2.6", 91: "5.4", 365: "8.1"},
    "EUR": {30: "3.3", 91: "6.0", 365: "9.0"},
    "JPY": {30: "4.0", 91: "5.9", 365: "8.2"},
    "GBP": {30: "3.3", 91: "5.8", 365: "10.0"},
    "AUD": {30: "3.7", 91: "5.3", 365: "6.2"},
    "NZD": {30: "3.7", 91: "5.3", 365: "4.9"},
    "KRW": {30: "3.2", 91: "6.3", 365: "5.8"},
    "HKD": {30: "2.4", 91: "5.3", 365: "8.1"},
    "SGD": {30: "1.9", 91: "4.0", 365: "9.4"},
    "THB": {30: "2.9", 91: "5.8", 365: "11.0"},
    "CHF": {30: "3.2", 91: "7.0", 365: "13.2"},
    "CAD": {30: "2.9", 91: "5.2", 365: "4.9"},
    "SEK": {30: "4.1", 91: "6.7", 365: "11.8"},
    "DKK": {30: "3.2", 91: "6.0", 365: "8.8"},
    "NOK": {30: "4.6", 91: "6.8", 365: "8.3"},
    "MYR": {30: "2.2", 91: "3.9", 365: "8.2"},
}

#: The windows there are figures for, in days.
WINDOWS = (30, 91, 365)
#: Which window a settlement period is measured by.
DAYS = {"invoice": 30, "month": 30, "quarter": 91, "year": 365}


@dataclass(frozen=True, slots=True)
class Exposure:
    """A worth in CNY minor units, and by how much waiting may raise it one time in twenty."""

    days: int
    percent: Decimal
    at_risk_minor: int


def exposure(currency: str, home_minor: int, days: int) -> Exposure | None:
    """The risk of waiting ``days`` (30, 91 or 365); None where there is no figure."""
    told = _ADVERSE.get(currency, {}).get(days)
    if told is None:
        return None
    percent = Decimal(told)
    risk = (Decimal(home_minor) * percent / 100).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return Exposure(days, percent, int(risk))
