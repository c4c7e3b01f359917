"""The bonded account book: what a receipt adds to which column of an item, and what must hold.

The columns are those of the Golden Customs bonded list: what an approved list announces
(``Prevd``), and what was posted (``Actl``), each as increase and decrease. Announced increase is
not available; announced decrease no longer is. Sources: INV201, INV211 with ``BwsDt``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from core.errors import DomainError, InputError

_FIVE = Decimal("0.00001")


class Kind(StrEnum):
    """What customs, or the warehouse under its eyes, says happened."""

    APPROVED_IN = "inv201_in"
    CHANGED_IN = "changed_in"
    POSTED_IN = "inv211_in"
    APPROVED_OUT = "inv201_out"
    POSTED_OUT = "inv211_out"
    DESTROYED = "destroyed"
    RETURNED = "returned"
    COUNTED = "counted"


class Style(StrEnum):
    """Goods are filed before they come, an item for each kind, or each inbound line makes one."""

    FILED = "filed"
    POSTING = "posting"


class BookBelowZero(DomainError):
    """No column of an item of the account book goes below zero, nor does what is available."""

    code = "customs.book_below_zero"


class BookQuantityWrong(InputError):
    """A receipt of an account book is of whole units, one at least; only a count may be of less."""

    code = "customs.book_quantity_wrong"


class BookOfAnother(DomainError):
    """This account book is another company's."""

    code = "customs.book_of_another"


class ItemDisagrees(DomainError):
    """Goods that were filed go into the item of their filing: in this account book that item is of
    other goods, or these goods have another item."""

    code = "customs.item_disagrees"


class ItemOfAnotherBook(InputError):
    """A receipt moves items of its own account book only."""

    code = "customs.item_of_another_book"


class ReceiptDiffers(DomainError):
    """A receipt of this type and number has been posted with other items or units."""

    code = "customs.receipt_differs"


class ReceiptReversed(DomainError):
    """This receipt has been reversed, or is itself a reversal."""

    code = "customs.receipt_reversed"


class QuarterNotBegun(DomainError):
    """A quarter is reported once it has begun."""

    code = "customs.quarter_not_begun"


def is_running(begins: date, ends: date, *, today: date) -> bool:
    """Whether a quarter from one day to another, both included, is not over: its report is
    provisional. Raises QuarterNotBegun."""
    if today < begins:
        raise QuarterNotBegun(begins=begins)
    return today <= ends


@dataclass(frozen=True, slots=True)
class Columns:
    """The four columns of an item, in its declared unit; or signed changes of them."""

    prevd_inc: int = 0
    prevd_redc: int = 0
    actl_inc: int = 0
    actl_redc: int = 0

    def __add__(self, other: Columns) -> Columns:
        return Columns(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))

    def __neg__(self) -> Columns:
        return Columns(*(-one for one in astuple(self)))

    @property
    def on_hand(self) -> int:
        return self.actl_inc - self.actl_redc

    @property
    def is_open(self) -> bool:
        """Whether anything is there or announced."""
        return any((self.on_hand, self.prevd_inc, self.prevd_redc))

    @property
    def available(self) -> int:
        return self.on_hand - self.prevd_redc


def effect(kind: Kind, quantity: int, *, is_reversal: bool = False) -> Columns:
    """What units on a receipt add to the columns. Raises BookQuantityWrong."""
    if type(quantity) is not int or quantity == 0 or (quantity < 0 and kind != Kind.COUNTED):
        raise BookQuantityWrong(kind=kind.value, quantity=quantity)
    told = {
        Kind.APPROVED_IN: Columns(prevd_inc=quantity),
        Kind.CHANGED_IN: Columns(prevd_inc=-quantity),
        Kind.POSTED_IN: Columns(prevd_inc=-quantity, actl_inc=quantity),
        Kind.APPROVED_OUT: Columns(prevd_redc=quantity),
        Kind.POSTED_OUT: Columns(prevd_redc=-quantity, actl_redc=quantity),
        Kind.DESTROYED: Columns(actl_redc=quantity),
        Kind.RETURNED: Columns(actl_inc=quantity),
        Kind.COUNTED: Columns(actl_inc=max(quantity, 0), actl_redc=max(-quantity, 0)),
    }[kind]
    return -told if is_reversal else told


def check_columns(told: Columns, *, item: str) -> None:
    """``item`` names the row. Raises BookBelowZero."""
    if min(*astuple(told), told.on_hand, told.available) < 0:
        raise BookBelowZero(
            item=item,
            prevd_inc=told.prevd_inc,
            prevd_redc=told.prevd_redc,
            on_hand=told.on_hand,
            available=told.available,
        )


def replayed(lines: Iterable[tuple[Kind, int, bool]], *, item: str) -> Columns:
    """The columns that receipts of an item make in their order: kind, units, is a reversal.

    Raises BookBelowZero where any step does not hold.
    """
    told = Columns()
    for kind, quantity, is_reversal in lines:
        told += effect(kind, quantity, is_reversal=is_reversal)
        check_columns(told, item=item)
    return told


def average(total: Decimal, on_hand: int) -> Decimal | None:
    """USD a unit, five decimals; None of nothing."""
    return (total / on_hand).quantize(_FIVE, ROUND_HALF_UP) if on_hand else None


def worth(unit_price: Decimal, quantity: int, rate: Decimal) -> Decimal:
    """USD of units at a price in its currency, of which one is ``rate`` USD; five decimals."""
    return (unit_price * quantity * rate).quantize(_FIVE, ROUND_HALF_UP)


def part(total: Decimal, quantity: int, on_hand: int) -> Decimal:
    """What units that leave take with them of a total in USD; the last take all of it."""
    if quantity == on_hand:
        return total
    return (total * quantity / on_hand).quantize(_FIVE, ROUND_HALF_UP)


def usd_change(
    total: Decimal | None, *, before: int, after: int, told: Decimal | None
) -> Decimal | None:
    """What units that come (``after`` over ``before`` on hand) or go add to a total in USD.

    ``told`` is what they are known to be worth, signed: their price, or what the receipt that is
    taken back had added. Without it they take or bring the average; goods that come to nothing
    on hand have none, and the total is unknown (None) from then on. It is never below zero, and
    zero of nothing.
    """
    if total is None or after == before:
        return None if total is None else Decimal(0)
    if after == 0:
        return -total
    if told is not None and total + told >= 0:
        return told
    if after < before:
        return -part(total, before - after, before)
    return part(total, after - before, before) if before else None


def style_of(number: str) -> Style:
    """A logistics-centre ledger (L…) files its goods first; any other is a posting ledger."""
    return Style.FILED if number.startswith("L") else Style.POSTING
