"""On which way a shipment is declared, over the API."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from django.http import Http404, HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Schema
from pydantic import Field

from accounts.models import Company, Role
from core.clock import now
from customs import queries, services
from customs.models import DeclaredWay
from customs.queries.ways import OnWay, shipment_on_way
from customs.rules.ways import Step
from rest.calling import caller_of
from rest.fields import Body, Day, one_of
from rest.routes import Routes
from warehouse.days import day_of

routes = Routes(tags=["importers"])
Way = Literal["ordinary", "in_advance", "two_step", "first_in", "collective"]


class WayStepOut(Schema):
    """One step of a way."""

    step: str = Field(json_schema_extra=one_of(*Step), examples=["lodge"])
    done_on: date | None = Field(description="null while it is open", examples=[None])


class EnteredOut(Schema):
    """That a shipment went in before customs released it."""

    warehouse: str = Field(examples=["NGB1"])
    pass_number: str = Field(examples=["P310426A0000000017"])
    entered_at: datetime = Field(examples=["2026-07-21T02:30:00Z"])


class ShipmentWayOut(Schema):
    """On which way a shipment is declared, and how far it is."""

    shipment: str = Field(examples=["ASN-2026-000001"])
    way: str = Field(json_schema_extra=one_of(*DeclaredWay.values), examples=["first_in"])
    is_chosen: bool = Field(
        description="false: what customs grants the importer decides", examples=[True]
    )
    open_ways: list[str] = Field(examples=[["ordinary", "first_in"]])
    arrives_on: date = Field(examples=["2026-07-20"])
    has_arrived: bool = Field(
        description="false: it is the day that the supplier announced", examples=[False]
    )
    entry: EnteredOut | None = Field(examples=[None])
    declaration: str | None = Field(examples=[None])
    steps: list[WayStepOut]
    next: str | None = Field(json_schema_extra=one_of(*Step, None), examples=["enter"])
    due_on: date | None = Field(description="The soonest deadline", examples=["2026-08-03"])


class ShipmentWayIn(Body):
    """A way that is open, and the day of arrival once it is known."""

    way: Way = Field(examples=["first_in"])
    arrived_on: Day | None = Field(None, examples=[None])


class EntryIn(Body):
    """Into which warehouse a shipment went, and on which pass."""

    warehouse: str = Field(min_length=1, max_length=16, examples=["NGB01"])
    pass_number: str = Field(
        description="4 to 24 capital letters and digits",
        min_length=4,
        max_length=24,
        examples=["P310426A0000000017"],
    )


def _scope(request: HttpRequest) -> Company | None:
    caller = caller_of(request)
    return None if caller.membership.role == Role.OPERATOR else caller.company


def told_of_way(one: OnWay) -> ShipmentWayOut:
    entry = one.entry
    following = one.next
    return ShipmentWayOut(
        shipment=one.shipment.number,
        way=one.way.value,
        is_chosen=one.is_chosen,
        open_ways=[it.value for it in one.open_ways],
        arrives_on=one.arrives_on,
        has_arrived=one.has_arrived,
        entry=EnteredOut(
            warehouse=entry.warehouse.code,
            pass_number=entry.pass_number,
            entered_at=entry.entered_at,
        )
        if entry
        else None,
        declaration=one.declaration.our_reference if one.declaration else None,
        steps=[WayStepOut(step=it.step.value, done_on=it.done_on) for it in one.taken],
        next=following.value if following else None,
        due_on=one.due_on,
    )


@routes.show(
    "/shipments/{number}/way",
    scope="declarations:read",
    response=ShipmentWayOut,
    summary=_("Show on which way a shipment is declared"),
)
def get_shipment_way(request: HttpRequest, number: str) -> ShipmentWayOut:
    """Its steps, the next one, and its soonest deadline."""
    return told_of_way(shipment_on_way(number, _scope(request), day=day_of(now())))


@routes.change(
    "/shipments/{number}/way",
    method="PUT",
    scope="declarations:write",
    current=get_shipment_way,
    response=ShipmentWayOut,
    summary=_("Choose on which way a shipment is declared"),
)
def choose_shipment_way(request: HttpRequest, number: str, wanted: ShipmentWayIn) -> ShipmentWayOut:
    """Before it is lodged and before it goes in; the day of arrival at any time."""
    moment = now()
    found = shipment_on_way(number, _scope(request), day=day_of(moment))
    services.choose_way(
        shipment=found.shipment,
        way=DeclaredWay(wanted.way),
        arrived_on=wanted.arrived_on,
        told_by=caller_of(request).user,
        now=moment,
    )
    return get_shipment_way(request, number)


@routes.change(
    "/shipments/{number}/enter",
    scope="declarations:write",
    current=get_shipment_way,
    response=ShipmentWayOut,
    summary=_("Record that a shipment went in first"),
)
def enter_shipment(request: HttpRequest, number: str, told: EntryIn) -> ShipmentWayOut:
    """On a pass, before customs released it; the warehouse may count it in from then on."""
    moment = now()
    found = shipment_on_way(number, _scope(request), day=day_of(moment))
    house = next((it for it in queries.warehouses() if it.code == told.warehouse), None)
    if house is None:
        raise Http404
    services.enter_first(
        shipment=found.shipment,
        warehouse=house,
        pass_number=told.pass_number,
        recorded_by=caller_of(request).user,
        now=moment,
    )
    return get_shipment_way(request, number)
