"""Pages of bank accounts: who finance pays from and to, with two persons behind each."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import MemberRequest, recently_confirmed, role_required
from accounts.models import Role
from core.clock import now
from settlement import rules, services
from settlement.bank_accounts import bank_accounts, replaced_by
from settlement.forms import BankAccountForm
from settlement.models import AccountState, BankAccount
from settlement.rules import banking
from settlement.tables import BANK_ACCOUNTS
from web.forms import beside_fields
from web.lists import show_list


@require_GET
@role_required(Role.FINANCE)
def accounts(request: MemberRequest) -> HttpResponse:
    return show_list(request, BANK_ACCOUNTS, "settlement/bank_accounts.html")


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.FINANCE)
@recently_confirmed
def enter(request: MemberRequest) -> HttpResponse:
    """A new account; ``replaces`` names the one in force that it takes the place of."""
    form = BankAccountForm(request.POST or None, initial=_replaced(request))
    if form.is_valid():
        enter_it = partial(
            services.enter_account, **form.cleaned_data, entered_by=request.user, now=now()
        )
        entered = beside_fields(form, enter_it, beside={rules.AccountWaits: "company"})
        if entered is not None:
            messages.success(request, _("The account is entered; a second person confirms it."))
            return redirect("bank_account", entered.number)
    status = 422 if form.is_bound else 200
    return render(request, "settlement/bank_account_new.html", {"form": form}, status=status)


def _replaced(request: MemberRequest) -> dict[str, object]:
    number = request.GET.get("replaces", "")
    found = BankAccount.objects.filter(number=number).first() if number else None
    return {"company": found.company_id, "currency": found.currency} if found else {}


@require_GET
@role_required(Role.FINANCE)
def account(request: MemberRequest, number: str) -> HttpResponse:
    found = get_object_or_404(bank_accounts(), number=number)
    is_waiting = found.state == AccountState.ENTERED
    country = banking.country_of(account=found.account, bic=found.bic)
    context = {
        "account": found,
        "country": country,
        "is_elsewhere": country != banking.two_letters(found.company.country),
        "is_waiting": is_waiting,
        "is_mine": found.entered_by_id == request.user.pk,
        "replaced": replaced_by(found) if is_waiting else None,
    }
    return render(request, "settlement/bank_account.html", context)


@require_POST
@role_required(Role.FINANCE)
@recently_confirmed
def confirm(request: MemberRequest, number: str) -> HttpResponse:
    found = get_object_or_404(BankAccount, number=number)
    services.confirm_account(account=found, confirmed_by=request.user, now=now())
    messages.success(request, _("The account is in force; payments use it from now on."))
    return redirect("bank_account", number)


@require_POST
@role_required(Role.FINANCE)
@recently_confirmed
def close(request: MemberRequest, number: str) -> HttpResponse:
    found = get_object_or_404(BankAccount, number=number)
    services.close_account(account=found, closed_by=request.user, now=now())
    messages.success(request, _("The account is closed; nothing is paid from or to it."))
    return redirect("bank_account", number)
