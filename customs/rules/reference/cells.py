"""What stands in the cells of a file of reference data, as it is kept: text, numbers, lists.

Every value is one that JSON knows, written in one way only, so that what a file says and what is
kept are the same if they are equal. Rates are fractions with five decimals (``"0.13000"``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

from core.errors import InputError
from customs.rules.reference import faults

Reads = Callable[[str], object]

_PLACES = Decimal("0.00001")
_YEARS = range(2000, 2100)
_HIGHEST = Decimal(10_000_000)
_AGREEMENT = re.compile(
    r"(?P<name>[^=;()]{1,40}?)\s*(\((?P<countries>[^()]*)\))?\s*=\s*(?P<rate>.+)"
)
_COUNTRY = re.compile(r"[A-Z]{3}")
_PARTED = re.compile(r"[|;；、\n]")
REMARKS = ("excluded", "bonded_only", "named_only", "weight_limit")
COSMETICS = "cosmetics"
_REMARK_NAMES = {
    "除外": "excluded",
    "仅限网购保税商品": "bonded_only",
    "仅限网购保税": "bonded_only",
    "仅限": "named_only",
    "限量": "weight_limit",
}


def day(text: str) -> date:
    """Raises NotADay."""
    try:
        found = date.fromisoformat(text.replace("/", "-"))
    except ValueError:
        raise faults.NotADay(value=text[:40]) from None
    # Another century is a slip of the finger.
    if found.year not in _YEARS:
        raise faults.NotADay(value=text[:40])
    return found


def coded(pattern: str, fault: type[InputError]) -> Reads:
    """A code of this shape, or ``fault``."""
    shape = re.compile(pattern)

    def read(text: str) -> object:
        if not shape.fullmatch(text):
            raise fault(value=text[:40])
        return text

    return read


def if_any(read: Reads, empty: object = "") -> Reads:
    """``empty`` where nothing stands."""
    return lambda text: read(text) if text else empty


def short(length: int) -> Reads:
    """A text of at most so many characters. Raises TextTooLong."""

    def read(text: str) -> object:
        if len(text) > length:
            raise faults.TextTooLong(most=length, characters=len(text))
        return text

    return read


def name(text: str) -> object:
    """Raises NameMissing or TextTooLong."""
    if not text:
        raise faults.NameMissing
    return short(250)(text)


def rate(text: str) -> object:
    """A fraction (``0.13``) or a percentage (``13%``), under 1000 %.

    The published tariff prints ``6`` where it means 6 %: a bare number from 1 on is refused, since
    a duty of 100 % and more is there too. Raises NotARate or PercentMissing.
    """
    percent = text.endswith(("%", "％"))
    try:
        found = Decimal(text.rstrip("%％ "))
    except InvalidOperation:
        raise faults.NotARate(value=text[:40]) from None
    if not percent and found.is_finite() and found >= 1:
        raise faults.PercentMissing(value=text[:40])
    found = found / 100 if percent else found
    if not found.is_finite() or not 0 <= found < 10 or found != found.quantize(_PLACES):
        raise faults.NotARate(value=text[:40])
    return as_text(found)


def rate_below_one(text: str) -> object:
    """No VAT is 100 %, and a consumption tax of it would make the price infinite.

    Raises NotARate or PercentMissing.
    """
    found = rate(text)
    if Decimal(str(found)) >= 1:
        raise faults.NotARate(value=text[:40])
    return found


def amount(text: str) -> object:
    """A plain number with at most five decimals, from 0 on. Raises NotAnAmount."""
    try:
        found = Decimal(text)
    except InvalidOperation:
        raise faults.NotAnAmount(value=text[:40]) from None
    if not found.is_finite() or not 0 <= found < _HIGHEST or found != found.quantize(_PLACES):
        raise faults.NotAnAmount(value=text[:40])
    return as_text(found)


def above_zero(text: str) -> object:
    """An amount that is more than nothing. Raises NotAnAmount."""
    found = amount(text)
    if not Decimal(str(found)):
        raise faults.NotAnAmount(value=text[:40])
    return found


def grams(text: str) -> object:
    """Kilograms, as whole grams. Raises NotAnAmount."""
    found = Decimal(str(above_zero(text))) * 1_000
    if found != int(found):
        raise faults.NotAnAmount(value=text[:40])
    return int(found)


def per(text: str) -> object:
    """Raises NotPerUnit."""
    if text not in {"1", "100", "1000", "10000"}:
        raise faults.NotPerUnit(value=text[:40])
    return int(text)


def places(text: str) -> object:
    """Decimals of a yuan to which a tax is rounded. Raises NotARounding."""
    if text not in {"0", "1", "2"}:
        raise faults.NotARounding(value=text[:40])
    return int(text)


def as_text(number: Decimal) -> str:
    """``0.13000``: the one way in which a decimal is kept in JSON here."""
    return f"{number.quantize(_PLACES):f}"


def listed(text: str) -> object:
    """Several texts in one cell, parted by ``|``, in their order. Raises TextTooLong."""
    found = [part.strip() for part in _PARTED.split(text) if part.strip()]
    for part in found:
        short(120)(part)
    return found


def letters(text: str) -> object:
    """Supervision conditions: one sign each, written together (``AB``). Raises NotACode."""
    found = [sign for sign in text if sign not in " ,;/|"]
    if not all(re.fullmatch(r"[0-9A-Za-z]", sign) for sign in found):
        raise faults.NotACode(value=text[:40])
    return list(dict.fromkeys(found))


def remarks(text: str) -> object:
    """The kinds of remark of the positive list. Raises RemarkUnknown."""
    found = []
    for part in re.split(r"[\s|;,；、，]+", text.strip()):
        if not part:
            continue
        kind = _REMARK_NAMES.get(part, part.lower())
        if kind not in REMARKS:
            raise faults.RemarkUnknown(value=part[:40])
        found.append(kind)
    return sorted(set(found), key=REMARKS.index)


def condition(text: str) -> object:
    """Raises ConditionUnknown."""
    found = {"化妆品": COSMETICS, "高档化妆品": COSMETICS}.get(text, text.lower())
    if found not in {"", COSMETICS}:
        raise faults.ConditionUnknown(value=text[:40])
    return found


def agreements(text: str) -> object:
    """Duty by origin: ``AUS=0; ASEAN(IDN MYS)=2%``, by name.

    Each is kept as ``{"name": …, "countries": [ISO-3, …], "rate": "0.00000"}``. Raises
    NotAnAgreement, NotARate or PercentMissing.
    """
    found: list[dict[str, object]] = []
    for part in filter(None, (one.strip() for one in re.split(r"[;；\n]", text))):
        told = _AGREEMENT.fullmatch(part)
        if told is None:
            raise faults.NotAnAgreement(value=part[:60])
        label = told["name"].strip()
        countries = re.split(r"[\s,]+", (told["countries"] or label).strip())
        if not all(_COUNTRY.fullmatch(country) for country in countries):
            raise faults.NotAnAgreement(value=part[:60])
        found.append(
            {
                "name": label,
                "countries": sorted(set(countries)),
                "rate": rate(told["rate"].strip()),
            }
        )
    if len({one["name"] for one in found}) < len(found):
        raise faults.NotAnAgreement(value=text[:60])
    return sorted(found, key=lambda one: str(one["name"]))


def countries_of(agreements: object) -> Sequence[str]:
    """The countries that some rates by origin name."""
    if not isinstance(agreements, list):
        return ()
    return [country for one in agreements for country in one["countries"]]
