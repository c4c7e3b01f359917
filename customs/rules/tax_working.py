"""The tax of a parcel with its working: every figure that leads to what is due, line by line.

The arithmetic is that of ``retail_tax``; here it is written out, exact until the last step, so that
who pays can follow it with a pocket calculator. Amounts are fen.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction

from customs.rules.retail_tax import (
    OVER_SINGLE_ITEM,
    WITHIN,
    Limits,
    Parcel,
    ParcelLine,
    RetailRefusal,
    Tax,
    assess,
    consumption_tax,
    dutiable_values,
    half_up,
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


def work_out(parcel: Parcel, *, used_this_year: int, limits: Limits) -> Worked:
    """The tax of a parcel whose ``freight`` is freight and insurance together.

    What may not leave as retail is worked out as general trade, with the reason beside it.
    """
    refusal: RetailRefusal | None = None
    try:
        regime = assess(parcel, used_this_year=used_this_year, limits=limits).regime
    except RetailRefusal as error:
        refusal, regime = error, GENERAL_TRADE
    lines = []
    for line, value in zip(parcel.lines, dutiable_values(parcel), strict=True):
        steps = _steps(line, value, regime, limits.payable_fraction)
        due = {step.what: step.due or 0 for step in steps}
        tax = Tax(
            duty=due.get(What.DUTY, 0),
            consumption_tax=due.get(What.CONSUMPTION_TAX_DUE, due.get(What.CONSUMPTION_TAX, 0)),
            vat=due.get(What.VAT_DUE, due.get(What.VAT, 0)),
        )
        lines.append(WorkedLine(line, value - line.goods, value, steps, tax))
    return Worked(regime, tuple(lines), refusal)


def _steps(line: ParcelLine, value: int, regime: str, payable: Decimal) -> tuple[Step, ...]:
    rates = line.rates
    worth = Fraction(value)
    steps = [
        Step(What.DUTIABLE, f"{_yuan(line.goods)} + {_yuan(value - line.goods)}", worth),
    ]
    duty = Fraction(0)
    in_full = regime in (OVER_SINGLE_ITEM, GENERAL_TRADE)
    if in_full:
        duty = worth * Fraction(rates.duty)
        reckoned = f"{_yuan(worth)} × {_rate(rates.duty)}"
        steps.append(Step(What.DUTY, reckoned, duty, half_up(duty)))
    price = worth + duty
    consumption = consumption_tax(price, Fraction(rates.consumption_tax), Fraction(0))
    if rates.consumption_tax:
        rate = _rate(rates.consumption_tax)
        reckoned = f"{_sum(worth, duty)} ÷ (1 − {rate}) × {rate}"
        steps.append(_due(What.CONSUMPTION_TAX, reckoned, consumption, in_full))
    vat = (price + consumption) * Fraction(rates.vat)
    reckoned = f"{_sum(worth, duty, consumption)} × {_rate(rates.vat)}"
    steps.append(_due(What.VAT, reckoned, vat, in_full))
    if regime == WITHIN:
        part = Fraction(payable)
        if rates.consumption_tax:
            reckoned = f"{_yuan(consumption)} × {_rate(payable)}"
            amount = consumption * part
            steps.append(Step(What.CONSUMPTION_TAX_DUE, reckoned, amount, half_up(amount)))
        amount = vat * part
        reckoned = f"{_yuan(vat)} × {_rate(payable)}"
        steps.append(Step(What.VAT_DUE, reckoned, amount, half_up(amount)))
    return tuple(steps)


def _due(what: What, reckoned: str, amount: Fraction, in_full: bool) -> Step:
    return Step(what, reckoned, amount, half_up(amount) if in_full else None)


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
