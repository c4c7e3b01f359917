"""Waybill and payment of a consumer's order, over the API, before it is told to customs."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop as _
from ninja import File, Schema, Status, UploadedFile
from pydantic import Field

from core.clock import now
from core.sheets import MAX_BYTES
from customs.queries.parcel_papers import papers_of_order, platform_for
from customs.rules import parcel_file
from customs.services.parcel_files import tell_papers_of_file
from customs.services.parties import tell_papers
from rest.calling import caller_of
from rest.fields import Body, Told, Whole
from rest.routes import Routes
from warehouse.queries.retail import orders_of
from warehouse.rules.retail import HIGHEST_PRICE_MINOR
from web.files import XLSX, template_file

routes = Routes(tags=["sellers"])


class ParcelPapersIn(Body):
    """The numbers of one parcel; what is left out is emptied."""

    waybill: str = Field(
        "", max_length=60, description="The carrier's number", examples=["SF1000000000001"]
    )
    payment: str = Field(
        "", max_length=60, description="Serial number of the payment", examples=["2026080122001"]
    )
    paid_minor: Annotated[Whole, Field(ge=0, le=HIGHEST_PRICE_MINOR)] | None = Field(
        None,
        description="CNY fen paid in all, as the payment says; null leaves what was told before",
        examples=[42622],
    )
    collected_tax_minor: Annotated[Whole, Field(ge=0, le=HIGHEST_PRICE_MINOR)] | None = Field(
        None,
        description="CNY fen of it that the shop took as tax; null leaves what was told before",
        examples=[3622],
    )
    platform: Annotated[str, Field(max_length=18)] | None = Field(
        None,
        description="Customs code of the platform the order was placed on, one of the seller's; "
        "empty is that of its channel, null leaves what was told before",
        examples=["3302961HZ1"],
    )


class ParcelPapersOut(Told):
    """What is told to customs beside the order."""

    order: str = Field(examples=["RO-2026-000001"])
    waybill: str = Field(description="The carrier's number", examples=["SF1000000000001"])
    payment: str = Field(description="Serial number of the payment", examples=["2026080122001"])
    paid_minor: int | None = Field(
        description="CNY fen paid in all; null where nobody said so", examples=[42622]
    )
    collected_tax_minor: int | None = Field(
        description="CNY fen of it that the shop took as tax; null where nobody said so",
        examples=[3622],
    )
    platform: str = Field(
        description="Customs code of the platform under which it is told; empty before its seller "
        "told who declares",
        examples=["3302961HZ1"],
    )
    told_at: datetime | None = Field(examples=["2026-08-01T06:10:00Z"])


def _shown(request: HttpRequest, number: str) -> ParcelPapersOut:
    order = get_object_or_404(orders_of(caller_of(request).company), number=number)
    told = papers_of_order(order)
    platform = platform_for(order, told)
    return ParcelPapersOut(
        order=order.number,
        waybill=told.waybill if told else "",
        payment=told.payment if told else "",
        paid_minor=order.paid_minor,
        collected_tax_minor=order.collected_tax_minor,
        platform=platform.code if platform else "",
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
    tell_papers(
        order=order,
        payment=told.payment,
        waybill=told.waybill,
        paid_minor=told.paid_minor,
        collected_tax_minor=told.collected_tax_minor,
        platform=told.platform,
        now=now(),
    )
    return _shown(request, number)


class ParcelsTold(Schema):
    """How many parcels a file told of."""

    told: int = Field(examples=[2])


@routes.create(
    "/parcel-files",
    scope="retail:write",
    response=ParcelsTold,
    summary=_("Tell the numbers of many parcels"),
    is_single=False,
)
def tell_parcel_file(request: HttpRequest, file: File[UploadedFile]) -> Status[ParcelsTold]:
    """A CSV or XLSX with the columns of the template: all of its parcels are told, or none. Wrong
    cells are named in `errors`; an empty cell leaves what was told."""
    count = tell_papers_of_file(
        seller=caller_of(request).company,
        file_name=file.name or "",
        content=file.read(MAX_BYTES + 1),
        now=now(),
    )
    return Status(201, ParcelsTold(told=count))


@routes.file(
    "/parcel-template.{kind}",
    scope="retail:read",
    media_type=("text/csv", XLSX),
    summary=_("Fetch an empty file of parcels' numbers"),
)
def get_parcel_template(request: HttpRequest, kind: str) -> HttpResponse:
    """`csv` or `xlsx`, with the right first row."""
    columns = [*parcel_file.COLUMNS, *parcel_file.OPTIONAL]
    return template_file("parcels", kind, columns, [])
