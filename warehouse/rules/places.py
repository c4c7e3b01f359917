"""What a place of a warehouse is called, what it bears, and when it is closed."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from itertools import product

from core.errors import DomainError, InputError

GATE = "GATE"
ZONES = ("gate", "storage", "picking", "quarantine")
COLUMNS = ("code", "zone")
OPTIONAL = ("volume_m3", "load_kg")
#: Places made at once.
MOST = 5_000

_CODE = re.compile(r"[A-Z0-9](?:[A-Z0-9.-]{0,30}[A-Z0-9])?")
#: What a label of a pallet says, with its application identifier or without.
_SSCC = re.compile(r"(00)?[0-9]{18}")
_PARTS = re.compile(r"[0-9]+|[A-Z]+|[.-]")
_AMOUNT = re.compile(r"[0-9]{1,6}(\.[0-9]{1,3})?")


class WrongPlaceCode(InputError):
    """A place has up to 32 capital letters and digits, with hyphens or dots between them; 18 or 20
    digits alone are a pallet's number."""

    code = "warehouse.wrong_place_code"


class PlaceCodeTaken(InputError):
    """The warehouse has a place of this name already."""

    code = "warehouse.place_code_taken"


class PlaceRepeated(InputError):
    """This place stands twice in the file."""

    code = "warehouse.place_repeated"


class NotARange(InputError):
    """A range goes from one place to another of the same form, such as A-01-01 to A-20-04."""

    code = "warehouse.not_a_range"


class TooManyPlaces(InputError):
    """Too many places at once; make them in smaller parts."""

    code = "warehouse.too_many_places"


class WrongZone(InputError):
    """A place is at the gate, for storage, for picking or in quarantine."""

    code = "warehouse.wrong_zone"


class WrongCapacity(InputError):
    """What a place bears is a number above 0 with at most three decimals; empty if unknown."""

    code = "warehouse.wrong_capacity"


class PlaceFileWrong(InputError):
    """Some cells of the file are wrong; no place was made."""

    code = "warehouse.place_file_wrong"


class PlaceNotEmpty(DomainError):
    """Goods lie at this place; move them before it is closed."""

    code = "warehouse.place_not_empty"


class PlaceClosed(DomainError):
    """This place is closed: no goods come there any more."""

    code = "warehouse.place_closed"


class GateStaysOpen(DomainError):
    """What is counted lies at the gate first; it is never closed."""

    code = "warehouse.gate_stays_open"


@dataclass(frozen=True, slots=True)
class NewPlace:
    """A place that is to be made; volume in m³ and load in kg, None where nobody knows."""

    code: str
    zone: str
    volume_m3: Decimal | None = None
    load_kg: Decimal | None = None


@dataclass(frozen=True, slots=True)
class PlaceFault:
    """What is wrong in one cell of a file."""

    row: int
    field: str
    error: InputError


def check_code(code: str, *, field: str = "code") -> str:
    """In capitals, without blanks around it. Raises WrongPlaceCode."""
    tidied = code.strip().upper()
    if not _CODE.fullmatch(tidied) or _SSCC.fullmatch(tidied):
        raise WrongPlaceCode(field=field, given=code[:40])
    return tidied


def check_zone(zone: str) -> str:
    """Raises WrongZone."""
    tidied = zone.strip().lower()
    if tidied not in ZONES:
        raise WrongZone(field="zone", given=zone[:40])
    return tidied


def read_capacity(text: str, *, field: str) -> Decimal | None:
    """m³ or kg; None for nothing. Raises WrongCapacity."""
    if not text.strip():
        return None
    if not _AMOUNT.fullmatch(text.strip()) or not Decimal(text):
        raise WrongCapacity(field=field, given=text[:40])
    return Decimal(text)


def check_capacity(amount: Decimal | None, *, field: str) -> Decimal | None:
    """Raises WrongCapacity for what is not above 0 or has more than three decimals."""
    if amount is not None:
        read_capacity(f"{amount:f}", field=field)
    return amount


def span(first: str, last: str) -> list[str]:
    """Every place from ``first`` to ``last``: each number in them, and each single letter, goes
    from the one to the other, so that A-01-01 to A-20-04 are eighty places.

    Raises WrongPlaceCode, NotARange or TooManyPlaces.
    """
    low, high = check_code(first, field="first"), check_code(last, field="last")
    starts, ends = _PARTS.findall(low), _PARTS.findall(high)
    if len(starts) != len(ends):
        raise NotARange(field="last", first=low, last=high)
    choices = []
    for start, end in zip(starts, ends, strict=True):
        choices.append(_between(start, end))
        if not choices[-1]:
            raise NotARange(field="last", first=low, last=high)
    count = 1
    for one in choices:
        count *= len(one)
    if count > MOST:
        raise TooManyPlaces(field="last", places=count, limit=MOST)
    return ["".join(parts) for parts in product(*choices)]


def _between(start: str, end: str) -> Sequence[str]:
    """The parts from one to the other; none when they are not of one form."""
    if start == end:
        return (start,)
    if start.isdigit() and end.isdigit() and len(start) == len(end):
        low, high = int(start), int(end)
        if high - low >= MOST:
            raise TooManyPlaces(field="last", places=high - low + 1, limit=MOST)
        return [str(number).zfill(len(start)) for number in range(low, high + 1)]
    if start.isalpha() and end.isalpha() and len(start) == len(end) == 1:
        return [chr(letter) for letter in range(ord(start), ord(end) + 1)]
    return ()


def check_new(codes: Sequence[str], known: Collection[str], *, field: str = "first") -> None:
    """None is there already; the gate always is. Raises PlaceCodeTaken, naming the first."""
    there = {*known, GATE}
    if taken := [one for one in codes if one in there]:
        raise PlaceCodeTaken(field=field, given=taken[0], places=len(taken))


def read_rows(
    rows: Sequence[tuple[int, Mapping[str, str]]], known: Collection[str]
) -> tuple[list[NewPlace], list[PlaceFault]]:
    """The places of a file, by row number, and every cell that is wrong in it."""
    places: list[NewPlace] = []
    faults: list[PlaceFault] = []
    seen: dict[str, int] = {}
    for number, cells in rows:
        told: dict[str, object] = {}
        wrong = []
        for field, read in _reading(cells):
            try:
                told[field] = read()
            except InputError as error:
                wrong.append(PlaceFault(number, field, error))
        code = str(told.get("code", ""))
        if code in seen:
            wrong.append(PlaceFault(number, "code", PlaceRepeated(first_row=seen[code])))
        elif code in known or code == GATE:
            wrong.append(PlaceFault(number, "code", PlaceCodeTaken(given=code)))
        seen.setdefault(code, number)
        if not wrong:
            places.append(NewPlace(**told))  # type: ignore[arg-type]
        faults += wrong
    return places, faults


def _reading(cells: Mapping[str, str]) -> Iterator[tuple[str, Callable[[], object]]]:
    yield "code", partial(check_code, cells["code"])
    yield "zone", partial(check_zone, cells["zone"])
    for field in OPTIONAL:
        yield field, partial(read_capacity, cells.get(field, ""), field=field)


def check_closable(code: str, units: int) -> None:
    """Raises GateStaysOpen or PlaceNotEmpty."""
    if code == GATE:
        raise GateStaysOpen(place=code)
    if units:
        raise PlaceNotEmpty(place=code, units=units)
