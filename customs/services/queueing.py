"""Messages are put into the queue: checked, cut to size, and fixed for good."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from django.db import transaction

from core.numbers import next_numbers
from core.queue import ring
from customs.models import Gateway, MessageKind, OutgoingElement, OutgoingMessage
from customs.queries.messages import against_schema
from customs.rules import sending as rules
from customs.rules.ceb.kinds import KINDS, MOST_ELEMENTS
from customs.rules.ceb.messages import Business, Message, faults_of, write
from customs.rules.ceb.remarks import remarks
from customs.rules.receipts.givers import giver_of
from warehouse.days import day_of

#: The series of messages' numbers.
SERIES = "MS"


@dataclass(frozen=True, slots=True)
class Element:
    """One business element and what it is about; ``key`` as in :class:`OutgoingElement`."""

    business: Business
    key: str
    retail_list: int | None = None
    retail_order: int | None = None
    declaration: int | None = None
    turn: int = 1
    #: The element in whose place it stands; found by itself, but of a return.
    again: int | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """Elements of one kind, of one seller or of none, that go by one gateway."""

    kind: str
    elements: Sequence[Element]
    seller: int | None = None


def guid() -> str:
    """An identifier of an element or a message: 36 characters, in capitals."""
    return str(uuid4()).upper()


def gaps_in(kind: str, elements: Sequence[Business]) -> list[rules.Gap]:
    """Everything for which customs would send these elements back; ``element`` counts from 0."""
    message = Message(KINDS[kind], "", tuple(elements))
    found = [
        rules.Gap(one.element - 1, one.field, one.error, one.line) for one in faults_of(message)
    ]
    wrong = {gap.element for gap in found}
    # The remarks read numbers: they are asked about elements whose form is right.
    whole = [number for number in range(len(elements)) if number not in wrong]
    asked = Message(KINDS[kind], "", tuple(elements[number] for number in whole))
    for remark in remarks(asked):
        number, field = rules.place_of(remark.path)
        found.append(rules.Gap(whole[number], field, remark.error))
    return found


@transaction.atomic
def queue_messages(
    *, gateway: Gateway, batches: Iterable[Batch], now: datetime
) -> list[OutgoingMessage]:
    """Write messages of up to a hundred elements each.

    Raises MessageIncomplete and AgainstSchema; then nothing has been written.
    """
    cut = [
        (batch, batch.elements[start : start + MOST_ELEMENTS])
        for batch in batches
        for start in range(0, len(batch.elements), MOST_ELEMENTS)
    ]
    if not cut:
        return []
    year = day_of(now).year
    numbers = next_numbers(SERIES, year, len(cut))
    rows = [
        _row(gateway, batch, elements, number, now)
        for number, (batch, elements) in zip(numbers, cut, strict=True)
    ]
    before = _before([one for _batch, elements in cut for one in elements])
    OutgoingMessage.objects.bulk_create(rows)
    OutgoingElement.objects.bulk_create(
        (
            OutgoingElement(
                message=row,
                company_id=row.company_id,
                seller_id=row.seller_id,
                position=position,
                guid=one.business.head["guid"],
                kind=row.kind,
                key=one.key,
                giver=giver_of(row.kind, one.business.head),
                turn=one.turn,
                again_id=one.again or before.get((one.retail_list, row.kind, one.turn - 1)),
                retail_list_id=one.retail_list,
                retail_order_id=one.retail_order,
                declaration_id=one.declaration,
            )
            for row, (_batch, elements) in zip(rows, cut, strict=True)
            for position, one in enumerate(elements, 1)
        ),
        batch_size=2_000,
    )
    ring("customs.messages")
    return rows


def _before(elements: Iterable[Element]) -> dict[tuple[int | None, str, int], int]:
    """By list, kind and turn what was told earlier of lists that are told once more. Of returns
    nothing: a further one is mostly of other goods."""
    lists = {one.retail_list for one in elements if one.turn > 1}
    if not lists:
        return {}
    rows = OutgoingElement.objects.filter(retail_list__in=lists).exclude(kind=MessageKind.RETURN)
    found = rows.values_list("retail_list", "kind", "turn", "pk")
    return {(listed, kind, turn): pk for listed, kind, turn, pk in found}


def _row(
    gateway: Gateway, batch: Batch, elements: Sequence[Element], number: str, now: datetime
) -> OutgoingMessage:
    business = tuple(one.business for one in elements)
    for gap in gaps_in(batch.kind, business):
        key = elements[gap.element].key
        raise rules.MessageIncomplete(element=key, field=gap.field, line=gap.line, why=gap.error)
    message = Message(KINDS[batch.kind], guid(), business, transfer_of(gateway))
    data = write(message)
    against_schema(message)
    return OutgoingMessage(
        number=f"{batch.kind}-{gateway.cop_code}-{number}",
        guid=message.guid,
        kind=batch.kind,
        company_id=gateway.company_id,
        seller_id=batch.seller,
        gateway=gateway,
        count=len(elements),
        body=rules.squeezed(data),
        sha256=hashlib.sha256(data).hexdigest(),
        queued_at=now,
        due_at=now,
    )


def transfer_of(gateway: Gateway) -> dict[str, str]:
    """Who hands the message over (BaseTransfer)."""
    return {
        "copCode": gateway.cop_code,
        "copName": gateway.cop_name,
        "dxpMode": "DXP",
        "dxpId": gateway.dxp_id,
    }
