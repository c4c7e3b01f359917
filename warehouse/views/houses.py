"""The bonded warehouses of a company, for the platform's operators."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import MemberRequest, role_required
from accounts.models import Company, CompanyKind, Role
from accounts.rules.seen import stamp
from warehouse import services
from warehouse.forms import GateForm, HouseForm, NewHouseForm
from warehouse.models import BondedWarehouse
from warehouse.rules.houses import FIELDS, WrongTolerance
from web.forms import beside_fields


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.OPERATOR)
def houses(request: MemberRequest, code: str) -> HttpResponse:
    """What a company keeps, and one more."""
    keeper = get_object_or_404(Company, code=code, kinds__contains=[CompanyKind.WAREHOUSE])
    form = NewHouseForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        act = partial(services.enter_house, keeper=keeper, said=form.cleaned_data)
        if beside_fields(form, act) is not None:
            messages.success(request, _("The warehouse is entered."))
            return redirect("company_warehouses", code)
    context = {
        "company": keeper,
        "houses": BondedWarehouse.objects.filter(operator=keeper).order_by("code"),
        "form": form,
    }
    return render(request, "warehouse/houses.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.OPERATOR)
def house(request: MemberRequest, code: str, house: str) -> HttpResponse:
    found = get_object_or_404(
        BondedWarehouse.objects.select_related("operator"), code=house, operator__code=code
    )
    if "over_percent" in request.POST:
        return _change_gate(request, found)
    shown = {name: getattr(found, name) for name in FIELDS}
    form = HouseForm(
        request.POST if request.method == "POST" else None,
        initial={**shown, "seen": stamp(*shown.values())},
    )
    if form.is_valid():
        said = dict(form.cleaned_data)
        seen = said.pop("seen")
        act = partial(services.change_house, house=found, said=said, seen=seen)
        if beside_fields(form, act) is not None:
            messages.success(request, _("The warehouse is changed."))
            return redirect("company_warehouses", code)
    gate = {"counts_blind": found.counts_blind, "over_percent": found.over_percent}
    context = {
        "company": found.operator,
        "house": found,
        "form": form,
        "gate_form": GateForm(initial={**gate, "seen": stamp(*gate.values())}),
    }
    return render(request, "warehouse/house.html", context, status=422 if form.errors else 200)


def _change_gate(request: MemberRequest, house: BondedWarehouse) -> HttpResponse:
    """How the house counts, and how much more than announced it may take."""
    form = GateForm(request.POST)
    if not form.is_valid():
        raise WrongTolerance(field="over_percent")
    services.change_gate(house=house, **form.cleaned_data)
    messages.success(request, _("The warehouse is changed."))
    return redirect("company_warehouse", house.operator.code, house.code)
