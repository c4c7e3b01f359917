"""Pages of the claims against suppliers."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import MemberRequest, role_required, to_confirm_first
from accounts.models import Role
from core.clock import now
from settlement.rates import NoRate
from warehouse import papers_claims, services
from warehouse.days import day_of
from warehouse.forms_claims import SettleForm
from warehouse.models import ClaimState, SupplierClaim
from warehouse.queries import claims as queries
from warehouse.queries import pictures
from warehouse.rules.claims import ClaimDoesNotFollow, State, next_steps
from warehouse.tables_claims import CLAIMS, buyer_of
from web.forms import beside_fields
from web.lists import show_list, viewer_of


def _claim(request: MemberRequest, number: str) -> SupplierClaim:
    mine = queries.claims(buyer_of(viewer_of(request)))
    found: SupplierClaim = get_object_or_404(mine, number=number)
    return found


@require_GET
@role_required(Role.IMPORTER, Role.OPERATOR)
def claims(request: MemberRequest) -> HttpResponse:
    return show_list(request, CLAIMS, "warehouse/claims.html")


def _settled(
    request: MemberRequest, form: SettleForm, claim: SupplierClaim
) -> HttpResponseBase | None:
    """Money moves on the owners' accounts: who is there is asked once more. None where something
    is wrong with the form."""
    if way := to_confirm_first(request):
        return way
    if not form.is_valid():
        return None
    act = partial(
        services.settle_claim,
        claim=claim,
        amount_minor=form.amount_minor(),
        settled_on=form.cleaned_data["settled_on"],
        reason=form.cleaned_data.get("reason", ""),
        seen=form.cleaned_data["seen"],
        entered_by=request.user,
        now=now(),
    )
    if beside_fields(form, act, beside={NoRate: "settled_on"}) is None:
        return None
    messages.success(request, _("What the supplier pays is credited to the owners."))
    return redirect("claim", number=claim.number)


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.IMPORTER, Role.OPERATOR)
def claim(request: MemberRequest, number: str) -> HttpResponseBase:
    """What is claimed; its importer notes how it goes on."""
    found = _claim(request, number)
    may_step = request.membership.role == Role.IMPORTER
    settlements = list(queries.settlements_of(found))
    stands = State(found.state)
    is_due = stands == State.SETTLED or State.SETTLED in next_steps(stands)
    sent = request.POST if may_step and "amount" in request.POST else None
    form = None
    if may_step and is_due:
        last = settlements[0] if settlements else None
        form = SettleForm(sent, claim=found, last=last, today=day_of(now()))
        if form.is_bound and (answer := _settled(request, form, found)):
            return answer
    if request.method == "POST" and not (form and form.is_bound):
        to = request.POST.get("to", "")
        if not may_step:
            raise Http404
        if to not in ClaimState.values:
            raise ClaimDoesNotFollow(before=found.state, after=to[:20])
        services.carry_on_claim(claim=found, state=State(to))
        messages.success(request, _("The claim is carried on."))
        return redirect("claim", number=number)
    following = [one for one in next_steps(stands) if one != State.SETTLED]
    steps = [ClaimState(one.value) for one in following] if may_step else []
    context = {
        "claim": found,
        "form": form,
        "settlements": settlements,
        "lines": queries.lines_of(found),
        "steps": steps,
        "pictures": pictures.of_claim(found),
    }
    status = 422 if form and form.errors else 200
    return render(request, "warehouse/claim.html", context, status=status)


@require_GET
@role_required(Role.IMPORTER, Role.OPERATOR)
def letter(request: MemberRequest, number: str) -> HttpResponse:
    found = _claim(request, number)
    made = papers_claims.claim_letter(
        found, list(queries.lines_of(found)), pictures.of_claim(found, with_thumbnails=True)
    )
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{found.number}.pdf"'
    return answer
