"""Deposits are asked for, paid, and go to the order, back, or are lost; each step stands in the
books: what came in is owed to the seller until it is set off against what its share costs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.queries.companies import the_platform
from core.numbers import next_numbers
from ledger.services import AccountRef, Leg, Posting, post_many
from notices.services import once
from procurement.models import (
    Deposit,
    DepositEvent,
    DepositStep,
    EntryKind,
    PoolRound,
    SellerEntry,
)
from procurement.queries import credit
from procurement.queries import deposits as told
from procurement.rules import charging as charge_rules
from procurement.rules import crediting, depositing
from procurement.rules.charging import HOME
from procurement.rules.depositing import BankLineCounted, RoundWithoutDeposit
from procurement.services import charging, telling_money

#: So many days before a deposit is due who has not paid is reminded.
REMIND_DAYS = 2


@transaction.atomic
def ask_deposits(*, round: PoolRound, expected: Mapping[int, int], now: datetime) -> list[Deposit]:
    """Ask each seller for its share of the expected landed cost: fen by seller's id.

    The round's percentage as the seller's band sets it. Idempotent: whoever was asked before is
    not asked again, nor for another amount; who is expected to cost nothing is not asked. Ask
    ``platform_wide``. Raises RoundWithoutDeposit; then nothing has been written. Returns the new
    ones.
    """
    held = PoolRound.objects.select_for_update(no_key=True).get(pk=round.pk)
    if held.deposit_due_at is None or not held.deposit_percent:
        raise RoundWithoutDeposit(round=held.code)
    asked = set(Deposit.objects.filter(round=held).values_list("seller_id", flat=True))
    today = timezone.localdate(now, timezone.get_default_timezone())
    known, newcomer = credit.credit_on(today)
    holder = the_platform()
    made = []
    for seller, basis in sorted(expected.items()):
        band = known.get(seller, newcomer).band
        percent = crediting.deposit_percent(held.deposit_percent, band)
        amount = depositing.amount_due(basis, percent)
        if seller not in asked and amount > 0:
            made.append(
                Deposit(
                    round=held,
                    seller_id=seller,
                    holder=holder,
                    band=band.name,
                    base_percent=held.deposit_percent,
                    percent=percent,
                    basis_minor=basis,
                    amount_minor=amount,
                    due_at=held.deposit_due_at,
                    made_at=now,
                )
            )
    for one, number in zip(made, next_numbers("DEP", today.year, len(made)), strict=True):
        one.number = number
    Deposit.objects.bulk_create(made, batch_size=2000)
    telling_money.tell_deposits(held, made, now)
    return made


@transaction.atomic
def remind_deposits(*, now: datetime) -> int:
    """Remind once, two days before, who has not paid. Safe to run any number of times."""
    reminded = 0
    waiting = PoolRound.objects.filter(deposit_due_at__gt=now, deposits__isnull=False).distinct()
    for round in waiting.order_by("pk"):
        if round.deposit_due_at is None or (round.deposit_due_at - now).days >= REMIND_DAYS:
            continue
        if once("deposit.due", f"round {round.pk}", now=now):
            unpaid = list(told.deposits().filter(told.UNPAID, round=round))
            telling_money.tell_deposits_due(round, unpaid, now)
            reminded += len(unpaid)
    return reminded


@transaction.atomic
def record_payment(
    *,
    deposit: Deposit,
    amount_minor: int,
    value_date: date,
    reference: str,
    noted_by: User | None,
    now: datetime,
) -> DepositEvent:
    """Money of a deposit is in the bank; ``reference`` is the bank's line.

    The same line told again gives back what is there. Raises DepositNotPositive,
    DepositPaidInFuture, BankLineWithoutReference or BankLineCounted; then nothing has been
    written.
    """
    _lock(deposit)
    today = timezone.localdate(now, timezone.get_default_timezone())
    line = depositing.check_paid(
        amount_minor=amount_minor, value_date=value_date, reference=reference, today=today
    )
    there = DepositEvent.objects.filter(step=DepositStep.PAID, reference=line).first()
    if there is not None:
        if (there.deposit_id, there.amount_minor) != (deposit.pk, amount_minor):
            raise BankLineCounted(reference=line)
        return there
    if SellerEntry.objects.filter(kind=EntryKind.PAYMENT, reference=line).exists():
        raise BankLineCounted(reference=line)
    return _step(deposit, DepositStep.PAID, amount_minor, value_date, line, noted_by, now)


@transaction.atomic
def refund(
    *,
    deposit: Deposit,
    amount_minor: int,
    value_date: date,
    reference: str,
    noted_by: User | None,
    now: datetime,
) -> DepositEvent:
    """Money of a deposit went back to the seller. Raises what :func:`record_payment` raises, and
    DepositExceeded for more than is there; then nothing has been written."""
    today = timezone.localdate(now, timezone.get_default_timezone())
    line = depositing.check_paid(
        amount_minor=amount_minor, value_date=value_date, reference=reference, today=today
    )
    _lock(deposit)
    there = DepositEvent.objects.filter(step=DepositStep.REFUNDED, reference=line).first()
    if there is not None:
        if (there.deposit_id, there.amount_minor) != (deposit.pk, amount_minor):
            raise BankLineCounted(reference=line)
        return there
    if SellerEntry.objects.filter(kind=EntryKind.REFUND, reference=line).exists():
        raise BankLineCounted(reference=line)
    _take(deposit, amount_minor)
    return _step(deposit, DepositStep.REFUNDED, amount_minor, value_date, line, noted_by, now)


@transaction.atomic
def forfeit(
    *, deposit: Deposit, amount_minor: int, reference: str, noted_by: User | None, now: datetime
) -> DepositEvent:
    """Money of a deposit is lost to the platform, for the reason that ``reference`` names. Raises
    DepositNotPositive, DepositExceeded or BankLineWithoutReference; then nothing has been
    written."""
    today = timezone.localdate(now, timezone.get_default_timezone())
    line = depositing.check_paid(
        amount_minor=amount_minor,
        value_date=today,
        reference=f"{deposit.number} {reference}",
        today=today,
    )
    _lock(deposit)
    _take(deposit, amount_minor)
    return _step(deposit, DepositStep.FORFEITED, amount_minor, today, line, noted_by, now)


@transaction.atomic
def apply_deposits(*, round: PoolRound, now: datetime) -> dict[int, int]:
    """Set off what the sellers of a round deposited against what they owe for their shares; who
    dropped out keeps its money.

    Idempotent. Ask ``platform_wide``. Returns fen by seller's id, of this call.
    """
    held = PoolRound.objects.select_for_update(no_key=True).get(pk=round.pk)
    out = told.dropped(held, now)
    today = timezone.localdate(now, timezone.get_default_timezone())
    asked = list(Deposit.objects.filter(round=held).order_by("pk"))
    steps_of = told.moved(asked)
    moved = []
    for one in asked:
        before = steps_of.get(one.pk, ())
        # What was paid beyond the deposit is the seller's and goes back.
        amount = min(depositing.balance(before), one.amount_minor)
        is_done = any(step.step == DepositStep.APPLIED for step in before)
        if amount > 0 and one.seller_id not in out and not is_done:
            moved.append((one, amount))
    steps = DepositEvent.objects.bulk_create(
        [
            DepositEvent(
                deposit=one,
                seller_id=one.seller_id,
                step=DepositStep.APPLIED,
                amount_minor=amount,
                value_date=today,
                reference=one.number,
                noted_at=now,
            )
            for one, amount in moved
        ],
        batch_size=2_000,
    )
    post_many(postings=[_posting(step.deposit, step) for step in steps], now=now)
    charging.write_entries(
        [
            SellerEntry(
                seller_id=one.seller_id,
                holder_id=one.holder_id,
                round=held,
                kind=EntryKind.DEPOSIT,
                deposit=one,
                amount_minor=-amount,
                value_date=today,
                due_on=charge_rules.due_on(today, held.payment_days),
                reference=one.number,
                noted_at=now,
            )
            for one, amount in moved
        ],
        now=now,
    )
    telling_money.tell_deposit_steps(held, steps, now)
    return {one.seller_id: amount for one, amount in moved}


def _lock(deposit: Deposit) -> None:
    """Deposits are facts and cannot be locked; whoever moves one holds its round."""
    PoolRound.objects.select_for_update(no_key=True).get(pk=deposit.round_id)


def _take(deposit: Deposit, amount_minor: int) -> None:
    held = depositing.balance(told.moved([deposit]).get(deposit.pk, ()))
    depositing.check_taken(amount_minor=amount_minor, held_minor=held)


def _step(
    deposit: Deposit,
    step: DepositStep,
    amount_minor: int,
    value_date: date,
    reference: str,
    noted_by: User | None,
    now: datetime,
) -> DepositEvent:
    event = DepositEvent.objects.create(
        deposit=deposit,
        seller_id=deposit.seller_id,
        step=step,
        amount_minor=amount_minor,
        value_date=value_date,
        reference=reference,
        noted_at=now,
        noted_by=noted_by,
    )
    post_many(postings=[_posting(deposit, event)], now=now)
    telling_money.tell_deposit_steps(deposit.round, [event], now)
    return event


def _posting(deposit: Deposit, event: DepositEvent) -> Posting:
    return Posting(
        key=f"deposit:{event.pk}",
        kind=f"deposit_{DepositStep(event.step).value}",
        document=deposit.number,
        effective_on=event.value_date,
        legs=list(_legs(deposit, DepositStep(event.step), event.amount_minor)),
    )


def _legs(deposit: Deposit, step: DepositStep, amount_minor: int) -> Iterable[Leg]:
    """Money in is owed to the seller; from there it goes to what the seller owes for its goods, to
    the bank, or to income."""
    holder, seller = deposit.holder_id, deposit.seller_id
    bank = charging.bank(holder)
    owed = AccountRef(f"deposit:{holder}:{seller}:{HOME}", "liability", HOME, holder)
    others = {
        DepositStep.APPLIED: charging.receivable(holder, seller),
        DepositStep.REFUNDED: bank,
        DepositStep.FORFEITED: AccountRef(
            f"deposit_forfeited:{holder}:{HOME}", "income", HOME, holder
        ),
    }
    if step == DepositStep.PAID:
        return [Leg(bank, amount_minor), Leg(owed, -amount_minor)]
    return [Leg(owed, amount_minor), Leg(others[step], -amount_minor)]
