"""What the terms of sale leave out of the price, and the customs value that counts it in.

Customs values goods at CIF. What the price does not hold is declared beside it as freight,
insurance and other charges (columns 28 to 30), each with a mark: 1 a rate, 2 an amount for each
tonne, 3 a total. How charges are shared over the lines is not written in the rules that could be
read: by gross weight for freight and by value for the rest is this house's way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from core.errors import DomainError, InputError
from core.money import exponent, shared


class Kind(StrEnum):
    FREIGHT = "freight"
    INSURANCE = "insurance"
    OTHER = "other"


class Mark(StrEnum):
    """How a charge is given: the mark of the form."""

    RATE = "1"
    UNIT = "2"
    TOTAL = "3"


class ChargeWrong(InputError):
    """A charge has a mark (1 rate, 2 for each tonne, 3 total), an amount above zero and, but for a
    rate, its currency; only freight is given for each tonne, and only other charges may be below
    zero."""

    code = "customs.charge_wrong"


class ChargeInPrice(InputError):
    """These terms of sale hold this charge in the price: it is not declared beside it."""

    code = "customs.charge_in_price"


class NoCustomsRate(DomainError):
    """Customs' exchange rate of this currency is not known for the day."""

    code = "customs.no_customs_rate"


@dataclass(frozen=True, slots=True)
class Charge:
    """A charge as the form has it: ``value`` is per cent for a rate, else major units of
    ``currency`` (empty for a rate)."""

    kind: Kind
    mark: Mark
    value: Decimal
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Valued:
    """What one goods line is worth to customs. Minor units of the declaration's currency; fen."""

    freight: int
    insurance: int
    other: int
    cif: int
    cny: int


_BOTH = frozenset({Kind.FREIGHT, Kind.INSURANCE})
_LEFT_OUT = {
    **dict.fromkeys(("FOB", "FCA", "FAS", "EXW"), _BOTH),
    **dict.fromkeys(("CFR", "CPT"), frozenset({Kind.INSURANCE})),
}


def left_out(incoterm: str) -> frozenset[Kind]:
    """What a price on these terms does not hold: FOB and EXW freight and insurance, CFR and CPT
    insurance, CIF and what goes further neither."""
    return _LEFT_OUT.get(incoterm, frozenset())


def check_charges(charges: Sequence[Charge], incoterm: str) -> None:
    """Raises ChargeWrong or ChargeInPrice, naming the charge."""
    seen = set()
    for one in charges:
        is_wrong = (
            one.kind in seen
            or (one.value < 0 and one.kind != Kind.OTHER)
            or one.value == 0
            or (one.mark == Mark.UNIT and one.kind != Kind.FREIGHT)
            or (len(one.currency) != 3) != (one.mark == Mark.RATE)
        )
        if is_wrong:
            raise ChargeWrong(charge=one.kind.value)
        seen.add(one.kind)
        if one.kind != Kind.OTHER and one.kind not in left_out(incoterm):
            raise ChargeInPrice(charge=one.kind.value, incoterm=incoterm)


def customs_values(
    lines: Sequence[tuple[int, int]],
    charges: Sequence[Charge],
    *,
    currency: str,
    rates: Mapping[str, Decimal],
) -> list[Valued]:
    """The CIF value of each goods line, given as (total in minor units, gross weight in grams).

    ``rates`` are CNY for one unit of each currency (customs' own, of the day of acceptance). A
    charge is first brought into the declaration's currency, half up, then shared by largest
    remainder, so that the lines sum exactly to goods and charges. A rate of insurance is of goods
    and freight together.

    Raises NoCustomsRate.
    """
    goods, gross = sum(total for total, _grams in lines), sum(grams for _total, grams in lines)
    own = _rate(rates, currency)
    by_kind = {one.kind: one for one in charges}

    def whole(kind: Kind, base: int) -> int:
        one = by_kind.get(kind)
        if one is None:
            return 0
        if one.mark == Mark.RATE:
            return _whole(Decimal(base) * one.value / 100)
        amount = one.value * Decimal(gross) / 1_000_000 if one.mark == Mark.UNIT else one.value
        if one.currency != currency:
            amount = amount * _rate(rates, one.currency) / own
        return _whole(amount.scaleb(exponent(currency)))

    by_value = [total for total, _grams in lines]
    by_weight = [grams for _total, grams in lines]
    evenly = [1] * len(lines)
    freight = whole(Kind.FREIGHT, goods)
    freights = shared(freight, by_weight if gross else evenly)
    insurances = shared(whole(Kind.INSURANCE, goods + freight), by_value if goods else evenly)
    others = shared(whole(Kind.OTHER, goods), by_value if goods else evenly)
    found = []
    for (total, _grams), carried, insured, more in zip(
        lines, freights, insurances, others, strict=True
    ):
        cif = total + carried + insured + more
        cny = _whole(Decimal(cif).scaleb(2 - exponent(currency)) * own)
        found.append(Valued(freight=carried, insurance=insured, other=more, cif=cif, cny=cny))
    return found


def _rate(rates: Mapping[str, Decimal], currency: str) -> Decimal:
    if currency == "CNY":
        return Decimal(1)
    if currency not in rates:
        raise NoCustomsRate(currency=currency)
    return rates[currency]


def _whole(amount: Decimal) -> int:
    return int(amount.quantize(Decimal(1), rounding=ROUND_HALF_UP))
