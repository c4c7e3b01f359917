"""Passes of trucks over the API."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Schema, Status
from pydantic import Field

from core.clock import now
from customs import queries
from customs.api.zone import ZoneMessage, told_of
from customs.models import GatePassage, TruckPass
from customs.queries.passing import left_of, passes_of, through_gate
from customs.rules.passing import MOST_KILOGRAMS, Truck
from customs.services.passing import queue_pass
from rest.calling import caller_of
from rest.fields import Body, Whole
from rest.routes import Routes

routes = Routes(tags=["importers"])

_MOST_LINES = 10_000
Grams = Annotated[Whole, Field(ge=0, le=MOST_KILOGRAMS * 1000)]


class LoadIn(Body):
    """How much of one line of the list is on the truck."""

    line: Annotated[Whole, Field(ge=1, le=_MOST_LINES)] = Field(
        description="Position in the bonded list", examples=[1]
    )
    quantity: Annotated[Whole, Field(ge=1, le=999_999_999)] = Field(examples=[600])


class PassIn(Body):
    """A truck and what is on it."""

    vehicle_number: str = Field(
        description="Licence plate", min_length=1, max_length=32, examples=["浙B00001"]
    )
    vehicle_weight_g: Grams = Field(description="Of the empty truck", examples=[13000000])
    frame_number: str = Field("", max_length=32, examples=[""])
    frame_weight_g: Grams = Field(0, examples=[1000000])
    container_number: str = Field("", max_length=32, examples=[""])
    container_weight_g: Grams = Field(0, examples=[0])
    packages: Annotated[Whole, Field(ge=1, le=1_000_000)] | None = Field(
        None, description="null: all that no other truck has", examples=[None]
    )
    gross_weight_g: Grams | None = Field(
        None,
        description="What the goods with their packing weigh; null: by the declaration",
        examples=[None],
    )
    lines: list[LoadIn] = Field(
        default_factory=list,
        max_length=_MOST_LINES,
        description="Empty: all that is left of the list",
        examples=[[]],
    )


class PassOut(ZoneMessage):
    """A truck's pass. Weights in grams."""

    vehicle_number: str = Field(examples=["浙B00001"])
    packages: int = Field(examples=[10])
    gross_weight_g: int = Field(examples=[66000])
    net_weight_g: int = Field(examples=[54000])
    passed_at: datetime | None = Field(
        description="When it went through the gate", examples=["2026-08-02T09:30:00+08:00"]
    )
    weighed_g: int | None = Field(
        description="The truck with its goods at the gate; null where the zone does not tell",
        examples=[14198000],
    )


class LeftOut(Schema):
    """What of a line of the list is on no truck yet."""

    line: int = Field(examples=[1])
    product: str = Field(examples=["MILK-1"])
    quantity: int = Field(examples=[600])


class ThroughGate(Schema):
    """What of a line of the list went through the gate."""

    line: int = Field(examples=[1])
    quantity: int = Field(examples=[600])


class PassesOut(Schema):
    """The trucks of a declaration's bonded list."""

    passes: list[PassOut]
    left: list[LeftOut]
    through_gate: list[ThroughGate]


def pass_out(one: TruckPass) -> PassOut:
    passage: GatePassage | None = getattr(one, "passage", None)
    return PassOut(
        **told_of(one.element).dict(),
        vehicle_number=one.vehicle_number,
        packages=one.packages,
        gross_weight_g=one.gross_weight_g,
        net_weight_g=one.net_weight_g,
        passed_at=passage.passed_at if passage else None,
        weighed_g=passage.weighed_g if passage else None,
    )


@routes.show(
    "/declarations/{reference}/passes",
    scope="declarations:read",
    response=PassesOut,
    summary=_("Show the passes of a bonded list"),
)
def get_passes(request: HttpRequest, reference: str) -> PassesOut:
    """Its trucks, and what is on none yet."""
    found = queries.declaration_of(reference)
    return PassesOut(
        passes=[pass_out(one) for one in passes_of(found)],
        left=[
            LeftOut(line=one.line.position, product=one.line.product.sku, quantity=one.quantity)
            for one in left_of(found)
        ],
        through_gate=[
            ThroughGate(line=line, quantity=quantity)
            for line, quantity in sorted(through_gate(found).items())
        ],
    )


@routes.create(
    "/declarations/{reference}/passes",
    scope="declarations:write",
    response=PassOut,
    summary=_("Send the pass of a truck"),
)
def send_pass(request: HttpRequest, reference: str, told: PassIn) -> Status[PassOut]:
    """Put a truck's pass (SAS121) into the queue of the importer's gateway, once customs has
    given the bonded list its number."""
    made = queue_pass(
        declaration=queries.declaration_of(reference),
        truck=Truck(
            told.vehicle_number.strip().upper(),
            told.vehicle_weight_g,
            told.frame_number.strip(),
            told.frame_weight_g,
            told.container_number.strip(),
            told.container_weight_g,
        ),
        wanted=[(one.line, one.quantity) for one in told.lines],
        packages=told.packages,
        gross=told.gross_weight_g,
        by=caller_of(request).user,
        now=now(),
    )
    return Status(201, pass_out(made))
