"""Permits and proofs of origin of a shipment, before it is declared."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import MemberRequest, role_required
from accounts.models import Role
from core.clock import now
from customs.forms_permits import PermitsForm
from customs.queries import permits as queries
from customs.services.permits import tell_permits
from procurement.models import Shipment
from warehouse.days import day_of
from web.forms import posted, tried


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.IMPORTER, Role.OPERATOR)
def permits(request: MemberRequest, number: str) -> HttpResponse:
    """What the tariff asks for of each product on board, and the proofs of origin; its importer
    tells them, and operators read."""
    is_importer = request.membership.role == Role.IMPORTER
    if request.method == "POST" and not is_importer:
        raise Http404
    shipments = Shipment.objects.select_related("order__supplier__company")
    if is_importer:
        shipments = shipments.filter(order__buyer=request.membership.company)
    shipment = get_object_or_404(shipments, number=number)
    moment = now()
    day = day_of(moment)
    chinese = (get_language() or "").startswith("zh")
    asked = queries.permits_of(shipment, day=day)
    names = queries.certificate_names(day, chinese=chinese)
    form = PermitsForm(posted(request), permits=asked, names=names)
    if request.method == "POST" and form.is_valid():
        act = partial(
            tell_permits,
            shipment=shipment,
            numbers=form.numbers,
            told_by=request.user,
            now=moment,
        )
        if tried(form, act) is not None:
            messages.success(request, _("The numbers are kept; they stand on the form."))
            return redirect("shipment_permits", number=number)
    is_open = queries.is_open(shipment)
    context = {
        "form": form,
        "shipment": shipment,
        "is_open": is_open,
        "may_tell": is_open and is_importer,
        # Who only reads before it is declared sees what is still to be told, too.
        "told": [
            (one, names.get(one.sign, ""))
            for one in asked
            if one.number or (is_open and one.is_demanded)
        ],
    }
    status = 422 if form.errors else 200
    return render(request, "customs/permits.html", context, status=status)


#: Addresses below ``customs/``, their views and names.
PAGES = (("shipments/<str:number>/permits/", permits, "shipment_permits"),)
