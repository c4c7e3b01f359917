"""What a barcode says: a plain article number, GS1 element strings, or a GS1 Digital Link.

Identifiers and lengths are those of the GS1 General Specifications, which biip knows; what biip
lets pass, check digits first of all, is looked at here.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import parse_qsl, unquote, urlsplit

from biip import ParseConfig, ParseError
from biip.gs1_messages import GS1Message

from core.errors import InputError

LONGEST = 200
#: Sent for FNC1, which ends a value of no fixed length. A scanner that types cannot type the
#: first of them; the others stand in no GS1 value, and are what such a scanner is set to send.
_SEPARATORS = ("\x1d", "␝", "|", "^", "~")
_SYMBOLOGY = re.compile(r"\](?P<kind>[A-Za-z][0-9])")
#: GS1-128, GS1 DataBar, GS1 DataMatrix, GS1 QR Code and GS1 DotCode: element strings and no other.
_GS1 = frozenset({"C1", "e0", "d2", "Q3", "J1"})
_DIGITS = re.compile(r"[0-9]+")
_UNITS = re.compile(r"[0-9]{1,8}")
_TEXT = re.compile(r"""[!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]{1,20}""")
#: Lengths of article numbers (GTIN-8, -12, -13, -14), and of a pallet's.
_ARTICLE, _PALLET = frozenset({8, 12, 13, 14}), 18
_CENTURY = range(2000, 2100)


class NotACode(InputError):
    """This is neither an article number nor a GS1 code."""

    code = "warehouse.not_a_code"


class WrongCheckDigit(InputError):
    """The check digit of this code is wrong; scan it again."""

    code = "warehouse.wrong_check_digit"


class NoSuchDay(InputError):
    """A day in this code does not stand in the calendar of this century."""

    code = "warehouse.no_such_day"


class NamesNoArticle(InputError):
    """This code names no article; scan the one with the article number."""

    code = "warehouse.names_no_article"


class NotInThisShipment(InputError):
    """No line of this shipment has a product of this number."""

    code = "warehouse.not_in_this_shipment"


class OtherGoodsOnLine(InputError):
    """What was counted on this line bears another batch or day, and a line is of one lot."""

    code = "warehouse.other_goods_on_line"


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a code says; what it says nothing about is empty. ``gtin`` has 14 digits.

    ``lot`` is what stands on the goods: the maker's batch, or on our own labels our lot.
    """

    gtin: str = ""
    sscc: str = ""
    lot: str = ""
    serial: str = ""
    units: int | None = None
    produced_on: date | None = None
    best_before: date | None = None
    expires_on: date | None = None

    @property
    def last_day(self) -> date | None:
        """The day after which the goods are not sold."""
        return self.expires_on or self.best_before


@dataclass(frozen=True, slots=True)
class CountedLine:
    """A line (id) as it stands while it is counted; ``gtin`` has 14 digits."""

    line: int
    gtin: str
    counted: int | None = None
    batch: str = ""
    produced_on: date | None = None
    expires_on: date | None = None


def check_digit(body: str) -> str:
    """The last digit of a GTIN, GLN or SSCC: modulo 10, weights 3 and 1 from the right."""
    weighed = sum(int(digit) * (1 if at % 2 else 3) for at, digit in enumerate(reversed(body)))
    return str(-weighed % 10)


def read(text: str, *, today: date) -> Scanned:
    """``today`` tells the century of a day's two digits.

    Raises NotACode, WrongCheckDigit or NoSuchDay.
    """
    told = text.strip()
    if not 0 < len(told) <= LONGEST:
        raise NotACode(given=told[:40])
    symbology = _SYMBOLOGY.match(told)
    if symbology:
        told = told[symbology.end() :]
        if symbology["kind"] in _GS1:
            return _elements(told, today)
    if told.lower().startswith(("http://", "https://")):
        return _link(told, today)
    if _DIGITS.fullmatch(told) and told.isascii():
        if len(told) in _ARTICLE:
            return _said({"01": told}, today, told)
        if len(told) == _PALLET:
            return _said({"00": told}, today, told)
    return _elements(told, today)


def _elements(told: str, today: date) -> Scanned:
    for one in _SEPARATORS[1:]:
        told = told.replace(one, _SEPARATORS[0])
    told = told.lstrip(_SEPARATORS[0])
    # Days are looked at below: biip asks its own clock for their century.
    config = ParseConfig(gs1_element_strings_verify_date=False, separator_chars=_SEPARATORS[:1])
    try:
        parse = GS1Message.parse_hri if told.startswith("(") else GS1Message.parse
        message = parse(told, config=config)
    except (ParseError, ValueError) as error:
        raise NotACode(given=told[:40]) from error
    return _said(
        _once(((one.ai.ai, one.value) for one in message.element_strings), told), today, told
    )


