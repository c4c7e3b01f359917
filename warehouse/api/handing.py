"""Manifests, tracking numbers and events over the API, for the carriers' side."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Schema
from pydantic import Field

from core.clock import now
from rest.calling import caller_of
from rest.fields import Body, Moment, one_of
from rest.lists import page
from rest.routes import Routes
from warehouse import services
from warehouse.models import HandOver, Package, ParcelEventKind
from warehouse.queries import handing
from warehouse.queries.serving_listings import HAND_OVERS
from warehouse.rules.handing import (
    LONGEST_NOTE,
    LONGEST_PLACE,
    MOST_PARCELS,
    MOST_ROWS,
    EventTold,
    TrackingTold,
)

routes = Routes(tags=["warehouses"])


class HandOverHead(Schema):
    """What one carrier took from one warehouse together."""

    number: str = Field(examples=["HO-2026-000001"])
    carrier: str = Field(description="The carrier's code", examples=["SF"])
    warehouse: str = Field(examples=["NGB01"])
    handed_at: datetime = Field(examples=["2026-08-02T09:00:00Z"])
    handed_by: str = Field(examples=["Wang Wei"])
    parcels: int = Field(examples=[42])
    weight_g: int = Field(description="Grams", examples=[51300])


class HandedParcelOut(Schema):
    """One parcel of a manifest; nothing of its buyer."""

    parcel: str = Field(examples=["PC-2026-000001"])
    order: str = Field(examples=["RO-2026-000001"])
    weight_g: int = Field(description="Grams", examples=[1240])
    package: str = Field(json_schema_extra=one_of(*Package.values), examples=["box"])
    tracking_number: str = Field(
        description="The carrier's; empty before it told it", examples=["SF1234567890"]
    )
    last_event: str = Field(
        description="The latest event the carrier told; empty before",
        json_schema_extra=one_of("", *ParcelEventKind.values),
        examples=["in_transit"],
    )


class HandOverOut(HandOverHead):
    """A manifest with its parcels."""

    lines: list[HandedParcelOut]


class TrackingIn(Body):
    """A tracking number for one of our parcels."""

    parcel: str = Field(min_length=1, max_length=20, examples=["PC-2026-000001"])
    tracking_number: str = Field(min_length=1, max_length=40, examples=["SF1234567890"])


class TrackingBatch(Body):
    """The carrier's numbers of a manifest's parcels."""

    parcels: list[TrackingIn] = Field(min_length=1, max_length=MOST_PARCELS)


class EventIn(Body):
    """What happened to a parcel."""

    parcel: str = Field(
        min_length=1,
        max_length=40,
        description="Our number or the carrier's",
        examples=["SF1234567890"],
    )
    kind: str = Field(
        max_length=20, json_schema_extra=one_of(*ParcelEventKind.values), examples=["delivered"]
    )
    happened_at: Moment = Field(examples=["2026-08-04T16:20:00+08:00"])
    place: str = Field("", max_length=LONGEST_PLACE, examples=["杭州"])
    note: str = Field("", max_length=LONGEST_NOTE, examples=[""])


class EventBatch(Body):
    """What a carrier tells, in any order and any number of times."""

    carrier: str = Field(min_length=1, max_length=16, examples=["SF"])
    events: list[EventIn] = Field(min_length=1, max_length=MOST_ROWS)


class Taken(Schema):
    """How many rows told something new; the others were known."""

    told: int = Field(examples=[3])
    new: int = Field(examples=[2])


def _head(one: HandOver) -> HandOverHead:
    return HandOverHead(
        number=one.number,
        carrier=one.carrier.code,
        warehouse=one.warehouse.code,
        handed_at=one.handed_at,
        handed_by=one.handed_by.name,
        parcels=one.parcels,
        weight_g=one.weight_g,
    )


@routes.rows(
    "/hand-overs",
    scope="parcels:read",
    listing=HAND_OVERS,
    row=HandOverHead,
    summary=_("List hand-overs"),
)
def list_hand_overs(request: HttpRequest) -> object:
    """The manifests of one's own warehouses."""
    found = handing.hand_overs_of(caller_of(request).company).select_related("handed_by")
    return page(request, HAND_OVERS, found, _head)


@routes.show(
    "/hand-overs/{number}",
    scope="parcels:read",
    response=HandOverOut,
    summary=_("Show a hand-over"),
)
def get_hand_over(request: HttpRequest, number: str) -> HandOverOut:
    """A manifest with its parcels, as its carrier gets it."""
    found = handing.hand_over_of(caller_of(request).company, number)
    return HandOverOut(
        **_head(found).model_dump(),
        lines=[
            HandedParcelOut(
                parcel=one.parcel.number,
                order=one.parcel.order_number,
                weight_g=one.parcel.weight_g,
                package=one.parcel.package,
                tracking_number=one.tracking_number,
                last_event=handing.last_event(one),
            )
            for one in handing.lines_of(found)
        ],
    )


@routes.create(
    "/hand-overs/{number}/tracking-numbers",
    scope="parcels:write",
    response=Taken,
    summary=_("Tell tracking numbers"),
    status=200,
    is_single=False,
)
def create_tracking_numbers(request: HttpRequest, number: str, told: TrackingBatch) -> Taken:
    """The carrier's numbers of a manifest's parcels; all are taken, or every wrong row named."""
    found = handing.hand_over_of(caller_of(request).company, number)
    rows = [
        TrackingTold(row, one.parcel, one.tracking_number)
        for row, one in enumerate(told.parcels, start=1)
    ]
    return Taken(told=len(rows), new=services.note_tracking(hand_over=found, rows=rows))


@routes.create(
    "/parcel-events",
    scope="parcels:write",
    response=Taken,
    summary=_("Tell what happened to parcels"),
    status=200,
    is_single=False,
)
def create_parcel_events(request: HttpRequest, told: EventBatch) -> Taken:
    """What a carrier tells; all are taken, or every wrong row named. Told again, nothing changes.

    An order all of whose parcels were delivered is delivered.
    """
    carrier = handing.carrier_of(caller_of(request).company, told.carrier)
    rows = [
        EventTold(row, one.parcel, one.kind, one.happened_at, one.place, one.note)
        for row, one in enumerate(told.events, start=1)
    ]
    new = services.note_events(carrier=carrier, rows=rows, now=now())
    return Taken(told=len(rows), new=new)
