"""The tax on a consumer's parcel out of bond, and the limits it must keep.

财关税〔2016〕18号 and 〔2018〕49号: within both limits duty is 0 and import VAT and
consumption tax are due at a fraction (70 %) of the statutory amount; one single item above
the order limit, within the year's, is taxed in full; everything else is general trade and
cannot leave the warehouse on a retail list.

All amounts are fen (whole numbers); rates are Decimal fractions (``0.13``). The
arithmetic is exact until the end: each tax of each line is rounded half up to the fen,
once. No source settles the rounding; customs' own bill decides, a fen up or down.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

from core.errors import DomainError
from core.money import shared

WITHIN = "cbec_within"
OVER_SINGLE_ITEM = "cbec_over_single_item"


class RetailRefusal(DomainError):
    """The parcel cannot leave the bonded warehouse on a retail list."""

    code: ClassVar[str] = "customs.retail_refused"


class OverOrderLimit(RetailRefusal):
    """Several items above the limit for one order cannot be imported as one retail order."""

    code = "customs.over_order_limit"


class OverYearLimit(RetailRefusal):
    """The buyer's orders of the year would exceed the yearly limit for one person."""

    code = "customs.over_year_limit"


class NotOnPositiveList(RetailRefusal):
    """Goods that are not on the positive list cannot be imported as cross-border retail."""

    code = "customs.not_on_positive_list"


REFUSALS: Mapping[str, type[RetailRefusal]] = {
    refusal.code: refusal for refusal in (OverOrderLimit, OverYearLimit, NotOnPositiveList)
}


@dataclass(frozen=True, slots=True)
class Limits:
    """The rule in force on a day: limits in fen, and the part of the tax that is due."""

    order_limit: int
    year_limit: int
    payable_fraction: Decimal


@dataclass(frozen=True, slots=True)
class Rates:
    """Statutory rates of one tariff code on a day."""

    duty: Decimal
    vat: Decimal
    consumption_tax: Decimal = Decimal(0)
    on_positive_list: bool = True


@dataclass(frozen=True, slots=True)
class Tax:
    """Fen due, by kind."""

    duty: int = 0
    consumption_tax: int = 0
    vat: int = 0

    @property
    def total(self) -> int:
        return self.duty + self.consumption_tax + self.vat


@dataclass(frozen=True, slots=True)
class ParcelLine:
    """One line of a consumer's order: ``goods`` fen for ``quantity`` units, tax not included."""

    quantity: int
    goods: int
    hs_code: str
    rates: Rates


@dataclass(frozen=True, slots=True)
class Parcel:
    """A consumer's order with its freight (fen).

    ``beside``: fen of the order's other parcels, where it goes out in several. Splitting an order
    after it was placed does not bring it under the limit for one.
    """

    lines: tuple[ParcelLine, ...]
    freight: int = 0
    beside: int = 0


@dataclass(frozen=True, slots=True)
class TaxedLine:
    """What a line is worth with its share of the freight, and what is due on it."""

    dutiable: int
    tax: Tax


@dataclass(frozen=True, slots=True)
class Assessment:
    """The tax of a parcel that may leave on a retail list."""

    regime: str
    lines: tuple[TaxedLine, ...]

    @property
    def dutiable(self) -> int:
        return sum(line.dutiable for line in self.lines)

    @property
    def tax(self) -> Tax:
        taxes = [line.tax for line in self.lines]
        return Tax(
            duty=sum(tax.duty for tax in taxes),
            consumption_tax=sum(tax.consumption_tax for tax in taxes),
            vat=sum(tax.vat for tax in taxes),
        )


def half_up(amount: Fraction) -> int:
    """To the nearest whole fen, a half upwards; amounts here are never negative."""
    return (2 * amount.numerator + amount.denominator) // (2 * amount.denominator)


def consumption_tax(worth: Fraction, rate: Fraction, by_quantity: Fraction) -> Fraction:
    """Fen of statutory consumption tax on goods ``worth`` so much with their duty.

    The price that is taxed has the tax itself inside (组成计税价格, 消费税暂行条例 art. 9):
    what hangs on the quantity first, then the rate on all of it.
    """
    return (worth + by_quantity) / (1 - rate) * rate + by_quantity


