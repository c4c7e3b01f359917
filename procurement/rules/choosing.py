"""Which categories are worth a pool of their own: the evidence, and one figure to rank by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

#: More sellers than this make a pool no safer.
ENOUGH_SELLERS = 10
_POINTS = {"pooling": 40, "demand": 30, "sellers": 20, "keeping": 10}


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of one category; money in fen of the house, ``units`` of the quarters seen.

    ``alone_units`` are those of sellers that reach the supplier's minimum by themselves,
    ``pooled_units`` those of products whose pooled sum reaches it.
    """

    category: str
    products: int
    spoiling: int
    units: int = 0
    sellers: int = 0
    alone_units: int = 0
    pooled_units: int = 0
    value_minor: int = 0

    @property
    def alone(self) -> Decimal:
        return _part(self.alone_units, self.units)

    @property
    def pooled(self) -> Decimal:
        return _part(self.pooled_units, self.units)

    @property
    def spoiled(self) -> Decimal:
        return _part(self.spoiling, self.products)

    @property
    def unit_value_minor(self) -> int | None:
        """The mean value of a wanted unit; None while nothing was wanted."""
        return -(-self.value_minor // self.units) if self.units else None


def _part(some: int, whole: int) -> Decimal:
    return Decimal(some) / Decimal(whole) if whole else Decimal(0)


def scores(evidence: Sequence[Evidence]) -> list[int]:
    """0 to 100 for each category: 40 for what pooling adds to reaching the minimums, 30 for the
    value wanted against the largest, 20 for sellers up to ten, 10 for what keeps long enough.
    Where nothing was wanted there is no evidence, and the score is 0."""
    largest = max((one.value_minor for one in evidence), default=0)
    return [_score(one, largest) for one in evidence]


def _score(one: Evidence, largest: int) -> int:
    if not one.units:
        return 0
    parts = {
        "pooling": one.pooled - one.alone,
        "demand": _part(one.value_minor, largest),
        "sellers": _part(min(one.sellers, ENOUGH_SELLERS), ENOUGH_SELLERS),
        "keeping": 1 - one.spoiled,
    }
    points = sum((part * _POINTS[name] for name, part in parts.items()), Decimal(0))
    return int(points.quantize(Decimal(1), ROUND_HALF_UP))
