"""The tax of a parcel with its working: every figure that leads to what is due, line by line.

The arithmetic is that of ``retail_tax``; here it is written out, exact until the last step, so that
who pays can follow it with a pocket calculator. Amounts are fen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction

from customs.rules.retail_tax import (
    WITHIN,
    Limits,
    Parcel,
    ParcelLine,
    RetailRefusal,
    Tax,
    assess,
    consumption_tax,
    dutiable_values,
    rates_due,
    taxes_of,
)
from customs.rules.tax_file import GENERAL_TRADE


class What(StrEnum):
    """What a step finds."""

    DUTIABLE = "dutiable"
    DUTY = "duty"
    CONSUMPTION_TAX = "consumption_tax"
    CONSUMPTION_TAX_DUE = "consumption_tax_due"
    VAT = "vat"
    VAT_DUE = "vat_due"


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the working: how it is reckoned, in yuan, and what comes out, in fen.

    ``due`` is whole fen where the step is what must be paid.
    """

    what: What
    reckoned: str
    fen: Fraction
    due: int | None = None

    @property
    def yuan(self) -> str:
        """The outcome with as many decimals as it has, six at most."""
        return _yuan(self.fen)


@dataclass(frozen=True, slots=True)
class WorkedLine:
    """A line of a parcel with its share of freight and insurance, and the way to its tax."""

    line: ParcelLine
    beside: int
    dutiable: int
    steps: tuple[Step, ...]
    tax: Tax


@dataclass(frozen=True, slots=True)
class Worked:
    """The whole parcel. ``refusal``: why it is no retail import; it is then general trade."""

    regime: str
    lines: tuple[WorkedLine, ...]
    refusal: RetailRefusal | None = None

    @property
    def dutiable(self) -> int:
        return sum(line.dutiable for line in self.lines)

    @property
    def tax(self) -> Tax:
        return Tax(
            duty=sum(line.tax.duty for line in self.lines),
            consumption_tax=sum(line.tax.consumption_tax for line in self.lines),
            vat=sum(line.tax.vat for line in self.lines),
        )


def work_out(
    parcel: Parcel,
    *,
    used_this_year: int,
    limits: Limits,
    used_grams: Mapping[str, int] | None = None,
    is_retail: bool = True,
) -> Worked:
    """The tax of a parcel whose ``freight`` is freight and insurance together.

    What may not leave as retail is worked out as general trade, with the reason beside it; so is
    what is asked as such (``is_retail`` false), and then no limit is asked.
    """
    refusal: RetailRefusal | None = None
    regime = GENERAL_TRADE
    if is_retail:
        try:
            regime = assess(
                parcel, used_this_year=used_this_year, limits=limits, used_grams=used_grams
            ).regime
        except RetailRefusal as error:
            refusal = error
    values = dutiable_values(parcel)
    taxes = taxes_of(parcel, values, is_within=regime == WITHIN, limits=limits)
    lines = []
    for line, value, tax in zip(parcel.lines, values, taxes, strict=True):
        steps = _steps(line, value, tax, limits.payable_fraction if regime == WITHIN else None)
        lines.append(WorkedLine(line, value - line.goods, value, steps, tax))
    return Worked(regime, tuple(lines), refusal)


def _steps(line: ParcelLine, value: int, tax: Tax, payable: Decimal | None) -> tuple[Step, ...]:
    """``payable``: the part of consumption tax and VAT that is due; None: all, and duty."""
    rates, by_quantity = rates_due(line, value)
    worth = Fraction(value)
    steps = [
        Step(What.DUTIABLE, f"{_yuan(line.goods)} + {_yuan(value - line.goods)}", worth),
    ]
    duty = Fraction(0)
    if payable is None:
        duty = worth * Fraction(rates.duty)
        reckoned = f"{_yuan(worth)} × {_rate(rates.duty)}"
        steps.append(Step(What.DUTY, reckoned, duty, tax.duty))
    price = worth + duty
    consumption = consumption_tax(price, Fraction(rates.consumption_tax), by_quantity)
    if consumption:
        due = tax.consumption_tax if payable is None else None
        reckoned = _consumption(_sum(worth, duty, by_quantity), rates.consumption_tax, by_quantity)
        steps.append(Step(What.CONSUMPTION_TAX, reckoned, consumption, due))
    vat = (price + consumption) * Fraction(rates.vat)
    reckoned = f"{_sum(worth, duty, consumption)} × {_rate(rates.vat)}"
    steps.append(Step(What.VAT, reckoned, vat, tax.vat if payable is None else None))
    if payable is not None:
        part = Fraction(payable)
        if consumption:
            reckoned = f"{_yuan(consumption)} × {_rate(payable)}"
            due = tax.consumption_tax
            steps.append(Step(What.CONSUMPTION_TAX_DUE, reckoned, consumption * part, due))
        reckoned = f"{_yuan(vat)} × {_rate(payable)}"
        steps.append(Step(What.VAT_DUE, reckoned, vat * part, tax.vat))
    return tuple(steps)


def _consumption(price: str, rate: Decimal, by_quantity: Fraction) -> str:
    """By the rate, by the quantity, or by both."""
    if not rate:
        return _yuan(by_quantity)
    by_rate = f"{price} ÷ (1 − {_rate(rate)}) × {_rate(rate)}"
    return f"{by_rate} + {_yuan(by_quantity)}" if by_quantity else by_rate


def _sum(*parts: Fraction) -> str:
    told = [_yuan(part) for part in parts if part]
    return f"({' + '.join(told)})" if len(told) > 1 else (told[0] if told else "0.00")


def _yuan(fen: Fraction | int) -> str:
    """``410.00``, ``36.176471``: at least two decimals, at most six, half up."""
    exact = Decimal(Fraction(fen).numerator) / Decimal(Fraction(fen).denominator) / 100
    told = f"{exact.quantize(Decimal('0.000001'), ROUND_HALF_UP):f}"
    whole, _, decimals = told.partition(".")
    return f"{whole}.{decimals.rstrip('0').ljust(2, '0')}"


def _rate(rate: Decimal) -> str:
    """``13 %``."""
    return f"{(rate * 100).normalize():f} %"
