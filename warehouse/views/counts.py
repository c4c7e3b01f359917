"""Pages of counts: what is due, one count, how often a warehouse counts what."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import MemberRequest, role_required
from accounts.models import Role
from core.clock import now
from core.walls import platform_wide
from warehouse import services
from warehouse.count_forms import BlindForm, CountTermsForm, DecideForm, StartForm
from warehouse.count_tables import COUNTS
from warehouse.models import BondedWarehouse, CountDecision, StockCount
from warehouse.queries import counts
from warehouse.rules import counting as rules
from warehouse.tables import operator_of
from web.forms import beside_fields, posted
from web.lists import show_list, viewer_of

#: Products due that the page shows; the rest follow as these are counted.
_DUE_SHOWN = 25


def _houses(request: MemberRequest) -> QuerySet[BondedWarehouse]:
    keeper, known = operator_of(viewer_of(request)), BondedWarehouse.objects.order_by("code")
    return known.filter(operator=keeper) if keeper else known


@require_GET
@role_required(Role.WAREHOUSE, Role.OPERATOR)
def listed(request: MemberRequest) -> HttpResponse:
    is_keeper = request.membership.role == Role.WAREHOUSE
    houses, at = list(_houses(request)) if is_keeper else [], now()
    due = [one for house in houses for one in counts.due_in(house, at) if one.is_due]
    context = {
        "houses": houses,
        "due": due[:_DUE_SHOWN],
        "hidden": max(len(due) - _DUE_SHOWN, 0),
        "form": StartForm(warehouses=houses) if houses else None,
    }
    return show_list(request, COUNTS, "warehouse/stock_counts.html", context)


@require_POST
@role_required(Role.WAREHOUSE)
def start(request: MemberRequest) -> HttpResponse:
    houses = {one.pk: one for one in _houses(request)}
    form = StartForm(request.POST, warehouses=houses.values())
    if form.is_valid():
        made = beside_fields(
            form,
            lambda: services.start_count(
                house=houses[form.cleaned_data["warehouse"]],
                keeper=request.membership.company,
                subject=form.cleaned_data["subject"],
                freezes=form.cleaned_data["freezes"],
                started_by=request.membership.user,
                now=now(),
            ),
            beside={rules.NothingToCount: "subject", rules.CountedAlready: "subject"},
        )
        if made is not None:
            return redirect("stock_count", number=made.number)
    context = {"houses": list(houses.values()), "form": form}
    return show_list(request, COUNTS, "warehouse/stock_counts.html", context, status=422)


def _count(request: MemberRequest, number: str) -> StockCount:
    found: StockCount = get_object_or_404(
        counts.counts(operator_of(viewer_of(request))), number=number
    )
    return found


@require_GET
@role_required(Role.WAREHOUSE, Role.OPERATOR)
def count(request: MemberRequest, number: str) -> HttpResponse:
    return _page(request, _count(request, number))


def _page(
    request: MemberRequest,
    found: StockCount,
    *,
    form: BlindForm | None = None,
    decide: DecideForm | None = None,
) -> HttpResponse:
    """What the books say is told to nobody of the warehouse before it is decided."""
    is_operator = request.membership.role == Role.OPERATOR
    state = rules.CountState(found.state)
    is_over = state not in rules.UNDER_WAY
    # Not of one that was given up: who begins anew would know what to find.
    is_decided = is_over and state != rules.CountState.CALLED_OFF
    to_enter = state in (rules.CountState.OPEN, rules.CountState.RECOUNT) and not is_operator
    told = form or (BlindForm(lines=counts.lines_to_count(found)) if to_enter else None)
    context: dict[str, Any] = {
        "count": found,
        "form": told,
        "found": counts.found_of(found) if is_operator or is_decided else [],
        "decide": decide
        or (DecideForm() if is_operator and state == rules.CountState.COUNTED else None),
        "decision": CountDecision.objects.filter(count=found).first(),
        "waits": not is_operator and state == rules.CountState.COUNTED,
        "may_call_off": not is_operator and not is_over,
    }
    faulty = bool((form and form.errors) or (decide and decide.errors))
    return render(request, "warehouse/stock_count.html", context, status=422 if faulty else 200)


@require_POST
@role_required(Role.WAREHOUSE)
def enter(request: MemberRequest, number: str) -> HttpResponse:
    """What was counted, or that it is given up."""
    found, keeper, at = _count(request, number), request.membership.company, now()
    if request.POST.get("step") == "call_off":
        services.call_off_count(count=found, keeper=keeper, now=at)
        messages.success(request, _("The count is given up."))
        return redirect("stock_count", number=number)
    form = BlindForm(request.POST, lines=counts.lines_to_count(found))
    if not form.is_valid():
        return _page(request, found, form=form)
    held = services.enter_count(
        count=found,
        keeper=keeper,
        units=form.units(),
        counted_by=request.membership.user,
        now=at,
    )
    said = {
        rules.CountState.RECOUNT: _("Some lines are to be counted again, by another person."),
        rules.CountState.COUNTED: _("The count waits for an operator's approval."),
    }
    messages.success(request, said.get(rules.CountState(held.state), _("The count is done.")))
    return redirect("stock_count", number=number)


@require_POST
@role_required(Role.OPERATOR)
def decide(request: MemberRequest, number: str) -> HttpResponse:
    """Approve or refuse, as the button says."""
    found, form = _count(request, number), DecideForm(request.POST)
    step = request.POST.get("step")
    if step not in {"approve", "refuse"}:
        raise rules.CountIsOver(state=found.state)
    if form.is_valid():
        approves = step == "approve"
        with platform_wide():
            done = beside_fields(
                form,
                lambda: services.decide_count(
                    count=found,
                    approves=approves,
                    remark=form.cleaned_data["remark"],
                    decided_by=request.membership.user,
                    now=now(),
                ),
            )
        if done is not None:
            said = _("The differences are booked.") if approves else _("The count is refused.")
            messages.success(request, said)
            return redirect("stock_count", number=number)
    return _page(request, found, decide=form)


@require_http_methods(["GET", "POST"])
@role_required(Role.WAREHOUSE)
def terms(request: MemberRequest, code: str) -> HttpResponse:
    house, told = get_object_or_404(_houses(request), code=code), posted(request)
    form = CountTermsForm(told, initial=CountTermsForm.of(counts.terms_of(house)))
    if told is not None and form.is_valid():
        made = beside_fields(
            form,
            lambda: services.set_count_terms(
                house=house,
                terms=form.terms(),
                set_by=request.membership.user,
                now=now(),
            ),
        )
        if made is not None:
            messages.success(request, _("From now on it is counted like that."))
            return redirect("stock_counts")
    status = 200 if told is None else 422
    context = {"house": house, "form": form}
    return render(request, "warehouse/count_terms.html", context, status=status)
