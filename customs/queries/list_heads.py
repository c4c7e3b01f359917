"""What the head of an entry's bonded list says, as it was sent or as it would go now."""

from __future__ import annotations

from customs.models import Declaration
from customs.queries.kept_by_others import KeptWay
from customs.queries.zone_lists import ListAtZone
from customs.rules.sent_list import ListHead, SentList
from customs.rules.zone import form_on, kind_on, own_number
from warehouse.days import day_of


def list_head(
    declaration: Declaration, listed: ListAtZone | None, sent: SentList | None, way: KeptWay
) -> ListHead:
    """``listed`` is the newest that was told of it, ``sent`` its content, while that is kept, and
    ``way`` that of its shipment."""
    if listed is not None and listed.is_living:
        told = listed.in_force or listed.first
        own, number = listed.number, listed.customs_number
        told_on = day_of(told.message.queued_at)
    else:
        # Of a version that was amended its own turns stay with it.
        turns = (
            [it.turn for it in listed.tellings if it.declaration_id == declaration.pk]
            if listed
            else []
        )
        own, number, told_on = (
            own_number(declaration.our_reference, max(turns, default=0) + 1),
            "",
            None,
        )
    if sent is not None:
        return ListHead(own, number, sent.kind, sent.form, told_on)
    route = way.on(told_on or day_of(declaration.drafted_at))
    return ListHead(own, number, kind_on(route), form_on(route, declaration.form), told_on)
