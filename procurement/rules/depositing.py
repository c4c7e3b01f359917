"""What is deposited before an order, and what its not being paid means.

All or nothing: a share counts in the second cut-off when its whole deposit was with the bank on
the day it was due. Of a deposit that was paid in part nothing is ordered, and all of it goes back.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from core.errors import DomainError, InputError


class DepositNotPositive(InputError):
    """A deposit's payment moves a whole amount of money, in fen, and more than none."""

    code = "procurement.deposit_not_positive"


class DepositPaidInFuture(InputError):
    """The bank cannot have booked a payment after today."""

    code = "procurement.deposit_paid_in_future"


class DepositExceeded(DomainError):
    """No more can be taken out of a deposit than was paid in."""

    code = "procurement.deposit_exceeded"


class BankLineCounted(DomainError):
    """This line of the bank has been recorded already, for another amount, seller or deposit."""

    code = "procurement.bank_line_counted"


class BankLineWithoutReference(InputError):
    """A payment is recorded under the bank's own reference, of at most 64 characters."""

    code = "procurement.bank_line_without_reference"


class DepositsRefused(InputError):
    """Some rows of the payments cannot be taken as they are; nothing has been recorded."""

    code = "procurement.deposits_refused"


class RoundWithoutDeposit(DomainError):
    """This round asks for no deposit: it has no percentage or no day on which one is due."""

    code = "procurement.round_without_deposit"


class DepositsNotAsked(DomainError):
    """The deposits of this round have not been asked for yet: ask for them, then order."""

    code = "procurement.deposits_not_asked"


class DepositsNotDue(DomainError):
    """Some deposits of this round are not paid, and there is still time to pay them."""

    code = "procurement.deposits_not_due"


@dataclass(frozen=True, slots=True)
class Moved:
    """One step of a deposit: ``paid`` puts money in, every other step takes it out."""

    step: str
    amount_minor: int
    value_date: date


def amount_due(basis_minor: int, percent: int) -> int:
    """So many percent of the expected landed cost, in fen, halves rounded up; at least one fen
    of what costs something, so that nobody is left unasked by rounding."""
    least = int(basis_minor > 0 and percent > 0)
    return max(least, (basis_minor * percent + 50) // 100)


def balance(steps: Iterable[Moved]) -> int:
    """What of a deposit is still with the platform."""
    return sum(one.amount_minor if one.step == "paid" else -one.amount_minor for one in steps)


def is_covered(amount_minor: int, steps: Iterable[Moved], *, due_on: date) -> bool:
    """Whether the whole deposit was in the bank on the day it was due, and was not taken back."""
    there = 0
    for one in steps:
        if one.step == "paid" and one.value_date <= due_on:
            there += one.amount_minor
        elif one.step in {"refunded", "forfeited"}:
            there -= one.amount_minor
    return there >= amount_minor


def paid_minor(steps: Iterable[Moved]) -> int:
    """What of a deposit came in and stayed; what went back before the order is open again."""
    signs = {"paid": 1, "refunded": -1, "forfeited": -1}
    return sum(signs.get(one.step, 0) * one.amount_minor for one in steps)


def check_paid(*, amount_minor: int, value_date: date, reference: str, today: date) -> str:
    """The bank's reference in one form. Raises DepositNotPositive, DepositPaidInFuture or
    BankLineWithoutReference."""
    told = " ".join(reference.split())
    if amount_minor <= 0:
        raise DepositNotPositive(amount_minor=amount_minor)
    if value_date > today:
        raise DepositPaidInFuture(value_date=value_date)
    if not 0 < len(told) <= 64:
        raise BankLineWithoutReference(reference=told[:80])
    return told


def check_taken(*, amount_minor: int, held_minor: int) -> None:
    """Raises DepositNotPositive or DepositExceeded."""
    if amount_minor <= 0:
        raise DepositNotPositive(amount_minor=amount_minor)
    if amount_minor > held_minor:
        raise DepositExceeded(amount_minor=amount_minor, held_minor=held_minor)


def check_orderable(
    *,
    round: str,
    percent: int,
    due_at: datetime | None,
    is_asked: bool,
    is_unpaid: bool,
    now: datetime,
) -> None:
    """Raises DepositsNotAsked or DepositsNotDue; a round without deposits is ordered at once."""
    if not percent or due_at is None:
        return
    if not is_asked:
        raise DepositsNotAsked(round=round)
    if is_unpaid and now < due_at:
        raise DepositsNotDue(round=round, due_at=due_at)
