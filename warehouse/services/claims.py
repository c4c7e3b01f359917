"""Claims against suppliers: opened by the count at the gate, carried on by the importer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from core.numbers import next_number
from warehouse.days import day_of
from warehouse.models import Lot, Receipt, ReceiptLine, SupplierClaim, SupplierClaimLine
from warehouse.rules import claims as rules
from warehouse.rules.claims import State
from warehouse.rules.settling import ClaimWithoutAmount


def open_claim(
    receipt: Receipt, counted: Sequence[ReceiptLine], lots: Mapping[int, Lot], now: datetime
) -> SupplierClaim | None:
    """What came damaged, at the prices of its shipment; None when nothing did. Call within the
    count.

    ``lots`` are those of the receipt, by line.
    """
    damaged = [line for line in counted if line.damaged]
    if not damaged:
        return None
    order = receipt.shipment.order
    bought = {line.pk: line.shipment_line.order_line for line in damaged}
    worth = {
        line.pk: rules.worth(
            line.damaged,
            # As confirmed: a supplier may have changed the price since the order.
            amount_minor=line.shipment_line.amount_minor,
            quantity=line.shipment_line.quantity,
        )
        for line in damaged
    }
    claim: SupplierClaim = SupplierClaim.objects.create(
        number=next_number("CL", day_of(now).year),
        receipt=receipt,
        receipt_number=receipt.number,
        shipment=receipt.shipment,
        buyer_id=order.buyer_id,
        supplier_id=order.supplier_id,
        currency=order.currency,
        amount_minor=sum(worth.values()),
        opened_at=now,
    )
    SupplierClaimLine.objects.bulk_create(
        SupplierClaimLine(
            claim=claim,
            buyer_id=order.buyer_id,
            position=position,
            receipt_line=line,
            product_id=bought[line.pk].product_id,
            batch=lots[line.pk].batch,
            counted=line.counted,
            quantity=line.damaged,
            amount_minor=worth[line.pk],
        )
        for position, line in enumerate(damaged, start=1)
    )
    return claim


@transaction.atomic
def carry_on_claim(*, claim: SupplierClaim, state: State) -> SupplierClaim:
    """Note that the claim was sent, accepted or refused; it is settled by :func:`settle_claim`.

    Raises ClaimDoesNotFollow or ClaimWithoutAmount; then nothing has been written.
    """
    held: SupplierClaim = SupplierClaim.objects.select_for_update(of=("self",)).get(pk=claim.pk)
    rules.check_step(State(held.state), state)
    if state == State.SETTLED:
        raise ClaimWithoutAmount(claim=held.number)
    held.state = state.value
    held.save(update_fields=["state"])
    return held
