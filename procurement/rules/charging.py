"""What a seller owes for its share, and what of it is open.

What is billed is booked as a difference to what was booked before, so that however often a round
is billed, its entries sum to its last bills. What a seller pays counts for what is due first, and
what it pays beyond all that is its credit, which can be paid back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from core.errors import DomainError, InputError
from procurement.rules.depositing import BankLineWithoutReference

HOME = "CNY"


def receivable_code(holder: int, seller: int) -> str:
    """The account in the books of what one seller owes."""
    return f"receivable:{holder}:{seller}:{HOME}"


def pool_code(holder: int, round: int) -> str:
    """Of what was billed of a round, until the invoices are paid from it."""
    return f"pool:{holder}:{round}:{HOME}"


def pool_cost_code(holder: int, round: int) -> str:
    """Of what the platform itself bears of a round."""
    return f"pool_cost:{holder}:{round}:{HOME}"


def storage_code(holder: int, payee: int) -> str:
    """Of what was billed for a warehouse's storage and handling, until it gets it."""
    return f"storage:{holder}:{payee}:{HOME}"


def storage_cost_code(holder: int) -> str:
    """Of what the platform itself pays for the storage of what nobody took."""
    return f"storage_cost:{holder}:{HOME}"


def claims_code(holder: int) -> str:
    """Of what suppliers pay for damaged goods, until the importer brings it."""
    return f"claims:{holder}:{HOME}"


def claims_own_code(holder: int) -> str:
    """Of what the platform itself gets for goods of its own that came damaged."""
    return f"claims_own:{holder}:{HOME}"


class PaymentNotPositive(InputError):
    """A payment moves a whole amount of money, in fen, and more than none."""

    code = "procurement.payment_not_positive"


class PaymentTooLarge(InputError):
    """Ten billion yuan and more are a typing mistake and no payment."""

    code = "procurement.payment_too_large"


class PaidInFuture(InputError):
    """A bank cannot have booked a payment after today."""

    code = "procurement.paid_in_future"


class CreditExceeded(DomainError):
    """No more can be paid back to a seller than stands on its account as its credit."""

    code = "procurement.credit_exceeded"


class NoCredit(DomainError):
    """Only a credit can be asked back, and none stands on this account."""

    code = "procurement.no_credit"


class PaymentsRefused(InputError):
    """Some rows of the payments of sellers cannot be taken as they are; nothing has been noted."""

    code = "procurement.payments_refused"


#: Ten billion yuan: a typing mistake.
LARGEST_MINOR = 10**12


def due_on(billed_on: date, days: int) -> date:
    """The day on which what is billed must be in the bank: the round says within how many days."""
    return billed_on + timedelta(days=days)


def differences(billed: Mapping[int, int], booked: Mapping[int, int]) -> dict[int, int]:
    """By company, what is still to be booked so that what is booked comes to what is billed.

    Whoever is billed no longer gets back what was booked. Nothing for who stays as it is.
    """
    off = {one: billed.get(one, 0) - booked.get(one, 0) for one in billed.keys() | booked.keys()}
    return {one: off[one] for one in sorted(off) if off[one]}


def check_line(*, amount_minor: int, value_date: date, reference: str, today: date) -> str:
    """The bank's reference in one form. Raises PaymentNotPositive, PaymentTooLarge, PaidInFuture
    or BankLineWithoutReference."""
    told = " ".join(reference.split())
    if amount_minor <= 0:
        raise PaymentNotPositive(amount_minor=amount_minor)
    if amount_minor >= LARGEST_MINOR:
        raise PaymentTooLarge(amount_minor=amount_minor)
    if value_date > today:
        raise PaidInFuture(value_date=value_date)
    if not 0 < len(told) <= 64:
        raise BankLineWithoutReference(reference=told[:80])
    return told


def check_credit(*, amount_minor: int, balance_minor: int) -> None:
    """Raises CreditExceeded. ``balance_minor`` is what the seller owes, below zero its credit."""
    credit = max(-balance_minor, 0)
    if amount_minor > credit:
        raise CreditExceeded(amount_minor=amount_minor, credit_minor=credit)


def credit_asked_back(balance_minor: int) -> int:
    """All of a seller's credit; ``balance_minor`` is what it owes. Raises NoCredit."""
    if balance_minor >= 0:
        raise NoCredit(balance_minor=balance_minor)
    return -balance_minor


@dataclass(frozen=True, slots=True)
class Entry:
    """Of an entry what says when it counts: ``due_on`` is None for what is paid or paid back.

    ``round`` is its code, of a bill of storage the bill's number.
    """

    round: str
    due_on: date | None
    amount_minor: int


@dataclass(frozen=True, slots=True)
class OpenItem:
    """What of a round, or of a bill of storage, is still to be paid by a day."""

    round: str
    due_on: date
    amount_minor: int
    open_minor: int


def open_items(entries: Iterable[Entry]) -> list[OpenItem]:
    """What is still to be paid, first due first: bills less what lessens them, and what was paid
    counted for what is due first. They sum to what the seller owes, where it owes anything."""
    due: dict[tuple[date, str], int] = {}
    credit = 0
    for one in entries:
        if one.due_on is None:
            credit -= one.amount_minor
        else:
            place = (one.due_on, one.round)
            due[place] = due.get(place, 0) + one.amount_minor
    credit -= sum(amount for amount in due.values() if amount < 0)
    items = []
    for (day, round), amount in sorted(due.items()):
        if amount <= 0:
            continue
        # Below zero: more was paid back than had come in, which is owed with what is due first.
        paid = min(credit, amount)
        credit -= paid
        if amount > paid:
            items.append(OpenItem(round, day, amount, amount - paid))
    return items


def overdue(entries: Iterable[Entry], today: date) -> int:
    """What should be in the bank by now and is not: what was due before today, less all that was
    paid."""
    counted = (one for one in entries if one.due_on is None or one.due_on < today)
    return max(sum(one.amount_minor for one in counted), 0)
