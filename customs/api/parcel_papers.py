"""Waybill and payment of a consumer's order, over the API, before it is told to customs."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop as _
from pydantic import Field

from core.clock import now
from customs.models import ParcelPapers
from customs.services.parties import tell_papers
from rest.calling import caller_of
from rest.fields import Body, Told
from rest.routes import Routes
from warehouse.queries.retail import orders_of

routes = Routes(tags=["sellers"])


class ParcelPapersIn(Body):
    """The numbers of one parcel; what is left out is emptied."""

    waybill: str = Field(
        "", max_length=60, description="The carrier's number", examples=["SF1000000000001"]
    )
    payment: str = Field(
        "", max_length=60, description="Serial number of the payment", examples=["2026080122001"]
    )


class ParcelPapersOut(Told):
    """What is told to customs beside the order."""

    order: str = Field(examples=["RO-2026-000001"])
    waybill: str = Field(description="The carrier's number", examples=["SF1000000000001"])
    payment: str = Field(description="Serial number of the payment", examples=["2026080122001"])
    told_at: datetime | None = Field(examples=["2026-08-01T06:10:00Z"])


def _shown(request: HttpRequest, number: str) -> ParcelPapersOut:
    order = get_object_or_404(orders_of(caller_of(request).company), number=number)
    told = ParcelPapers.objects.filter(order=order.pk).first()
    return ParcelPapersOut(
        order=order.number,
        waybill=told.waybill if told else "",
        payment=told.payment if told else "",
        told_at=told.told_at if told else None,
    )


@routes.show(
    "/retail-orders/{number}/customs",
    scope="retail:read",
    response=ParcelPapersOut,
    summary=_("Show the numbers of a parcel"),
)
def get_parcel_papers(request: HttpRequest, number: str) -> ParcelPapersOut:
    """Waybill and payment of one order, as they are told to customs."""
    return _shown(request, number)


@routes.change(
    "/retail-orders/{number}/customs",
    scope="retail:write",
    current=_shown,
    response=ParcelPapersOut,
    summary=_("Tell the numbers of a parcel"),
)
def tell_parcel_papers(request: HttpRequest, number: str, told: ParcelPapersIn) -> ParcelPapersOut:
    """Waybill and payment of one order, until it is told to customs."""
    order = get_object_or_404(orders_of(caller_of(request).company), number=number)
    tell_papers(order=order, payment=told.payment, waybill=told.waybill, now=now())
    return _shown(request, number)
