"""Rows of a tariff file, and the retail rules that the law has given so far."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Protocol

from core.errors import InputError

COLUMNS = (
    "hs_code",
    "valid_from",
    "duty_rate",
    "vat_rate",
    "consumption_tax_rate",
    "legal_unit",
    "on_positive_list",
    "source",
)
_YES, _NO = {"1", "yes", "true", "y", "是"}, {"0", "no", "false", "n", "否"}


class TariffRefused(InputError):
    """The tariff file has rows that cannot be used; nothing was loaded."""

    code = "customs.tariff_refused"


class RateExists(InputError):
    """A rate of this code and day is there with other figures; add one from a later day."""

    code = "customs.rate_exists"


@dataclass(frozen=True, slots=True)
class RetailRule:
    """One rule by law; amounts in fen."""

    valid_from: date
    order_limit: int
    year_limit: int
    payable_fraction: Decimal
    source: str


RETAIL_RULES = (
    RetailRule(date(2016, 4, 8), 200_000, 2_000_000, Decimal("0.7"), "财关税〔2016〕18号"),
    RetailRule(date(2019, 1, 1), 500_000, 2_600_000, Decimal("0.7"), "财关税〔2018〕49号"),
)


@dataclass(frozen=True, slots=True)
class TariffRow:
    """One dated rate as a file gives it; ``row`` is the spreadsheet's row number."""

    row: int
    hs_code: str
    valid_from: date
    duty_rate: Decimal
    vat_rate: Decimal
    consumption_tax_rate: Decimal
    legal_unit: str
    on_positive_list: bool
    source: str


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong in one cell: the row, the column, the text that stands there, and a code.

    ``reason`` is ``not_a_code``, ``not_a_day``, ``not_a_rate``, ``not_a_unit``,
    ``not_yes_or_no``, ``source_missing``, ``repeated`` or ``exists``.
    """

    row: int
    field: str
    value: str
    reason: str

    def __str__(self) -> str:
        return f"row {self.row}, {self.field}: {self.reason.replace('_', ' ')} ({self.value!r})"


class HasFigures(Protocol):
    """A stored rate, or one of a file."""

    @property
    def duty_rate(self) -> Decimal: ...

    @property
    def vat_rate(self) -> Decimal: ...

    @property
    def consumption_tax_rate(self) -> Decimal: ...

    @property
    def legal_unit(self) -> str: ...

    @property
    def on_positive_list(self) -> bool: ...


Figures = tuple[Decimal, Decimal, Decimal, str, bool]


def figures(rate: HasFigures) -> Figures:
    """What makes two rates of one code and day the same."""
    return (
        rate.duty_rate,
        rate.vat_rate,
        rate.consumption_tax_rate,
        rate.legal_unit,
        rate.on_positive_list,
    )


def parse_rates(rows: Sequence[tuple[int, Mapping[str, str]]]) -> list[TariffRow]:
    """Rates from a file's rows (number, cells). Raises TariffRefused with every wrong cell."""
    wrong: list[Wrong] = []
    rates: list[TariffRow] = []
    seen: dict[tuple[str, date], int] = {}
    for number, cells in rows:
        found, errors = _row(number, cells)
        wrong += errors
        if found is None:
            continue
        if (found.hs_code, found.valid_from) in seen:
            wrong.append(Wrong(number, "hs_code", found.hs_code, "repeated"))
            continue
        seen[found.hs_code, found.valid_from] = number
        rates.append(found)
    if wrong:
        raise TariffRefused(rows=wrong, wrong=len(wrong), first=str(wrong[0]))
    return rates


def fresh_rates(
    rates: Sequence[TariffRow], known: Mapping[tuple[str, date], Figures]
) -> list[TariffRow]:
    """Those that are not there yet. Raises RateExists for those there with other figures."""
    fresh, clashes = [], []
    for rate in rates:
        there = known.get((rate.hs_code, rate.valid_from))
        if there is None:
            fresh.append(rate)
        elif there != figures(rate):
            clashes.append(Wrong(rate.row, "valid_from", rate.valid_from.isoformat(), "exists"))
    if clashes:
        raise RateExists(rows=clashes, wrong=len(clashes), first=str(clashes[0]))
    return fresh


def _row(number: int, cells: Mapping[str, str]) -> tuple[TariffRow | None, list[Wrong]]:
    wrong: list[Wrong] = []

    def refuse(field: str, reason: str) -> None:
        wrong.append(Wrong(number, field, cells.get(field, ""), reason))

    if not re.fullmatch(r"[0-9]{10}", cells["hs_code"]):
        refuse("hs_code", "not_a_code")
    valid_from = _day(cells["valid_from"])
    if valid_from is None:
        refuse("valid_from", "not_a_day")
    rates: dict[str, Decimal] = {}
    for field in ("duty_rate", "vat_rate", "consumption_tax_rate"):
        rate = _rate(cells[field] or ("0" if field == "consumption_tax_rate" else ""))
        # A consumption tax of 100 % would make the price infinite.
        if rate is None or (field == "consumption_tax_rate" and rate >= 1):
            refuse(field, "not_a_rate")
        else:
            rates[field] = rate
    if not re.fullmatch(r"[0-9]{3}", cells["legal_unit"]):
        refuse("legal_unit", "not_a_unit")
    listed = cells["on_positive_list"].lower()
    if listed not in _YES | _NO:
        refuse("on_positive_list", "not_yes_or_no")
    if not cells["source"] or len(cells["source"]) > 200:
        refuse("source", "source_missing")
    if wrong or valid_from is None:
        return None, wrong
    return (
        TariffRow(
            row=number,
            hs_code=cells["hs_code"],
            valid_from=valid_from,
            legal_unit=cells["legal_unit"],
            on_positive_list=listed in _YES,
            source=cells["source"],
            **rates,
        ),
        [],
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _rate(text: str) -> Decimal | None:
    """A fraction (``0.13``) or a percentage (``13%``), 0 to under 100 times, five decimals."""
    percent = text.endswith("%")
    try:
        rate = Decimal(text.rstrip("% "))
    except InvalidOperation:
        return None
    if not rate.is_finite():
        return None
    rate = rate / 100 if percent else rate
    if not 0 <= rate < 10 or rate != rate.quantize(Decimal("0.00001")):
        return None
    return rate
