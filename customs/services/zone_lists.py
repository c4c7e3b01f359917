"""What is told of a bonded list that customs has: its change after an amendment, and its deletion.

Each is a message of its own, put into the queue behind the list's; the list counts as changed or
deleted once customs has taken that.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.db import transaction

from core.errors import DomainError
from core.taking import take_turns
from core.walls import platform_wide
from customs.models import (
    Declaration,
    ExportList,
    MessageKind,
    OutgoingElement,
    TruckPass,
)
from customs.queries.exporting import exported
from customs.queries.following import due_lists
from customs.queries.import_set import import_set, set_now
from customs.queries.messages_out import way_out
from customs.queries.ways import route_of
from customs.queries.zone import CHANGED_IN, DELETED_IN, check_counter, codes_of
from customs.queries.zone_lists import (
    ListAtZone,
    content_of,
    list_for_export,
    list_of,
    living_passes,
)
from customs.rules import exporting, zone
from customs.rules import zone_lists as rules
from customs.rules.declaring import WrongState
from customs.rules.sas.documents import Document
from customs.services.zone import (
    Counter,
    gateway_for,
    held_with_shipment,
    next_turn,
    queue_document,
)
from warehouse.days import day_of


@transaction.atomic
def change_list(*, declaration: Declaration, now: datetime) -> OutgoingElement:
    """Put the change (DclTypecd 2) of a declaration's bonded list into the queue: the list as it
    should be now, in the place of what customs has.

    Raises WrongState, ListNotApproved, ListChangeUnderWay, ListPosted, ListThroughGate, ListOnPass,
    ListSaysTheSame, NoGateway, ZoneDataMissing or MessageIncomplete; then nothing has been written.
    """
    held = held_with_shipment(declaration)
    if held.state not in CHANGED_IN:
        raise WrongState(declaration=held.our_reference, state=held.state)
    listed = check_counter(held, list_of(held))
    data = set_now(held.pk)
    needs = zone.needs_of(data)
    codes = codes_of(held, needs)
    if absent := zone.absent_of(needs, codes):
        raise zone.ZoneDataMissing(**zone.told_absent(absent))
    named = _named(listed, listed.standing.changes + 1)
    route = route_of(held.shipment, day=day_of(now))
    in_force = listed.in_force
    before = content_of(in_force) if in_force else None

    def made(way: zone.Way) -> Document:
        document = zone.bonded_list(data, codes, way, number=named.number, route=route)
        return rules.changed_list(document, before, named)

    return _queued(held, listed, rules.Act.CHANGE, named, made, now)


@transaction.atomic
def delete_list(*, declaration: Declaration, now: datetime) -> OutgoingElement:
    """Put the deletion (DclTypecd 3) of a declaration's bonded list into the queue, once the
    declaration was withdrawn or sent back, or before it is lodged.

    Raises ListIsNeeded, ListNotApproved, ListChangeUnderWay, ListPosted, ListThroughGate,
    ListOnPass, NoGateway or MessageIncomplete; then nothing has been written.
    """
    held = held_with_shipment(declaration)
    if held.state not in DELETED_IN:
        raise rules.ListIsNeeded(declaration=held.our_reference, state=held.state)
    listed = check_counter(held, list_of(held))
    named = _named(listed, listed.standing.changes)
    in_force = listed.in_force
    before = content_of(in_force) if in_force else None

    def made(way: zone.Way) -> Document:
        return rules.deleted_list(before or _written_anew(listed, way, named), named, way)

    return _queued(held, listed, rules.Act.DELETE, named, made, now)


def _written_anew(listed: ListAtZone, way: zone.Way, named: rules.Named) -> Document:
    """The list as it was told, of a message that is no longer kept."""
    told = listed.in_force or listed.first
    declaration = Declaration.objects.get(pk=told.declaration_id or 0)
    data = import_set(declaration.pk)
    codes = codes_of(declaration, zone.needs_of(data))
    return zone.bonded_list(data, codes, way, number=named.number)


@transaction.atomic
def delete_export_list(*, listed: ExportList, now: datetime) -> OutgoingElement:
    """Put the deletion of an export list into the queue; once customs has taken it, its parcels may
    stand on another.

    Raises ListNotApproved, ListChangeUnderWay, ListPosted, ListThroughGate, ListOnPass, NoGateway
    or MessageIncomplete; then nothing has been written.
    """
    with platform_wide():
        # Of a deletion and a truck at once the second finds the first.
        take_turns("export list", listed.number)
        at_zone = list_for_export(listed)
        passes, through = living_passes(TruckPass.objects.filter(export_list=listed))
        rules.check_may_counter(
            at_zone.standing,
            number=at_zone.number,
            customs_number=at_zone.customs_number,
            passes=passes,
            through_gate=through,
        )
        gateway = way_out(listed.importer)
        if gateway is None:
            raise zone.NoGateway(company=listed.importer.code)
        named = _named(at_zone, 0)
        before = content_of(at_zone.first)

        def made(way: zone.Way) -> Document:
            document = before or exporting.export_list(exported(listed), way)
            return rules.deleted_list(document, named, way)

        return queue_document(
            gateway=gateway,
            made=made,
            kind=MessageKind.BONDED_LIST,
            key=named.number,
            declaration=None,
            turn=1 + len(at_zone.tellings),
            now=now,
            counter=_counter(at_zone, rules.Act.DELETE, named),
        )


def follow_lists(*, now: datetime) -> int:
    """Change or delete the lists of importers who let them follow their declarations by themselves
    (BONDPOOL_LISTS_FOLLOW), each in a transaction of its own; what is refused waits for a person.

    Safe to run any number of times, one at a time. Call platform-wide, with no transaction open.
    Gives back how many were queued.
    """
    done = 0
    for declaration in due_lists(settings.BONDPOOL_LISTS_FOLLOW):
        act = change_list if declaration.state in CHANGED_IN else delete_list
        try:
            act(declaration=declaration, now=now)
        except DomainError:
            # The page of the declaration says what stands in the way.
            continue
        done += 1
    return done


def _named(listed: ListAtZone, change: int) -> rules.Named:
    # Whether a change keeps the list's own number is not public; systems at work keep it.
    number = listed.number
    if settings.BONDPOOL_LIST_NUMBER_ANEW:
        number = f"{number}-C{len(listed.tellings)}"
    return rules.Named(number, listed.first.pre_number, listed.customs_number, change)


def _counter(listed: ListAtZone, act: rules.Act, named: rules.Named) -> Counter:
    return Counter(
        act=act.value,
        change=named.change,
        first_id=listed.first.pk,
        again_id=listed.last.pk,
        pre_number=named.first_number,
        their_number=named.customs_number,
    )


def _queued(
    held: Declaration,
    listed: ListAtZone,
    act: rules.Act,
    named: rules.Named,
    made: Callable[[zone.Way], Document],
    now: datetime,
) -> OutgoingElement:
    return queue_document(
        gateway=gateway_for(held),
        made=made,
        kind=MessageKind.BONDED_LIST,
        key=named.number,
        declaration=held,
        turn=next_turn(held, MessageKind.BONDED_LIST),
        now=now,
        counter=_counter(listed, act, named),
    )
