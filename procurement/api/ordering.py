"""What an importer's and finance's programs read of orders and shipments, and the invoice."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop as _
from ninja import Schema, Status
from pydantic import Field

from accounts.models import Role
from core.clock import now
from core.models import WorkState
from procurement import services
from procurement.models import OrderDocument, OrderState, PurchaseOrder, Shipment, ShipmentState
from procurement.queries import orders
from procurement.queries.listings import ORDERS, SHIPMENTS
from rest.calling import caller_of
from rest.fields import Body, Day, one_of
from rest.lists import page
from rest.routes import Routes

routes = Routes(tags=["importers"])
paying = Routes(tags=["finance"])


class OrderHead(Schema):
    """A pooled order to one supplier."""

    number: str = Field(examples=["PO-2026-000001"])
    round: str = Field(examples=["2026-Q3"])
    quarter: str = Field(examples=["2026-Q3"])
    supplier: str = Field(examples=["SUP01"])
    buyer: str = Field(description="The importer of record", examples=["IMPORTER-01"])
    state: str = Field(json_schema_extra=one_of(*OrderState.values), examples=["placed"])
    currency: str = Field(examples=["EUR"])
    incoterm: str = Field(examples=["FOB"])
    amount_minor: int = Field(examples=[1250000])
    placed_at: datetime | None = Field(examples=["2026-06-22T02:00:00Z"])


class OrderLine(Schema):
    """One product of an order."""

    position: int = Field(examples=[1])
    sku: str = Field(examples=["MILK-900"])
    packs: int = Field(examples=[200])
    pack_quantity: int = Field(examples=[6])
    quantity: int = Field(examples=[1200])
    pack_price_minor: int = Field(examples=[6000])
    amount_minor: int = Field(examples=[1200000])


class Paper(Schema):
    """A paper of an order; `path` is null until it is made."""

    number: str = Field(examples=["DOC-2026-000001"])
    kind: str = Field(examples=["order"])
    language: str = Field(examples=["en"])
    state: str = Field(json_schema_extra=one_of(*WorkState.values), examples=["ready"])
    sha256: str = Field(
        description="Of the file; empty until it is made",
        examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
    )
    trouble: str = Field(description="Why it could not be made", examples=[""])
    path: str | None = Field(examples=["/api/v1/orders/PO-2026-000001/papers/DOC-2026-000001"])


class OrderOut(OrderHead):
    """An order with its lines, papers and shipments."""

    departure_port: str = Field(examples=["Hamburg"])
    shipments: list[str] = Field(examples=[["SHP-2026-000001"]])
    lines: list[OrderLine]
    papers: list[Paper]


class ShipmentHead(Schema):
    """Goods on their way; weights in grams."""

    number: str = Field(examples=["SHP-2026-000001"])
    order_number: str = Field(examples=["PO-2026-000001"])
    state: str = Field(json_schema_extra=one_of(*ShipmentState.values), examples=["shipped"])
    vessel: str = Field(examples=["EVER EXAMPLE"])
    voyage: str = Field(examples=["012E"])
    bill_of_lading: str = Field(examples=["EXBL1234567"])
    departed_at: datetime = Field(examples=["2026-07-01T00:00:00Z"])
    expected_on: date = Field(examples=["2026-07-20"])
    packages: int = Field(examples=[200])
    gross_weight_g: int = Field(examples=[1260000])
    net_weight_g: int = Field(examples=[1080000])
    invoice_number: str = Field(description="Empty until it is booked", examples=[""])


class ShipmentLine(Schema):
    """Units of one batch."""

    sku: str = Field(examples=["MILK-900"])
    quantity: int = Field(examples=[1200])
    batch: str = Field(examples=["L2604"])
    produced_on: date | None = Field(examples=["2026-04-02"])
    expires_on: date | None = Field(examples=["2028-04-01"])


class ShipmentOut(ShipmentHead):
    """A shipment with what it carries and what its way costs."""

    supplier: str = Field(examples=["SUP01"])
    freight_minor: int = Field(examples=[45000])
    insurance_minor: int = Field(examples=[0])
    freight_currency: str = Field(examples=["USD"])
    lines: list[ShipmentLine]


class InvoiceIn(Body):
    """The supplier's invoice for a shipment; the amount is what the lines were ordered for."""

    invoice_number: str = Field(min_length=1, max_length=35, examples=["INV-7781"])
    invoiced_on: Day = Field(examples=["2026-08-03"])
    due_on: Day = Field(examples=["2026-10-31"])


class InvoiceOut(Schema):
    """The invoice as it is booked."""

    number: str = Field(examples=["PAB-2026-000001"])
    invoice_number: str = Field(examples=["INV-7781"])
    currency: str = Field(examples=["EUR"])
    amount_minor: int = Field(examples=[1200000])
    due_on: date = Field(examples=["2026-10-31"])


def _orders(request: HttpRequest) -> QuerySet[PurchaseOrder]:
    caller, found = caller_of(request), orders.orders()
    return found.filter(buyer=caller.company) if caller.role == Role.IMPORTER else found


def _shipments(request: HttpRequest) -> QuerySet[Shipment]:
    caller, found = caller_of(request), orders.shipments()
    return found.filter(order__buyer=caller.company) if caller.role == Role.IMPORTER else found


