"""Who stands on messages to customs: the seller tells, the importer agrees, the keeper adds."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import MemberRequest, role_required
from accounts.models import Role
from core.clock import now
from customs.forms_parties import HouseAtCustomsForm, PartiesForm, as_told
from customs.queries import parties as queries
from customs.queries.judging import modes_on
from customs.rules.modes import Mode
from customs.services import parties as services
from warehouse.days import day_of
from warehouse.queries.serving import houses_of
from web.forms import beside_fields, posted


@require_http_methods(["GET", "POST"])
@role_required(Role.SELLER, admins_only=True)
def retail_parties(request: MemberRequest) -> HttpResponse:
    seller = request.membership.company
    held = queries.parties_of_seller(seller)
    begin = as_told(held) if held else {"ebc_name": seller.name_zh, "ebc_code": seller.customs_code}
    form = PartiesForm(posted(request), initial=begin)
    if request.method == "POST" and form.is_valid():
        act = partial(services.tell_parties, seller=seller, told=form.told, now=now())
        if beside_fields(form, act) is not None:
            messages.success(request, _("Kept. What was missing is looked at again."))
            return redirect("retail_parties")
    context = {"form": form, "parties": held, "missing": queries.missing_count(seller)}
    status = 422 if form.errors else 200
    return render(request, "customs/retail_parties.html", context, status=status)


@require_GET
@role_required(Role.IMPORTER)
def clients(request: MemberRequest) -> HttpResponse:
    context = {
        "clients": list(queries.clients_of(request.membership.company)),
        "may_agree": request.membership.is_admin,
    }
    return render(request, "customs/clients.html", context)


@require_POST
@role_required(Role.IMPORTER, admins_only=True)
def agree(request: MemberRequest, code: str) -> HttpResponse:
    """Declare for a seller from now on."""
    found = queries.client_of(request.membership.company, code)
    services.agree(parties=found, by=request.user, now=now())
    messages.success(request, _("Agreed: the seller's parcels go by your gateway."))
    return redirect("customs_clients")


@require_http_methods(["GET", "POST"])
@role_required(Role.WAREHOUSE)
def houses(request: MemberRequest) -> HttpResponse:
    keeper = request.membership.company
    form = HouseAtCustomsForm(posted(request), houses=list(houses_of(keeper)))
    if request.method == "POST" and form.is_valid():
        act = partial(services.tell_house, **form.cleaned_data, told_by=request.user, now=now())
        if beside_fields(form, act) is not None:
            messages.success(request, _("Kept. What was missing is looked at again."))
            return redirect("houses_at_customs")
    houses = list(queries.at_customs(keeper))
    modes = modes_on([one.warehouse_id for one in houses], day_of(now()))
    context = {
        "form": form,
        "houses": [(one, modes.get(one.warehouse_id, Mode.BONDED.value)) for one in houses],
    }
    status = 422 if form.errors else 200
    return render(request, "customs/houses_at_customs.html", context, status=status)


PAGES = (
    ("parties/", retail_parties, "retail_parties"),
    ("clients/", clients, "customs_clients"),
    ("clients/<str:code>/agree/", agree, "customs_client_agree"),
    ("houses/", houses, "houses_at_customs"),
)
