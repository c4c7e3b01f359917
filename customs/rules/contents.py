"""What one unit of a product holds, as its specification and its weight say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

#: ``50毫升/瓶``, ``1千克/袋``, ``12片/盒``, ``30 ml``; the first that stands there counts.
_HELD = re.compile(
    r"(?P<much>[0-9]+(?:\.[0-9]+)?)\s*"
    r"(?P<unit>毫升|ml|mL|升|L|l(?![a-z])|千克|公斤|kg|克|g(?![a-z])|片|张|贴)"
)
_MILLILITRES = {"毫升": 1, "ml": 1, "mL": 1, "升": 1_000, "L": 1_000, "l": 1_000}
_GRAMS = {"千克": 1_000, "公斤": 1_000, "kg": 1_000, "克": 1, "g": 1}
_SHEETS = ("片", "张", "贴")
#: Customs' units by what they measure, and how much of a gram, millilitre or unit one is.
_BY_WEIGHT = {"035": 1_000, "036": 1, "070": 1_000_000}
_BY_VOLUME = {"095": 1_000, "096": 1}
_BY_PIECE = ("001", "006", "007", "008", "011", "012", "015", "020", "122", "125", "140", "142")


@dataclass(frozen=True, slots=True)
class Contents:
    """Of one unit: net grams, and millilitres and sheets where they are said, 0 where not."""

    grams: Fraction
    millilitres: Fraction = Fraction(0)
    sheets: int = 0

    @property
    def measure(self) -> Fraction:
        """Millilitres where they are said, else grams: what a price per ml or g is of."""
        return self.millilitres or self.grams

    def in_unit(self, unit: str) -> Fraction | None:
        """How many of a unit of customs one unit of the product is; None where nobody said."""
        if unit in _BY_WEIGHT:
            return self.grams / _BY_WEIGHT[unit] if self.grams else None
        if unit in _BY_VOLUME:
            return self.millilitres / _BY_VOLUME[unit] if self.millilitres else None
        return Fraction(1) if unit in _BY_PIECE else None


def contents_of(specification: str, net_weight_g: int) -> Contents:
    """What a unit holds: volume and sheets from the specification, grams from there or else the
    net weight."""
    grams, millilitres, sheets = Fraction(0), Fraction(0), 0
    for found in _HELD.finditer(specification):
        much, unit = Fraction(Decimal(found["much"])), found["unit"]
        if unit in _MILLILITRES and not millilitres:
            millilitres = much * _MILLILITRES[unit]
        elif unit in _GRAMS and not grams:
            grams = much * _GRAMS[unit]
        elif unit in _SHEETS and not sheets:
            sheets = int(much)
    return Contents(grams or Fraction(net_weight_g), millilitres, sheets)
