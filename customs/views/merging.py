"""Orders of one buyer that wait become one: the list of those that could, and the act."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import MemberRequest, role_required
from accounts.models import Role
from core.clock import now
from customs import services
from warehouse.forms_merging import MergeForm
from warehouse.queries.merging import go_with
from warehouse.queries.retail import orders_of
from warehouse.tables_merging import MERGEABLE
from web.forms import beside_fields, posted
from web.lists import show_list


@require_GET
@role_required(Role.SELLER)
def mergeable(request: MemberRequest) -> HttpResponse:
    return show_list(request, MERGEABLE, "warehouse/mergeable.html")


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.SELLER)
def merge(request: MemberRequest, number: str) -> HttpResponse:
    """Let one new order take the place of this one and of others of its buyer."""
    seller = request.membership.company
    order = get_object_or_404(orders_of(seller).select_related("seller"), number=number)
    moment = now()
    orders = go_with(order, moment)
    form = MergeForm(posted(request), order=order, orders=orders, initial={"placed_at": moment})
    if form.is_valid():
        made = beside_fields(
            form,
            lambda: services.merge_orders(
                seller=seller,
                numbers=form.numbers(),
                told=form.told(),
                merged_by=request.user,
                now=moment,
            ),
        )
        if made is not None:
            messages.success(request, _("One order with all their goods takes their place."))
            return redirect("retail_order", number=made.number)
    goods = sum(one.amount_minor - one.freight_minor for one in orders)  # type: ignore[attr-defined]
    context = {"order": order, "orders": orders, "goods_minor": goods, "form": form}
    status = 422 if form.errors else 200
    return render(request, "warehouse/merge.html", context, status=status)
