"""The zone's messages of a declaration: checked, numbered and put into the queue."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.timezone import get_default_timezone

from core.numbers import next_number
from core.queue import ring
from customs.models import (
    Declaration,
    Gateway,
    MessageKind,
    OutgoingElement,
    OutgoingMessage,
)
from customs.queries.import_set import set_now
from customs.queries.messages_out import way_out
from customs.queries.ways import route_of
from customs.queries.zone import codes_of, may_be_listed, told_last
from customs.rules import zone as rules
from customs.rules.declaring import WrongState
from customs.rules.sas.documents import Document, SasInvalid
from customs.rules.sending import MessageIncomplete, squeezed
from customs.services.queueing import SERIES, guid
from warehouse.days import day_of


@transaction.atomic
def queue_bonded_list(*, declaration: Declaration, now: datetime) -> OutgoingElement:
    """Put the bonded list (INV101) of a declaration into the queue of its importer's gateway.

    Raises WrongState, ListUnderWay, NoGateway, ZoneDataMissing or MessageIncomplete; then nothing
    has been written.
    """
    # Of two who press at once the second sees what the first queued.
    held = Declaration.objects.select_for_update(of=("self",)).get(pk=declaration.pk)
    before = told_last(held, MessageKind.BONDED_LIST)
    if not may_be_listed(held, before):
        if before is None:
            raise WrongState(declaration=held.our_reference, state=held.state)
        raise rules.ListUnderWay(number=before.key, message=before.message.number)
    gateway = gateway_for(held)
    data = set_now(held.pk)
    needs = rules.needs_of(data)
    codes = codes_of(held, needs)
    if absent := rules.absent_of(needs, codes):
        raise rules.ZoneDataMissing(**rules.told_absent(absent))
    # Of a version that was amended its own turns stay with it.
    is_own = before is not None and before.declaration_id == held.pk
    turn = before.turn + 1 if before is not None and is_own else 1
    key = rules.own_number(held.our_reference, turn)
    route = route_of(held.shipment, day=day_of(now))
    return queue_document(
        gateway=gateway,
        made=lambda way: rules.bonded_list(data, codes, way, number=key, route=route),
        kind=MessageKind.BONDED_LIST,
        key=key,
        declaration=held,
        turn=turn,
        now=now,
    )


def gateway_for(declaration: Declaration) -> Gateway:
    """The way of the company that declares. Raises NoGateway."""
    gateway = way_out(declaration.importer)
    if gateway is None:
        raise rules.NoGateway(company=declaration.importer.code)
    return gateway


def queue_document(
    *,
    gateway: Gateway,
    made: Callable[[rules.Way], Document],
    kind: MessageKind,
    key: str,
    declaration: Declaration | None,
    turn: int,
    now: datetime,
) -> OutgoingElement:
    """One document of the zone as a message of its own, in a transaction of the caller's.

    Its envelope lies in itself, and its signature is the client's. Raises MessageIncomplete.
    """
    at = now.astimezone(get_default_timezone())
    number = f"{kind.value}-{gateway.cop_code}-{next_number(SERIES, at.year)}"
    way = rules.Way(number, gateway.cop_code, gateway.dxp_id, settings.BONDPOOL_ZONE_RECEIVER, at)
    try:
        data = rules.written(made(way))
    except SasInvalid as error:
        raise MessageIncomplete(
            element=key, field=error.facts.get("field"), why=error.facts.get("why")
        ) from error
    message = OutgoingMessage.objects.create(
        number=number,
        guid=guid(),
        kind=kind,
        company_id=gateway.company_id,
        gateway=gateway,
        count=1,
        body=squeezed(data),
        sha256=hashlib.sha256(data).hexdigest(),
        queued_at=now,
        due_at=now,
    )
    element = OutgoingElement.objects.create(
        message=message,
        company_id=gateway.company_id,
        position=1,
        guid=guid(),
        kind=kind,
        key=key,
        turn=turn,
        declaration=declaration,
    )
    ring("customs.messages")
    return element
