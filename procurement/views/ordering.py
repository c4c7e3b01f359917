"""Combined orders and their shipments: for operators and finance; importers see what they buy."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import MemberRequest, role_required
from accounts.models import Role
from core.clock import now
from core.errors import DomainError
from core.listed import Listed
from core.models import WorkState
from procurement import services, within
from procurement.drawing import line_columns
from procurement.forms import InvoiceForm, ShipForm, ShippedLineForm
from procurement.models import (
    OrderDocument,
    OrderState,
    PurchaseOrder,
    Shipment,
)
from procurement.queries import meeting, orders, standing
from procurement.queries.approvals import needed_for
from procurement.queries.order_changes import changes
from procurement.sending import change_answer, file_answer
from procurement.tables import ORDERS
from procurement.within import LINE_OWNERS, ORDER_OWNERS
from settlement.rules import DueBeforeInvoiced, InvoicedInFuture
from settlement.services.booking import InvoiceAlreadyBooked, InvoiceWithoutNumber
from web.forms import posted, tried
from web.lists import show_list

#: Which field a refusal is about.
_BESIDE: dict[type[DomainError], str] = {
    InvoiceWithoutNumber: "invoice_number",
    InvoiceAlreadyBooked: "invoice_number",
    InvoicedInFuture: "invoiced_on",
    DueBeforeInvoiced: "due_on",
}


@require_GET
@role_required(Role.OPERATOR, Role.FINANCE, Role.IMPORTER)
def order_list(request: MemberRequest) -> HttpResponse:
    context = {"may_limit": request.membership.role == Role.OPERATOR}
    return show_list(request, ORDERS, "procurement/orders.html", context)


@require_GET
@role_required(Role.OPERATOR, Role.FINANCE, Role.IMPORTER)
def order_page(request: MemberRequest, number: str) -> HttpResponse:
    order = get_object_or_404(_visible(request), number=number)
    sees_shares = request.membership.role != Role.IMPORTER
    is_operator = request.membership.role == Role.OPERATOR
    # The wall would hide the shares of others anyway; an importer is shown none at all.
    lines = standing.standings(order)
    documents, events = list(orders.documents(order)), list(orders.events(order))
    is_draft, at = order.state == OrderState.DRAFT, now()
    approved = list(order.approvals.select_related("approved_by").order_by("pk"))
    needed = needed_for(order, now=at) if is_draft and sees_shares else 0
    is_open = any(one.open for one in lines)
    context = {
        "order": order,
        "lines": lines,
        "line_columns": line_columns(order, sees_shares=sees_shares),
        "quantity": sum(one.quantity for one in lines),
        "packs": sum(one.packs for one in lines),
        "amount_minor": sum(one.terms.amount_minor for one in lines),
        "documents": documents,
        "changes": changes(order, events),
        "moving": next(
            (d.state for d in documents if d.state in (WorkState.QUEUED, WorkState.GENERATING)), ""
        ),
        "shipments": orders.shipments().filter(order=order),
        "events": events,
        "confirmations": orders.confirmations(order),
        "is_late": order.state == OrderState.PLACED
        and order.promised_on is not None
        and order.promised_on < _day_of(at),
        "sees_shares": sees_shares,
        "approved": approved,
        "needed": needed,
        "may_approve": sees_shares
        and len(approved) < needed
        and request.user.pk not in [one.approved_by_id for one in approved]
        and not (needed == 1 and order.drafted_by_id == request.user.pk),
        "may_place": is_operator and is_draft and len(approved) >= needed,
        "may_ship": is_operator and order.state == OrderState.PLACED and is_open,
        "may_decide": is_operator,
        "platform_id": request.membership.company_id,
    }
    if not sees_shares:
        return render(request, "procurement/order.html", context)
    owners = Listed(meeting.share_totals(order))
    return show_list(
        request, ORDER_OWNERS, "procurement/order.html", context, place=number, rows=owners
    )


@require_GET
@role_required(Role.OPERATOR, Role.FINANCE)
def order_line(request: MemberRequest, number: str, position: int) -> HttpResponse:
    """Who asked for one line of an order, and in which shipments it travels."""
    there = f"{number}.{position}"
    line = within.order_line(there)
    context = {"line": line, "order": line.order, "carried": meeting.carried(line)}
    return show_list(request, LINE_OWNERS, "procurement/order_line.html", context, place=there)


@require_POST
@role_required(Role.OPERATOR)
def place(request: MemberRequest, number: str) -> HttpResponse:
    order = get_object_or_404(PurchaseOrder, number=number)
    services.place_order(order=order, now=now(), by=request.user)
    messages.success(request, _("The order is placed; its paper is being made."))
    return redirect("order", number=number)


@require_http_methods(["GET", "POST"])
@role_required(Role.OPERATOR)
def ship(request: MemberRequest, number: str) -> HttpResponse:
    """The supplier's advance ship notice, line by line."""
    order = get_object_or_404(_visible(request), number=number)
    told = posted(request)
    form = ShipForm(told)
    lines = [ShippedLineForm(told, standing=one) for one in standing.standings(order) if one.open]
    if told is not None and all([form.is_valid(), *(line.is_valid() for line in lines)]):
        chosen = [line.shipped() for line in lines]
        ship_them = partial(
            services.ship_order,
            order=order,
            lines=[line for line in chosen if line is not None],
            **form.travel(),
            now=now(),
            by=request.user,
        )
        if shipment := tried(form, ship_them):
            messages.success(
                request, _("Shipment %(number)s is on its way.") % {"number": shipment.number}
            )
            return redirect("shipment", number=shipment.number)
    context = {"order": order, "form": form, "lines": lines}
    wrong = form.errors or any(line.errors for line in lines)
    return render(request, "procurement/ship.html", context, status=422 if wrong else 200)


