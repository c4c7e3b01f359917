from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import Company
from catalog.models import TradingPartner
from core.errors import DomainError, InputError
from core.numbers import next_number
from ledger.services import post
from settlement import postings, rates, rules
from settlement.models import Payable, PayableShare
from settlement.services.telling import tell_booked


class InvoiceAlreadyBooked(DomainError):
    """This invoice of this supplier is booked already."""

    code = "settlement.invoice_already_booked"


class InvoiceWithoutNumber(InputError):
    """An invoice is booked under the supplier's own number, of at most 35 characters."""

    code = "settlement.invoice_without_number"


@transaction.atomic
def book_invoice(
    *,
    supplier: TradingPartner,
    debtor: Company,
    invoice_number: str,
    order_number: str,
    currency: str,
    amount_minor: int,
    invoiced_on: date,
    due_on: date,
    shares: Mapping[int, int],
    now: datetime,
) -> Payable:
    """Book a supplier's invoice: the debt, who carries how much of it, and the entry.

    ``shares`` maps company ids to minor units of the invoice's currency. It is booked at
    the stored reference rate of the day it was written. Raises InvoiceAlreadyBooked,
    InvoiceWithoutNumber, AmountNotPositive, SharesDoNotSum, DueBeforeInvoiced,
    InvoicedInFuture or NoRate; then nothing has been written.
    """
    theirs = " ".join(invoice_number.split())
    if not 0 < len(theirs) <= 35:
        raise InvoiceWithoutNumber(invoice_number=invoice_number)
    today = timezone.localdate(now)
    carried = rules.check_invoice(amount_minor, shares, invoiced_on, due_on, today)
    # The number comes first: who books the same invoice beside us waits here, and then
    # sees it. The unique key is the last word.
    number = next_number("PAB", today.year)
    if Payable.objects.filter(supplier=supplier, invoice_number__iexact=theirs).exists():
        raise InvoiceAlreadyBooked(invoice_number=theirs)
    quote = rates.stored(base=currency, on=invoiced_on, now=now)
    payable = Payable.objects.create(
        number=number,
        supplier=supplier,
        debtor=debtor,
        invoice_number=theirs,
        order_number=order_number,
        currency=currency,
        amount_minor=amount_minor,
        invoiced_on=invoiced_on,
        due_on=due_on,
        booked_at=now,
        rate=quote,
    )
    PayableShare.objects.bulk_create(
        PayableShare(payable=payable, seller_id=seller, amount_minor=part)
        for seller, part in carried.items()
    )
    post(
        key=f"invoice:{number}",
        kind="invoice",
        document=number,
        effective_on=invoiced_on,
        legs=postings.booking(
            debtor_id=debtor.pk,
            supplier_code=supplier.company.code,
            currency=currency,
            amount_minor=amount_minor,
            booked_minor=rules.booked(amount_minor, currency, quote.value),
        ),
        now=now,
    )
    tell_booked(payable, now)
    return payable
