"""What was agreed about the canary's order."""

from __future__ import annotations

from datetime import date

from accounts.models import Company, User
from procurement.models import (
    ApprovalLimit,
    BillCorrection,
    BillRun,
    BillWork,
    CancellationLine,
    MissingShare,
    OrderApproval,
    OrderBill,
    OrderCancellation,
    PurchaseOrder,
    PurchaseOrderLine,
    SharingRun,
    Shipment,
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


def bill_more(shipment: Shipment, line: PurchaseOrderLine, seller: Company) -> None:
    """A bill that came for the order, what it changes for the seller, and what it misses."""
    order = line.order
    run = BillRun.objects.get(round=order.round)
    OrderBill.objects.create(
        order=order,
        buyer=order.buyer,
        kind="freight",
        driver="chargeable",
        amount_minor=7919,
        document="BILL-OF-CANARY",
        billed_on=AFTER.date(),
        entered_at=AFTER,
    )
    BillWork.objects.create(round=order.round, asked_at=AFTER, due_at=AFTER)
    SharingRun.objects.create(
        round=order.round,
        order_line=line,
        what="counted",
        document=shipment.number,
        made_at=AFTER,
        content=b"",
        digest="0" * 64,
    )
    owned = {"order_line": line, "owner": seller}
    MissingShare.objects.create(shipment=shipment, quantity=1, **owned)
    BillCorrection.objects.create(
        run=run,
        units=1,
        sold=1,
        difference_minor=7919,
        sold_minor=7919,
        stock_minor=0,
        **owned,
    )
