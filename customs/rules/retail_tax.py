"""The tax on a consumer's parcel out of bond, and the limits it must keep.

财关税〔2016〕18号 and 〔2018〕49号: within both limits duty is 0 and import VAT and
consumption tax are due at a fraction (70 %) of the statutory amount; one single item above
the order limit, within the year's, is taxed in full; everything else is general trade and
cannot leave the warehouse on a retail list.

All amounts are fen (whole numbers); rates are Decimal fractions (``0.13``). The
arithmetic is exact until the end and rounded once, by the policy of the day (``rounding``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

from core.errors import DomainError
from core.money import shared
from customs.rules.contents import Contents
from customs.rules.rounding import USUAL, Rounding, rounded, rounded_lines

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


class OverWeightLimit(RetailRefusal):
    """The buyer's orders of the year would exceed what one person may import of these goods."""

    code = "customs.over_weight_limit"


REFUSALS: dict[str, type[RetailRefusal]] = {
    refusal.code: refusal
    for refusal in (OverOrderLimit, OverYearLimit, NotOnPositiveList, OverWeightLimit)
}


@dataclass(frozen=True, slots=True)
class Limits:
    """The rule in force on a day: limits in fen, and the part of the tax that is due."""

    order_limit: int
    year_limit: int
    payable_fraction: Decimal
    rounding: Rounding = USUAL


@dataclass(frozen=True, slots=True)
class Threshold:
    """From which value on goods are high-priced: fen for one ml or g, or for one sheet.

    财税〔2016〕103号: 10 yuan a millilitre or gram, 15 yuan a piece (sheet), without VAT.
    """

    per_measure: int
    per_piece: int

    def is_reached(self, value: int, quantity: int, contents: Contents | None) -> bool:
        """Whether goods worth so many fen together are; where nobody knows what they hold, yes."""
        if contents is None or not contents.measure:
            return True
        each = Fraction(value, quantity)
        if each >= self.per_measure * contents.measure:
            return True
        return bool(contents.sheets) and each >= self.per_piece * contents.sheets


