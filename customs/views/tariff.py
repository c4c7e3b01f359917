"""The tariff as it is kept."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import MemberRequest, role_required
from accounts.models import Role
from customs import queries
from customs.rules.codes import UNITS

PAGE = 100


@require_GET
@role_required(Role.OPERATOR, Role.IMPORTER)
def tariff(request: MemberRequest) -> HttpResponse:
    words = request.GET.get("q", "").strip()
    digits = "".join(c for c in words if c.isascii() and c.isdigit())
    page = Paginator(queries.tariff_rates(digits), PAGE).get_page(request.GET.get("page"))
    at = 0 if request.LANGUAGE_CODE.startswith("zh") else 1
    rows = [(rate, UNITS.get(rate.legal_unit, (rate.legal_unit,) * 2)[at]) for rate in page]
    context = {"page": page, "rows": rows, "words": words, "rules": queries.tax_rules()}
    return render(request, "customs/tariff.html", context)
