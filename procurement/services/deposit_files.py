"""A file of the bank's lines about deposits: all of it is recorded, or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import DomainError, NotExact
from core.money import Money
from core.sheets import MOST_FAULTS, RowError, SheetRefused, read_sheet
from procurement.models import Deposit, DepositEvent
from procurement.rules.depositing import BankLineCounted, DepositsRefused
from procurement.services.deposits import HOME, record_payment

#: Ten billion yuan: a typing mistake.
LARGEST_MINOR = 10**12


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
