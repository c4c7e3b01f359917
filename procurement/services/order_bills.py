"""Bills that really came for an order: entered, read from a file, and taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from core.errors import InputError
from core.sheets import MOST_FAULTS, RowError, SheetRefused, SheetRow, read_sheet
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
from procurement.services.money_files import (
    DAY_TO_COME,
    WRONG_AMOUNT,
    WRONG_DAY,
    FileRead,
    day_of,
    minor_of,
)

_DOCUMENT = gettext_lazy("The number of the bill is missing, or longer than 64 characters.")
#: What is said of the field that a bill is refused for, and its column in a file.
_WRONG: Final = {
    "kind": ("kind", gettext_lazy("There is no such kind of bill.")),
    "amount_minor": ("amount", gettext_lazy("A bill is of some amount, below ten billion yuan.")),
    "document": ("document", _DOCUMENT),
    "billed_on": ("billed_on", DAY_TO_COME),
    "line": ("line", gettext_lazy("Bills of this kind are of a line only, or of none.")),
    "driver": ("driver", gettext_lazy("There is no such driver, or this kind of bill takes none.")),
}
BILL_COLUMNS: Final = ("line", "kind", "amount", "document", "billed_on", "driver")


class BillRowsWrong(InputError):
    """Some rows of the bills cannot be entered as they are; nothing has been entered."""

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
) -> FileRead[OrderBill]:
    """Enter the bills of a file, all or none: CSV or XLSX with the columns of
    :data:`BILL_COLUMNS`; line is an SKU of the order or empty, amount is in yuan."""
    try:
        rows = read_sheet(file_name, content, columns=BILL_COLUMNS, max_rows=2_000)
        bills = _bills(order, rows, timezone.localdate(now, timezone.get_default_timezone()))
        return FileRead(enter_bills(order=order, bills=bills, by=by, now=now))
    except (
        SheetRefused,
        BillRowsWrong,
        order_bills.BillEntered,
        order_bills.BillBelowNothing,
    ) as refused:
        return FileRead([], refused)


def _bills(order: PurchaseOrder, rows: Sequence[SheetRow], today: date) -> list[NewBill]:
    """Raises BillRowsWrong, whose fact ``rows`` names what is wrong with each."""
    lines = dict(PurchaseOrderLine.objects.filter(order=order).values_list("product__sku", "pk"))
    bills: list[NewBill] = []
    errors: list[RowError] = []
    for row in rows:
        told = {name: row.values[name].strip() for name in BILL_COLUMNS}
        amount, day = minor_of(told["amount"]), day_of(told["billed_on"])
        before = len(errors)
        if amount is None:
            errors.append(RowError(row.number, "amount", str(WRONG_AMOUNT)))
        if day is None:
            errors.append(RowError(row.number, "billed_on", str(WRONG_DAY)))
        if told["line"] and told["line"] not in lines:
            errors.append(RowError(row.number, "line", _("This order has no such line.")))
        if amount is None or day is None or len(errors) > before:
            continue
        bill = NewBill(
            kind=told["kind"],
            amount_minor=amount,
            document=told["document"],
            billed_on=day,
            line=lines[told["line"]] if told["line"] else None,
            driver=told["driver"],
        )
        try:
            order_bills.check_bill(bill, lines=lines.values(), today=today)
        except order_bills.BillNotUsable as refused:
            column, sentence = _WRONG[next(iter(refused.facts))]
            errors.append(RowError(row.number, column, str(sentence)))
        bills.append(bill)
    if errors:
        raise BillRowsWrong(count=len(errors), rows=errors[:MOST_FAULTS])
    return bills


def _check_sum(order: PurchaseOrder, bill: NewBill) -> None:
    before = OrderBill.objects.filter(order=order, kind=bill.kind)
    if bill.kind == order_bills.SUPPLIER:
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
