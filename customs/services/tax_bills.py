"""The authority's tax bills: kept beside what we worked out, and told where they differ."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from customs.models import Receipt, ReceiptMatch, RetailList, TaxBill, TaxBillLine
from customs.queries.parcels_told import positions_of
from customs.rules.receipts import billing as rules
from customs.rules.receipts.standing import Came, place
from customs.rules.retail_tax import Tax
from customs.services.telling_answers import tell_differences

_BILLS = ("CEB816", "CEB818")


def take_bills(*, matches: Sequence[ReceiptMatch], now: datetime) -> list[bool]:
    """Keep the bills of these receipts (CEB816), once each for its number; gives back which are
    new. One that came again with another status only moves it. Call it in a transaction."""
    fresh, differ = [], []
    for match in sorted(matches, key=lambda one: (one.company_id, one.receipt.key)):
        receipt = match.receipt
        is_new = not TaxBill.objects.filter(number=receipt.key, company=match.company_id).exists()
        if is_new:
            bill, found = _keep(match)
            fresh.append(match.pk)
            if found:
                differ.append((bill, found[0]))
        note_status(receipt=receipt, company=match.company_id)
    tell_differences(differ, now)
    return [match.pk in fresh for match in matches]


def _keep(match: ReceiptMatch) -> tuple[TaxBill, list[rules.Difference]]:
    receipt, listed = match.receipt, match.element.retail_list
    told = rules.bill_of(receipt.bill or {})
    found = rules.differences(told, *_ours(listed), positions_of(listed)) if listed else []
    total = told.duty + told.vat + told.consumption_tax
    bill: TaxBill = TaxBill.objects.create(
        receipt=receipt,
        company_id=match.company_id,
        seller_id=match.seller_id,
        retail_list=listed,
        number=told.number,
        list_number=told.list_number,
        assure_code=told.assure_code,
        duty=told.duty,
        vat=told.vat,
        consumption_tax=told.consumption_tax,
        total=total,
        differs=bool(found),
        difference=total - rules.yuan(listed.tax_minor) if listed else 0,
        made_at=receipt.returned_at,
        status=receipt.status,
        status_at=receipt.returned_at,
    )
    TaxBillLine.objects.bulk_create(
        TaxBillLine(
            bill=bill,
            company_id=match.company_id,
            seller_id=match.seller_id,
            position=line.position,
            hs_code=line.hs_code,
            dutiable=line.dutiable,
            duty=line.duty,
            vat=line.vat,
            consumption_tax=line.consumption_tax,
        )
        for line in told.lines
    )
    return bill, found


def _ours(listed: RetailList) -> tuple[Tax, dict[int, Tax]]:
    """Fen of the whole list and by line."""
    whole = Tax(listed.duty_minor, listed.consumption_tax_minor, listed.vat_minor)
    lines = {
        line.position: Tax(line.duty_minor, line.consumption_tax_minor, line.vat_minor)
        for line in listed.lines.all()
    }
    return whole, lines


def note_status(*, receipt: Receipt, company: int) -> bool:
    """Bring a bill to the highest status that its receipts told; gives back whether it moved. A
    status that comes before its bill is found when that comes."""
    bill = TaxBill.objects.select_for_update().filter(number=receipt.key, company=company).first()
    if bill is None:
        return False
    told = Receipt.objects.filter(
        identity=receipt.identity, message__in=_BILLS, matches__company=company
    )
    highest = max(
        (Came(*row) for row in told.values_list("message", "status", "returned_at")),
        key=place,
        default=None,
    )
    if highest is None or (highest.status, highest.at) == (bill.status, bill.status_at):
        return False
    TaxBill.objects.filter(pk=bill.pk).update(status=highest.status, status_at=highest.at)
    return True
