"""Deposits are asked for, paid, and go to the order, back, or are lost; each step stands in the
books: what came in is owed to the seller until it is set off against what its share costs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.queries.companies import the_platform
from core.copying import create_many, insert_rows
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
from procurement.services.telling_money import Step

#: So many days before a deposit is due who has not paid is reminded.
REMIND_DAYS = 2


@transaction.atomic
def ask_deposits(*, round: PoolRound, expected: Mapping[int, int], now: datetime) -> list[Deposit]:
    """Ask each seller for its share of the expected landed cost: fen by seller's id.

    The round's percentage as the seller's band sets it. Idempotent: whoever was asked before is
    not asked again, nor for another amount; who is expected to cost nothing is not asked, and
    gets nothing of what others leave; whose band pays none is told so. From then on nothing is
    filed. Ask ``platform_wide``.
    Raises RoundWithoutDeposit; then nothing has been written. Returns the new ones.
    """
    held = PoolRound.objects.select_for_update(no_key=True).get(pk=round.pk)
    if held.deposit_due_at is None or not held.deposit_percent:
        raise RoundWithoutDeposit(round=held.code)
    if held.deposits_asked_at is None:
        held.deposits_asked_at = now
        held.save(update_fields=["deposits_asked_at"])
    asked = set(Deposit.objects.filter(round=held).values_list("seller_id", flat=True))
    today = timezone.localdate(now, timezone.get_default_timezone())
    known, newcomer = credit.credit_on(today)
    holder = the_platform()
    made, spared = [], []
    for seller, basis in sorted(expected.items()):
        band = known.get(seller, newcomer).band
        percent = crediting.deposit_percent(held.deposit_percent, band)
        amount = depositing.amount_due(basis, percent)
        if seller in asked:
            continue
        if basis > 0 and not percent:
            spared.append(seller)
        if amount > 0:
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
    create_many(made)
    telling_money.tell_deposits(held, made, now)
    telling_money.tell_no_deposits(held, spared, now)
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
    return enter_deposits(take_deposits(round=held, now=now), round=held, now=now)


@transaction.atomic
def take_deposits(*, round: PoolRound, now: datetime) -> list[Step]:
    """What :func:`apply_deposits` does to the deposits; their sellers' accounts are still to be
    told, by :func:`enter_deposits`."""
    held = PoolRound.objects.select_for_update(no_key=True).get(pk=round.pk)
    out = told.dropped(held, now)
    today = timezone.localdate(now, timezone.get_default_timezone())
    steps_of = told.moved_in(held)
    asked = Deposit.objects.filter(round=held).order_by("pk")
    moved = []
    for pk, seller, holder, number, asked_for in asked.values_list(
        "pk", "seller_id", "holder_id", "number", "amount_minor"
    ):
        before = steps_of.get(pk, ())
        # What was paid beyond the deposit is the seller's and goes back.
        amount = min(depositing.balance(before), asked_for)
        is_done = any(step.step == DepositStep.APPLIED for step in before)
        if amount > 0 and seller not in out and not is_done:
            moved.append(
                Step(pk, seller, holder, number, DepositStep.APPLIED, amount, today, number)
            )
    keys = insert_rows(
        DepositEvent,
        {
            "deposit_id": [one.deposit for one in moved],
            "seller_id": [one.seller for one in moved],
            "step": [one.step for one in moved],
            "amount_minor": [one.amount_minor for one in moved],
            "value_date": [one.value_date for one in moved],
            "reference": [one.reference for one in moved],
            "noted_at": [now] * len(moved),
        },
        returning=["id"],
    )
    post_many(
        postings=[_posting(key, one) for (key,), one in zip(keys, moved, strict=True)], now=now
    )
    telling_money.tell_deposit_steps(held, moved, now)
    return moved


@transaction.atomic
def enter_deposits(moved: Sequence[Step], *, round: PoolRound, now: datetime) -> dict[int, int]:
    """Enter deposits that were taken in their sellers' accounts; fen by seller's id."""
    charging.write_entries(
        [
            SellerEntry(
                seller_id=one.seller,
                holder_id=one.holder,
                round=round,
                kind=EntryKind.DEPOSIT,
                deposit_id=one.deposit,
                amount_minor=-one.amount_minor,
                value_date=one.value_date,
                due_on=charge_rules.due_on(one.value_date, round.payment_days),
                reference=one.number,
                noted_at=now,
            )
            for one in moved
        ],
        now=now,
    )
    return {one.seller: one.amount_minor for one in moved}


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
    moved = Step(
        *(deposit.pk, deposit.seller_id, deposit.holder_id, deposit.number),
        *(step, amount_minor, value_date, reference),
    )
    post_many(postings=[_posting(event.pk, moved)], now=now)
    telling_money.tell_deposit_steps(deposit.round, [moved], now)
    return event


def _posting(key: int, moved: Step) -> Posting:
    return Posting(
        key=f"deposit:{key}",
        kind=f"deposit_{moved.step.value}",
        document=moved.number,
        effective_on=moved.value_date,
        legs=list(_legs(moved)),
    )


def _legs(moved: Step) -> Iterable[Leg]:
    """Money in is owed to the seller; from there it goes to what the seller owes for its goods, to
    the bank, or to income."""
    holder, seller, amount_minor = moved.holder, moved.seller, moved.amount_minor
    bank = charging.bank(holder)
    owed = AccountRef(f"deposit:{holder}:{seller}:{HOME}", "liability", HOME, holder)
    others = {
        DepositStep.APPLIED: charging.receivable(holder, seller),
        DepositStep.REFUNDED: bank,
        DepositStep.FORFEITED: AccountRef(
            f"deposit_forfeited:{holder}:{HOME}", "income", HOME, holder
        ),
    }
    if moved.step == DepositStep.PAID:
        return [Leg(bank, amount_minor), Leg(owed, -amount_minor)]
    return [Leg(owed, amount_minor), Leg(others[moved.step], -amount_minor)]
