"""What sellers pay on their accounts, and what is paid back to them, as the bank booked it."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import Company, User
from accounts.queries.companies import the_platform
from procurement.models import DepositEvent, DepositStep, EntryKind, SellerEntry
from procurement.queries import charging as told
from procurement.rules import charging
from procurement.rules.depositing import BankLineCounted
from procurement.services import telling_money
from procurement.services.charging import write_entries

#: A deposit's line of the bank is no payment on account, nor the other way round.
_DEPOSITS = {
    EntryKind.PAYMENT: DepositStep.PAID,
    EntryKind.REFUND: DepositStep.REFUNDED,
}


@transaction.atomic
def record_account_payment(
    *,
    seller: Company,
    amount_minor: int,
    value_date: date,
    reference: str,
    noted_by: User | None,
    now: datetime,
) -> SellerEntry:
    """A seller's money is in the bank; ``reference`` is the bank's line.

    It counts for what is due first; what is beyond all that is owed stands as credit. The same
    line told again gives back what is there. Raises PaymentNotPositive, PaymentTooLarge,
    PaidInFuture, BankLineWithoutReference or BankLineCounted; then nothing has been written.
    """
    return _note(
        EntryKind.PAYMENT, seller, amount_minor, value_date, reference, noted_by=noted_by, now=now
    )


@transaction.atomic
def pay_back(
    *,
    seller: Company,
    amount_minor: int,
    value_date: date,
    reference: str,
    noted_by: User | None,
    now: datetime,
) -> SellerEntry:
    """A seller's credit went back to it. Raises what :func:`record_account_payment` raises, and
    CreditExceeded for more than its credit; then nothing has been written."""
    return _note(
        EntryKind.REFUND, seller, amount_minor, value_date, reference, noted_by=noted_by, now=now
    )


@transaction.atomic
def ask_back(*, seller: Company, now: datetime) -> int:
    """A seller asks finance for all of its credit; asked again, finance hears nothing new until
    something is entered on the account. Returns the credit, fen.

    Raises NoCredit; then nothing has been written.
    """
    credit_minor = charging.credit_asked_back(told.balance(seller))
    telling_money.tell_asked_back(seller, credit_minor, told.as_it_stands(seller), now)
    return credit_minor


def _note(
    kind: EntryKind,
    seller: Company,
    amount_minor: int,
    value_date: date,
    reference: str,
    *,
    noted_by: User | None,
    now: datetime,
) -> SellerEntry:
    today = timezone.localdate(now, timezone.get_default_timezone())
    line = charging.check_line(
        amount_minor=amount_minor, value_date=value_date, reference=reference, today=today
    )
    # Entries are facts and cannot be locked; whoever moves money of a seller holds the company.
    Company.objects.select_for_update(no_key=True).get(pk=seller.pk)
    signed = -amount_minor if kind == EntryKind.PAYMENT else amount_minor
    there = SellerEntry.objects.filter(kind=kind, reference=line).first()
    if there is not None:
        if (there.seller_id, there.amount_minor) != (seller.pk, signed):
            raise BankLineCounted(reference=line)
        return there
    if DepositEvent.objects.filter(step=_DEPOSITS[kind], reference=line).exists():
        raise BankLineCounted(reference=line)
    if kind == EntryKind.REFUND:
        charging.check_credit(amount_minor=amount_minor, balance_minor=told.balance(seller))
    entry = SellerEntry(
        seller=seller,
        holder=the_platform(),
        kind=kind,
        amount_minor=signed,
        value_date=value_date,
        reference=line,
        noted_at=now,
        noted_by=noted_by,
    )
    (written,) = write_entries([entry], now=now)
    telling_money.tell_moved(written, told.balance(seller), now)
    return written
