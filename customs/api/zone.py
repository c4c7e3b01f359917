"""The zone's messages of a declaration over the API."""

from __future__ import annotations

from decimal import Decimal

from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Schema, Status
from pydantic import Field

from core.clock import now
from customs import queries
from customs.models import ListAct, MessageState, OutcomeChoice, OutgoingElement
from customs.queries.posted import posted_of
from customs.queries.zone import at_zone, entry_numbers
from customs.rules.zone_lists import Stage
from customs.services.zone import queue_bonded_list
from customs.services.zone_lists import change_list, delete_list
from rest.fields import one_of
from rest.routes import Routes

routes = Routes(tags=["importers"])


class ZoneMessage(Schema):
    """One document of the zone and the message in which it leaves."""

    number: str = Field(description="Our own", examples=["DEC-2026-000001"])
    message: str = Field(examples=["INV101-3302961HZ6-MS-2026-000017"])
    state: str = Field(json_schema_extra=one_of(*MessageState.values), examples=["sent"])
    outcome: str | None = Field(
        description="What customs answered; null until it did",
        json_schema_extra=one_of(*OutcomeChoice.values, None),
        examples=["taken"],
    )
    customs_number: str = Field(
        description="As customs gave it; empty until then", examples=["QD310526I000000017"]
    )


class ZoneListMessage(ZoneMessage):
    """A message about a bonded list: the list itself, a change of it, or its deletion."""

    act: str = Field(
        description="1 new, 2 change, 3 deletion",
        json_schema_extra=one_of(*ListAct.values),
        examples=["2"],
    )
    change: int = Field(description="Which change; 0: none yet", examples=[1])


class ZoneMissing(Schema):
    """A piece of data that is missing for the bonded list."""

    field: str = Field(examples=["country_code"])
    of: str = Field(description="Article, country or currency; empty: the whole", examples=["DEU"])


class ZonePosted(Schema):
    """An item as customs posted it, beside what was listed or counted."""

    line: int | None = Field(description="Of the list", examples=[1])
    item: int | None = Field(
        description="Of the account book; null: customs posted all but this line", examples=[36]
    )
    product: str = Field(examples=["MILK-1"])
    posted: Decimal | None = Field(
        description="null where the zone does not tell", examples=["600.00000"]
    )
    ours: int | None = Field(description="null: no line of ours", examples=[600])
    differs: bool = Field(examples=[False])


class ZoneOut(Schema):
    """How a declaration stands with the zone."""

    bonded_list: ZoneMessage | None = Field(description="As it was told first")
    stage: str | None = Field(
        description="How the list stands; null without one",
        json_schema_extra=one_of(*(one.value for one in Stage), None),
        examples=["approved"],
    )
    list_messages: list[ZoneListMessage] = Field(description="All that was told of the list")
    is_behind: bool = Field(
        description="Customs amended the declaration since: the list is to be changed",
        examples=[False],
    )
    may_change_list: bool = Field(examples=[False])
    may_delete_list: bool = Field(examples=[False])
    other_list: str | None = Field(
        description="Customs' number of a list of this shipment that is to be deleted first",
        examples=["QD310526I000000011"],
    )
    may_send_list: bool = Field(description="It may be queued now", examples=[False])
    missing: list[ZoneMissing]
    entry_numbers: list[str] = Field(
        description="Declarations that customs made from the list",
        examples=[["E20260001000000017"]],
    )
    posted: list[ZonePosted] = Field(description="What customs posted of it, by item")


def told_of(element: OutgoingElement) -> ZoneMessage:
    standing = getattr(element, "standing", None)
    return ZoneMessage(
        number=element.key,
        message=element.message.number,
        state=element.message.state,
        outcome=standing.outcome if standing else None,
        customs_number=element.their_number,
    )


def _list_message(element: OutgoingElement) -> ZoneListMessage:
    return ZoneListMessage(**told_of(element).dict(), act=element.act, change=element.change)


def _shown(reference: str) -> ZoneOut:
    found = queries.declaration_of(reference)
    zone = at_zone(found)
    return ZoneOut(
        bonded_list=told_of(zone.listed.first) if zone.listed else None,
        stage=zone.listed.stage.value if zone.listed else None,
        list_messages=[_list_message(one) for one in zone.listed.tellings] if zone.listed else [],
        is_behind=zone.is_behind,
        may_change_list=zone.may_change,
        may_delete_list=zone.may_delete,
        other_list=(zone.other.customs_number or zone.other.number) if zone.other else None,
        may_send_list=zone.may_list and not zone.absent and zone.has_way,
        entry_numbers=entry_numbers(found),
        posted=[
            ZonePosted(
                line=one.line,
                item=one.item,
                product=one.sku,
                posted=one.theirs,
                ours=one.ours,
                differs=one.differs,
            )
            for one in (posted_of(zone.listed.posted_by.pk) if zone.listed else [])
        ],
        missing=[ZoneMissing(field=one.field, of=one.of) for one in zone.absent],
    )


@routes.show(
    "/declarations/{reference}/zone",
    scope="declarations:read",
    response=ZoneOut,
    summary=_("Show how a declaration stands with the zone"),
)
def get_zone(request: HttpRequest, reference: str) -> ZoneOut:
    """Its bonded list, and what is missing for it."""
    return _shown(reference)


@routes.create(
    "/declarations/{reference}/bonded-list",
    scope="declarations:write",
    response=ZoneMessage,
    summary=_("Send the bonded list"),
)
def send_bonded_list(request: HttpRequest, reference: str) -> Status[ZoneMessage]:
    """Put the bonded list (INV101) into the queue of the importer's gateway. It goes once; anew
    only after customs refused it, or took its deletion."""
    queued = queue_bonded_list(declaration=queries.declaration_of(reference), now=now())
    return Status(201, told_of(queued))


@routes.create(
    "/declarations/{reference}/list-change",
    scope="declarations:write",
    response=ZoneListMessage,
    summary=_("Change the bonded list"),
)
def change_bonded_list(request: HttpRequest, reference: str) -> Status[ZoneListMessage]:
    """Tell customs what differs from the bonded list that it has, as a change of it (INV101,
    DclTypecd 2). It goes while customs has approved the list and not posted it, no pass names it,
    and nothing of it went through the gate."""
    queued = change_list(declaration=queries.declaration_of(reference), now=now())
    return Status(201, _list_message(queued))


@routes.create(
    "/declarations/{reference}/list-deletion",
    scope="declarations:write",
    response=ZoneListMessage,
    summary=_("Delete the bonded list"),
)
def delete_bonded_list(request: HttpRequest, reference: str) -> Status[ZoneListMessage]:
    """Delete the bonded list at customs (INV101, DclTypecd 3), once its declaration was withdrawn
    or sent back, or before it is lodged; in the states in which it may be changed."""
    queued = delete_list(declaration=queries.declaration_of(reference), now=now())
    return Status(201, _list_message(queued))
