"""What a seller sees: the rounds, its forecasts in versions, and its share of the pool."""

from __future__ import annotations

from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from accounts.access import MemberRequest, role_required
from accounts.models import Role
from core.clock import now
from procurement import services
from procurement.models import ForecastUpload, PoolRound, RoundState
from procurement.queries import forecasts, glance, orders, statements, tolerating
from procurement.statement_files import shown, statement_file
from procurement.stating import cause_told, chart
from procurement.tables import MY_ROUNDS
from procurement.within import FORECAST_LINES, place_of
from web.lists import show_list


@require_GET
@role_required(Role.SELLER)
def rounds(request: MemberRequest) -> HttpResponse:
    """All rounds, and what this seller filed in each."""
    late = forecasts.waiting(request.membership.company, now())
    return show_list(request, MY_ROUNDS, "procurement/my_rounds.html", {"late": late})


@require_GET
@role_required(Role.SELLER)
def my_round(request: MemberRequest, code: str) -> HttpResponse:
    """One round: the cut-off, what counts, and the earlier versions."""
    at, seller = now(), request.membership.company
    held = get_object_or_404(PoolRound, code=code)
    current = forecasts.current(held, seller)
    context = {
        "round": held,
        "now": at,
        "is_open": forecasts.takes_forecasts(held, at),
        "is_early": at < held.opens_at,
        "versions": forecasts.versions(held, seller),
        "current": current,
        "limit": tolerating.limit_of(held, seller, at),
        "deposit": glance.deposit_of(held, seller),
        "mine": None,
    }
    if held.state == RoundState.CLOSED and (mine := orders.my_shares(held, seller)):
        context["mine"] = glance.glance(held, seller, mine)
    template = "procurement/my_round.html"
    if current is None:
        return render(request, template, context)
    place = place_of(held, current)
    return show_list(request, FORECAST_LINES, template, context, place=place)


@require_GET
@role_required(Role.SELLER)
def version(request: MemberRequest, code: str, number: int) -> HttpResponse:
    """One version as it was filed."""
    held = get_object_or_404(PoolRound, code=code)
    mine = forecasts.versions(held, request.membership.company)
    forecast = get_object_or_404(mine, version=number)
    newest = forecasts.current(held, request.membership.company)
    context = {
        "round": held,
        "forecast": forecast,
        "counts": newest is not None and newest.pk == forecast.pk,
        "upload": ForecastUpload.objects.filter(filed_as=forecast).defer("content").first(),
    }
    template, place = "procurement/version.html", place_of(held, forecast)
    return show_list(request, FORECAST_LINES, template, context, place=place)


@require_GET
@role_required(Role.SELLER)
def share(request: MemberRequest, code: str) -> HttpResponse:
    """What pooling came to for this seller."""
    held, seller = get_object_or_404(PoolRound, code=code), request.membership.company
    mine = orders.my_shares(held, seller)
    context = {
        "round": held,
        "shares": mine,
        "totals": orders.totals(mine),
        "now": now(),
        "is_waiting": statements.is_waiting(held),
    }
    if statements.newest_run(held, seller) is not None:
        kept = services.state(round=held, seller=seller, now=now())
        told = shown(kept)
        context |= {
            "statement": kept,
            "told": told,
            "chart": chart(told),
            "runs": [
                replace(one, told=tuple(cause_told(cause) for cause in one.causes))
                for one in statements.runs_of(held, seller)
            ],
        }
    return render(request, "procurement/share.html", context)


@require_GET
@role_required(Role.SELLER)
def statement(request: MemberRequest, code: str, kind: str) -> HttpResponse:
    """The statement of a round as a file to keep and to check."""
    held, seller = get_object_or_404(PoolRound, code=code), request.membership.company
    newest = statements.newest_run(held, seller)
    run = run_of(request, newest)
    if newest is None or run is None:
        raise Http404
    return statement_file(services.state(round=held, seller=seller, now=now(), run=run), kind)


def run_of(request: HttpRequest, newest: int | None) -> int | None:
    """The run that is asked for, the newest unless told; None where there is no such run."""
    asked = request.GET.get("run", "")
    if not asked:
        return newest
    is_there = asked.isascii() and asked.isdecimal() and len(asked) < 6
    return int(asked) if is_there and 1 <= int(asked) <= (newest or 0) else None
