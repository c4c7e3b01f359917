"""An order goes to its supplier.

Locks: PoolRound is not touched here; PurchaseOrder first, then Shipment, by pk.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import User
from core.queue import ring
from procurement.models import OrderDocument, OrderState, OrderStep, PurchaseOrder
from procurement.queries import approvals
from procurement.rules import approving, ordering
from procurement.services import telling
from procurement.services.holding import gtin_keys, lines_of, lock, note, settle_state, show
from traceability import rules as trace
from traceability.services import record

BELL = "procurement.documents"
PURCHASE_ORDER = "purchase-order"


@transaction.atomic
def place_order(*, order: PurchaseOrder, now: datetime, by: User | None = None) -> PurchaseOrder:
    """Place an order with its supplier: queue its paper and leave a trace.

    Raises OrderAlreadyPlaced, ApprovalMissing or PlanningRateMissing (of an order's currency
    whose limit is one in CNY); then nothing has been written.
    """
    held = lock(order.pk)
    if held.state != OrderState.DRAFT:
        raise ordering.OrderAlreadyPlaced(order=held.number)
    approving.check_placeable(
        approved_by=approvals.approved_by(held), count=approvals.needed_for(held, now=now)
    )
    held.state, held.placed_at = OrderState.PLACED, now
    held.save(update_fields=["state", "placed_at"])
    OrderDocument.objects.create(
        order=held, number=held.number, kind=PURCHASE_ORDER, queued_at=now, due_at=now
    )
    ring(BELL)
    note(held, OrderStep.PLACED, now=now, by=by, document=held.number)
    settle_state(held, mine=order)
    lines = lines_of(held)
    record(
        trace.Fact(
            event_type="TransactionEvent",
            action="ADD",
            biz_step="other",
            event_time=now,
            asserted_by=held.buyer_id,
            evidence="documented",
            keys=(trace.order_key(held.number), *gtin_keys(lines)),
            quantities=tuple(trace.quantity(line.product.gtin, line.quantity) for line in lines),
            documents=((trace.PURCHASE_ORDER, held.number),),
        ),
        now=now,
    )
    telling.tell_placed(held, now)
    show(order, held)
    return held
