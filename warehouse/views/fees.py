"""Pages of what storage costs: tariffs, charges by day, bills by month."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import MemberRequest, role_required
from accounts.models import Role
from core.clock import now
from core.errors import DomainError
from warehouse import services
from warehouse.forms_fees import TariffForm
from warehouse.models import BondedWarehouse
from warehouse.rules import fees as rules
from warehouse.tables import operator_of
from warehouse.tables_fees import (
    BILL_CHARGES,
    STORAGE_BILLS,
    STORAGE_CHARGES,
    STORAGE_TARIFFS,
    band,
    bill_of,
    in_yuan,
    plain,
)
from web.forms import beside_fields, posted
from web.lists import show_list, viewer_of

#: Which field a refusal about all of the bands stands beside.
_BESIDE: dict[type[DomainError], str] = {rules.WrongBands: "until_1"}


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.WAREHOUSE, Role.OPERATOR)
def tariffs(request: MemberRequest) -> HttpResponse:
    """What is charged from when on, and a new tariff."""
    keeper = operator_of(viewer_of(request))
    houses = BondedWarehouse.objects.order_by("code")
    houses = houses.filter(operator=keeper) if keeper else houses
    form = TariffForm(posted(request), houses=houses)
    if form.is_valid():
        entered = beside_fields(
            form,
            lambda: services.enter_tariff(
                warehouse=form.cleaned_data["warehouse"],
                told=form.tariff(),
                entered_by=request.user,
                now=now(),
            ),
            beside=_BESIDE,
        )
        if entered is not None:
            messages.success(request, _("The tariff is entered."))
            return redirect("storage_tariffs")
    status = 422 if form.errors else 200
    context = {"form": form}
    return show_list(request, STORAGE_TARIFFS, "warehouse/tariffs.html", context, status=status)


@require_GET
@role_required(Role.SELLER, Role.WAREHOUSE, Role.OPERATOR, Role.FINANCE)
def charges(request: MemberRequest) -> HttpResponse:
    return show_list(request, STORAGE_CHARGES, "warehouse/storage.html")


@require_GET
@role_required(Role.SELLER, Role.WAREHOUSE, Role.OPERATOR, Role.FINANCE)
def bills(request: MemberRequest) -> HttpResponse:
    return show_list(request, STORAGE_BILLS, "warehouse/storage.html")


@require_GET
@role_required(Role.SELLER, Role.WAREHOUSE, Role.OPERATOR, Role.FINANCE)
def bill(request: MemberRequest, number: str) -> HttpResponse:
    """What one month came to: by kind and rate, and day by day."""
    found = bill_of(viewer_of(request), number)
    lines = [
        (one, band(one), plain(one.quantity), in_yuan(one.rate), in_yuan(one.exact))
        for one in found.lines.order_by("position")
    ]
    context = {"bill": found, "lines": lines, "exact": in_yuan(found.exact)}
    return show_list(request, BILL_CHARGES, "warehouse/storage_bill.html", context, place=number)
