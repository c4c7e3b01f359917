"""Pages of the claims against suppliers."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import MemberRequest, role_required
from accounts.models import Role
from warehouse import papers_claims, services
from warehouse.models import ClaimState, SupplierClaim
from warehouse.queries import claims as queries
from warehouse.queries import pictures
from warehouse.rules.claims import ClaimDoesNotFollow, State, next_steps
from warehouse.tables_claims import CLAIMS, buyer_of
from web.lists import show_list, viewer_of


def _claim(request: MemberRequest, number: str) -> SupplierClaim:
    mine = queries.claims(buyer_of(viewer_of(request)))
    found: SupplierClaim = get_object_or_404(mine, number=number)
    return found


@require_GET
@role_required(Role.IMPORTER, Role.OPERATOR)
def claims(request: MemberRequest) -> HttpResponse:
    return show_list(request, CLAIMS, "warehouse/claims.html")


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.IMPORTER, Role.OPERATOR)
def claim(request: MemberRequest, number: str) -> HttpResponse:
    """What is claimed; its importer notes how it goes on."""
    found = _claim(request, number)
    may_step = request.membership.role == Role.IMPORTER
    if request.method == "POST":
        to = request.POST.get("to", "")
        if not may_step:
            raise Http404
        if to not in ClaimState.values:
            raise ClaimDoesNotFollow(before=found.state, after=to[:20])
        services.carry_on_claim(claim=found, state=State(to))
        messages.success(request, _("The claim is carried on."))
        return redirect("claim", number=number)
    steps = [ClaimState(one.value) for one in next_steps(State(found.state))] if may_step else []
    context = {
        "claim": found,
        "lines": queries.lines_of(found),
        "steps": steps,
        "pictures": pictures.of_claim(found),
    }
    return render(request, "warehouse/claim.html", context)


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
