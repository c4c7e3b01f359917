"""Receipts and pictures of the gate over the API, for the telephones and scanners of a warehouse;
and for owners what came damaged of their own."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop as _
from ninja import File, Form, Schema, Status, UploadedFile
from pydantic import Field, StringConstraints

from core.clock import now
from procurement.models import Shipment
from rest.calling import caller_of
from rest.fields import Body
from rest.routes import Routes
from warehouse import services
from warehouse.models import GatePicture, Receipt
from warehouse.queries import pictures, stock
from warehouse.rules import pictures as rules
from warehouse.serving_pictures import as_picture

routes = Routes(tags=["warehouses"])
own_routes = Routes(tags=["sellers"])

Caption = Annotated[str, StringConstraints(max_length=rules.LONGEST_CAPTION)]
_ROOT = "/api/v1"


class PictureOut(Schema):
    """A picture of a shipment at the gate; a JPEG."""

    id: int = Field(examples=[17])
    line: int | None = Field(
        description="The line of the shipment; null for the shipment as a whole", examples=[4711]
    )
    sku: str | None = Field(examples=["MILK-900"])
    caption: str = Field(examples=["箱角压坏"])
    width: int = Field(description="Pixels", examples=[2048])
    height: int = Field(examples=[1536])
    size: int = Field(description="Bytes", examples=[412345])
    sha256: str = Field(
        description="Of the JPEG as it is kept",
        examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
    )
    taken_at: datetime = Field(examples=["2026-07-19T02:30:00Z"])
    withdrawn: str | None = Field(description="Why it is withdrawn", examples=[None])
    path: str = Field(examples=["/api/v1/pictures/17.jpg"])
    thumbnail: str = Field(examples=["/api/v1/pictures/17/small.jpg"])


class ShipmentPicturesOut(Schema):
    """All pictures of a shipment, withdrawn ones too."""

    shipment: str = Field(examples=["SH-2026-000001"])
    pictures: list[PictureOut]


class ReceiptLineOut(Schema):
    """What was announced and counted of one line."""

    line: int = Field(description="Of the shipment", examples=[4711])
    sku: str = Field(examples=["MILK-900"])
    lot: str | None = Field(examples=["LOT-2026-000001"])
    announced: int = Field(examples=[480])
    counted: int = Field(examples=[478])
    damaged: int = Field(description="Of the counted", examples=[3])
    over: int = Field(description="Of the counted", examples=[0])


class ReceiptOut(ShipmentPicturesOut):
    """The count of a shipment, with its pictures."""

    number: str = Field(examples=["RCV-2026-000001"])
    warehouse: str = Field(examples=["NGB01"])
    received_at: datetime = Field(examples=["2026-07-19T02:30:00Z"])
    lines: list[ReceiptLineOut]


class WithdrawalIn(Body):
    reason: str = Field(min_length=1, max_length=rules.LONGEST_REASON, examples=["拍错了货"])


def _shipment(request: HttpRequest, number: str) -> Shipment:
    found: Shipment = get_object_or_404(
        pictures.shipments_at_gate(caller_of(request).company).select_related("order"),
        number=number,
    )
    return found


def _picture(one: GatePicture) -> PictureOut:
    return PictureOut(
        id=one.pk,
        line=one.line_id,
        sku=one.line.order_line.product.sku if one.line else None,
        caption=one.caption,
        width=one.width,
        height=one.height,
        size=one.size,
        sha256=one.sha256,
        taken_at=one.taken_at,
        withdrawn=one.withdrawal.reason if one.is_withdrawn else None,
        path=f"{_ROOT}/pictures/{one.pk}.jpg",
        thumbnail=f"{_ROOT}/pictures/{one.pk}/small.jpg",
    )


def _pictures(shipment: Shipment) -> list[PictureOut]:
    return [_picture(one) for one in pictures.of_shipment(shipment)]


@routes.show(
    "/receipts/{number}", scope="house:read", response=ReceiptOut, summary=_("Show a receipt")
)
def get_receipt(request: HttpRequest, number: str) -> ReceiptOut:
    """What was counted of one shipment at one's own gate, and its pictures."""
    found: Receipt = get_object_or_404(stock.receipts(caller_of(request).company), number=number)
    lines = found.lines.select_related("shipment_line__order_line__product", "lot").order_by("pk")
    return ReceiptOut(
        number=found.number,
        shipment=found.shipment.number,
        warehouse=found.warehouse.code,
        received_at=found.received_at,
        lines=[
            ReceiptLineOut(
                line=one.shipment_line_id,
                sku=one.shipment_line.order_line.product.sku,
                lot=one.lot.number if hasattr(one, "lot") else None,
                announced=one.announced,
                counted=one.counted,
                damaged=one.damaged,
                over=one.over,
            )
            for one in lines
        ],
        pictures=_pictures(found.shipment),
    )


