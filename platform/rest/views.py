"""Pages of the API: a company's tokens, for its administrators; what its problems mean."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import MemberRequest, recently_confirmed, role_required
from core.clock import now
from core.rulebook import refusals
from rest import queries, services
from rest.forms import TokenForm
from rest.tables import TOKENS
from web.lists import show_list
from web.once import keep_once, shown_once


@role_required(applicants_too=True, admins_only=True)
@never_cache
@require_GET
def tokens(request: MemberRequest) -> HttpResponse:
    return show_list(request, TOKENS, "rest/tokens.html")


@role_required(applicants_too=True, admins_only=True)
@recently_confirmed
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_token(request: MemberRequest) -> HttpResponse:
    """The token is on the page that this leads to, once, and on no other."""
    form = TokenForm(
        request.POST if request.method == "POST" else None, role=request.membership.role
    )
    if form.is_bound and form.is_valid():
        token, text = services.issue_token(
            company=request.membership.company,
            role=request.membership.role,
            created_by=request.user,
            **form.cleaned_data,
            now=now(),
        )
        keep_once(request, f"token {token.pk}", text)
        return redirect("token_made", pk=token.pk)
    return render(
        request, "rest/token_new.html", {"form": form}, status=422 if form.errors else 200
    )


@role_required(applicants_too=True, admins_only=True)
@never_cache
@require_GET
def made_token(request: MemberRequest, pk: int) -> HttpResponse:
    """The token that was just made; loaded again, the list without it."""
    mine = queries.tokens_of(request.membership.company).filter(role=request.membership.role)
    token = get_object_or_404(mine, pk=pk)
    text = shown_once(request, f"token {pk}")
    if text is None:
        return redirect("tokens")
    return render(request, "rest/token.html", {"token": token, "text": text})


@role_required(applicants_too=True, admins_only=True)
@require_POST
def revoke_token(request: MemberRequest, pk: int) -> HttpResponse:
    mine = queries.tokens_of(request.membership.company).filter(role=request.membership.role)
    services.revoke_token(token=get_object_or_404(mine, pk=pk), revoked_by=request.user, now=now())
    messages.success(request, _("The token is revoked; it opens nothing any more."))
    return redirect("tokens")


@require_GET
def problems(request: HttpRequest) -> HttpResponse:
    """Every refusal of the house; what the API's problem types lead to."""
    found = [(kind.code, kind.status, _(kind.rule())) for kind in refusals()]
    return render(request, "rest/problems.html", {"problems": found})


@require_GET
def problem(request: HttpRequest, code: str) -> HttpResponse:
    kind = next((one for one in refusals() if one.code == code), None)
    if kind is None:
        raise Http404
    context = {"problems": [(kind.code, kind.status, _(kind.rule()))], "one": kind.code}
    return render(request, "rest/problems.html", context)
