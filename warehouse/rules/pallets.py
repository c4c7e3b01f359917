"""Pallets: their numbers (SSCC), where they may stand, and what their labels say.

SSCC, GS1 General Specifications 2.2.1: an extension digit, the company's prefix and a serial
reference, together 17 digits, and a check digit.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from core.errors import DomainError, InputError
from warehouse.rules.posting import PROMISED, Status
from warehouse.rules.putting import (
    GATE,
    PICKING,
    Goods,
    PlaceTooFull,
    Reason,
    Shelf,
    Suggestion,
    ZoneDoesNotFit,
    fits_zone,
    hides_an_expiry,
)
from warehouse.rules.scanning import WrongCheckDigit, check_digit

_EXTENSION = "3"
_PREFIX = re.compile(r"[0-9]{6,12}")
_SSCC = re.compile(r"(?:\]C1)?(?:\(00\)|00)?(?P<number>[0-9]{18})")
#: Starts a GS1-128 barcode and ends a value of no fixed length, as reportlab's Code 128 has it.
FNC1 = "\xf1"


class NoCompanyPrefix(DomainError):
    """Pallets get numbers once the platform or the warehouse has a GS1 company prefix."""

    code = "warehouse.no_company_prefix"


class PalletNumbersUsedUp(DomainError):
    """The company prefix has no number left for another pallet."""

    code = "warehouse.pallet_numbers_used_up"


class PalletUnknown(InputError):
    """The warehouse has no such pallet."""

    code = "warehouse.pallet_unknown"


class PalletOnPallet(InputError):
    """A pallet stands at a place, never on another pallet."""

    code = "warehouse.pallet_on_pallet"


class PalletHoldsNothing(InputError):
    """A pallet is made of goods that are put onto it."""

    code = "warehouse.pallet_holds_nothing"


class PalletsStandThere(DomainError):
    """Pallets stand at this place; move them before it is closed."""

    code = "warehouse.pallets_stand_there"


def sscc(prefix: str, serial: int) -> str:
    """The number of a pallet. Raises NoCompanyPrefix or PalletNumbersUsedUp."""
    if not (_PREFIX.fullmatch(prefix) and prefix.isascii()):
        raise NoCompanyPrefix()
    room = 16 - len(prefix)
    reference = str(serial).zfill(room)
    if len(reference) > room:
        raise PalletNumbersUsedUp(prefix=prefix)
    body = f"{_EXTENSION}{prefix}{reference}"
    return body + check_digit(body)


def beginning(prefix: str) -> str:
    """What every number of a pallet of this company begins with."""
    return f"{_EXTENSION}{prefix}"


def serial_of(code: str, prefix: str) -> int:
    """The serial reference of a pallet's number, which begins with the company's prefix."""
    return int(code[len(beginning(prefix)) : -1])


def sscc_of(text: str) -> str:
    """The SSCC that was scanned or typed, with or without its identifier 00; empty for what is
    none. Raises WrongCheckDigit."""
    found = _SSCC.fullmatch(text.strip())
    if found is None or not found["number"].isascii():
        return ""
    number = found["number"]
    if check_digit(number[:-1]) != number[-1]:
        raise WrongCheckDigit(given=number)
    return number


def place_code(text: str) -> str:
    """What a place is called that was scanned or typed; a pallet's label names its pallet."""
    tidied = text.strip().upper()
    found = _SSCC.fullmatch(tidied)
    return found["number"] if found else tidied


def stands_as(status: Status) -> Status:
    """As what goods count where a pallet stands: what is promised goes on lying with the rest."""
    return Status.AVAILABLE if status in PROMISED else status


def check_pallet(goods: Sequence[Goods], shelf: Shelf) -> None:
    """All that lies on a pallet may stand there. Raises ZoneDoesNotFit or PlaceTooFull."""
    for one in goods:
        if not fits_zone(shelf.zone, stands_as(one.status)):
            raise ZoneDoesNotFit(place=shelf.code, zone=shelf.zone, status=one.status.value)
    fits, wanted = room_for(goods, shelf), sum(one.units for one in goods)
    if fits < wanted:
        raise PlaceTooFull(place=shelf.code, wanted=wanted, available=fits)


def room_for(goods: Sequence[Goods], shelf: Shelf) -> int:
    """How many of a pallet's units fit there, one kind after the other."""
    left, fits = replace(shelf, lies=dict(shelf.lies)), 0
    for one in goods:
        room = left.room_for(one)
        left.take(one, room)
        fits += room
    return fits


def suggest(goods: Sequence[Goods], shelves: Sequence[Shelf]) -> Suggestion | None:
    """A place for a pallet, the first by code of the best: where one of its lots lies, else an
    empty one, else any with room for all of it; None where there is none.

    The same input has the same answer. Two last days of one product never share a place.
    """
    if not goods:
        return None
    units = sum(one.units for one in goods)
    best: tuple[tuple[int, str], Suggestion] | None = None
    for shelf in shelves:
        is_same = any(one.lot in shelf.lies for one in goods)
        if shelf.under is not None or shelf.zone == GATE:
            continue
        if shelf.zone == PICKING and not is_same:
            continue
        if not all(fits_zone(shelf.zone, stands_as(one.status)) for one in goods):
            continue
        if room_for(goods, shelf) < units or any(hides_an_expiry(one, shelf) for one in goods):
            continue
        rank = 0 if is_same else 1 if not shelf.lies else 2
        if best is None or (rank, shelf.code) < best[0]:
            reason = (Reason.SAME_LOT, Reason.EMPTY, Reason.ROOM)[rank]
            best = ((rank, shelf.code), Suggestion(shelf.place, shelf.code, units, reason))
    return best[1] if best else None


@dataclass(frozen=True, slots=True)
class Content:
    """Units of one lot on a pallet; ``gtin`` has 14 digits."""

    gtin: str
    lot: str
    units: int
    expires_on: date | None = None


def label_elements(contents: Sequence[Content]) -> list[tuple[str, str]]:
    """What the upper barcode of a label says (application identifier, value): of a pallet of one
    lot its goods, how many, until when and which lot; of a mixed one nothing, as GS1 wants it."""
    if len({(one.gtin, one.lot) for one in contents}) != 1:
        return []
    (one, *_others) = contents
    units = sum(each.units for each in contents)
    days = [("17", f"{one.expires_on:%y%m%d}")] if one.expires_on else []
    return [("02", one.gtin), *days, ("37", str(units)), ("10", one.lot)]


def barcode_text(elements: Sequence[tuple[str, str]]) -> str:
    """The elements as a GS1-128 barcode has them: FNC1 first, and after each value of no fixed
    length that another one follows."""
    told = FNC1
    for at, (name, value) in enumerate(elements):
        ends = name in {"10", "37"} and at < len(elements) - 1
        told += f"{name}{value}{FNC1 if ends else ''}"
    return told


def readable(elements: Sequence[tuple[str, str]]) -> str:
    """The elements as people read them: ``(02)09520000000011(37)24``."""
    return "".join(f"({name}){value}" for name, value in elements)
