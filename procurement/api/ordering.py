"""What an importer's and finance's programs read of orders and shipments, and the invoice."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop as _
from ninja import Status

from accounts.models import Role
from core.clock import now
from core.models import WorkState
from procurement import services
from procurement.api.order_shapes import (
    ConfirmationOut,
    ConfirmedLine,
    InvoiceIn,
    InvoiceOut,
    OrderChangeOut,
    OrderHead,
    OrderLine,
    OrderOut,
    OrderStepOut,
    Paper,
    ShipmentHead,
    ShipmentLine,
    ShipmentOut,
)
from procurement.models import (
    ConfirmationDecision,
    OrderConfirmation,
    OrderDocument,
    PurchaseOrder,
    Shipment,
)
from procurement.queries import orders
from procurement.queries.listings import ORDERS, SHIPMENTS
from procurement.queries.order_changes import changes
from procurement.queries.standing import standings
from procurement.sending import change_answer, file_answer
from rest.calling import caller_of
from rest.lists import page
from rest.routes import Routes

routes = Routes(tags=["importers"])
paying = Routes(tags=["finance"])


def order_of(request: HttpRequest, number: str) -> PurchaseOrder:
    """An order that the caller may see."""
    return get_object_or_404(_orders(request), number=number)


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
        promised_on=order.promised_on,
    )


def _confirmation(one: OrderConfirmation) -> ConfirmationOut:
    decision: ConfirmationDecision | None = getattr(one, "decision", None)
    return ConfirmationOut(
        position=one.position,
        reference=one.reference,
        is_change=one.is_change,
        is_accepted=decision.is_accepted if decision else None,
        decided_at=decision.decided_at if decision else None,
        reason=decision.reason if decision else "",
        lines=[
            ConfirmedLine(
                sku=line.order_line.product.sku,
                packs=line.packs,
                pack_price_minor=line.pack_price_minor,
                promised_on=line.promised_on,
            )
            for line in one.lines.all()
        ],
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
    stands = standings(order)
    lines = [
        OrderLine(
            position=one.line.position,
            sku=one.line.product.sku,
            supplier_code=one.line.offer.supplier_code if one.line.offer else "",
            packs=one.packs,
            pack_quantity=one.line.pack_quantity,
            quantity=one.quantity,
            ordered_quantity=one.line.quantity,
            shipped_quantity=one.terms.shipped,
            open_quantity=one.open,
            promised_on=one.terms.promised_on,
            base_pack_price_minor=one.line.base_pack_price_minor,
            pack_price_minor=one.terms.pack_price_minor,
            amount_minor=one.terms.amount_minor,
        )
        for one in stands
    ]
    steps = list(orders.events(order))
    papers = [_paper(document, order) for document in orders.documents(order)]
    return OrderOut(
        **_head(order).model_dump(),
        departure_port=order.supplier.departure_port,
        shipments=list(order.shipments.order_by("pk").values_list("number", flat=True)),
        standing_minor=sum(one.terms.amount_minor for one in stands),
        lines=lines,
        papers=papers,
        changes=[
            OrderChangeOut(
                sequence=one.sequence,
                number=one.number,
                document=one.document,
                made_at=one.made_at,
                kind="OrderCancellation" if one.is_whole else "OrderChange",
                path=f"/api/v1/orders/{order.number}/changes/{one.sequence}.xml",
            )
            for one in changes(order, steps)
        ],
        confirmations=[_confirmation(one) for one in orders.confirmations(order)],
        events=[
            OrderStepOut(
                step=one.step,
                happened_at=one.happened_at,
                document=one.document,
                reason=one.reason,
            )
            for one in steps
        ],
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


@routes.file(
    "/orders/{number}/file.{kind}",
    scope="orders:read",
    media_type=("application/xml", "application/json", "text/csv"),
    summary=_("Fetch an order as a file"),
)
def get_order_file(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """`xml` (UBL 2.3, of an order that is placed), `json` or `csv`: the order as it stands, as a
    supplier's program reads it."""
    order = get_object_or_404(_orders(request), number=number)
    return file_answer(order, kind)


@routes.file(
    "/orders/{number}/changes/{int:sequence}.xml",
    scope="orders:read",
    media_type="application/xml",
    summary=_("Fetch a change of an order as a file"),
)
def get_order_change(request: HttpRequest, number: str, sequence: int) -> HttpResponse:
    """UBL 2.3: an OrderChange with the lines as they stand after it, or an OrderCancellation where
    nothing of the order stands any more."""
    return change_answer(get_object_or_404(_orders(request), number=number), sequence)


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
            amount_minor=line.amount_minor,
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
