"""The supplier's invoice for a shipment becomes a payable, carried by the owners of its goods."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime

from django.db import transaction

from accounts.models import User
from procurement.models import OrderStep, Shipment, ShipmentLine
from procurement.queries.standing import parts_of
from procurement.rules import ordering
from procurement.services.holding import lock, note
from settlement import services as settlement
from settlement.models import Payable


@transaction.atomic
def record_invoice(
    *,
    shipment: Shipment,
    invoice_number: str,
    invoiced_on: date,
    due_on: date,
    now: datetime,
    by: User | None = None,
) -> Payable:
    """Book the supplier's invoice for a shipment as a payable of the buyer.

    The amount is what stands of the shipped lines, or of the parts of them that it carries; the
    shares are the owners' parts of those, so they sum to it.

    Raises ShipmentAlreadyInvoiced or what settlement refuses; then nothing has been
    written.
    """
    order = lock(shipment.order_id)
    held = Shipment.objects.select_for_update(of=("self",)).get(pk=shipment.pk)
    if held.invoice_number:
        raise ordering.ShipmentAlreadyInvoiced(
            shipment=held.number, invoice_number=held.invoice_number
        )
    lines = list(ShipmentLine.objects.filter(shipment=held).order_by("pk"))
    amount = sum(line.amount_minor for line in lines)
    shares: dict[int, int] = defaultdict(int)
    for parts in parts_of(lines).values():
        for owner_id, part in parts.items():
            shares[owner_id] += part.amount_minor
    payable = settlement.book_invoice(
        supplier=order.supplier,
        debtor=order.buyer,
        invoice_number=invoice_number,
        order_number=order.number,
        currency=order.currency,
        amount_minor=amount,
        invoiced_on=invoiced_on,
        due_on=due_on,
        shares={owner: minor for owner, minor in sorted(shares.items()) if minor},
        now=now,
    )
    held.invoice_number = shipment.invoice_number = payable.invoice_number
    held.save(update_fields=["invoice_number"])
    note(order, OrderStep.INVOICED, now=now, by=by, document=payable.invoice_number)
    return payable
