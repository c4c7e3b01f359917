"""What was agreed about the canary's order."""

from __future__ import annotations

from datetime import date

from accounts.models import User
from procurement.models import (
    ApprovalLimit,
    CancellationLine,
    OrderApproval,
    OrderCancellation,
    PurchaseOrder,
    PurchaseOrderLine,
)
from procurement.rules.confirming import Confirmed
from procurement.services import confirm_order, decide_confirmation
from tests.factories.procurement import AFTER, FreightContainerFactory, OrderMinimumFactory


def agree(order: PurchaseOrder, line: PurchaseOrderLine, operator: User) -> None:
    """The supplier promises another day, which is accepted; and papers that change nothing."""
    OrderMinimumFactory.create(supplier=order.supplier)
    FreightContainerFactory.create(terms__supplier=order.supplier)
    told = confirm_order(
        order=order,
        lines={
            line.pk: Confirmed(
                packs=line.packs,
                pack_price_minor=line.pack_price_minor,
                promised_on=date(2026, 7, 15),
            )
        },
        by=operator,
        now=AFTER,
    )
    decide_confirmation(confirmation=told, is_accepted=True, by=operator, now=AFTER)
    OrderApproval.objects.create(
        order=order, buyer=order.buyer, approved_by=operator, approved_at=AFTER
    )
    ApprovalLimit.objects.create(currency="NZD", amount_minor=0)
    cancellation = OrderCancellation.objects.create(
        number="CN-OF-NOTHING",
        order=order,
        buyer=order.buyer,
        reason="reason of the canary",
        amount_minor=1,
        cancelled_at=AFTER,
    )
    CancellationLine.objects.create(
        cancellation=cancellation, order_line=line, buyer=order.buyer, quantity=1, amount_minor=1
    )
