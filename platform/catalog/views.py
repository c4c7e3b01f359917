"""Pages of the shared catalogue."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import MemberRequest, role_required
from accounts.models import Company, CompanyKind, Role
from accounts.rules.seen import stamp
from catalog import rules, services
from catalog.forms import ImportForm, TermsOfTradeForm
from catalog.models import Product, TradingPartner
from catalog.services.importing import NEEDED, OPTIONAL
from catalog.tables import PRODUCTS
from core.sheets import MAX_BYTES, write_csv
from web.forms import beside_fields, posted, posted_files
from web.lists import show_list

ROWS_SHOWN = 200


@require_GET
@role_required()
def products(request: MemberRequest) -> HttpResponse:
    context = {"may_import": request.membership.role == Role.OPERATOR}
    return show_list(request, PRODUCTS, "catalog/products.html", context)


@require_GET
@role_required()
def product(request: MemberRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Product, pk=pk)
    is_poolable = rules.is_poolable(storage=found.storage, shelf_life_days=found.shelf_life_days)
    context = {
        "product": found,
        "is_poolable": is_poolable,
        "why_not": "" if is_poolable else _(rules.SpoilsTooSoon.rule()),
    }
    return render(request, "catalog/product.html", context)


@require_http_methods(["GET", "POST"])
@role_required(Role.OPERATOR)
def import_products(request: MemberRequest) -> HttpResponse:
    """A file of products: all of it, or every reason why not."""
    form = ImportForm(posted(request), posted_files(request))
    context: dict[str, object] = {"form": form, "needed": NEEDED, "optional": OPTIONAL}
    if request.method == "GET" or not form.is_valid():
        status = 422 if form.errors else 200
        return render(request, "catalog/import.html", context, status=status)
    sent = form.cleaned_data["file"]
    content = sent.read(MAX_BYTES + 1)
    reading = services.preview_products(sent.name, content)
    if not reading.is_clean:
        context |= {"errors": reading.errors[:ROWS_SHOWN], "count": reading.error_count}
        if reading.refused:
            context |= {"refused": _(reading.refused.rule()), "facts": reading.refused.facts}
        return render(request, "catalog/import.html", context, status=422)
    stored = services.import_products(name=sent.name, content=content)
    messages.success(
        request,
        ngettext("%(count)s product is stored.", "%(count)s products are stored.", len(stored))
        % {"count": len(stored)},
    )
    return redirect("products")


@require_GET
@role_required(Role.OPERATOR)
def template(request: MemberRequest) -> HttpResponse:
    """An empty file with the columns of the import."""
    response = HttpResponse(write_csv([*NEEDED, *OPTIONAL], []), content_type="text/csv")
    response["Content-Disposition"] = 'attachment; filename="products.csv"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.OPERATOR)
def trade(request: MemberRequest, code: str) -> HttpResponse:
    """A supplier's currency and port; without them nothing is ordered from it."""
    company = get_object_or_404(Company, code=code, kinds__contains=[CompanyKind.SUPPLIER])
    partner = TradingPartner.objects.filter(company=company).first()
    stands = partner or TradingPartner(company=company)
    shown = {
        "currency": stands.currency,
        "departure_port": stands.departure_port,
        "over_percent": stands.over_percent,
    }
    form = TermsOfTradeForm(
        request.POST if request.method == "POST" else None,
        initial={
            **shown,
            "currency": stands.currency or "EUR",
            "seen": stamp(*shown.values()),
        },
    )
    if form.is_valid():
        act = partial(services.set_terms_of_trade, company=company, **form.cleaned_data)
        if beside_fields(form, act) is not None:
            messages.success(request, _("The terms of trade are kept."))
            return redirect("company_page", code)
    context = {"form": form, "company": company, "partner": partner}
    return render(request, "catalog/trade.html", context, status=422 if form.errors else 200)
