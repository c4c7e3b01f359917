"""The tariff as it is kept, and what a parcel would be taxed by it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import MemberRequest, role_required
from accounts.models import Role
from core.clock import now
from core.errors import InputError
from customs import queries
from customs.forms_tax import TaxForm
from customs.queries.tax_estimates import Estimate, estimate
from customs.rules.looking import YearsAskedTooOften
from customs.services.looking import ask_for_year
from customs.tables_reference import TARIFF
from warehouse.days import day_of
from web.forms import posted
from web.lists import show_list
from web.templatetags.bondpool import sentence


@require_GET
@role_required(Role.OPERATOR, Role.IMPORTER)
def tariff(request: MemberRequest) -> HttpResponse:
    today = day_of(now())
    context = {
        "rules": queries.tax_rules(),
        "rounding": queries.rounding_on(today),
        "threshold": queries.threshold_on(today),
    }
    return show_list(request, TARIFF, "customs/tariff.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.SELLER, Role.IMPORTER, Role.OPERATOR)
def tax_estimate(request: MemberRequest) -> HttpResponse:
    today = day_of(now())
    form = TaxForm(posted(request), initial={"day": today})
    found = _estimated(request, form) if form.is_valid() else None
    context = {"form": form, "estimate": found}
    return render(request, "customs/tax.html", context, status=422 if form.errors else 200)


def _estimated(request: MemberRequest, form: TaxForm) -> Estimate | None:
    """The estimate; what cannot be found stands beside its row."""
    rows, asked = form.asked()
    try:
        buyer = form.digest()
        if buyer:
            company = request.membership.company
            ask_for_year(company=company, by=request.user, now=now())
        return estimate(
            asked,
            freight=form.fen("freight"),
            insurance=form.fen("insurance"),
            used_this_year=form.fen("used"),
            day=form.day_asked(),
            buyer=buyer,
            is_retail=form.is_retail(),
        )
    except YearsAskedTooOften as refusal:
        form.add_error("buyer", sentence(refusal))
        return None
    except InputError as refusal:
        row = refusal.facts.get("row")
        if refusal.facts.get("field") == "buyer_id_number":
            form.add_error("buyer", _(refusal.rule()))
            return None
        if isinstance(row, int):
            name = "holds" if refusal.facts.get("field") == "holds" else "goods"
            form.add_error(f"{name}_{rows[row - 1]}", _(refusal.rule()))
        else:
            form.add_error("day", sentence(refusal))
        return None


#: Address, view and name of the pages about tax.
PAGES = (("tariff", tariff, "tariff"), ("tax", tax_estimate, "tax_estimate"))
