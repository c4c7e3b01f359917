"""Pages of reference data: what holds, what is proposed, and who decides."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import MemberRequest, role_required
from accounts.models import Role
from core.clock import now
from core.sheets import MAX_BYTES, SheetRefused
from customs import queries, services
from customs.differences import difference_csv
from customs.forms_reference import ProposeForm, RefuseForm
from customs.models import ReferenceProposal
from customs.rules.reference import faults
from customs.rules.reference.kinds import CODE_TABLES, KINDS
from customs.tables_reference import (
    CHANGES,
    CODES,
    EXCHANGE,
    POSITIVE,
    PROPOSALS,
    agreement_duties,
    consumption_tax,
    last_day,
    units,
)
from web.forms import beside_fields, posted, posted_files
from web.lists import show_list

#: Faults that the page names; the first mended, the rest follow.
MOST_FAULTS = 100
_LIST = "customs/reference_list.html"


@require_GET
@role_required(Role.OPERATOR, Role.IMPORTER)
def positive_list(request: MemberRequest) -> HttpResponse:
    return show_list(request, POSITIVE, _LIST)


@require_GET
@role_required(Role.OPERATOR, Role.IMPORTER)
def exchange_rates(request: MemberRequest) -> HttpResponse:
    return show_list(request, EXCHANGE, _LIST)


@require_GET
@role_required(Role.OPERATOR, Role.IMPORTER)
def codes(request: MemberRequest) -> HttpResponse:
    return show_list(request, CODES, _LIST)


@require_GET
@role_required(Role.OPERATOR, Role.IMPORTER)
def tariff_code(request: MemberRequest, code: str) -> HttpResponse:
    """All that the tariff and the positive list ever said of one code."""
    rates = [
        {
            "rate": rate,
            "last_day": last_day(rate),
            "agreements": agreement_duties(rate),
            "consumption_tax": consumption_tax(rate),
            "units": units(rate),
            "elements": " | ".join(rate.elements),
            "supervision": " ".join(rate.supervision),
        }
        for rate in queries.tariff_history(code)
    ]
    entries = [(entry, last_day(entry)) for entry in queries.positive_history(code)]
    context = {"code": code, "rates": rates, "entries": entries}
    return render(request, "customs/tariff_code.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.OPERATOR)
def proposals(request: MemberRequest) -> HttpResponse:
    """What was proposed, and a file that proposes more."""
    form = ProposeForm(posted(request), posted_files(request))
    context: dict[str, Any] = {"form": form, "columns": _columns()}
    if form.is_valid():
        told = form.cleaned_data
        sent = told["file"]
        try:
            made = services.propose_reference(
                kind=told["kind"],
                file_name=sent.name,
                content=sent.read(MAX_BYTES + 1),
                proposed_by=request.user,
                now=now(),
                source=told["source"],
                valid_from=told["valid_from"],
                complete_from=told["complete_from"],
                takes_first=told["takes_first"],
            )
        except (SheetRefused, faults.ReferenceRefused) as refusal:
            # Not the page of refusals: beside the form the file can be sent again at once.
            form.add_error(None, _(refusal.rule()))
            found = refusal.facts.get("rows", [])
            told_of = found[:MOST_FAULTS] if isinstance(found, list) else []
            context |= {"faults": told_of, "refusal": refusal}
        except (faults.NothingChanges, faults.PastEdited) as refusal:
            form.add_error("file", _(refusal.rule()))
        else:
            messages.success(request, _("The change is proposed; another operator decides it."))
            return redirect("reference_proposal", number=made.number)
    status = 422 if form.errors else 200
    return show_list(request, PROPOSALS, "customs/proposals.html", context, status=status)


def _columns() -> list[tuple[str, str]]:
    """The columns of each kind; the code tables have the same, told once for all of them."""
    told = [
        (name, ", ".join(kind.columns)) for name, kind in KINDS.items() if name not in CODE_TABLES
    ]
    return [*told, (", ".join(CODE_TABLES), ", ".join(KINDS[CODE_TABLES[0]].columns))]


@require_GET
@role_required(Role.OPERATOR)
def proposal(request: MemberRequest, number: str) -> HttpResponse:
    return _shown(request, queries.proposal_of(number), RefuseForm())


def _shown(request: MemberRequest, found: ReferenceProposal, refusing: RefuseForm) -> HttpResponse:
    context = {
        "proposal": found,
        "refusing": refusing,
        "may_approve": found.proposed_by_id != request.user.pk,
    }
    status = 422 if refusing.errors else 200
    return show_list(
        request, CHANGES, "customs/proposal.html", context, place=found.number, status=status
    )


@require_GET
@role_required(Role.OPERATOR)
def differences(request: MemberRequest, number: str) -> HttpResponse:
    """All differences as a file."""
    found = queries.proposal_of(number)
    answer = HttpResponse(difference_csv(found), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{found.number}.csv"'
    return answer


@require_POST
@role_required(Role.OPERATOR)
def approve(request: MemberRequest, number: str) -> HttpResponse:
    found = queries.proposal_of(number)
    services.approve_reference(proposal=found, decided_by=request.user, now=now())
    messages.success(request, _("The change is approved and holds from its days on."))
    return redirect("reference_proposal", number=number)


@require_POST
@role_required(Role.OPERATOR)
def refuse(request: MemberRequest, number: str) -> HttpResponse:
    found = queries.proposal_of(number)
    form = RefuseForm(request.POST)
    if form.is_valid():
        refused = beside_fields(
            form,
            lambda: services.refuse_reference(
                proposal=found,
                decided_by=request.user,
                reason=form.cleaned_data["reason"],
                now=now(),
            ),
        )
        if refused is not None:
            messages.success(request, _("The proposal is refused."))
            return redirect("reference_proposal", number=number)
    return _shown(request, found, form)


#: Address, view and name of the pages of reference data.
PAGES = (
    ("positive-list/", positive_list, "positive_list"),
    ("exchange-rates/", exchange_rates, "exchange_rates"),
    ("codes/", codes, "customs_codes"),
    ("tariff/<str:code>/", tariff_code, "tariff_code"),
    ("reference/", proposals, "reference_proposals"),
    ("reference/<str:number>.csv", differences, "reference_differences"),
    ("reference/<str:number>/", proposal, "reference_proposal"),
    ("reference/<str:number>/approve/", approve, "reference_approve"),
    ("reference/<str:number>/refuse/", refuse, "reference_refuse"),
)
