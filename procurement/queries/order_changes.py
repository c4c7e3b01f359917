"""What changed of a placed order, one document after the other, for its supplier."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from procurement.models import LineRevision, OrderEvent, OrderState, OrderStep, PurchaseOrder
from procurement.queries.order_files import ubl_line, ubl_order
from procurement.queries.orders import events
from procurement.queries.standing import Standing, local_day, standings
from procurement.rules import ubl


@dataclass(frozen=True, slots=True)
class OrderChange:
    """One change of an order: a confirmation that was accepted, or a cancellation.

    ``sequence`` counts from 1. ``is_whole``: nothing of the order stands after it.
    """

    sequence: int
    number: str
    document: str
    made_at: datetime
    is_cancellation: bool
    is_whole: bool
    reason: str


def changes(order: PurchaseOrder, events: Iterable[OrderEvent]) -> list[OrderChange]:
    """All of them by what happened to the order, the first one first; without a statement."""
    steps = [one for one in events if one.step in {OrderStep.ACCEPTED, OrderStep.CANCELLED}]
    return [
        OrderChange(
            sequence=sequence,
            number=one.document
            if one.step == OrderStep.CANCELLED
            else f"{order.number}-{sequence}",
            document=one.document,
            made_at=one.happened_at,
            is_cancellation=one.step == OrderStep.CANCELLED,
            # Nothing changes of an order that is cancelled.
            is_whole=order.state == OrderState.CANCELLED and sequence == len(steps),
            reason=one.reason,
        )
        for sequence, one in enumerate(steps, start=1)
    ]


def change_ubl(order: PurchaseOrder, sequence: int) -> bytes | None:
    """A change as a UBL OrderChange, or where nothing stands any more as an OrderCancellation;
    None where there is no such change."""
    found = changes(order, events(order))
    change = next((one for one in found if one.sequence == sequence), None)
    placed_on = local_day(order)
    if change is None or placed_on is None:
        return None
    lines = {one.line.pk: one for one in standings(order)}
    revisions = LineRevision.objects.filter(
        order_line__order=order, document=change.document, made_at=change.made_at
    ).order_by("order_line__position")
    note = f"Your confirmation {change.document} is accepted."
    told = ubl.Change(
        number=change.number,
        sequence=change.sequence,
        issued_on=timezone.localtime(change.made_at, timezone.get_default_timezone()).date(),
        note=change.reason if change.is_cancellation else note,
        order=ubl_order(
            order,
            placed_on,
            [_line(order, lines[one.order_line_id], one) for one in revisions],
        ),
    )
    return ubl.cancellation_xml(told) if change.is_whole else ubl.change_xml(told)


def _line(order: PurchaseOrder, line: Standing, revision: LineRevision) -> ubl.Line:
    return ubl_line(
        order,
        line.line,
        quantity=revision.quantity,
        amount_minor=revision.amount_minor,
        pack_price_minor=revision.pack_price_minor,
        promised_on=revision.promised_on,
    )
