"""Estimates of tax from a table: one row per case, in the columns of the collected cases.

The arithmetic is that of ``retail_tax``; the law in force on a day says up to which value retail
import is taxed in part; how amounts are rounded is a policy of its own, dated as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from core.errors import DomainError, InputError
from customs.rules.retail_law import RETAIL_RULES, RetailRule
from customs.rules.retail_tax import (
    OVER_SINGLE_ITEM,
    WITHIN,
    Rates,
    Tax,
    tax_in_full,
    tax_within,
    yuan,
)
from customs.rules.rounding import USUAL, Rounding

GENERAL_TRADE = "general_trade"
REGIMES = (WITHIN, OVER_SINGLE_ITEM, GENERAL_TRADE)
COLUMNS = (
    "id",
    "regime",
    "dutiable_value_cny",
    "duty_rate",
    "consumption_tax_rate",
    "vat_rate",
)
#: Consumption tax by quantity: yuan per unit, and how many units.
OPTIONAL = ("consumption_tax_per_unit_cny", "quantity")
#: What is printed for each row.
RESULT = ("id", "regime", "duty", "consumption_tax", "vat", "total")

_AMOUNT = re.compile(r"[0-9]{1,12}(\.[0-9]{1,2})?")
_RATE = re.compile(r"(0|1)?(\.[0-9]{1,10})?")
_PLAIN = re.compile(r"[0-9]{1,12}(\.[0-9]{1,5})?")


class EstimatesRefused(InputError):
    """The file has rows that cannot be estimated; nothing was printed."""

    code = "customs.estimates_refused"


class NoSuchRegime(InputError):
    """A case is cbec_within, cbec_over_single_item or general_trade."""

    code = "customs.no_such_regime"


class NotInYuan(InputError):
    """A value is a number of yuan with at most two decimals and no thousands separators."""

    code = "customs.not_in_yuan"


class NotARate(InputError):
    """A rate is a fraction from 0 to 1 (0.13); a consumption tax is below 1."""

    code = "customs.not_a_rate"


class NotAQuantity(InputError):
    """A quantity and an amount per unit are numbers with at most five decimals."""

    code = "customs.not_a_quantity"


class AboveTheLimit(InputError):
    """This value is above what retail import allows for this case on this day."""

    code = "customs.above_the_limit"


class WithinTheLimit(InputError):
    """This value is not above the limit for an order, so the goods are taxed in part."""

    code = "customs.within_the_limit"


class BeforeTheLaw(InputError):
    """On this day there was no rule for retail import."""

    code = "customs.before_the_law"


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong in one cell."""

    row: int
    field: str
    error: DomainError


@dataclass(frozen=True, slots=True)
class Case:
    """One row: fen, rates as fractions, and fen of consumption tax that hang on a quantity."""

    id: str
    regime: str
    dutiable: int
    rates: Rates
    by_quantity: Fraction = Fraction(0)


def rule_on(day: date) -> RetailRule:
    """The law in force on a day. Raises BeforeTheLaw."""
    in_force = [rule for rule in RETAIL_RULES if rule.valid_from <= day]
    if not in_force:
        raise BeforeTheLaw(day=day.isoformat())
    return in_force[-1]


def read_cases(rows: Iterable[tuple[int, Mapping[str, str]]], rule: RetailRule) -> list[Case]:
    """The cases of a file's rows (number, cells).

    Raises EstimatesRefused; its fact ``rows`` lists a RowFault for each wrong cell.
    """
    wrong: list[RowFault] = []
    cases: list[Case] = []
    for number, cells in rows:
        faults = list(_faults(cells, rule))
        wrong += [RowFault(number, field, error) for field, error in faults]
        if not faults:
            cases.append(_case(cells))
    if wrong:
        raise EstimatesRefused(rows=wrong, wrong=len(wrong))
    return cases


def _faults(cells: Mapping[str, str], rule: RetailRule) -> Iterable[tuple[str, DomainError]]:
    regime, value = cells["regime"], cells["dutiable_value_cny"]
    if regime not in REGIMES:
        yield "regime", NoSuchRegime(value=regime)
    if not _AMOUNT.fullmatch(value):
        yield "dutiable_value_cny", NotInYuan(value=value)
    else:
        limit = {WITHIN: rule.order_limit, OVER_SINGLE_ITEM: rule.year_limit}.get(regime)
        if limit is not None and _fen(value) > limit:
            yield "dutiable_value_cny", AboveTheLimit(value=value, limit=yuan(limit))
        if regime == OVER_SINGLE_ITEM and _fen(value) <= rule.order_limit:
            yield "dutiable_value_cny", WithinTheLimit(value=value, limit=yuan(rule.order_limit))
    for field in ("duty_rate", "consumption_tax_rate", "vat_rate"):
        text = cells[field]
        if (
            not text
            or not _RATE.fullmatch(text)
            or text == "."
            or Decimal(text) > 1
            or (field == "consumption_tax_rate" and Decimal(text) == 1)
        ):
            yield field, NotARate(value=text)
    given = [field for field in OPTIONAL if cells.get(field)]
    if len(given) == 1:
        yield next(field for field in OPTIONAL if field not in given), NotAQuantity(value="")
    for field in OPTIONAL:
        text = cells.get(field, "")
        if text and not _PLAIN.fullmatch(text):
            yield field, NotAQuantity(value=text)


def _fen(text: str) -> int:
    return int(Decimal(text) * 100)


def _case(cells: Mapping[str, str]) -> Case:
    per_unit, quantity = (Fraction(cells.get(field) or "0") for field in OPTIONAL)
    return Case(
        id=cells["id"],
        regime=cells["regime"],
        dutiable=_fen(cells["dutiable_value_cny"]),
        rates=Rates(
            duty=Decimal(cells["duty_rate"]),
            vat=Decimal(cells["vat_rate"]),
            consumption_tax=Decimal(cells["consumption_tax_rate"]),
        ),
        by_quantity=per_unit * quantity * 100,
    )


def estimate(case: Case, rule: RetailRule, rounding: Rounding = USUAL) -> Tax:
    """The fen that are due in this case, each tax rounded once, as the policy has it."""
    if case.regime == WITHIN:
        return tax_within(
            case.dutiable, case.rates, rule.payable_fraction, case.by_quantity, rounding
        )
    return tax_in_full(case.dutiable, case.rates, case.by_quantity, rounding)


def result(case: Case, tax: Tax) -> Sequence[str]:
    """The row that is printed, in yuan."""
    amounts = (tax.duty, tax.consumption_tax, tax.vat, tax.total)
    return (case.id, case.regime, *(f"{fen // 100}.{fen % 100:02d}" for fen in amounts))
