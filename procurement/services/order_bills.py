"""Bills that really came for an order: entered, read from a file, and taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Final

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from accounts.models import User
from core.errors import InputError, NotExact
from core.money import Money
from core.sheets import read_sheet
from procurement.models import (
    OrderBill,
    OrderStep,
    PurchaseOrder,
    PurchaseOrderLine,
    RoundCharge,
)
from procurement.rules import order_bills
from procurement.rules.order_bills import NewBill
from procurement.services.billing_again import bill_again
from procurement.services.holding import lock, note

BILL_COLUMNS: Final = ("line", "kind", "amount", "document", "billed_on", "driver")


class BillRowsWrong(InputError):
    """Nothing was entered: in some rows of the file the amount, the day or the SKU is none of this
    order's."""

    code = "procurement.bill_rows_wrong"


@transaction.atomic
def enter_bills(
    *, order: PurchaseOrder, bills: Sequence[NewBill], by: User | None = None, now: datetime
) -> list[OrderBill]:
    """Enter bills of one order, all or none; its round is billed again.

    Raises BillNotUsable, BillEntered or BillBelowNothing; then nothing has been written.
    """
    held = lock(order.pk)
    lines = set(PurchaseOrderLine.objects.filter(order=held).values_list("pk", flat=True))
    today = timezone.localdate(now, timezone.get_default_timezone())
    entered = []
    for bill in bills:
        driver = order_bills.check_bill(bill, lines=lines, today=today)
        _check_sum(held, bill)
        same = OrderBill.objects.filter(order=held, kind=bill.kind, line=bill.line)
        if same.filter(document=bill.document.strip(), reverses__isnull=True).exists():
            raise order_bills.BillEntered(order=held.number, document=bill.document)
        entered.append(
            OrderBill.objects.create(
                order=held,
                line_id=bill.line,
                buyer_id=held.buyer_id,
                kind=bill.kind,
                driver=driver,
                amount_minor=bill.amount_minor,
                document=bill.document.strip(),
                billed_on=bill.billed_on,
                entered_by=by,
                entered_at=now,
            )
        )
    for document in dict.fromkeys(one.document for one in entered):
        note(held, OrderStep.BILLED, now=now, by=by, document=document)
        bill_again(order=held, what=OrderStep.BILLED, document=document, now=now)
    return entered


@transaction.atomic
def reverse_bill(*, bill: OrderBill, by: User | None = None, now: datetime) -> OrderBill:
    """Take a bill back by a counter-entry to the fen; the round is billed again.

    Raises BillReversed or BillBelowNothing; then nothing has been written.
    """
    held = lock(bill.order_id)
    if bill.reverses_id or OrderBill.objects.filter(reverses=bill).exists():
        raise order_bills.BillReversed(document=bill.document)
    counter = NewBill(
        bill.kind, -bill.amount_minor, bill.document, bill.billed_on, bill.line_id, bill.driver
    )
    _check_sum(held, counter)
    made = OrderBill.objects.create(
        order=held,
        line_id=bill.line_id,
        buyer_id=held.buyer_id,
        kind=bill.kind,
        driver=bill.driver,
        amount_minor=-bill.amount_minor,
        document=bill.document,
        billed_on=bill.billed_on,
        reverses=bill,
        entered_by=by,
        entered_at=now,
    )
    note(held, OrderStep.BILLED, now=now, by=by, document=bill.document)
    bill_again(order=held, what=OrderStep.BILLED, document=bill.document, now=now)
    return made


def enter_bill_file(
    *,
    order: PurchaseOrder,
    file_name: str,
    content: bytes,
    by: User | None = None,
    now: datetime,
) -> list[OrderBill]:
    """Enter the bills of a file, all or none: CSV or XLSX with the columns of
    :data:`BILL_COLUMNS`; line is an SKU of the order or empty, amount is in yuan.

    Raises SheetRefused, BillRowsWrong, or what :func:`enter_bills` raises; then nothing has been
    written.
    """
    lines = dict(PurchaseOrderLine.objects.filter(order=order).values_list("product__sku", "pk"))
    rows = read_sheet(file_name, content, columns=BILL_COLUMNS, max_rows=2_000)
    wrong: list[int] = []
    bills = []
    for row in rows:
        told = {name: row.values[name].strip() for name in BILL_COLUMNS}
        amount, day = _minor(told["amount"]), _day(told["billed_on"])
        if amount is None or day is None or (told["line"] and told["line"] not in lines):
            wrong.append(row.number)
            continue
        bills.append(
            NewBill(
                kind=told["kind"],
                amount_minor=amount,
                document=told["document"],
                billed_on=day,
                line=lines[told["line"]] if told["line"] else None,
                driver=told["driver"],
            )
        )
    if wrong:
        raise BillRowsWrong(file_rows=wrong[:50])
    return enter_bills(order=order, bills=bills, by=by, now=now)


def _check_sum(order: PurchaseOrder, bill: NewBill) -> None:
    before = OrderBill.objects.filter(order=order, kind=bill.kind)
    if bill.kind == "supplier":
        before = before.filter(line=bill.line)
    charges = RoundCharge.objects.filter(order=order, kind="goods", run=1)
    if bill.line is not None:
        charges = charges.filter(line=bill.line)
    order_bills.check_sum(
        bill.kind,
        before_minor=int(before.aggregate(sum=Sum("amount_minor"))["sum"] or 0),
        amount_minor=bill.amount_minor,
        goods_minor=int(charges.aggregate(sum=Sum("amount_minor"))["sum"] or 0),
    )


def _minor(text: str) -> int | None:
    try:
        return Money.of(Decimal(text.replace(",", "")), "CNY").minor
    except (InvalidOperation, ValueError, ArithmeticError, NotExact):
        return None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
