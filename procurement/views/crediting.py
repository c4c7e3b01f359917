"""Forecast credit: the seller's own with its formula, and all sellers' for operators."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import MemberRequest, role_required
from accounts.models import Role
from core.clock import now
from procurement import services
from procurement.crediting_tables import SCORES
from procurement.forms import RunForm
from procurement.models import CreditRun, RunKind
from procurement.policy_forms import PolicyForm
from procurement.queries import credit, explaining, forecasts
from procurement.rules import quarters
from procurement.rules.policies import PolicyBegun
from web.forms import posted, tried
from web.lists import show_list

#: The last runs that are told.
RUNS_SHOWN = 8


@require_GET
@role_required(Role.SELLER)
def mine(request: MemberRequest) -> HttpResponse:
    """The own score, the formula with its numbers, and what the band means in money."""
    at, seller = now(), request.membership.company
    round = forecasts.open_rounds(at).first()
    told = explaining.explain(seller, on=timezone.localdate(at), round=round)
    context = {"credit": told, "round": round, "past": credit.scores_of(seller)[:RUNS_SHOWN]}
    return render(request, "procurement/my_credit.html", context)


@require_GET
@role_required(Role.OPERATOR)
def scores(request: MemberRequest) -> HttpResponse:
    """Every seller's newest score, the policy it was made under, and the last runs."""
    at = now()
    policy = credit.policy_on(timezone.localdate(at))
    run = credit.last_run(RunKind.SCORE)
    context = {
        "policy": policy,
        "terms": explaining.terms(policy, round=forecasts.open_rounds(at).first()),
        "market": credit.market_in_words(run),
        "run": run,
        "runs": CreditRun.objects.select_related("asked_by").order_by("-pk")[:RUNS_SHOWN],
        "over": quarters.named(services.last_quarter(at)),
        "coming": [one.quarter for one in forecasts.open_rounds(at)[:4]],
    }
    return show_list(request, SCORES, "procurement/scores.html", context)


@require_POST
@role_required(Role.OPERATOR)
def work_out(request: MemberRequest) -> HttpResponse:
    """Ask for scores or suggestions to be worked out again."""
    form = RunForm(request.POST)
    if form.is_valid():
        services.ask_run(
            kind=RunKind(form.cleaned_data["kind"]),
            quarter=form.cleaned_data["quarter"],
            asked_by=request.user,
            now=now(),
        )
        messages.success(request, _("It is being worked out; look again in a minute."))
    else:
        messages.error(request, _("Say what to work out, and for which quarter."))
    return redirect("forecast_scores")


@require_http_methods(["GET", "POST"])
@role_required(Role.OPERATOR)
def policy(request: MemberRequest) -> HttpResponse:
    """The bands that hold, and others from a day to come on."""
    at = now()
    holds = credit.policy_on(timezone.localdate(at))
    form = PolicyForm(posted(request), policy=holds)
    if request.method == "POST" and form.is_valid():
        act = partial(services.set_credit_policy, policy=form.policy(), by=request.user, now=at)
        if tried(form, act, beside={PolicyBegun: "valid_from"}):
            messages.success(request, _("The bands are kept."))
            return redirect("credit_policy")
    wrong = form.errors or any(band.errors for _name, band in form.bands)
    context = {"form": form, "holds": holds, "set": credit.policies()}
    return render(request, "procurement/policy.html", context, status=422 if wrong else 200)
