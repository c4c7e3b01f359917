"""Pages of how long goods lie in bond."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from accounts.access import MemberRequest, role_required
from accounts.models import Role
from warehouse.ageing_tables import AGEING_OF_STOCK, MY_AGEING
from warehouse.models import BondedWarehouse
from warehouse.tables import operator_of
from web.lists import show_list, viewer_of


@require_GET
@role_required(Role.SELLER)
def mine(request: MemberRequest) -> HttpResponse:
    return show_list(request, MY_AGEING, "warehouse/ageing.html")


@require_GET
@role_required(Role.WAREHOUSE, Role.OPERATOR)
def kept(request: MemberRequest) -> HttpResponse:
    keeper, houses = operator_of(viewer_of(request)), BondedWarehouse.objects.order_by("code")
    context = {"houses": houses.filter(operator=keeper) if keeper else houses}
    return show_list(request, AGEING_OF_STOCK, "warehouse/ageing.html", context)
