"""Deposits are asked for, paid, and go to the order, back, or are lost; each step stands in the
books: what came in is owed to the seller until it becomes its prepayment for goods."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Company, CompanyKind, User
from core.errors import DomainError, NotExact
from core.money import Money
from core.numbers import next_numbers
from core.sheets import MOST_FAULTS, RowError, SheetRefused, read_sheet
from ledger.services import AccountRef, Leg, post
from notices.services import once
from procurement.models import Deposit, DepositEvent, DepositStep, PoolRound
from procurement.queries import credit
from procurement.queries import deposits as told
from procurement.rules import crediting, depositing
from procurement.rules.depositing import BankLineCounted, DepositsRefused, RoundWithoutDeposit
from procurement.services import telling

HOME = "CNY"
#: Ten billion yuan: a typing mistake.
LARGEST_MINOR = 10**12
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
    held = PoolRound.objects.select_for_update().get(pk=round.pk)
    if held.deposit_due_at is None or not held.deposit_percent:
        raise RoundWithoutDeposit(round=held.code)
    asked = set(Deposit.objects.filter(round=held).values_list("seller_id", flat=True))
    today = timezone.localdate(now, timezone.get_default_timezone())
    known, newcomer = credit.credit_on(today)
    holder = Company.objects.filter(kinds__contains=[CompanyKind.PLATFORM]).order_by("pk").first()
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
    telling.tell_deposits(held, made, now)
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
            telling.tell_deposits_due(round, unpaid, now)
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
    """Put to the orders of a round what its sellers deposited; who dropped out keeps its money.

    Idempotent. Ask ``platform_wide``. Returns fen by seller's id, of this call.
    """
    held = PoolRound.objects.select_for_update().get(pk=round.pk)
    out = told.dropped(held, now)
    today = timezone.localdate(now, timezone.get_default_timezone())
    applied = {}
    for one in told.deposits().filter(round=held, held_minor__gt=0).order_by("pk"):
        # What was paid beyond the deposit is the seller's and goes back.
        done = DepositEvent.objects.filter(deposit=one, step=DepositStep.APPLIED).exists()
        if one.seller_id not in out and not done:
            amount = min(one.held_minor, one.amount_minor)
            _step(one, DepositStep.APPLIED, amount, today, one.number, None, now)
            applied[one.seller_id] = amount
    return applied


@dataclass(frozen=True, slots=True)
class BankLine:
    """A row of a file of payments, as text."""

    row: int
    number: str
    amount: str
    value_date: str
    reference: str


@transaction.atomic
def record_payments(
    *, lines: Sequence[BankLine], noted_by: User | None, now: datetime
) -> list[DepositEvent]:
    """Record many payments at once: all of them, or none.

    A line that is recorded already is left as it is. Raises DepositsRefused (its fact ``rows``
    lists the RowErrors); then nothing has been written.
    """
    known = {
        one.number: one
        for one in Deposit.objects.select_related("round", "seller").filter(
            number__in=[line.number for line in lines]
        )
    }
    errors: list[RowError] = []
    good: list[tuple[Deposit, int, date, str]] = []
    today = timezone.localdate(now, timezone.get_default_timezone())
    seen: dict[str, int] = {}
    for line in lines:
        before = len(errors)
        deposit = known.get(line.number)
        amount, day = _minor(line.amount), _day(line.value_date)
        first = seen.setdefault(line.reference, line.row)
        if deposit is None:
            errors.append(RowError(line.row, "deposit", _("There is no such deposit.")))
        if amount is None or amount <= 0:
            errors.append(RowError(line.row, "amount", _("An amount is written like 1234.56.")))
        if day is None:
            errors.append(RowError(line.row, "paid_on", _("A day is written like 2026-03-31.")))
        elif day > today:
            errors.append(RowError(line.row, "paid_on", _("This day is still to come.")))
        if not 0 < len(line.reference) <= 64:
            errors.append(
                RowError(line.row, "bank_reference", _("The bank's reference is missing."))
            )
        elif first != line.row:
            message = _("This reference stands in row %(first)s already.") % {"first": first}
            errors.append(RowError(line.row, "bank_reference", message))
        if len(errors) == before and deposit and amount and day:
            good.append((deposit, amount, day, line.reference))
    if errors:
        raise DepositsRefused(count=len(errors), rows=errors[:MOST_FAULTS])
    return [
        record_payment(
            deposit=deposit,
            amount_minor=amount,
            value_date=day,
            reference=reference,
            noted_by=noted_by,
            now=now,
        )
        for deposit, amount, day, reference in sorted(good, key=lambda one: one[0].round_id)
    ]


PAYMENT_COLUMNS = ("deposit", "amount", "paid_on", "bank_reference")
_ALIASES = {
    "定金编号": "deposit",
    "金额": "amount",
    "到账日期": "paid_on",
    "银行流水号": "bank_reference",
}


@dataclass(frozen=True, slots=True)
class PaymentFile:
    """What became of a file of payments: noted, or everything that is wrong with it."""

    noted: list[DepositEvent]
    refused: DomainError | None = None

    @property
    def errors(self) -> list[RowError]:
        rows = self.refused.facts.get("rows", []) if self.refused else []
        return list(rows) if isinstance(rows, list) else []


def record_payment_file(
    *, file_name: str, content: bytes, noted_by: User | None, now: datetime
) -> PaymentFile:
    """Record what a file of the bank's lines says, all of it or nothing: CSV or XLSX with the
    columns deposit, amount (yuan), paid_on and bank_reference."""
    try:
        rows = read_sheet(
            file_name, content, columns=PAYMENT_COLUMNS, aliases=_ALIASES, max_rows=20_000
        )
        lines = [
            BankLine(row.number, *(row.values[name] for name in PAYMENT_COLUMNS)) for row in rows
        ]
        return PaymentFile(record_payments(lines=lines, noted_by=noted_by, now=now))
    except (SheetRefused, DepositsRefused, BankLineCounted) as refused:
        return PaymentFile([], refused)


def _minor(text: str) -> int | None:
    """Fen, of yuan as a bank writes them; None for what is no amount, or more than any house
    holds."""
    try:
        minor = Money.of(Decimal(text.replace(",", "")), HOME).minor
    except (InvalidOperation, ValueError, ArithmeticError, NotExact):
        return None
    return minor if abs(minor) < LARGEST_MINOR else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _lock(deposit: Deposit) -> None:
    """Deposits are facts and cannot be locked; whoever moves one holds its round."""
    PoolRound.objects.select_for_update().get(pk=deposit.round_id)


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
    post(
        key=f"deposit:{event.pk}",
        kind=f"deposit_{step.value}",
        document=deposit.number,
        effective_on=value_date,
        legs=list(_legs(deposit, step, amount_minor)),
        now=now,
    )
    telling.tell_deposit_step(deposit, event, now)
    return event


def _legs(deposit: Deposit, step: DepositStep, amount_minor: int) -> Iterable[Leg]:
    """Money in is owed to the seller; it leaves that account to the goods, the bank or income."""
    holder, seller = deposit.holder_id, deposit.seller_id
    bank = AccountRef(f"bank:{holder}:{HOME}", "asset", HOME, holder)
    owed = AccountRef(f"deposit:{holder}:{seller}:{HOME}", "liability", HOME, holder)
    others = {
        DepositStep.APPLIED: AccountRef(
            f"prepaid_goods:{holder}:{seller}:{HOME}", "liability", HOME, holder
        ),
        DepositStep.REFUNDED: bank,
        DepositStep.FORFEITED: AccountRef(
            f"deposit_forfeited:{holder}:{HOME}", "income", HOME, holder
        ),
    }
    if step == DepositStep.PAID:
        return [Leg(bank, amount_minor), Leg(owed, -amount_minor)]
    return [Leg(owed, amount_minor), Leg(others[step], -amount_minor)]
