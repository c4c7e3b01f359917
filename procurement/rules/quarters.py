"""Quarters of the year, as people write them: ``2026-Q3``."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

from core.errors import InputError

_QUARTER = re.compile(r"(\d{4})-Q([1-4])")


#: So much of a category stands in an address.
_SLUG = 70
_GAP = re.compile(r"[\W_]+")


class NotAQuarter(InputError):
    """A quarter is written as year, hyphen, Q and a number from 1 to 4, such as 2026-Q3."""

    code = "procurement.not_a_quarter"


def check_quarter(text: str) -> str:
    """``text`` when it is a quarter. Raises NotAQuarter."""
    first_day(text)
    return text


def round_code(quarter: str, category: str = "") -> str:
    """What a round is called in addresses: its quarter, and its category where it has one."""
    slug = _GAP.sub("-", category.casefold()).strip("-")[:_SLUG]
    return f"{quarter}-{slug}" if slug else quarter


def first_day(quarter: str) -> date:
    """The day a quarter begins. Raises NotAQuarter."""
    found = _QUARTER.fullmatch(quarter)
    if not found or found[1] == "0000":
        raise NotAQuarter(quarter=quarter)
    return date(int(found[1]), 3 * int(found[2]) - 2, 1)


def last_day(quarter: str) -> date:
    """The day a quarter ends. Raises NotAQuarter."""
    begins = first_day(quarter)
    month = begins.month + 2
    return date(begins.year, month, monthrange(begins.year, month)[1])


def number_of(quarter: str) -> int:
    """Quarters counted from the year 0, so that they can be subtracted. Raises NotAQuarter."""
    begins = first_day(quarter)
    return begins.year * 4 + begins.month // 3


def named(number: int) -> str:
    """The quarter of a number."""
    return f"{number // 4:04}-Q{number % 4 + 1}"


def quarter_of(day: date) -> str:
    """The quarter a day lies in."""
    return f"{day.year:04}-Q{(day.month - 1) // 3 + 1}"
