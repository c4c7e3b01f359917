"""Retail lists with their tax: a seller's own, all for the platform's operators."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.access import MemberRequest, role_required
from accounts.models import Role
from customs import queries
from customs.rules.retail_tax import REFUSALS
from customs.tables import RETAIL_LISTS
from web.lists import show_list

PAGE = 50


@require_GET
@role_required(Role.SELLER, Role.OPERATOR)
def retail_lists(request: MemberRequest) -> HttpResponse:
    refusals = queries.refusals_of()
    context = {
        "totals": queries.tax_totals(),
        "refused": refusals.count(),
        "refusals": [
            (refusal, _(REFUSALS[refusal.rule].rule()) if refusal.rule in REFUSALS else "")
            for refusal in refusals[:PAGE]
        ],
        "waiting": queries.waiting_orders().count(),
        "with_seller": request.membership.role == Role.OPERATOR,
    }
    return show_list(request, RETAIL_LISTS, "customs/retail_lists.html", context)


@require_GET
@role_required(Role.SELLER, Role.OPERATOR)
def retail_list(request: MemberRequest, number: str) -> HttpResponse:
    found = queries.list_of(number)
    lines = sorted(found.lines.all(), key=lambda line: line.position)
    context = {
        "list": found,
        "lines": lines,
        "goods_minor": found.dutiable_minor - found.order.freight_minor,
        "percent": (found.tax_rule.payable_fraction * 100).normalize(),
    }
    return render(request, "customs/retail_list.html", context)