@routes.show(
    "/shipments/{number}/pictures",
    scope="house:read",
    response=ShipmentPicturesOut,
    summary=_("List a shipment's pictures"),
)
def get_shipment_pictures(request: HttpRequest, number: str) -> ShipmentPicturesOut:
    """Of a shipment at one's own gate, counted or not: first those of the whole, then by line."""
    found = _shipment(request, number)
    return ShipmentPicturesOut(shipment=found.number, pictures=_pictures(found))


@routes.create(
    "/shipments/{number}/pictures",
    scope="house:write",
    response=ShipmentPicturesOut,
    summary=_("Add pictures to a shipment"),
)
def add_shipment_pictures(
    request: HttpRequest,
    number: str,
    file: File[list[UploadedFile]],
    line: Form[int | None] = None,
    caption: Form[Caption | None] = None,
) -> Status[ShipmentPicturesOut]:
    """JPEG, PNG or WebP of 10 MB at most, up to 6 together, of one line or of the whole; either all
    are kept or none. Place and device are taken out. The same picture is kept once of a line."""
    caller, found = caller_of(request), _shipment(request, number)
    of = None
    if line is not None:
        if not 0 < line < 2**63:
            raise Http404
        of = get_object_or_404(found.lines.all(), pk=line)
    rules.check_count(len(file))
    for one in file:
        rules.check_size(one.name or "", one.size or 0)
    services.keep_pictures(
        shipment=found,
        keeper=caller.company,
        line=of,
        sent=[services.Sent(one.name or "", one.read()) for one in file],
        caption=caption or "",
        taken_by=caller.user,
        now=now(),
    )
    return Status(201, get_shipment_pictures(request, number))


@routes.file(
    "/pictures/{int:pk}.jpg",
    scope="house:read",
    media_type="image/jpeg",
    summary=_("Fetch a picture of the gate"),
)
def get_picture(request: HttpRequest, pk: int) -> HttpResponse:
    """As it is kept."""
    return as_picture(pictures.pictures(caller_of(request).company), pk, "content")


@routes.file(
    "/pictures/{int:pk}/small.jpg",
    scope="house:read",
    media_type="image/jpeg",
    summary=_("Fetch a small picture of the gate"),
)
def get_small_picture(request: HttpRequest, pk: int) -> HttpResponse:
    """480 pixels on its longer side."""
    return as_picture(pictures.pictures(caller_of(request).company), pk, "thumbnail")


@routes.create(
    "/pictures/{int:pk}/withdrawal",
    scope="house:write",
    response=PictureOut,
    summary=_("Withdraw a picture of the gate"),
)
def withdraw_picture(request: HttpRequest, pk: int, told: WithdrawalIn) -> Status[PictureOut]:
    """It is kept, and nobody but the warehouse sees it any more."""
    if pk > 2**62:
        raise Http404
    caller = caller_of(request)
    mine = pictures.pictures(caller.company).select_related(
        "line__order_line__product", "withdrawal"
    )
    found = get_object_or_404(mine.defer("content", "thumbnail"), pk=pk)
    made = services.withdraw_picture(
        picture=found, reason=told.reason, withdrawn_by=caller.user, now=now()
    )
    found.withdrawal = made
    return Status(201, _picture(found))


@own_routes.file(
    "/stock/pictures/{int:pk}.jpg",
    scope="stock:read",
    media_type="image/jpeg",
    summary=_("Fetch a picture of damaged goods"),
)
def get_damage_picture(request: HttpRequest, pk: int) -> HttpResponse:
    """Of a line of which units of one's own came damaged; the arrivals name them."""
    return as_picture(pictures.of_damage(caller_of(request).company), pk, "content")
