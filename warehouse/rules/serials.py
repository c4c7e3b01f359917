"""Serial numbers: how they are entered, and which must be there."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from core.errors import DomainError, InputError

#: As many as a file of one line of a shipment may have.
MOST = 20_000
#: What GS1 lets a serial number be (AI 21).
_TEXT = re.compile(r"""[!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]{1,20}""")


class WrongSerial(InputError):
    """A serial number has up to 20 letters, digits and signs, without blanks."""

    code = "warehouse.wrong_serial"


class SerialSeenTwice(InputError):
    """A unit of this product with this serial number is there already."""

    code = "warehouse.serial_seen_twice"


class SerialsMissing(InputError):
    """This product keeps serial numbers: there is one for each of its units, and no more."""

    code = "warehouse.serials_missing"


class SerialNotHere(DomainError):
    """No unit with this serial number lies here for this order."""

    code = "warehouse.serial_not_here"


class SerialDidNotLeave(DomainError):
    """No unit with this serial number left with this order."""

    code = "warehouse.serial_did_not_leave"


def is_serial(text: str) -> bool:
    """Whether GS1 lets a serial number be so."""
    return _TEXT.fullmatch(text) is not None


def read_serials(text: str) -> tuple[str, ...]:
    """One after the other, with blanks or line breaks between: as pasted, scanned or in a file."""
    return tuple(text.split())


def check_serials(serials: Sequence[str], units: int, *, keeps: bool) -> tuple[str, ...]:
    """Those of ``units`` of a product; of one that ``keeps`` none they are left away.

    Raises WrongSerial or SerialSeenTwice, naming the row, or SerialsMissing.
    """
    if not keeps:
        return ()
    seen: dict[str, int] = {}
    for row, serial in enumerate(serials, start=1):
        if not is_serial(serial):
            raise WrongSerial(row=row, serial=serial[:40])
        if serial in seen:
            raise SerialSeenTwice(row=row, serial=serial, first_row=seen[serial])
        seen[serial] = row
    if len(serials) != units:
        raise SerialsMissing(units=units, serials=len(serials))
    return tuple(serials)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit (id) with its number; ``lot``: its number, ``steps``: how often it has left and come
    back. It is in the house when that is even."""

    pk: int
    serial: str
    lot: str
    steps: int = 0

    @property
    def is_here(self) -> bool:
        return self.steps % 2 == 0


def choose(serials: Sequence[str], units: Iterable[Unit], wanted: Mapping[str, int]) -> list[Unit]:
    """The units of these numbers, in their order, that leave: of each lot as many as ``wanted``.

    ``units`` are those of the wanted lots of which serial numbers are kept.

    Raises SerialNotHere, SerialSeenTwice or SerialsMissing.
    """
    here = [one for one in units if one.is_here]
    taken = _take(serials, here, SerialNotHere)
    _check_all(taken, wanted)
    return taken


def choose_back(
    serials: Sequence[str], units: Iterable[Unit], wanted: Mapping[str, int]
) -> list[Unit]:
    """The units of these numbers that come back; ``units`` are those that left with the order.

    Raises SerialDidNotLeave, SerialSeenTwice or SerialsMissing.
    """
    gone = [one for one in units if not one.is_here]
    taken = _take(serials, gone, SerialDidNotLeave)
    _check_all(taken, wanted)
    return taken


def _take(serials: Sequence[str], units: Sequence[Unit], refusal: type[DomainError]) -> list[Unit]:
    # Two products may have units of one number: as often as it is given, as many of them go.
    by_serial: dict[str, list[Unit]] = defaultdict(list)
    for one in units:
        by_serial[one.serial].append(one)
    taken: list[Unit] = []
    for row, serial in enumerate(serials, start=1):
        left = by_serial.get(serial)
        if left is None:
            raise refusal(row=row, serial=serial[:40])
        if not left:
            raise SerialSeenTwice(row=row, serial=serial)
        taken.append(left.pop(0))
    return taken


def _check_all(taken: Sequence[Unit], wanted: Mapping[str, int]) -> None:
    told = Counter(one.lot for one in taken)
    for lot in sorted(told.keys() | wanted.keys()):
        if told[lot] != wanted.get(lot, 0):
            raise SerialsMissing(lot=lot, units=wanted.get(lot, 0), serials=told[lot])
