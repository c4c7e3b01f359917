"""Deposits: the seller sees what is due and why, finance notes what the bank booked."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import MemberRequest, role_required
from accounts.models import Role
from core.clock import now
from core.errors import DomainError
from procurement import services
from procurement.crediting_tables import DEPOSITS, MY_DEPOSITS
from procurement.forms import DepositStepForm
from procurement.queries import deposits
from procurement.rules.depositing import (
    BankLineCounted,
    BankLineWithoutReference,
    DepositExceeded,
    DepositPaidInFuture,
)
from procurement.views.files import take_payments
from web.files import template_file
from web.forms import posted, tried
from web.lists import show_list

#: Which field a refusal is about.
_BESIDE: dict[type[DomainError], str] = {
    BankLineCounted: "reference",
    BankLineWithoutReference: "reference",
    DepositPaidInFuture: "value_date",
    DepositExceeded: "amount",
}
ERRORS_SHOWN = 50


@require_GET
@role_required(Role.SELLER, Role.FINANCE, Role.OPERATOR)
def listed(request: MemberRequest) -> HttpResponse:
    """All deposits; a seller's own."""
    is_seller = request.membership.role == Role.SELLER
    table = MY_DEPOSITS if is_seller else DEPOSITS
    context = {"may_note": request.membership.role == Role.FINANCE}
    return show_list(request, table, "procurement/deposits.html", context)


@require_http_methods(["GET", "POST"])
@role_required(Role.SELLER, Role.FINANCE, Role.OPERATOR)
def deposit(request: MemberRequest, number: str) -> HttpResponse:
    """One deposit: how it was worked out and what became of it; finance notes a step of it."""
    found = get_object_or_404(deposits.deposits().select_related("holder"), number=number)
    may_note = request.membership.role == Role.FINANCE
    form = DepositStepForm(posted(request)) if may_note else None
    if request.method == "POST":
        if form is None:
            return HttpResponseNotAllowed(["GET"])
        if form.is_valid():
            act = _act(form.cleaned_data, found, request)
            if tried(form, act, beside=_BESIDE):
                messages.success(request, _("The step is noted and posted."))
                return redirect("deposit", number=number)
    context = {
        "deposit": found,
        "events": deposits.events(found),
        "form": form,
        "due_on": deposits.day_due(found.due_at),
        "is_over": now() >= deposits.over_at(found.due_at),
        "is_out": deposits.is_out(found, now()),
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "procurement/deposit.html", context, status=status)


def _act(told: dict[str, Any], found: Any, request: MemberRequest) -> Any:
    common = {
        "deposit": found,
        "amount_minor": told["amount_minor"],
        "reference": told["reference"],
        "noted_by": request.user,
        "now": now(),
    }
    dated = {**common, "value_date": told["value_date"]}
    return {
        "paid": lambda: services.record_payment(**dated),
        "refunded": lambda: services.refund(**dated),
        "forfeited": lambda: services.forfeit(**common),
    }[told["step"]]


@require_http_methods(["GET", "POST"])
@role_required(Role.FINANCE)
def payments(request: MemberRequest) -> HttpResponse:
    """A file of payments: all of it is noted, or every reason why not."""
    return take_payments(
        request,
        services.record_payment_file,
        template="procurement/deposit_payments.html",
        then="deposits",
    )


@require_GET
@role_required(Role.FINANCE)
def payments_template(request: MemberRequest, kind: str) -> HttpResponse:
    """A file to fill in: every deposit that is not paid in full, and what is open of it."""
    rows = deposits.to_fill_in()
    return template_file("deposit-payments", kind, services.PAYMENT_COLUMNS, rows)
