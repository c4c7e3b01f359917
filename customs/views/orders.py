"""A seller's retail orders where customs has a say: the list with its actions, and cancelling."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import MemberRequest, role_required
from accounts.models import Role
from core.clock import now
from customs import services
from customs.tables import RETAIL_ORDERS
from warehouse.queries.retail import orders_of
from web.lists import show_list


@require_GET
@role_required(Role.SELLER)
def orders(request: MemberRequest) -> HttpResponse:
    return show_list(request, RETAIL_ORDERS, "warehouse/retail_orders.html")


@require_POST
@role_required(Role.SELLER)
def cancel(request: MemberRequest, number: str) -> HttpResponse:
    found = get_object_or_404(orders_of(request.membership.company), number=number)
    services.cancel_order(order=found, by=request.user, now=now())
    messages.success(request, _("The order is cancelled; the stock is back in its lots."))
    return redirect("retail_order", number=number)
