"""What consumers send back, over the API."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop as _
from ninja import Schema, Status
from pydantic import Field

from core.clock import now
from customs import services
from rest.calling import caller_of
from rest.fields import Body, Whole, one_of
from rest.lists import page
from rest.routes import Routes
from warehouse.models import ReturnState
from warehouse.queries.retail import orders_of
from warehouse.queries.returning import RETURNS, returns_of
from warehouse.rules.retail import MOST_LINES, MOST_UNITS
from warehouse.rules.returning import LONGEST_REASON

routes = Routes(tags=["sellers"])


class ReturnLineIn(Body):
    """Units of a line of the order, as it is numbered there from 1."""

    position: Annotated[Whole, Field(ge=1, le=MOST_LINES)] = Field(examples=[1])
    quantity: Annotated[Whole, Field(ge=1, le=MOST_UNITS)] = Field(examples=[1])


class ReturnIn(Body):
    """What comes back, and why."""

    reason: str = Field(min_length=1, max_length=LONGEST_REASON, examples=["Ordered by mistake"])
    lines: list[ReturnLineIn] = Field(min_length=1, max_length=MOST_LINES)


class ReturnOut(Schema):
    """A return of one parcel, whole or in part."""

    number: str = Field(examples=["RT-2026-000001"])
    order: str = Field(examples=["RO-2026-000001"])
    state: str = Field(json_schema_extra=one_of(*ReturnState.values), examples=["announced"])
    reason: str = Field(examples=["Ordered by mistake"])
    announced_at: datetime = Field(examples=["2026-08-20T03:00:00Z"])
    comes_until: date = Field(
        description="The last day on which the zone takes it in", examples=["2026-09-16"]
    )
    units: int = Field(description="Announced units", examples=[1])
    came: int = Field(description="Counted by the warehouse", examples=[0])
    refusal: str = Field(
        description="The rule by which it was not taken in", examples=["warehouse.came_too_late"]
    )


def _row(one: Any) -> ReturnOut:
    return ReturnOut(
        number=one.number,
        order=one.order_number,
        state=one.state,
        reason=one.reason,
        announced_at=one.announced_at,
        comes_until=one.comes_until,
        units=one.units or 0,
        came=one.came or 0,
        refusal=one.refusal.get("code", ""),
    )


@routes.rows(
    "/retail-returns",
    scope="retail:read",
    listing=RETURNS,
    row=ReturnOut,
    summary=_("List returns"),
)
def list_returns(request: HttpRequest) -> object:
    """What buyers sent back, or are to."""
    return page(request, RETURNS, returns_of(seller=caller_of(request).company), _row)


@routes.create(
    "/retail-orders/{number}/returns",
    scope="retail:write",
    response=ReturnOut,
    summary=_("Announce a return"),
)
def announce_return(request: HttpRequest, number: str, told: ReturnIn) -> Status[ReturnOut]:
    """A buyer sends goods back: within 30 days of the release of the parcel by customs."""
    caller = caller_of(request)
    units: dict[int, int] = {}
    for line in told.lines:
        units[line.position] = units.get(line.position, 0) + line.quantity
    back = services.announce_return(
        order=get_object_or_404(orders_of(caller.company), number=number),
        units=units,
        reason=told.reason,
        announced_by=caller.user,
        now=now(),
    )
    return Status(201, _row(returns_of(seller=caller.company).get(pk=back.pk)))
