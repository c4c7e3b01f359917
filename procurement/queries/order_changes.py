"""What changed of a placed order, one document after the other, for its supplier."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from procurement.models import LineRevision, OrderCancellation, PurchaseOrder
from procurement.queries.order_files import ubl_line, ubl_order
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
    revisions: tuple[LineRevision, ...]


def changes(order: PurchaseOrder) -> list[OrderChange]:
    """All of them, the first one first; a fixed number of statements."""
    made: dict[tuple[datetime, str], list[LineRevision]] = {}
    rows = LineRevision.objects.filter(order_line__order=order).order_by("pk")
    for one in rows.select_related("order_line"):
        made.setdefault((one.made_at, one.document), []).append(one)
    cancelled = {one.number: one for one in OrderCancellation.objects.filter(order=order)}
    stands = dict(order.lines.order_by("pk").values_list("pk", "quantity"))
    found = []
    for sequence, ((at, document), revisions) in enumerate(made.items(), start=1):
        stands |= {one.order_line_id: one.quantity for one in revisions}
        counter = cancelled.get(document)
        found.append(
            OrderChange(
                sequence=sequence,
                number=document if counter else f"{order.number}-{sequence}",
                document=document,
                made_at=at,
                is_cancellation=counter is not None,
                is_whole=not any(stands.values()),
                reason=counter.reason if counter else "",
                revisions=tuple(sorted(revisions, key=lambda one: one.order_line.position)),
            )
        )
    return found


def change_ubl(order: PurchaseOrder, sequence: int) -> bytes | None:
    """A change as a UBL OrderChange, or where nothing stands any more as an OrderCancellation;
    None where there is no such change."""
    change = next((one for one in changes(order) if one.sequence == sequence), None)
    placed_on = local_day(order)
    if change is None or placed_on is None:
        return None
    lines = {one.line.pk: one for one in standings(order)}
    told = ubl.Change(
        number=change.number,
        sequence=change.sequence,
        issued_on=timezone.localtime(change.made_at, timezone.get_default_timezone()).date(),
        note=change.reason or f"Your confirmation {change.document} is accepted.",
        order=ubl_order(
            order,
            placed_on,
            [_line(order, lines[one.order_line_id], one) for one in change.revisions],
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
