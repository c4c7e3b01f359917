"""How much to order of what sells uncertainly, by what a missed sale and a unit left over cost."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from statistics import NormalDist

#: Standard deviations on each side of the mean between which 80 of 100 fall.
_Z80 = NormalDist().inv_cdf(0.9)


def critical_ratio(*, under: int, over: int) -> Fraction:
    """How often demand should be met: ``under`` is what a missed sale costs, ``over`` what a unit
    left over does; both above 0, of one measure. Cachon and Terwiesch, Matching Supply with
    Demand, chapter 12."""
    return Fraction(under, under + over)


def newsvendor(*, mean: Decimal, deviation: Decimal, under: int, over: int) -> Decimal:
    """Units to order of normally distributed demand, to a tenth: what costs least on average."""
    at = NormalDist(float(mean), float(deviation)).inv_cdf(
        float(critical_ratio(under=under, over=over))
    )
    return Decimal(at).quantize(Decimal("0.1"), ROUND_HALF_UP)


def between(units: int, high: int, *, under: int, over: int) -> int:
    """Whole units to order where ``units`` are expected and one time in ten more than ``high``."""
    if high <= units:
        return units
    deviation = Decimal((high - units) / _Z80)
    found = newsvendor(mean=Decimal(units), deviation=deviation, under=under, over=over)
    return max(0, int(found.to_integral_value(ROUND_HALF_UP)))
