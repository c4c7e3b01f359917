"""Pages of the stock: by lot, by owner, what is about to expire; the seller's own."""

from __future__ import annotations

from datetime import timedelta

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from accounts.access import MemberRequest, role_required
from accounts.models import Role
from catalog.models import Product
from core.clock import now
from traceability.rules import lot_key
from warehouse.days import day_of
from warehouse.models import Holding
from warehouse.queries import stock
from warehouse.views.receiving import PAGE, operated_by


def _chosen_days(request: MemberRequest) -> int:
    """One of the offered horizons; 0 is all."""
    told = request.GET.get("days", "")
    return int(told) if told in {str(days) for days in stock.NEAR_DAYS} else 0


@require_GET
@role_required(Role.WAREHOUSE, Role.OPERATOR)
def lots(request: MemberRequest) -> HttpResponse:
    found = stock.lots(operated_by(request))
    words = request.GET.get("q", "").strip()
    if words:
        found = found.filter(
            Q(number__icontains=words)
            | Q(product__sku__icontains=words)
            | Q(product__gtin__endswith=words.lstrip("0"))
            | Q(product__name_zh__icontains=words)
            | Q(product__name_en__icontains=words)
            | Q(batch__iexact=words)
        )
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "words": words, "today": day_of(now())}
    return render(request, "warehouse/lots.html", context)


@require_GET
@role_required(Role.WAREHOUSE, Role.OPERATOR)
def lot(request: MemberRequest, number: str) -> HttpResponse:
    found = get_object_or_404(
        stock.lots(operated_by(request)).select_related(
            "product", "warehouse", "order_line__order__supplier__company", "receipt_line__receipt"
        ),
        number=number,
    )
    owners = Holding.objects.filter(lot=found).select_related("owner").order_by("owner__code")
    page = Paginator(stock.movements(lot=found), PAGE).get_page(request.GET.get("page"))
    context = {
        "lot": found,
        "owners": owners,
        "page": page,
        "today": day_of(now()),
        "trace_key": lot_key(found.product.gtin, found.number),
    }
    return render(request, "warehouse/lot.html", context)


@require_GET
@role_required(Role.WAREHOUSE, Role.OPERATOR)
def on_hand(request: MemberRequest) -> HttpResponse:
    days, today = _chosen_days(request), day_of(now())
    found = stock.holdings(warehouses_of=operated_by(request))
    if days:
        found = stock.near_expiry(found, today=today, days=days)
    context = {
        "page": Paginator(found, PAGE).get_page(request.GET.get("page")),
        "days": days,
        "offered": stock.NEAR_DAYS,
        "today": today,
        "soon": today + timedelta(days=stock.NEAR_DAYS[1]),
    }
    return render(request, "warehouse/stock.html", context)


@require_GET
@role_required(Role.WAREHOUSE, Role.OPERATOR)
def movements(request: MemberRequest) -> HttpResponse:
    found = stock.movements(warehouses_of=operated_by(request))
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return render(request, "warehouse/movements.html", {"page": page})


@require_GET
@role_required(Role.SELLER)
def mine(request: MemberRequest) -> HttpResponse:
    owner, today, days = request.membership.company, day_of(now()), _chosen_days(request)
    everything = stock.holdings(owner=owner)
    products = stock.by_product(everything)
    names = Product.objects.in_bulk([one.product_id for one in products])
    shown = stock.near_expiry(everything, today=today, days=days) if days else everything
    context = {
        "products": [(names[one.product_id], one) for one in products],
        "units": sum(one.on_hand for one in products),
        "page": Paginator(shown, PAGE).get_page(request.GET.get("page")),
        "arrivals": stock.arrivals(owner)[:20],
        "moves": stock.movements(owner=owner)[:20],
        "days": days,
        "offered": stock.NEAR_DAYS,
        "today": today,
        "soon": today + timedelta(days=stock.NEAR_DAYS[1]),
    }
    return render(request, "warehouse/my_stock.html", context)