def _link(told: str, today: date) -> Scanned:
    """``https://…/01/GTIN/10/LOT/21/SERIAL?17=YYMMDD``, with any stem before the 01."""
    try:
        parts = urlsplit(told)
        steps = [unquote(step) for step in parts.path.split("/") if step]
        asked = parse_qsl(parts.query)
    except ValueError as error:
        raise NotACode(given=told[:40]) from error
    if "01" not in steps:
        raise NotACode(given=told[:40])
    steps = steps[steps.index("01") :]
    pairs = [*zip(steps[::2], steps[1::2], strict=False)]
    pairs += [(name, value) for name, value in asked if name in {"11", "15", "17"}]
    return _said(_once(pairs, told), today, told)


def _once(pairs: Iterable[tuple[str, str]], told: str) -> dict[str, str]:
    """What is said twice is said alike. Raises NotACode."""
    found: dict[str, str] = {}
    for name, value in pairs:
        if found.setdefault(name, value) != value:
            raise NotACode(given=told[:40])
    return found


def _said(found: Mapping[str, str], today: date, told: str) -> Scanned:
    # 02 and 37 are of what a pallet holds, 01 and 30 of what is scanned itself.
    gtin, units = found.get("01") or found.get("02") or "", found.get("37") or found.get("30")
    sscc = found.get("00", "")
    for number, lengths in ((gtin, _ARTICLE), (sscc, {_PALLET})):
        if number:
            _check(number, lengths, told)
    for name in ("10", "21"):
        if name in found and not _TEXT.fullmatch(found[name]):
            raise NotACode(given=told[:40])
    if units and not _UNITS.fullmatch(units):
        # A link may say anything where an element string has digits.
        raise NotACode(given=told[:40])
    said = Scanned(
        gtin=gtin.zfill(14) if gtin else "",
        sscc=sscc,
        lot=found.get("10", ""),
        serial=found.get("21", ""),
        units=int(units) if units else None,
        produced_on=_day(found.get("11"), today),
        best_before=_day(found.get("15"), today),
        expires_on=_day(found.get("17"), today),
    )
    if not (said.gtin or said.sscc or said.lot):
        raise NotACode(given=told[:40])
    return said


def _check(number: str, lengths: Iterable[int], told: str) -> None:
    if not (_DIGITS.fullmatch(number) and number.isascii() and len(number) in lengths):
        raise NotACode(given=told[:40])
    if check_digit(number[:-1]) != number[-1]:
        raise WrongCheckDigit(given=number)


def _day(told: str | None, today: date) -> date | None:
    """YYMMDD; the day 00 is the last of its month. Raises NoSuchDay.

    GS1 General Specifications, "Determination of century in dates": 51 years or more ahead is of
    the century before, 50 or more behind of the next.
    """
    if told is None:
        return None
    try:
        year, month, day = int(told[:2]), int(told[2:4]), int(told[4:6])
        ahead = year - today.year % 100
        year += today.year - today.year % 100 + (ahead <= -50) * 100 - (ahead >= 51) * 100
        found = date(year, month, day or calendar.monthrange(year, month)[1])
    except ValueError as error:
        raise NoSuchDay(given=told[:8]) from error
    if found.year not in _CENTURY:
        raise NoSuchDay(given=told)
    return found


def take(said: Scanned, lines: Sequence[CountedLine], *, adds: bool) -> CountedLine:
    """The line a scanned code belongs to, as it stands after it; ``adds``: every scan is a unit.

    How many a code stands for it may say itself. Of several lines of one product that of the
    batch comes first; else the one being counted, where units are added, and where they are
    counted by hand the first that is not counted yet.

    Raises NamesNoArticle, NotInThisShipment or OtherGoodsOnLine.
    """
    if not said.gtin:
        raise NamesNoArticle(given=said.sscc or said.lot)
    same = [line for line in lines if line.gtin == said.gtin]
    if not same:
        raise NotInThisShipment(gtin=said.gtin)
    more = said.units if said.units is not None else 1 if adds or said.serial else 0
    line = _meant(said, same, adds=more > 0)
    if line.counted:
        told = ((said.lot, line.batch), (said.produced_on, line.produced_on))
        for new, old in (*told, (said.last_day, line.expires_on)):
            if new and old and new != old:
                raise OtherGoodsOnLine(gtin=said.gtin, counted=str(old), scanned=str(new))
    return CountedLine(
        line=line.line,
        gtin=line.gtin,
        counted=(line.counted or 0) + more if more else line.counted,
        batch=said.lot or line.batch,
        produced_on=said.produced_on or line.produced_on,
        expires_on=said.last_day or line.expires_on,
    )


def _meant(said: Scanned, same: Sequence[CountedLine], *, adds: bool) -> CountedLine:
    if said.lot:
        for line in same:
            if line.batch == said.lot:
                return line
    waiting = [line for line in same if not line.counted]
    if adds and not said.lot:
        counted = [line for line in same if line.counted]
        return counted[-1] if counted else same[0]
    return waiting[0] if waiting else same[0]
