"""Pages of how long goods may lie in bond and how much of their life a sale must leave."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import MemberRequest, role_required
from accounts.models import Role
from core.clock import now
from warehouse import services
from warehouse.forms_shelf_life import BondLimitForm, ShelfMinimumForm
from warehouse.models import BondedWarehouse
from warehouse.queries import shelf_life
from warehouse.tables_to_sell import SELLABLE
from web.forms import beside_fields, posted
from web.lists import show_list

#: Rows of before that a page shows.
SHOWN = 10
#: Minimums that count, of which a page shows no more.
MOST_SHOWN = 200


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.WAREHOUSE, Role.OPERATOR)
def limit(request: MemberRequest, code: str) -> HttpResponse:
    """How long goods may lie in bond in one warehouse."""
    houses = BondedWarehouse.objects.all()
    if request.membership.role != Role.OPERATOR:
        houses = houses.filter(operator=request.membership.company)
    house = get_object_or_404(houses, code=code)
    form = BondLimitForm(posted(request), initial={"days": shelf_life.bond_limit_of(house)})
    if form.is_valid():
        act = partial(
            services.set_bond_limit,
            house=house,
            **form.cleaned_data,
            set_by=request.user,
            now=now(),
        )
        if beside_fields(form, act) is not None:
            messages.success(request, _("The limit counts from now on."))
            return redirect("bond_limit", code)
    before = shelf_life.bond_limits(house).select_related("set_by")[:SHOWN]
    context = {"house": house, "form": form, "before": before}
    status = 422 if form.errors else 200
    return render(request, "warehouse/bond_limit.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.SELLER)
def minimums(request: MemberRequest) -> HttpResponse:
    """What of its life a sale must leave, by shop and product."""
    seller = request.membership.company
    form = ShelfMinimumForm(posted(request))
    if form.is_valid():
        told = form.cleaned_data
        act = partial(
            services.set_minimum,
            seller=seller,
            channel=told["channel"],
            sku=told["product"],
            days=told["days"],
            set_by=request.user,
            now=now(),
        )
        if beside_fields(form, act) is not None:
            messages.success(request, _("It counts for orders from now on."))
            return redirect("shelf_minimums")
    context = {"form": form, "stand": shelf_life.minimums_set(seller)[:MOST_SHOWN]}
    status = 422 if form.errors else 200
    return render(request, "warehouse/shelf_minimums.html", context, status=status)


@require_GET
@role_required(Role.SELLER)
def sellable(request: MemberRequest) -> HttpResponse:
    """What a new order could get now."""
    return show_list(request, SELLABLE, "warehouse/to_sell.html")