@dataclass(frozen=True, slots=True)
class Rates:
    """Statutory rates of one tariff code on a day.

    ``specific`` is consumption tax in yuan for one ``specific_unit`` of customs. ``threshold``:
    consumption tax is due from that price on only. ``limit_g``: grams for a person and year.
    ``by_origin`` is the duty by country (ISO-3) whose origin is proved.
    """

    duty: Decimal
    vat: Decimal
    consumption_tax: Decimal = Decimal(0)
    on_positive_list: bool = True
    specific: Decimal = Decimal(0)
    specific_unit: str = ""
    threshold: Threshold | None = None
    limit_g: int | None = None
    by_origin: Mapping[str, Decimal] = field(default_factory=dict)


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
    """One line of a consumer's order: ``goods`` fen for ``quantity`` units, tax not included.

    ``contents``: what one unit holds, None where nobody knows. ``origin``: the country whose proof
    of origin is at hand, empty where there is none.
    """

    quantity: int
    goods: int
    hs_code: str
    rates: Rates
    contents: Contents | None = None
    origin: str = ""

    @property
    def grams(self) -> int:
        """What the line weighs net, rounded up to the gram; 0 where nobody knows."""
        return -int(-self.contents.grams * self.quantity // 1) if self.contents else 0

    @property
    def by_quantity(self) -> Fraction | None:
        """Fen of consumption tax that hang on the quantity; None where it cannot be told."""
        if not self.rates.specific:
            return Fraction(0)
        each = self.contents.in_unit(self.rates.specific_unit) if self.contents else None
        return None if each is None else Fraction(self.rates.specific) * 100 * each * self.quantity


@dataclass(frozen=True, slots=True)
class Parcel:
    """A consumer's order with its freight and insurance (fen).

    ``beside``: fen of the order's other parcels, where it goes out in several. Splitting an order
    after it was placed does not bring it under the limit for one.
    """

    lines: tuple[ParcelLine, ...]
    freight: int = 0
    beside: int = 0
    insurance: int = 0


@dataclass(frozen=True, slots=True)
class TaxedLine:
    """What a line is worth with its share of freight and insurance, and what is due on it."""

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


def consumption_tax(worth: Fraction, rate: Fraction, by_quantity: Fraction) -> Fraction:
    """Fen of statutory consumption tax on goods ``worth`` so much with their duty.

    The price that is taxed has the tax itself inside (组成计税价格, 消费税暂行条例 art. 9):
    what hangs on the quantity first, then the rate on all of it.
    """
    return (worth + by_quantity) / (1 - rate) * rate + by_quantity


@dataclass(frozen=True, slots=True)
class Exact:
    """Fen of each tax as they come out, before they are rounded."""

    duty: Fraction
    consumption_tax: Fraction
    vat: Fraction

    def rounded(self, how: Rounding = USUAL) -> Tax:
        return Tax(
            rounded(self.duty, how), rounded(self.consumption_tax, how), rounded(self.vat, how)
        )


def exact_within(
    value: int, rates: Rates, payable: Decimal, by_quantity: Fraction = Fraction(0)
) -> Exact:
    """Within the limits: no duty, and ``payable`` (0.7) of consumption tax and VAT.

    ``by_quantity``: fen of consumption tax that hang on the quantity (beer, oil), in full.
    """
    worth, vat, rate = Fraction(value), Fraction(rates.vat), Fraction(rates.consumption_tax)
    consumption = consumption_tax(worth, rate, by_quantity)
    part = Fraction(payable)
    return Exact(Fraction(0), part * consumption, part * (worth + consumption) * vat)


def exact_in_full(value: int, rates: Rates, by_quantity: Fraction = Fraction(0)) -> Exact:
    """As in general trade: duty, consumption tax and VAT in full."""
    worth, vat, rate = Fraction(value), Fraction(rates.vat), Fraction(rates.consumption_tax)
    duty = worth * Fraction(rates.duty)
    consumption = consumption_tax(worth + duty, rate, by_quantity)
    return Exact(duty, consumption, (worth + duty + consumption) * vat)


def tax_within(
    value: int,
    rates: Rates,
    payable: Decimal,
    by_quantity: Fraction = Fraction(0),
    rounding: Rounding = USUAL,
) -> Tax:
    """:func:`exact_within`, rounded."""
    return exact_within(value, rates, payable, by_quantity).rounded(rounding)


def tax_in_full(
    value: int, rates: Rates, by_quantity: Fraction = Fraction(0), rounding: Rounding = USUAL
) -> Tax:
    """:func:`exact_in_full`, rounded."""
    return exact_in_full(value, rates, by_quantity).rounded(rounding)


def rates_due(line: ParcelLine, value: int) -> tuple[Rates, Fraction]:
    """What a line worth ``value`` fen is taxed by: without consumption tax below its threshold, at
    the duty of an origin that is proved, and with the fen that hang on the quantity."""
    rates = line.rates
    by_quantity = line.by_quantity or Fraction(0)
    if rates.threshold and not rates.threshold.is_reached(value, line.quantity, line.contents):
        rates, by_quantity = replace(rates, consumption_tax=Decimal(0)), Fraction(0)
    if line.origin in rates.by_origin:
        rates = replace(rates, duty=min(rates.duty, rates.by_origin[line.origin]))
    return rates, by_quantity


def taxes_of(
    parcel: Parcel, values: Sequence[int], *, is_within: bool, limits: Limits
) -> list[Tax]:
    """The tax of each line, rounded as the policy has it: within the limits, or in full."""
    exact = []
    for line, value in zip(parcel.lines, values, strict=True):
        rates, by_quantity = rates_due(line, value)
        exact.append(
            exact_within(value, rates, limits.payable_fraction, by_quantity)
            if is_within
            else exact_in_full(value, rates, by_quantity)
        )
    columns = (
        rounded_lines([one.duty for one in exact], limits.rounding),
        rounded_lines([one.consumption_tax for one in exact], limits.rounding),
        rounded_lines([one.vat for one in exact], limits.rounding),
    )
    return [Tax(*parts) for parts in zip(*columns, strict=True)]


def dutiable_values(parcel: Parcel) -> list[int]:
    """Each line's goods with its share of freight and insurance by value; sums to all of it.

    What was paid with points or vouchers is part of it. Freight on goods that cost nothing (all
    gifts) is shared by units.
    """
    goods = [line.goods for line in parcel.lines]
    weights = goods if any(goods) else [line.quantity for line in parcel.lines]
    freight = shared(parcel.freight + parcel.insurance, weights)
    return [value + part for value, part in zip(goods, freight, strict=True)]


def assess(
    parcel: Parcel,
    *,
    used_this_year: int,
    limits: Limits,
    used_grams: Mapping[str, int] | None = None,
) -> Assessment:
    """The tax on a parcel of a buyer who has used ``used_this_year`` fen already, and
    ``used_grams`` of goods with a limit by weight, by the eight digits of the positive list.

    Limits are inclusive. Raises NotOnPositiveList, OverWeightLimit, OverYearLimit or
    OverOrderLimit.
    """
    for line in parcel.lines:
        if not line.rates.on_positive_list:
            raise NotOnPositiveList(hs_code=line.hs_code)
    weights = limited_grams(parcel)
    for code, (grams, limit) in weights.items():
        used = (used_grams or {}).get(code, 0)
        if used + grams > limit:
            raise OverWeightLimit(
                code=code, order=kilograms(grams), used=kilograms(used), limit=kilograms(limit)
            )
    values = dutiable_values(parcel)
    worth = sum(values)
    if used_this_year + worth > limits.year_limit:
        raise OverYearLimit(
            order=yuan(worth), used=yuan(used_this_year), limit=yuan(limits.year_limit)
        )
    if worth + parcel.beside <= limits.order_limit:
        regime = WITHIN
    elif len(parcel.lines) == 1 and parcel.lines[0].quantity == 1 and not parcel.beside:
        regime = OVER_SINGLE_ITEM
    else:
        raise OverOrderLimit(order=yuan(worth + parcel.beside), limit=yuan(limits.order_limit))
    taxes = taxes_of(parcel, values, is_within=regime == WITHIN, limits=limits)
    lines = (TaxedLine(value, tax) for value, tax in zip(values, taxes, strict=True))
    return Assessment(regime=regime, lines=tuple(lines))


def limited_grams(parcel: Parcel) -> dict[str, tuple[int, int]]:
    """What a parcel holds of goods with a limit by weight, and the limit, by eight digits."""
    found: dict[str, tuple[int, int]] = {}
    for line in parcel.lines:
        if line.rates.limit_g is not None:
            code = line.hs_code[:8]
            found[code] = (found.get(code, (0, 0))[0] + line.grams, line.rates.limit_g)
    return found


def assess_in_turn(
    parcels: Sequence[tuple[str, Parcel]],
    *,
    used: Mapping[str, int],
    limits: Limits,
    used_grams: Mapping[tuple[str, str], int] | None = None,
) -> list[Assessment | RetailRefusal]:
    """Many parcels, the earlier first: what one takes of a buyer's year the next cannot.

    ``parcels`` are pairs of the buyer's digest and the parcel; ``used`` is what each buyer
    has used of the year before, ``used_grams`` by buyer and eight digits. A refused parcel uses
    nothing.
    """
    spent = dict(used)
    weighed: dict[str, dict[str, int]] = {}
    for (buyer, code), grams in (used_grams or {}).items():
        weighed.setdefault(buyer, {})[code] = grams
    outcome: list[Assessment | RetailRefusal] = []
    for buyer, parcel in parcels:
        mine = weighed.setdefault(buyer, {})
        try:
            assessment = assess(
                parcel, used_this_year=spent.get(buyer, 0), limits=limits, used_grams=mine
            )
        except RetailRefusal as refusal:
            outcome.append(refusal)
        else:
            spent[buyer] = spent.get(buyer, 0) + assessment.dutiable
            for code, (grams, _limit) in limited_grams(parcel).items():
                mine[code] = mine.get(code, 0) + grams
            outcome.append(assessment)
    return outcome


def kilograms(grams: int) -> str:
    """``2.5 kg``, for the facts of a refusal."""
    return f"{Decimal(grams).scaleb(-3).normalize():f} kg"


def yuan(fen: int) -> str:
    """``5000.00``, for the facts of a refusal."""
    return f"CNY {fen // 100}.{fen % 100:02d}"
