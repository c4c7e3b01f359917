"""The zone's messages of a declaration: checked, numbered and put into the queue."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Max
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
from customs.queries.zone import codes_of, lists_beside, may_be_listed
from customs.rules import zone as rules
from customs.rules.declaring import WrongState
from customs.rules.sas.documents import Document, SasInvalid
from customs.rules.sending import MessageIncomplete, squeezed
from customs.rules.zone_lists import ShipmentListed
from customs.services.queueing import SERIES, guid
from procurement.models import Shipment
from warehouse.days import day_of


@dataclass(frozen=True, slots=True)
class Counter:
    """What makes a message the change or deletion of a list: columns of its element."""

    act: str
    change: int
    first_id: int
    again_id: int
    pre_number: str
    their_number: str


@transaction.atomic
def queue_bonded_list(*, declaration: Declaration, now: datetime) -> OutgoingElement:
    """Put the bonded list (INV101) of a declaration into the queue of its importer's gateway.

    Raises WrongState, ListUnderWay, ShipmentListed, NoGateway, ZoneDataMissing or
    MessageIncomplete; then nothing has been written.
    """
    held = held_with_shipment(declaration)
    lists = lists_beside(held)
    if not may_be_listed(held, lists):
        if lists.own is not None and lists.own.is_living:
            last = lists.own.last
            raise rules.ListUnderWay(number=last.key, message=last.message.number)
        if lists.other is not None:
            raise ShipmentListed(list=lists.other.customs_number or lists.other.number)
        raise WrongState(declaration=held.our_reference, state=held.state)
    gateway = gateway_for(held)
    data = set_now(held.pk)
    needs = rules.needs_of(data)
    codes = codes_of(held, needs)
    if absent := rules.absent_of(needs, codes):
        raise rules.ZoneDataMissing(**rules.told_absent(absent))
    # Of a version that was amended its own turns stay with it.
    turn = next_turn(held, MessageKind.BONDED_LIST)
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


def held_with_shipment(declaration: Declaration) -> Declaration:
    """The declaration, locked behind its shipment: of two who press at once, for one declaration
    or for two of one shipment, the second sees what the first queued."""
    Shipment.objects.select_for_update(of=("self",)).get(pk=declaration.shipment_id)
    found: Declaration = Declaration.objects.select_for_update(of=("self",)).get(pk=declaration.pk)
    return found


def next_turn(declaration: Declaration, kind: MessageKind) -> int:
    """The how-maniest time a declaration is told of in a message of a kind; hold it."""
    found = OutgoingElement.objects.filter(declaration=declaration, kind=kind)
    return 1 + (found.aggregate(last=Max("turn"))["last"] or 0)


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
    counter: Counter | None = None,
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
        **({} if counter is None else asdict(counter)),
    )
    ring("customs.messages")
    return element
