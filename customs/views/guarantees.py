"""Guarantees for tax that is paid by month: what is left of them, and each month's statement."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import MemberRequest, role_required
from accounts.models import Role
from core.clock import now
from customs.forms_guarantees import GuaranteeForm, TaxPaymentForm
from customs.queries.guarantees import (
    Statement,
    guarantees_of,
    guarantees_on,
    month_told,
    statement_of,
)
from customs.services.guarantees import keep_guarantee, pay_tax
from customs.tables_guarantees import STATEMENT_FILES, statement_file, statement_name
from warehouse.days import day_of
from web.files import attachment
from web.forms import posted, tried

#: The first of a month; the file has all.
SHOWN = 200


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.IMPORTER)
def guarantees(request: MemberRequest) -> HttpResponse:
    """Amount, used and left of each; sent to, what one is good for is kept."""
    company, moment = request.membership.company, now()
    form = GuaranteeForm(posted(request))
    if request.method == "POST" and form.is_valid():
        keep = partial(
            keep_guarantee,
            company=company,
            **form.cleaned_data,
            set_by=request.membership.user,
            now=moment,
        )
        if tried(form, keep) is not None:
            messages.success(request, _("The guarantee is kept."))
            return redirect("guarantees")
    context = {
        "rows": guarantees_on(company, day=day_of(moment)),
        "today": day_of(moment),
        "form": form,
        "told": guarantees_of(company)[:SHOWN],
    }
    status = 422 if form.errors else 200
    return render(request, "customs/guarantees.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.IMPORTER)
def statement(request: MemberRequest, code: str, month: str) -> HttpResponse:
    """A month's bills against a guarantee with its sums; sent to, a payment is recorded."""
    found, moment = _statement(request, code, month), now()
    form = TaxPaymentForm(posted(request))
    if request.method == "POST" and form.is_valid():
        pay = partial(
            pay_tax,
            company=request.membership.company,
            assure_code=code,
            month=found.month,
            **form.cleaned_data,
            recorded_by=request.membership.user,
            now=moment,
        )
        if tried(form, pay) is not None:
            messages.success(request, _("The payment is recorded."))
            return redirect("guarantee_statement", code=code, month=month)
    context = {
        "statement": found,
        "bills": found.bills[:SHOWN],
        "hidden": max(0, found.bills.count() - SHOWN),
        "month": month,
        "today": day_of(moment),
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "customs/guarantee_statement.html", context, status=status)


@require_GET
@role_required(Role.IMPORTER)
def statement_as_file(request: MemberRequest, code: str, month: str, kind: str) -> HttpResponse:
    """The same as CSV or XLSX, all bills."""
    found = _statement(request, code, month)
    if kind not in STATEMENT_FILES:
        raise Http404
    name = statement_name(code, month)
    return attachment(statement_file(found, kind), STATEMENT_FILES[kind], f"{name}.{kind}")


def _statement(request: MemberRequest, code: str, month: str) -> Statement:
    first = month_told(month)
    found = statement_of(request.membership.company, code, first) if first else None
    if found is None:
        raise Http404
    return found


#: Address, view and name.
PAGES = (
    ("guarantees/", guarantees, "guarantees"),
    ("guarantees/<path:code>/<str:month>/", statement, "guarantee_statement"),
    (
        "guarantees/<path:code>/<str:month>/bills.<str:kind>",
        statement_as_file,
        "guarantee_statement_file",
    ),
)
