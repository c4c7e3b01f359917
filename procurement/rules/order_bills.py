"""What may really be billed for an order, of what it is and by what it is shared. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from core.errors import DomainError, InputError
from procurement.rules.sharing.costs import Driver

#: A bill of this kind corrects what the goods of its line cost, and is shared as they are.
SUPPLIER: Final = "supplier"
#: What one bill may be at most, fen.
LARGEST_BILL: Final = 10**12


class BillNotUsable(InputError):
    """A bill names a kind that is known, an amount, the number and the day of its paper, and the
    line of the order where its kind is a line's alone; a supplier's is shared as its goods are."""

    code = "procurement.bill_not_usable"


class BillEntered(DomainError):
    """A bill with this number is entered for this order already."""

    code = "procurement.bill_entered"


class BillReversed(DomainError):
    """A bill is taken back once, and a counter-entry not at all."""

    code = "procurement.bill_reversed"


class BillBelowNothing(DomainError):
    """What is billed of a kind cannot come to less than nothing; an exchange gain is at most half
    of what the order's goods cost, a supplier's credit at most all of what the line's do."""

    code = "procurement.bill_below_nothing"


class Place(StrEnum):
    """Of what a bill may be."""

    LINE = "line"
    ORDER = "order"
    EITHER = "either"


@dataclass(frozen=True, slots=True)
class Kind:
    """``replaces`` is the expected kind whose place such a bill takes, ``driver`` by what it is
    shared unless the operator says otherwise, ``of_line`` the same for a bill of one line."""

    place: Place
    driver: Driver
    of_line: Driver = Driver.UNITS
    replaces: str = ""


#: The kinds of bills and their default drivers. What can be attributed is its line's alone; room
#: is paid by who takes it, and money by who owes it.
KINDS: Final[Mapping[str, Kind]] = {
    SUPPLIER: Kind(Place.LINE, Driver.UNITS),
    "freight": Kind(Place.EITHER, Driver.CHARGEABLE, Driver.CHARGEABLE),
    "insurance": Kind(Place.EITHER, Driver.VALUE, Driver.VALUE),
    "duty": Kind(Place.EITHER, Driver.VALUE),
    "inspection": Kind(Place.LINE, Driver.UNITS),
    "handling": Kind(Place.EITHER, Driver.LINES),
    "storage": Kind(Place.EITHER, Driver.VOLUME, Driver.VOLUME),
    "broker": Kind(Place.EITHER, Driver.LINES, replaces="declaration"),
    "wire": Kind(Place.ORDER, Driver.VALUE),
    "fx": Kind(Place.ORDER, Driver.VALUE),
}


@dataclass(frozen=True, slots=True)
class NewBill:
    """A bill as somebody enters it; ``line`` is the key of the order's line, None for all of it."""

    kind: str
    amount_minor: int
    document: str
    billed_on: date
    line: int | None = None
    driver: str = ""


def check_bill(bill: NewBill, *, lines: Iterable[int], today: date) -> Driver:
    """By what it is shared. Raises BillNotUsable."""
    kind = KINDS.get(bill.kind)
    if kind is None:
        raise BillNotUsable(kind=bill.kind)
    if not bill.amount_minor or abs(bill.amount_minor) > LARGEST_BILL:
        raise BillNotUsable(amount_minor=bill.amount_minor)
    if not bill.document.strip() or len(bill.document) > 64:
        raise BillNotUsable(document=bill.document[:64])
    if bill.billed_on > today:
        raise BillNotUsable(billed_on=bill.billed_on)
    is_of_line = bill.line is not None
    if kind.place is (Place.ORDER if is_of_line else Place.LINE) or (
        is_of_line and bill.line not in set(lines)
    ):
        raise BillNotUsable(line=bill.line or "")
    if not bill.driver:
        return kind.of_line if is_of_line else kind.driver
    if bill.driver not in list(Driver) or bill.kind == SUPPLIER:
        raise BillNotUsable(driver=bill.driver)
    return Driver(bill.driver)


def check_sum(kind: str, *, before_minor: int, amount_minor: int, goods_minor: int) -> None:
    """With what was billed of the kind ``before``; ``goods_minor`` is what its goods cost.

    Raises BillBelowNothing.
    """
    lowest = {SUPPLIER: -goods_minor, "fx": -(goods_minor // 2)}.get(kind, 0)
    if before_minor + amount_minor < lowest:
        raise BillBelowNothing(kind=kind, before_minor=before_minor, amount_minor=amount_minor)