@require_GET
@role_required(Role.OPERATOR, Role.FINANCE, Role.IMPORTER)
def shipment_page(request: MemberRequest, number: str) -> HttpResponse:
    shipment = get_object_or_404(_shipments(request), number=number)
    context = {
        "shipment": shipment,
        "order": shipment.order,
        "lines": orders.shipment_lines(shipment),
        "may_invoice": request.membership.role in (Role.OPERATOR, Role.FINANCE)
        and not shipment.invoice_number,
    }
    return render(request, "procurement/shipment.html", context)


@require_http_methods(["GET", "POST"])
@role_required(Role.OPERATOR, Role.FINANCE)
def invoice(request: MemberRequest, number: str) -> HttpResponse:
    """The supplier's invoice for a shipment."""
    shipment = get_object_or_404(_shipments(request), number=number)
    form = InvoiceForm(posted(request))
    if request.method == "POST" and form.is_valid():
        book = partial(
            services.record_invoice,
            shipment=shipment,
            **form.cleaned_data,
            now=now(),
            by=request.user,
        )
        if payable := tried(form, book, beside=_BESIDE):
            messages.success(
                request, _("The invoice is booked as %(number)s.") % {"number": payable.number}
            )
            return redirect("shipment", number=number)
    lines = list(orders.shipment_lines(shipment))
    context = {
        "shipment": shipment,
        "order": shipment.order,
        "form": form,
        "amount_minor": sum(line.amount_minor for line in lines),
    }
    status = 422 if form.errors else 200
    return render(request, "procurement/invoice.html", context, status=status)


@require_GET
@role_required(Role.OPERATOR, Role.FINANCE, Role.IMPORTER)
def paper(request: MemberRequest, number: str) -> HttpResponse:
    """The purchase order as the supplier gets it."""
    found = OrderDocument.objects.filter(order__in=_visible(request), state=WorkState.READY)
    document = get_object_or_404(found, number=number)
    if document.content is None:
        raise Http404
    response = HttpResponse(bytes(document.content), content_type=document.media_type)
    response["Content-Disposition"] = f'inline; filename="{document.file_name}"'
    return response


@require_POST
@role_required(Role.OPERATOR)
def retry(request: MemberRequest, number: str) -> HttpResponse:
    """Let the workers try a paper again that they gave up."""
    document = get_object_or_404(OrderDocument.objects.defer("content"), number=number)
    services.retry_document(document=document, now=now())
    messages.success(request, _("The paper is being made again."))
    return redirect("order", number=document.order.number)


@require_GET
@role_required(Role.OPERATOR, Role.FINANCE, Role.IMPORTER)
def order_file(request: MemberRequest, number: str, kind: str) -> HttpResponse:
    """The order as it stands, for the supplier's program."""
    order = get_object_or_404(_visible(request), number=number)
    return file_answer(order, kind)


@require_GET
@role_required(Role.OPERATOR, Role.FINANCE, Role.IMPORTER)
def change_file(request: MemberRequest, number: str, sequence: int) -> HttpResponse:
    """One change of the order, or its cancellation, for the supplier's program."""
    return change_answer(get_object_or_404(_visible(request), number=number), sequence)


def _day_of(moment: datetime) -> date:
    return timezone.localtime(moment, timezone.get_default_timezone()).date()


def _visible(request: MemberRequest) -> QuerySet[PurchaseOrder]:
    found = orders.orders()
    if request.membership.role == Role.IMPORTER:
        return found.filter(buyer=request.membership.company)
    return found


def _shipments(request: MemberRequest) -> QuerySet[Shipment]:
    found = orders.shipments().select_related("order__buyer", "order__round")
    if request.membership.role == Role.IMPORTER:
        return found.filter(order__buyer=request.membership.company)
    return found
