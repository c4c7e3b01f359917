"""What is open of an order is cancelled, by a document of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from core.numbers import next_number
from core.queue import ring
from procurement.models import (
    CancellationLine,
    OrderCancellation,
    OrderDocument,
    OrderState,
    OrderStep,
    PurchaseOrder,
)
from procurement.queries.standing import standings
from procurement.rules import confirming
from procurement.services import telling
from procurement.services.billing_again import bill_again
from procurement.services.holding import lock, note, settle_state
from procurement.services.ordering import BELL
from procurement.services.sharing_again import share_again

CANCELLATION = "order-cancellation"


@transaction.atomic
def cancel_open(
    *,
    order: PurchaseOrder,
    lines: Sequence[tuple[int, int]],
    reason: str,
    by: User | None = None,
    now: datetime,
) -> OrderCancellation:
    """Cancel units that have not left, by order line; its paper goes to the supplier.

    The sellers' shares of the rest follow the round's shortage rule. An order of which nothing
    left and nothing is open is cancelled altogether.

    Raises NotConfirmable, LineNamedTwice, NothingCancelled, NotOfThisOrder or MoreThanIsOpen; then
    nothing has been written.
    """
    held = lock(order.pk)
    if held.state != OrderState.PLACED:
        raise confirming.NotConfirmable(order=held.number, state=held.state)
    if not reason.strip():
        raise confirming.NothingCancelled(reason="")
    stands = {one.line.pk: one for one in standings(held)}
    terms = {pk: one.terms for pk, one in stands.items()}
    costs = confirming.cancelled(terms, lines)
    units = dict(lines)
    year = timezone.localtime(now, timezone.get_default_timezone()).year
    cancellation = OrderCancellation.objects.create(
        number=next_number("CN", year),
        order=held,
        buyer_id=held.buyer_id,
        reason=reason.strip(),
        amount_minor=sum(costs.values()),
        cancelled_by=by,
        cancelled_at=now,
    )
    CancellationLine.objects.bulk_create(
        CancellationLine(
            cancellation=cancellation,
            order_line_id=line,
            buyer_id=held.buyer_id,
            quantity=units[line],
            amount_minor=cost,
        )
        for line, cost in costs.items()
    )
    for line, cost in costs.items():
        share_again(
            order=held,
            standing=stands[line],
            quantity=terms[line].quantity - units[line],
            amount_minor=terms[line].amount_minor - cost,
            pack_price_minor=confirming.last_price(terms[line], terms[line].quantity - units[line]),
            promised_on=terms[line].promised_on,
            document=cancellation.number,
            now=now,
        )
    OrderDocument.objects.create(
        order=held, number=cancellation.number, kind=CANCELLATION, queued_at=now, due_at=now
    )
    ring(BELL)
    settle_state(held, mine=order)
    note(
        held,
        OrderStep.CANCELLED,
        now=now,
        by=by,
        document=cancellation.number,
        reason=cancellation.reason,
    )
    bill_again(order=held, what=OrderStep.CANCELLED, document=cancellation.number, now=now)
    telling.tell_cancelled(held, cancellation, now)
    return cancellation
