"""What an operator does: open rounds, watch them fill, and close them."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import MemberRequest, role_required
from accounts.models import Company, Role
from accounts.rules.seen import stamp
from core.clock import now
from core.errors import DomainError
from procurement import closing_told, services
from procurement.forms import ChangeRoundForm, CloseForm, RoundForm
from procurement.models import PoolRound, RoundState
from procurement.queries import forecasts, orders, saving, statements
from procurement.rules import ordering
from procurement.rules.changing import (
    DepositAsked,
    MomentPast,
    PaymentShortened,
    RoundFixed,
    ToleranceLowered,
)
from procurement.rules.ordering import (
    CategoryFiledAlready,
    CategoryNotKnown,
    CutoffBeforeOpening,
    DepositIncomplete,
    PhasesOutOfOrder,
    PolicyOutOfRange,
    RoundExists,
)
from procurement.rules.quarters import NotAQuarter
from procurement.statement_files import shown
from procurement.stating import chart
from procurement.tables import CLOSE, ROUNDS
from procurement.views.planning import plans_of, start, warnings_of
from procurement.within import DEMAND, FILINGS
from web.forms import posted, tried
from web.lists import show_list

#: Which field a refusal is about.
BESIDE: dict[type[DomainError], str] = {
    NotAQuarter: "quarter",
    RoundExists: "quarter",
    CategoryNotKnown: "category",
    CategoryFiledAlready: "category",
    CutoffBeforeOpening: "cutoff_at",
    PhasesOutOfOrder: "fill_until",
    DepositIncomplete: "deposit_due_at",
    PolicyOutOfRange: "tolerance_limit_percent",
    RoundFixed: "cutoff_at",
    MomentPast: "cutoff_at",
    ToleranceLowered: "tolerance_limit_percent",
    PaymentShortened: "payment_days",
    DepositAsked: "deposit_due_at",
}

#: The most wanted products of a round; the orders list every one.
PRODUCTS_SHOWN = 50


@require_GET
@role_required(Role.OPERATOR)
def rounds(request: MemberRequest) -> HttpResponse:
    return show_list(request, ROUNDS, "procurement/rounds.html")


@require_http_methods(["GET", "POST"])
@role_required(Role.OPERATOR)
def new(request: MemberRequest) -> HttpResponse:
    asked = {name: request.GET[name] for name in ("category", "quarter") if name in request.GET}
    form = RoundForm(posted(request), initial=asked)
    if request.method == "POST" and form.is_valid():
        announce = partial(services.open_round, **form.announced())
        if held := tried(form, announce, beside=BESIDE):
            messages.success(
                request, _("The round for %(quarter)s is announced.") % {"quarter": held.code}
            )
            return redirect("round", code=held.code)
    status = 422 if form.errors else 200
    return render(request, "procurement/round_new.html", {"form": form}, status=status)


@require_GET
@role_required(Role.OPERATOR)
def round_page(request: MemberRequest, code: str) -> HttpResponse:
    at = now()
    held = get_object_or_404(PoolRound, code=code)
    is_closed = held.state == RoundState.CLOSED
    pool = forecasts.demand(held, most=PRODUCTS_SHOWN)
    context = {
        "round": held,
        "now": at,
        "is_open": forecasts.takes_forecasts(held, at),
        "may_change": services.may_change(held, at),
        "may_plan": not is_closed,
        "may_close": not is_closed and at >= held.ends_at,
        "standing": forecasts.standing(held),
        "demand": pool.most,
        "hidden": pool.products - len(pool.most),
        "orders": orders.orders(round=held) if is_closed else [],
        "pooled": orders.pooled(held) if is_closed else [],
        "saving": saving.saving_of(held) if is_closed else None,
    }
    context |= plans_of(request, held)
    return show_list(request, FILINGS, "procurement/round.html", context, place=code)


@require_http_methods(["GET", "POST"])
@role_required(Role.OPERATOR)
def change(request: MemberRequest, code: str) -> HttpResponse:
    """Run a round otherwise than was announced, as far as it may still change."""
    held, at = get_object_or_404(PoolRound, code=code), now()
    stands, fields = services.policy_of(held), services.may_change(held, at)
    form = ChangeRoundForm(
        posted(request), stands=stands, may_change=fields, seen=stamp(*stands.values())
    )
    if request.method == "POST" and form.is_valid():
        act = partial(services.change_round, round=held, now=at, **form.changed())
        if tried(form, act, beside=BESIDE):
            messages.success(request, _("The round is changed."))
            return redirect("round", code=code)
    status = 422 if form.errors else 200
    context = {"round": held, "form": form, "may_change": fields}
    return render(request, "procurement/round_change.html", context, status=status)


@require_GET
@role_required(Role.OPERATOR)
def statement_of(request: MemberRequest, code: str, seller: str) -> HttpResponse:
    """What a seller reads of its round, for whoever answers its questions."""
    held = get_object_or_404(PoolRound, code=code)
    company = get_object_or_404(Company, code=seller)
    if statements.newest_run(held, company) is None:
        raise Http404
    kept = services.state(round=held, seller=company, now=now())
    told = shown(kept)
    context = {"round": held, "seller": company, "statement": kept, "told": told}
    context |= {"chart": chart(told), "is_read": True}
    return render(request, "procurement/statement_of.html", context)


@require_GET
@role_required(Role.OPERATOR)
def demand(request: MemberRequest, code: str) -> HttpResponse:
    """What is wanted of every product of a round; its own page shows the most wanted."""
    held = get_object_or_404(PoolRound, code=code)
    return show_list(request, DEMAND, "procurement/demand.html", {"round": held}, place=code)


@require_http_methods(["GET", "POST"])
@role_required(Role.OPERATOR)
def close(request: MemberRequest, code: str) -> HttpResponse:
    """A page to confirm on, then the act itself."""
    held = get_object_or_404(PoolRound, code=code)
    form = CloseForm(posted(request))
    if request.method == "POST" and form.is_valid():
        # What is wrong is told now, not by a job.
        ordering.check_closable(
            quarter=held.code, cutoff_at=held.ends_at, closed_at=held.closed_at, now=now()
        )
        job = start(request, held, CLOSE, buyer=form.cleaned_data["buyer"].pk)
        return redirect("job", public_id=job.public_id)
    context = {"round": held, "form": form, "standing": forecasts.standing(held)}
    context |= {"closing": closing_told.closing(held, now=now())} | warnings_of(held)
    status = 422 if form.errors else 200
    return render(request, "procurement/round_close.html", context, status=status)
