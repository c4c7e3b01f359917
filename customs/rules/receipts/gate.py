"""Times and weights as the gate of a zone writes them."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from customs.rules.receipts.told import CHINA

_SHAPES = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y%m%d%H%M%S")
#: More than any truck: a figure that nobody can mean.
_MOST_GRAMS = 10**9


def moment_of(text: str) -> datetime | None:
    """When a truck went through; None where nothing that can be read stands there."""
    for shape in _SHAPES:
        try:
            found = datetime.strptime(text.strip()[:19], shape).replace(tzinfo=CHINA)
        except ValueError:
            continue
        return found.astimezone(UTC) if found.year >= 1970 else None
    return None


def grams_of(text: str) -> int | None:
    """Kilograms as grams; None where nothing that can be read stands there."""
    try:
        grams = Decimal(text.strip()).scaleb(3)
    # No number, or one beyond what a number can be.
    except ArithmeticError:
        return None
    if not grams.is_finite() or not 0 < grams <= _MOST_GRAMS:
        return None
    return int(grams)