def _head(order: PurchaseOrder) -> OrderHead:
    return OrderHead(
        number=order.number,
        round=order.round.code,
        quarter=order.round.quarter,
        supplier=order.supplier.company.code,
        buyer=order.buyer.code,
        state=order.state,
        currency=order.currency,
        incoterm=order.incoterm,
        amount_minor=order.amount_minor,
        placed_at=order.placed_at,
    )


def _paper(document: OrderDocument, order: PurchaseOrder) -> Paper:
    is_ready = document.state == WorkState.READY
    path = f"/api/v1/orders/{order.number}/papers/{document.number}"
    return Paper(
        number=document.number,
        kind=document.kind,
        language=document.language,
        state=document.state,
        sha256=document.sha256,
        trouble=document.trouble if document.state == WorkState.FAILED else "",
        path=path if is_ready else None,
    )


def _shipment(shipment: Shipment) -> ShipmentHead:
    return ShipmentHead(
        number=shipment.number,
        order_number=shipment.order.number,
        state=shipment.state,
        vessel=shipment.vessel,
        voyage=shipment.voyage,
        bill_of_lading=shipment.bill_of_lading,
        departed_at=shipment.departed_at,
        expected_on=shipment.expected_on,
        packages=shipment.packages,
        gross_weight_g=shipment.gross_weight_g,
        net_weight_g=shipment.net_weight_g,
        invoice_number=shipment.invoice_number,
    )


@routes.rows(
    "/orders", scope="orders:read", listing=ORDERS, row=OrderHead, summary=_("List orders")
)
def list_orders(request: HttpRequest) -> object:
    """An importer's own orders; all of them for finance."""
    return page(request, ORDERS, _orders(request), _head)


@routes.show("/orders/{number}", scope="orders:read", response=OrderOut, summary=_("Show an order"))
def get_order(request: HttpRequest, number: str) -> OrderOut:
    """One order with its lines and papers."""
    order = get_object_or_404(_orders(request), number=number)
    lines = [
        OrderLine(
            position=line.position,
            sku=line.product.sku,
            packs=line.packs,
            pack_quantity=line.pack_quantity,
            quantity=line.quantity,
            pack_price_minor=line.pack_price_minor,
            amount_minor=line.amount_minor,
        )
        for line in orders.lines(order)
    ]
    papers = [_paper(document, order) for document in orders.documents(order)]
    return OrderOut(
        **_head(order).model_dump(),
        departure_port=order.supplier.departure_port,
        shipments=list(order.shipments.order_by("pk").values_list("number", flat=True)),
        lines=lines,
        papers=papers,
    )


@routes.file(
    "/orders/{number}/papers/{document}",
    scope="orders:read",
    media_type="application/pdf",
    summary=_("Fetch an order's paper"),
)
def get_order_paper(request: HttpRequest, number: str, document: str) -> HttpResponse:
    """The purchase order as the supplier gets it, as PDF."""
    order = get_object_or_404(_orders(request), number=number)
    found = get_object_or_404(
        OrderDocument.objects.filter(order=order, state=WorkState.READY), number=document
    )
    headers = {"Content-Disposition": f'attachment; filename="{found.file_name}"'}
    return HttpResponse(bytes(found.content or b""), "application/pdf", headers=headers)


@routes.rows(
    "/shipments",
    scope="shipments:read",
    listing=SHIPMENTS,
    row=ShipmentHead,
    summary=_("List shipments"),
)
def list_shipments(request: HttpRequest) -> object:
    """Shipments of an importer's own orders; all of them for finance."""
    return page(request, SHIPMENTS, _shipments(request), _shipment)


@routes.show(
    "/shipments/{number}",
    scope="shipments:read",
    response=ShipmentOut,
    summary=_("Show a shipment"),
)
def get_shipment(request: HttpRequest, number: str) -> ShipmentOut:
    """One shipment with what it carries, by batch."""
    shipment = get_object_or_404(_shipments(request), number=number)
    lines = [
        ShipmentLine(
            sku=line.order_line.product.sku,
            quantity=line.quantity,
            batch=line.batch,
            produced_on=line.produced_on,
            expires_on=line.expires_on,
        )
        for line in orders.shipment_lines(shipment)
    ]
    return ShipmentOut(
        **_shipment(shipment).model_dump(),
        supplier=shipment.order.supplier.company.code,
        freight_minor=shipment.freight_minor,
        insurance_minor=shipment.insurance_minor,
        freight_currency=shipment.freight_currency,
        lines=lines,
    )


@paying.create(
    "/shipments/{number}/invoice",
    scope="settlement:write",
    response=InvoiceOut,
    summary=_("Book a supplier's invoice"),
    money=True,
    is_single=False,
)
def book_invoice(request: HttpRequest, number: str, told: InvoiceIn) -> Status[InvoiceOut]:
    """Book the supplier's invoice for a shipment as the importer's debt."""
    shipment = get_object_or_404(_shipments(request), number=number)
    payable = services.record_invoice(shipment=shipment, **told.model_dump(), now=now())
    return Status(
        201,
        InvoiceOut(
            number=payable.number,
            invoice_number=payable.invoice_number,
            currency=payable.currency,
            amount_minor=payable.amount_minor,
            due_on=payable.due_on,
        ),
    )
