"""Amending and withdrawing what customs has, and setting drafts aside."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import MemberRequest, role_required
from accounts.models import Role
from core.clock import now
from customs import queries, services
from customs.forms_countering import AmendmentForm, RequestForm
from customs.models import CollectiveDeclaration, Declaration
from web.forms import posted, tried

Declared = Declaration | CollectiveDeclaration


@require_http_methods(["GET", "POST"])
@role_required(Role.IMPORTER)
def amend(request: MemberRequest, reference: str) -> HttpResponse:
    """Ask customs to change fields of a declaration; each row names one."""
    found = queries.declaration_of(reference)
    form = AmendmentForm(posted(request), stands=queries.amendable(found))
    return amendment_page(request, found, form, partial(services.ask_amendment, declaration=found))


@require_http_methods(["GET", "POST"])
@role_required(Role.IMPORTER)
def withdraw(request: MemberRequest, reference: str) -> HttpResponse:
    """Ask customs to withdraw a declaration."""
    found = queries.declaration_of(reference)
    return withdrawal_page(request, found, partial(services.ask_withdrawal, declaration=found))


@require_POST
@role_required(Role.IMPORTER)
def drop(request: MemberRequest, reference: str) -> HttpResponse:
    """Set a draft aside."""
    found = queries.declaration_of(reference)
    return dropped(request, found, partial(services.drop_draft, declaration=found))


def amendment_page(
    request: MemberRequest, found: Declared, form: AmendmentForm, ask: Callable[..., object]
) -> HttpResponse:
    """``ask``: of what, of a shipment or of a month, customs is asked."""
    if request.method == "POST" and form.is_valid():
        return _sent(request, found, form, _("Ask for an amendment"), ask, wanted=form.wanted)
    return asked_page(request, found, form, _("Ask for an amendment"))


def withdrawal_page(
    request: MemberRequest, found: Declared, ask: Callable[..., object]
) -> HttpResponse:
    form = RequestForm(posted(request))
    if request.method == "POST" and form.is_valid():
        return _sent(request, found, form, _("Ask for a withdrawal"), ask)
    return asked_page(request, found, form, _("Ask for a withdrawal"))


def _sent(
    request: MemberRequest,
    found: Declared,
    form: AmendmentForm | RequestForm,
    title: str,
    ask: Callable[..., object],
    **wanted: object,
) -> HttpResponse:
    said = {"reason": form.cleaned_data["reason"], "asked_by": request.membership.user}
    if tried(form, partial(ask, **wanted, **said, now=now())) is None:
        return asked_page(request, found, form, title)
    messages.success(request, _("Recorded. Enter here what customs answers."))
    return _shown(found)


def dropped(request: MemberRequest, found: Declared, drop: Callable[..., object]) -> HttpResponse:
    """``drop``: of what; the form says why."""
    form = RequestForm(request.POST)
    if form.is_valid():
        act = partial(drop, reason=form.cleaned_data["reason"], now=now())
        if tried(form, act) is not None:
            return _shown(found)
    return asked_page(request, found, form, _("Set this draft aside"))


@require_POST
@role_required(Role.IMPORTER)
def accept(request: MemberRequest, number: str) -> HttpResponse:
    """Record that customs took a request."""
    document = queries.counter_of(number)
    after = services.record_accepted(
        document=document, recorded_by=request.membership.user, now=now()
    )
    messages.success(request, _("Recorded: customs accepted %(number)s.") % {"number": number})
    return _shown(after)


@require_POST
@role_required(Role.IMPORTER)
def refuse(request: MemberRequest, number: str) -> HttpResponse:
    """Record that customs refused a request, with its reason."""
    document, form = queries.counter_of(number), RequestForm(request.POST)
    if form.is_valid():
        act = partial(
            services.record_refused,
            document=document,
            reason=form.cleaned_data["reason"],
            recorded_by=request.membership.user,
            now=now(),
        )
        if tried(form, act) is not None:
            return _shown(document.about)
    return asked_page(request, document.about, form, _("Record that customs refused"))


def _where(found: Declared) -> str:
    page = "declaration" if isinstance(found, Declaration) else "collective"
    return reverse(page, args=[found.our_reference])


def _shown(found: Declared) -> HttpResponse:
    return redirect(_where(found))


def asked_page(
    request: MemberRequest, found: Declared, form: forms.BaseForm, title: str
) -> HttpResponse:
    """What is asked before something of it is decided, with its errors."""
    context = {"declaration": found, "where": _where(found), "form": form, "title": title}
    status = 422 if form.errors else 200
    return render(request, "customs/decision.html", context, status=status)


#: What is done with a declaration, and with a request, by the end of the address.
OF_DECLARATIONS = (("amend", amend), ("withdraw", withdraw), ("drop", drop))
OF_REQUESTS = (("accept", accept), ("refuse", refuse))
