"""Amending and withdrawing what customs has, and setting drafts aside."""

from __future__ import annotations

from functools import partial

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


@require_http_methods(["GET", "POST"])
@role_required(Role.IMPORTER)
def amend(request: MemberRequest, reference: str) -> HttpResponse:
    """Ask customs to change fields of a declaration; each row names one."""
    found = queries.declaration_of(reference)
    form = AmendmentForm(posted(request), stands=queries.amendable(found))
    if request.method == "POST" and form.is_valid():
        ask = partial(
            services.ask_amendment,
            declaration=found,
            wanted=form.wanted,
            reason=form.cleaned_data["reason"],
            asked_by=request.membership.user,
            now=now(),
        )
        if tried(form, ask) is not None:
            messages.success(request, _("Recorded. Enter here what customs answers."))
            return redirect("declaration", reference=reference)
    return _asked(request, found, form, _("Ask for an amendment"))


@require_http_methods(["GET", "POST"])
@role_required(Role.IMPORTER)
def withdraw(request: MemberRequest, reference: str) -> HttpResponse:
    """Ask customs to withdraw a declaration."""
    found, form = queries.declaration_of(reference), RequestForm(posted(request))
    if request.method == "POST" and form.is_valid():
        ask = partial(
            services.ask_withdrawal,
            declaration=found,
            reason=form.cleaned_data["reason"],
            asked_by=request.membership.user,
            now=now(),
        )
        if tried(form, ask) is not None:
            messages.success(request, _("Recorded. Enter here what customs answers."))
            return redirect("declaration", reference=reference)
    return _asked(request, found, form, _("Ask for a withdrawal"))


@require_POST
@role_required(Role.IMPORTER)
def drop(request: MemberRequest, reference: str) -> HttpResponse:
    """Set a draft aside."""
    found, form = queries.declaration_of(reference), RequestForm(request.POST)
    if form.is_valid():
        act = partial(
            services.drop_draft,
            declaration=found,
            reason=form.cleaned_data["reason"],
            now=now(),
        )
        if tried(form, act) is not None:
            return redirect("declaration", reference=reference)
    return _asked(request, found, form, _("Set this draft aside"))


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
    return _asked(request, document.about, form, _("Record that customs refused"))


def _where(found: Declaration | CollectiveDeclaration) -> str:
    page = "declaration" if isinstance(found, Declaration) else "collective"
    return reverse(page, args=[found.our_reference])


def _shown(found: Declaration | CollectiveDeclaration) -> HttpResponse:
    return redirect(_where(found))


def _asked(
    request: MemberRequest,
    found: Declaration | CollectiveDeclaration,
    form: RequestForm,
    title: str,
) -> HttpResponse:
    context = {"declaration": found, "where": _where(found), "form": form, "title": title}
    status = 422 if form.errors else 200
    return render(request, "customs/decision.html", context, status=status)


#: What is done with a declaration, and with a request, by the end of the address.
OF_DECLARATIONS = (("amend", amend), ("withdraw", withdraw), ("drop", drop))
OF_REQUESTS = (("accept", accept), ("refuse", refuse))