def tax_within(
    value: int, rates: Rates, payable: Decimal, by_quantity: Fraction = Fraction(0)
) -> Tax:
    """Within the limits: no duty, and ``payable`` (0.7) of consumption tax and VAT.

    ``by_quantity``: fen of consumption tax that hang on the quantity (beer, oil), in full.
    """
    worth, vat, rate = Fraction(value), Fraction(rates.vat), Fraction(rates.consumption_tax)
    consumption = consumption_tax(worth, rate, by_quantity)
    return Tax(
        consumption_tax=half_up(Fraction(payable) * consumption),
        vat=half_up(Fraction(payable) * (worth + consumption) * vat),
    )


def tax_in_full(value: int, rates: Rates, by_quantity: Fraction = Fraction(0)) -> Tax:
    """As in general trade: duty, consumption tax and VAT in full."""
    worth, vat, rate = Fraction(value), Fraction(rates.vat), Fraction(rates.consumption_tax)
    duty = worth * Fraction(rates.duty)
    consumption = consumption_tax(worth + duty, rate, by_quantity)
    return Tax(
        duty=half_up(duty),
        consumption_tax=half_up(consumption),
        vat=half_up((worth + duty + consumption) * vat),
    )


def dutiable_values(parcel: Parcel) -> list[int]:
    """Each line's goods with its share of the freight by value; sums to goods + freight.

    Freight on goods that cost nothing (all gifts) is shared by units.
    """
    goods = [line.goods for line in parcel.lines]
    weights = goods if any(goods) else [line.quantity for line in parcel.lines]
    freight = shared(parcel.freight, weights)
    return [value + part for value, part in zip(goods, freight, strict=True)]


def assess(parcel: Parcel, *, used_this_year: int, limits: Limits) -> Assessment:
    """The tax on a parcel of a buyer who has used ``used_this_year`` fen already.

    Limits are inclusive. Raises NotOnPositiveList, OverYearLimit or OverOrderLimit.
    """
    for line in parcel.lines:
        if not line.rates.on_positive_list:
            raise NotOnPositiveList(hs_code=line.hs_code)
    values = dutiable_values(parcel)
    worth = sum(values)
    if used_this_year + worth > limits.year_limit:
        raise OverYearLimit(
            order=yuan(worth), used=yuan(used_this_year), limit=yuan(limits.year_limit)
        )
    if worth + parcel.beside <= limits.order_limit:
        regime = WITHIN
        taxes = [
            tax_within(value, line.rates, limits.payable_fraction)
            for value, line in zip(values, parcel.lines, strict=True)
        ]
    elif len(parcel.lines) == 1 and parcel.lines[0].quantity == 1 and not parcel.beside:
        regime = OVER_SINGLE_ITEM
        taxes = [tax_in_full(values[0], parcel.lines[0].rates)]
    else:
        raise OverOrderLimit(order=yuan(worth + parcel.beside), limit=yuan(limits.order_limit))
    lines = (TaxedLine(value, tax) for value, tax in zip(values, taxes, strict=True))
    return Assessment(regime=regime, lines=tuple(lines))


def assess_in_turn(
    parcels: Sequence[tuple[str, Parcel]], *, used: Mapping[str, int], limits: Limits
) -> list[Assessment | RetailRefusal]:
    """Many parcels, the earlier first: what one takes of a buyer's year the next cannot.

    ``parcels`` are pairs of the buyer's digest and the parcel; ``used`` is what each buyer
    has used of the year before. A refused parcel uses nothing.
    """
    spent = dict(used)
    outcome: list[Assessment | RetailRefusal] = []
    for buyer, parcel in parcels:
        try:
            assessment = assess(parcel, used_this_year=spent.get(buyer, 0), limits=limits)
        except RetailRefusal as refusal:
            outcome.append(refusal)
        else:
            spent[buyer] = spent.get(buyer, 0) + assessment.dutiable
            outcome.append(assessment)
    return outcome


def yuan(fen: int) -> str:
    """``5000.00``, for the facts of a refusal."""
    return f"CNY {fen // 100}.{fen % 100:02d}"
