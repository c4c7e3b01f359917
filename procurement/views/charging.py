"""Sellers' accounts: the seller sees what is due and why, finance notes what the bank booked."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import MemberRequest, role_required
from accounts.models import Company, Role
from core.clock import now
from core.errors import DomainError
from core.money import Money
from procurement import services
from procurement.account_tables import ACCOUNTS, MY_ACCOUNT, SELLER_ENTRIES
from procurement.forms import AccountStepForm
from procurement.queries import charging
from procurement.rules.charging import CreditExceeded, PaidInFuture
from procurement.rules.depositing import BankLineCounted, BankLineWithoutReference
from procurement.views.files import take_payments
from web.files import template_file
from web.forms import posted, tried
from web.lists import show_list

#: Which field a refusal is about.
_BESIDE: dict[type[DomainError], str] = {
    BankLineCounted: "reference",
    BankLineWithoutReference: "reference",
    PaidInFuture: "value_date",
    CreditExceeded: "amount",
}
ERRORS_SHOWN = 50


def _stands(seller: Company) -> charging.Account:
    return charging.account(seller, timezone.localdate(now(), timezone.get_default_timezone()))


@require_GET
@role_required(Role.SELLER)
def owed(request: MemberRequest) -> HttpResponse:
    """What one owes, what is due when, and every entry it comes from."""
    seller = request.membership.company
    context = {
        "account": _stands(seller),
        "seller": seller,
        "asked_back_at": charging.asked_back_at(seller),
    }
    return show_list(request, MY_ACCOUNT, "procurement/owed.html", context)


@require_POST
@role_required(Role.SELLER)
def ask_back(request: MemberRequest) -> HttpResponse:
    """All of one's credit, please."""
    services.ask_back(seller=request.membership.company, now=now())
    messages.success(request, _("Finance is told that you want your credit back."))
    return redirect("owed")


@require_GET
@role_required(Role.FINANCE, Role.OPERATOR)
def listed(request: MemberRequest) -> HttpResponse:
    """The accounts of all sellers."""
    context = {"may_note": request.membership.role == Role.FINANCE}
    return show_list(request, ACCOUNTS, "procurement/seller_accounts.html", context)


@require_http_methods(["GET", "POST"])
@role_required(Role.FINANCE, Role.OPERATOR)
def account(request: MemberRequest, code: str) -> HttpResponse:
    """One seller's account; finance notes what the bank booked on it."""
    seller = get_object_or_404(charging.sellers(), code=code)
    may_note = request.membership.role == Role.FINANCE
    form = AccountStepForm(posted(request)) if may_note else None
    if request.method == "POST":
        if form is None:
            return HttpResponseNotAllowed(["GET"])
        if form.is_valid():
            act = _act(form.cleaned_data, seller, request)
            if tried(form, act, beside=_BESIDE):
                messages.success(request, _("The entry is noted and posted."))
                return redirect("seller_account", code=code)
    context = {
        "account": _stands(seller),
        "seller": seller,
        "form": form,
        "asked_back_at": charging.asked_back_at(seller),
    }
    status = 422 if form is not None and form.errors else 200
    return show_list(
        request,
        SELLER_ENTRIES,
        "procurement/seller_account.html",
        context,
        place=code,
        status=status,
    )


def _act(told: dict[str, Any], seller: Company, request: HttpRequest) -> Any:
    note = services.pay_back if told["step"] == "refund" else services.record_account_payment
    return lambda: note(
        seller=seller,
        amount_minor=told["amount_minor"],
        value_date=told["value_date"],
        reference=told["reference"],
        noted_by=request.user,  # type: ignore[arg-type]
        now=now(),
    )


@require_http_methods(["GET", "POST"])
@role_required(Role.FINANCE)
def payments(request: MemberRequest) -> HttpResponse:
    """A file of payments: all of it is noted, or every reason why not."""
    return take_payments(
        request,
        services.record_account_file,
        template="procurement/account_payments.html",
        then="seller_accounts",
    )


@require_GET
@role_required(Role.FINANCE)
def payments_template(request: MemberRequest, kind: str) -> HttpResponse:
    """A file to fill in: every seller who owes something, and what."""
    today = timezone.localdate(now(), timezone.get_default_timezone())
    rows = [
        (code, str(Money(minor, "CNY").amount), "", "")
        for code, minor in charging.to_fill_in(today)
    ]
    return template_file("account-payments", kind, services.ACCOUNT_COLUMNS, rows)
