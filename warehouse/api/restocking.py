"""How long a seller's stock lasts, over the API."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Schema
from pydantic import Field

from core.clock import now
from rest.calling import caller_of
from rest.fields import one_of
from rest.lists import page
from rest.routes import Routes
from warehouse.queries.restocking import RESTOCKS, Restock, restocks
from warehouse.rules.restocking import Standing

routes = Routes(tags=["sellers"])


class RestockOut(Schema):
    """How long one product lasts at the pace of the last 90 days."""

    sku: str = Field(examples=["MILK-900"])
    standing: str = Field(
        description="out, runs_out before the next arrival, slow or well",
        json_schema_extra=one_of(*(one.value for one in Standing)),
        examples=["runs_out"],
    )
    available: int = Field(description="Units that can be sold", examples=[120])
    drawn: int = Field(description="Units sold in 90 days, cancelled ones not", examples=[300])
    cover_days: int | None = Field(
        description="Whole days it lasts; null where nothing was sold", examples=[36]
    )
    runs_out_on: date | None = Field(examples=["2026-09-06"])
    arrives_on: date | None = Field(
        description="When the next shipment with units of yours is expected",
        examples=["2026-09-20"],
    )
    idle_days: int | None = Field(
        description="Days since something was sold, or since it came", examples=[1]
    )
    last_on: date | None = Field(description="When something was last sold", examples=[None])


def _row(one: Restock) -> RestockOut:
    return RestockOut(
        sku=one.sku,
        standing=one.standing,
        available=one.available,
        drawn=one.drawn,
        cover_days=one.cover_days,
        runs_out_on=one.runs_out_on,
        arrives_on=one.arrives_on,
        idle_days=one.idle_days,
        last_on=one.last_on,
    )


@routes.rows(
    "/stock/restocking",
    scope="stock:read",
    listing=RESTOCKS,
    row=RestockOut,
    summary=_("List how long stock lasts"),
)
def list_restocking(request: HttpRequest) -> object:
    """What runs out, what lies idle, product by product."""
    return page(request, RESTOCKS, restocks(caller_of(request).company, now=now()), _row)
