"""Pages of the stock: by lot, by owner, what is about to expire; the seller's own."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from accounts.access import MemberRequest, role_required
from accounts.models import Role
from catalog.models import Product
from core.clock import now
from core.listed import first_of
from traceability.rules import lot_key
from warehouse.days import day_of
from warehouse.models import BondedWarehouse, Holding
from warehouse.queries import pictures, stock
from warehouse.queries.serials import serials_of
from warehouse.rules.shelf_life import EXPIRY_DAYS
from warehouse.tables import LOTS, MOVEMENTS, MY_STOCK, STOCK, operator_of
from warehouse.tables_restocking import RESTOCKING
from warehouse.within import LOT_MOVEMENTS
from web.lists import show_list, viewer_of

#: Products of a seller that are added up on its page; the list below has every lot.
PRODUCTS_SHOWN = 25


@require_GET
@role_required(Role.WAREHOUSE, Role.OPERATOR)
def lots(request: MemberRequest) -> HttpResponse:
    return show_list(request, LOTS, "warehouse/lots.html")


@require_GET
@role_required(Role.WAREHOUSE, Role.OPERATOR)
def lot(request: MemberRequest, number: str) -> HttpResponse:
    found = get_object_or_404(
        stock.lots(operator_of(viewer_of(request))).select_related(
            "product", "warehouse", "order_line__order__supplier__company", "receipt_line__receipt"
        ),
        number=number,
    )
    held = Holding.objects.filter(lot=found, on_hand__gt=0).select_related(
        "owner", "location__stands_at"
    )
    owners = held.order_by("owner__code", "location__code", "status")
    context = {
        "lot": found,
        "owners": owners,
        "serials": serials_of(found),
        "today": day_of(now()),
        "trace_key": lot_key(found.product.gtin, found.number),
    }
    return show_list(request, LOT_MOVEMENTS, "warehouse/lot.html", context, place=number)


@require_GET
@role_required(Role.WAREHOUSE, Role.OPERATOR)
def on_hand(request: MemberRequest) -> HttpResponse:
    keeper, known = operator_of(viewer_of(request)), BondedWarehouse.objects.order_by("code")
    context = {"warehouses": known.filter(operator=keeper) if keeper else known}
    return show_list(request, STOCK, "warehouse/stock.html", context)


@require_GET
@role_required(Role.WAREHOUSE, Role.OPERATOR)
def movements(request: MemberRequest) -> HttpResponse:
    return show_list(request, MOVEMENTS, "warehouse/movements.html")


@require_GET
@role_required(Role.SELLER)
def my_movements(request: MemberRequest) -> HttpResponse:
    return show_list(request, MOVEMENTS, "warehouse/my_movements.html")


@require_GET
@role_required(Role.SELLER)
def mine(request: MemberRequest) -> HttpResponse:
    owner, today = request.membership.company, day_of(now())
    products = stock.by_product(owner)
    shown = products[:PRODUCTS_SHOWN]
    names = Product.objects.in_bulk([one.product_id for one in shown])
    context = {
        "products": [(names[one.product_id], one) for one in shown],
        "hidden": len(products) - len(shown),
        "units": sum(one.on_hand for one in products),
        "arrivals": pictures.with_pictures(owner, first_of(stock.arrivals(owner), 20)),
        "moves": first_of(stock.movements(owner=owner), 20),
        "today": today,
        "soon": today + timedelta(days=EXPIRY_DAYS[1]),
    }
    return show_list(request, MY_STOCK, "warehouse/my_stock.html", context)


@require_GET
@role_required(Role.SELLER)
def restocking(request: MemberRequest) -> HttpResponse:
    """What runs out, and what lies idle."""
    return show_list(request, RESTOCKING, "warehouse/restocking.html")
