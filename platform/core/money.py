"""Money: an amount and its currency as one value, exact to the minor unit.

The minor units are those of ISO 4217 (list of 2026-01-01), not the cash digits of
CLDR: the two differ for 13 currencies.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from core.errors import CurrencyMismatch, NotExact

#: Currencies whose exponent is not 2.
_EXPONENT = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG"), 0),
    **dict.fromkeys(("RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(("CLF", "UYW"), 4),
}


def exponent(currency: str) -> int:
    """Decimals of a currency: 2 for CNY, 0 for JPY, 3 for KWD."""
    return _EXPONENT.get(currency, 2)


def _is_whole(number: object) -> bool:
    return isinstance(number, int) and not isinstance(number, bool)


def shared(total: int, weights: Sequence[int]) -> list[int]:
    """Split ``total`` whole units by ``weights`` so that the parts sum to it exactly.

    Largest remainder; ties go to the earlier position, so callers order by a stable key
    (the company's id) first. ``weights`` are integers >= 0 with at least one > 0, unless
    ``total`` is 0. Works for negative totals by mirroring.

    Raises NotExact for a float, a negative weight, or a total with nobody to carry it.
    """
    if not all(_is_whole(number) for number in (total, *weights)):
        raise NotExact(total=total)
    if any(weight < 0 for weight in weights):
        raise NotExact(weights="negative")
    if total < 0:
        return [-part for part in shared(-total, weights)]
    mass = sum(weights)
    if mass == 0:
        if total:
            raise NotExact(total=total, weights="none")
        return [0] * len(weights)
    parts = [total * weight // mass for weight in weights]
    left = total - sum(parts)
    order = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % mass), i))
    for i in order[:left]:
        parts[i] += 1
    return parts


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount: ``minor`` whole minor units of ``currency`` (ISO 4217 letters)."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if not _is_whole(self.minor):
            raise NotExact(amount=self.minor)

    @classmethod
    def of(cls, amount: Decimal | int | str, currency: str) -> Money:
        """From major units. Raises NotExact when the amount has more decimals than the currency."""
        if isinstance(amount, float):
            raise NotExact(amount=amount)
        scaled = Decimal(amount).scaleb(exponent(currency))
        if scaled != scaled.to_integral_value():
            raise NotExact(amount=str(amount), currency=currency)
        return cls(int(scaled), currency)

    @classmethod
    def rounded(cls, amount: Decimal, currency: str) -> Money:
        """From major units, half up to the minor unit (as banks and customs round)."""
        scaled = amount.scaleb(exponent(currency)).quantize(Decimal(1), rounding=ROUND_HALF_UP)
        return cls(int(scaled), currency)

    @property
    def amount(self) -> Decimal:
        """The amount in major units, with the currency's decimals."""
        return Decimal(self.minor).scaleb(-exponent(self.currency))

    def shared(self, weights: Sequence[int]) -> list[Money]:
        """Split by weights; see :func:`shared`."""
        return [Money(part, self.currency) for part in shared(self.minor, weights)]

    def converted(self, rate: Decimal, currency: str) -> Money:
        """At ``rate`` units of ``currency`` for one of ours, half up."""
        return Money.rounded(self.amount * rate, currency)

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._same(other).minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._same(other).minor, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __mul__(self, times: int) -> Money:
        return Money(self.minor * times, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._same(other).minor

    def __bool__(self) -> bool:
        return self.minor != 0

    def __str__(self) -> str:
        return f"{self.currency} {self.amount:,}"

    def _same(self, other: Money) -> Money:
        if other.currency != self.currency:
            raise CurrencyMismatch(left=self.currency, right=other.currency)
        return other
