"""A file of the bank's lines about sellers' accounts: all of it is noted, or none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core.sheets import MOST_FAULTS, SheetRefused
from procurement.models import SellerEntry
from procurement.queries import charging as told
from procurement.rules.charging import PaymentsRefused
from procurement.rules.depositing import BankLineCounted
from procurement.services.money_files import BankLine, FileRead, checked, read_lines
from procurement.services.paying import record_account_payment

ACCOUNT_COLUMNS = ("seller", "amount", "paid_on", "bank_reference")
_ALIASES = {
    "卖家编号": "seller",
    "金额": "amount",
    "到账日期": "paid_on",
    "银行流水号": "bank_reference",
}


@transaction.atomic
def record_account_payments(
    *, lines: Sequence[BankLine], noted_by: User | None, now: datetime
) -> list[SellerEntry]:
    """Note many payments on accounts at once: all of them, or none.

    A line that is noted already is left as it is. Raises PaymentsRefused (its fact ``rows`` lists
    the RowErrors) or BankLineCounted; then nothing has been written.
    """
    codes = [line.number for line in lines]
    good, errors = checked(
        lines,
        {one.code: one for one in told.sellers().filter(code__in=codes)},
        column="seller",
        missing=_("There is no such seller."),
        today=timezone.localdate(now, timezone.get_default_timezone()),
    )
    if errors:
        raise PaymentsRefused(count=len(errors), rows=errors[:MOST_FAULTS])
    return [
        record_account_payment(
            seller=seller,
            amount_minor=amount,
            value_date=day,
            reference=reference,
            noted_by=noted_by,
            now=now,
        )
        for seller, amount, day, reference in sorted(good, key=lambda one: one[0].pk)
    ]


def record_account_file(
    *, file_name: str, content: bytes, noted_by: User | None, now: datetime
) -> FileRead[SellerEntry]:
    """Note what a file of the bank's lines says, all of it or nothing: CSV or XLSX with the
    columns seller, amount (yuan), paid_on and bank_reference."""
    try:
        lines = read_lines(file_name, content, columns=ACCOUNT_COLUMNS, aliases=_ALIASES)
        return FileRead(record_account_payments(lines=lines, noted_by=noted_by, now=now))
    except (SheetRefused, PaymentsRefused, BankLineCounted) as refused:
        return FileRead([], refused)
