"""A file of the bank's lines about deposits: all of it is recorded, or none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core.sheets import MOST_FAULTS, SheetRefused
from procurement.models import Deposit, DepositEvent
from procurement.rules.depositing import BankLineCounted, DepositsRefused
from procurement.services.deposits import record_payment
from procurement.services.money_files import BankLine, FileRead, checked, read_lines


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
    good, errors = checked(
        lines,
        known,
        column="deposit",
        missing=_("There is no such deposit."),
        today=timezone.localdate(now, timezone.get_default_timezone()),
    )
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


def record_payment_file(
    *, file_name: str, content: bytes, noted_by: User | None, now: datetime
) -> FileRead[DepositEvent]:
    """Record what a file of the bank's lines says, all of it or nothing: CSV or XLSX with the
    columns deposit, amount (yuan), paid_on and bank_reference."""
    try:
        lines = read_lines(file_name, content, columns=PAYMENT_COLUMNS, aliases=_ALIASES)
        return FileRead(record_payments(lines=lines, noted_by=noted_by, now=now))
    except (SheetRefused, DepositsRefused, BankLineCounted) as refused:
        return FileRead([], refused)
