"""An order is held while it is changed, and each step of its life is written down."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from accounts.models import User
from procurement.models import OrderEvent, OrderState, PurchaseOrder, PurchaseOrderLine
from procurement.queries.standing import Standing, first_promise, standings
from traceability import rules as trace


def lock(order_id: int) -> PurchaseOrder:
    """The order's row, held until the transaction ends. Orders before shipments, by pk."""
    return (
        PurchaseOrder.objects.select_for_update(of=("self",))
        .select_related("supplier__company", "buyer", "round")
        .get(pk=order_id)
    )


def lines_of(order: PurchaseOrder) -> Sequence[PurchaseOrderLine]:
    return list(
        PurchaseOrderLine.objects.filter(order=order).select_related("product").order_by("position")
    )


def gtin_keys(lines: Sequence[PurchaseOrderLine]) -> tuple[str, ...]:
    return tuple(trace.gtin_key(line.product.gtin) for line in lines)


def note(
    order: PurchaseOrder,
    step: str,
    *,
    now: datetime,
    by: User | None = None,
    document: str = "",
    reason: str = "",
) -> OrderEvent:
    """Write down what happened to an order: who, when, why."""
    return OrderEvent.objects.create(
        order=order,
        buyer_id=order.buyer_id,
        step=step,
        happened_at=now,
        by=by,
        document=document,
        reason=reason,
    )


def settle_state(order: PurchaseOrder, *, mine: PurchaseOrder | None = None) -> list[Standing]:
    """What the order is after its lines changed: on its way, received, or cancelled altogether.

    Its first promised day follows from what is still open. ``mine`` is the caller's object.
    """
    found = standings(order)
    is_open = any(one.open for one in found)
    if order.state == OrderState.PLACED and not is_open:
        waiting = any(one.terms.shipped > one.received for one in found)
        if not any(one.terms.shipped for one in found):
            order.state = OrderState.CANCELLED
        else:
            order.state = OrderState.SHIPPED if waiting else OrderState.RECEIVED
    order.promised_on = first_promise(found) if is_open else None
    order.save(update_fields=["state", "promised_on"])
    show(mine, order)
    return found


def show(mine: PurchaseOrder | None, held: PurchaseOrder) -> None:
    """The caller's object tells what the locked row says."""
    if mine is not None:
        mine.state, mine.placed_at = held.state, held.placed_at
        mine.promised_on = held.promised_on
