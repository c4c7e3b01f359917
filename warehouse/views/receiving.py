"""Pages of the warehouse's gate: what waits, the count, the receipts."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import MemberRequest, role_required
from accounts.models import Role
from core.clock import now
from core.listings import of_each
from procurement.models import ShipmentLine, ShipmentState
from warehouse import services
from warehouse.days import day_of
from warehouse.forms_counting import CountForm, with_files
from warehouse.forms_pictures import PicturesForm
from warehouse.forms_scanning import ScanForm
from warehouse.models import BondedWarehouse
from warehouse.queries import pictures, stock
from warehouse.tables import RECEIPTS, SHIPMENTS, operator_of, shipments_for
from warehouse.views.pictures import kept
from warehouse.within import RECEIPT_SHARES
from web.lists import show_list, viewer_of

PAGE = 50


@require_GET
@role_required(Role.WAREHOUSE, Role.OPERATOR)
def shipments(request: MemberRequest) -> HttpResponse:
    waiting = (
        shipments_for(operator_of(viewer_of(request)))
        .filter(state=ShipmentState.CLEARED)
        .select_related("order__supplier__company")
        .annotate(line_count=of_each(ShipmentLine.objects.all(), "shipment", Count("pk")))
        .order_by("expected_on", "pk")
    )
    context = {
        "cleared": waiting[:PAGE],
        "may_count": request.membership.role == Role.WAREHOUSE,
    }
    return show_list(request, SHIPMENTS, "warehouse/shipments.html", context)


@require_http_methods(["GET", "POST"])
@role_required(Role.WAREHOUSE)
def count(request: MemberRequest, number: str) -> HttpResponse:
    """Count, look at the differences, book: nothing but pictures is written before the third
    step."""
    shipment = get_object_or_404(
        shipments_for(request.membership.company).select_related("order__supplier__company"),
        number=number,
    )
    if shipment.state == ShipmentState.RECEIVED:
        return redirect("warehouse_receipt", number=shipment.receipt.number)
    warehouses = list(
        BondedWarehouse.objects.filter(operator=request.membership.company).order_by("code")
    )
    if shipment.state != ShipmentState.CLEARED or not warehouses:
        raise Http404
    lines = list(shipment.lines.select_related("order_line__product").order_by("pk"))
    step = request.POST.get("step", "")
    about: dict[str, Any] = {
        "lines": lines,
        "warehouses": warehouses,
        "over_percent": shipment.order.supplier.over_percent,
    }
    sent = with_files(request.POST, request.FILES, lines)
    scan = ScanForm(sent, lines, day_of(now()))
    photographed = (request.POST, request.FILES) if step == "pictures" else ()
    photos = PicturesForm(*photographed, lines=lines)
    if step == "pictures" and photos.is_valid() and kept(request, photos, shipment):
        photos = PicturesForm(lines=lines)
    if step == "pictures" or (step == "scan" and (scan.errors or scan.taken)):
        # Not bound: a count that is under way has nothing wrong yet.
        form = CountForm(initial=scan.count(), **about)
    else:
        form = CountForm(sent if request.method == "POST" else None, **about)
    context = {
        "shipment": shipment,
        "scan": scan,
        "form": form,
        "rows": list(form.rows()),
        "photos": photos,
        "takes_pictures": step == "pictures",
        "taken": pictures.of_shipment(shipment),
        "is_guided": not any(house.counts_blind for house in warehouses),
    }
    if request.method == "GET" or step in ("correct", "pictures") or not form.is_valid():
        status = 422 if photos.errors else 200
        return render(request, "warehouse/count.html", context, status=status)
    counts = form.counts()
    if step == "book":
        receipt = services.receive(
            shipment=shipment,
            warehouse=form.house,
            counts=counts,
            found=form.found(),
            received_by=request.user,
            now=now(),
        )
        messages.success(request, _("The receipt is booked; the stock stands with its owners."))
        return redirect("warehouse_receipt", number=receipt.number)
    found = form.found()
    context["rows"] = [
        (line, counts[line.pk], max(line.quantity - counts[line.pk], 0), found[line.pk])
        for line in lines
    ]
    context |= {
        "announced": sum(line.quantity for line in lines),
        "counted": sum(counts.values()),
        "missing": sum(max(line.quantity - counts[line.pk], 0) for line in lines),
        "over": sum(max(counts[line.pk] - line.quantity, 0) for line in lines),
        "damaged": sum(one.damaged for one in found.values()),
    }
    return render(request, "warehouse/count_review.html", context)


@require_GET
@role_required(Role.WAREHOUSE, Role.OPERATOR)
def receipts(request: MemberRequest) -> HttpResponse:
    return show_list(request, RECEIPTS, "warehouse/receipts.html")


@require_GET
@role_required(Role.WAREHOUSE, Role.OPERATOR)
def receipt(request: MemberRequest, number: str) -> HttpResponse:
    found = get_object_or_404(stock.receipts(operator_of(viewer_of(request))), number=number)
    lines = list(
        found.lines.select_related("shipment_line__order_line__product", "lot").order_by("pk")
    )
    context = {
        "receipt": found,
        "may_make": request.membership.role == Role.WAREHOUSE,
        "lines": lines,
        "pictures": pictures.of_shipment(found.shipment),
        "missing": sum(line.missing for line in lines),
        "damaged": sum(line.damaged for line in lines),
        "over": sum(line.over for line in lines),
    }
    template = "warehouse/receipt.html"
    return show_list(request, RECEIPT_SHARES, template, context, place=number)
