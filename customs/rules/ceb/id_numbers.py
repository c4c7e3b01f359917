"""The numbers of Chinese identity cards, as GB 11643 makes them."""

from __future__ import annotations

import re
from datetime import date

_SHAPE = re.compile(r"[0-9]{17}[0-9X]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


def is_id_number(text: str) -> bool:
    """Eighteen places: six of a region, a birthday, three of a series, and the right check digit.

    Regions are not looked up: they are merged and made anew every year.
    """
    if not _SHAPE.fullmatch(text):
        return False
    try:
        date.fromisoformat(f"{text[6:10]}-{text[10:12]}-{text[12:14]}")
    except ValueError:
        return False
    added = sum(int(digit) * weight for digit, weight in zip(text[:17], _WEIGHTS, strict=True))
    return _CHECKS[added % 11] == text[17]
