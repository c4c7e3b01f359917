"""What one unit of a product holds, as its specification and its weight say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

#: ``50毫升/瓶``, ``1千克/袋``, ``12片/盒``, ``30 ml``; the first that stands there counts.
_HELD = re.compile(
    r"(?P<much>[0-9]+(?:\.[0-9]+)?)\s*"
    r"(?P<unit>毫升|ml|mL|ML|升|L|l(?!x?[a-wyz])|千克|公斤|kg|KG|克|g(?!x?[a-wyz])|片|张|贴)"
)
_MILLILITRES = {"毫升": 1, "ml": 1, "mL": 1, "ML": 1, "升": 1_000, "L": 1_000, "l": 1_000}
_GRAMS = {"千克": 1_000, "公斤": 1_000, "kg": 1_000, "KG": 1_000, "克": 1, "g": 1}
_SHEETS = ("片", "张", "贴")
_TIMES = r"\s*[×✕xX*]\s*"
_NAME = r"[\u4e00-\u9fff]{1,2}|[A-Za-z]+"
#: ``330毫升×6``, ``330毫升/罐×6``, ``330毫升×6罐×4``; a length (``5×7厘米``) is none.
_AFTER = re.compile(
    rf"(?:\s*/\s*(?:{_NAME}))?{_TIMES}(?P<count>[0-9]{{1,4}})(?![0-9.]|\s*(?:厘米|毫米|cm|mm))"
    rf"(?:\s*(?![×✕xX*]\s*[0-9])(?:{_NAME}))?"
)
#: ``6×330毫升``, ``6罐*330毫升``.
_BEFORE = re.compile(rf"(?<![0-9.])(?P<count>[0-9]{{1,4}})\s*(?:{_NAME})?{_TIMES}$")
#: ``330毫升/罐,6罐/箱``: so many of what was measured are in the next larger one.
_INNER = re.compile(rf"\s*/\s*(?P<inner>{_NAME})")
_OUTER = re.compile(rf"(?P<count>[0-9]{{1,4}})\s*(?P<inner>{_NAME})\s*/\s*(?P<outer>{_NAME})")
#: Customs' units by what they measure, and how much of a gram, millilitre or unit one is.
_BY_WEIGHT = {"035": 1_000, "036": 1, "070": 1_000_000}
_BY_VOLUME = {"095": 1_000, "096": 1}
BY_MEASURE = frozenset((*_BY_WEIGHT, *_BY_VOLUME))
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


def contents_of(specification: str, net_weight_g: int, content_ml: int = 0) -> Contents:
    """What a unit holds: volume and sheets from the specification, grams from there or else the
    net weight; of a pack of several (``330毫升×6罐/箱``) all of them together. ``content_ml`` is
    what somebody told of a whole unit in a field of its own, which counts before any text."""
    grams, millilitres, sheets = Fraction(0), Fraction(0), 0
    for found in _HELD.finditer(specification):
        much, unit = Fraction(Decimal(found["much"])), found["unit"]
        if unit in _MILLILITRES and not millilitres:
            each = much * _MILLILITRES[unit]
            millilitres = each * _packed(specification, found, each, net_weight_g)
        elif unit in _GRAMS and not grams:
            each = much * _GRAMS[unit]
            grams = each * _packed(specification, found, each, net_weight_g)
        elif unit in _SHEETS and not sheets:
            sheets = int(much) * _packed(specification, found, Fraction(0), 0)
    told = Fraction(content_ml) or millilitres
    return Contents(grams or Fraction(net_weight_g), told, sheets)


def _packed(text: str, held: re.Match[str], each: Fraction, net_weight_g: int) -> int:
    """How many of what is measured are in one unit; ``each`` in millilitres or grams."""
    count, at = 1, held.end()
    if before := _BEFORE.search(text, 0, held.start()):
        count *= int(before["count"])
    while after := _AFTER.match(text, at):
        count, at = count * int(after["count"]), after.end()
    if count > 1:
        return count
    inner = _INNER.match(text, held.end())
    name = inner["inner"] if inner else ""
    for outer in _OUTER.finditer(text, held.end()):
        if name and _is_same(outer["inner"], name):
            count, name = count * int(outer["count"]), outer["outer"]
    # Goods may be sold by the bottle and packed by the case: then the weight is that of a bottle.
    if net_weight_g and each and Fraction(net_weight_g) ** 2 < each * each * count:
        return 1
    return max(count, 1)


def _is_same(one: str, other: str) -> bool:
    """``can`` and ``cans`` are one name."""
    return one.lower().removesuffix("s") == other.lower().removesuffix("s")
