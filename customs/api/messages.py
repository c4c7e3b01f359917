"""Messages to the authority over the API."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from ninja import Schema
from pydantic import Field

from core.clock import now
from customs import services
from customs.models import MessageKind, MessageState, OutgoingMessage
from customs.queries import messages_out as queries
from customs.queries.listings_of_messages import MESSAGES_OUT
from rest.calling import caller_of
from rest.fields import one_of
from rest.lists import page
from rest.routes import Routes

routes = Routes(tags=["importers"])


class MessageOutHead(Schema):
    """A message to customs."""

    number: str = Field(
        description="Its CopMsgId, and the name of its file",
        examples=["CEB621-3302961HZ6-MS-2026-000017"],
    )
    kind: str = Field(json_schema_extra=one_of(*MessageKind.values), examples=["CEB621"])
    state: str = Field(json_schema_extra=one_of(*MessageState.values), examples=["sent"])
    gateway: str = Field(examples=["ningbo"])
    elements: int = Field(description="How many are in it", examples=[100])
    attempts: int = Field(examples=[1])
    queued_at: datetime = Field(examples=["2026-08-01T06:10:00Z"])
    sent_at: datetime | None = Field(examples=["2026-08-01T06:10:02Z"])


class MessageElement(Schema):
    """One element of a message."""

    position: int = Field(examples=[1])
    key: str = Field(
        description="Its number in the trade: of the order, waybill or list",
        examples=["RL-2026-000001"],
    )
    guid: str = Field(examples=["6F9619FF-8B86-D011-B42D-00C04FC964FF"])
    customs_number: str = Field(
        description="As customs gave it; empty until then", examples=["310520261000000123"]
    )


class MessageSent(MessageOutHead):
    """A message to customs with what is in it, and where it stands."""

    place: int | None = Field(
        description="In the queue of its gateway, from 1; null where it is not in it", examples=[3]
    )
    wait_seconds: int | None = Field(
        description="About so long until it leaves, if its gateway answers; null while that is "
        "closed",
        examples=[2],
    )
    trouble: str = Field(description="Why it was not sent", examples=[""])
    sha256: str = Field(
        examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"]
    )
    items: list[MessageElement]


def _head(row: OutgoingMessage) -> dict[str, Any]:
    return {
        "number": row.number,
        "kind": row.kind,
        "state": row.state,
        "gateway": row.gateway.code,
        "elements": row.count,
        "attempts": row.attempts,
        "queued_at": row.queued_at,
        "sent_at": row.sent_at,
    }


def _shown(number: str) -> MessageSent:
    found = queries.message_out(number)
    turn = queries.turn_of(found, now=timezone.now())
    return MessageSent(
        **_head(found),
        place=turn.place if turn else None,
        wait_seconds=round(turn.wait.total_seconds()) if turn and turn.wait is not None else None,
        trouble=found.trouble if found.state == MessageState.FAILED else "",
        sha256=found.sha256,
        items=[
            MessageElement(
                position=one.position,
                key=one.key,
                guid=one.guid,
                customs_number=one.their_number or one.pre_number,
            )
            for one in queries.elements_of(found)
        ],
    )


@routes.rows(
    "/customs/messages",
    scope="declarations:read",
    listing=MESSAGES_OUT,
    row=MessageOutHead,
    summary=_("List messages to customs"),
)
def list_messages_out(request: HttpRequest) -> object:
    """An importer's own messages, on their way or sent."""
    return page(
        request, MESSAGES_OUT, queries.messages_of(), lambda row: MessageOutHead(**_head(row))
    )


@routes.show(
    "/customs/messages/{number}",
    scope="declarations:read",
    response=MessageSent,
    summary=_("Show a message to customs"),
)
def get_message_out(request: HttpRequest, number: str) -> MessageSent:
    """One message with its elements and its place in the queue."""
    return _shown(number)


@routes.change(
    "/customs/messages/{number}/retry",
    scope="declarations:write",
    current=get_message_out,
    response=MessageSent,
    summary=_("Try a message again"),
)
def retry_message_out(request: HttpRequest, number: str) -> MessageSent:
    """Queue a message again that could not be sent; it keeps its number and its bytes."""
    found = queries.message_out(number)
    services.retry_message(message=found, by=caller_of(request).user, now=now())
    return _shown(number)
