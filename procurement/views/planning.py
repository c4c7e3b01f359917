"""What an operator sees of a round's plans and bills, and what it has planned in the background."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import MemberRequest, role_required
from accounts.models import Role
from core.clock import now
from core.money import Money
from core.sheets import write_csv
from jobs.models import Job
from jobs.queries import under_way
from jobs.services import start_action
from procurement import plan_beside, plans_told, services
from procurement.models import PoolRound, RoundPlan
from procurement.queries import bearing, joint, planning, statements
from procurement.rules import ordering
from procurement.rules.solving.refusals import ReplayDiffers
from procurement.stating import cause_told
from procurement.tables import ASK, CLOSE, PLAN, ROUNDS
from procurement.within_round import BILLS
from web.lists import show_list, viewer_of
from web.tables import Action

#: Newest plans on the page of their round.
PLANS_SHOWN = 10


def start(request: MemberRequest, held: PoolRound, action: Action, **given: Any) -> Job:
    """Let a worker do something with one round; the page of the job follows it."""
    return start_action(
        viewer=viewer_of(request),
        table=ROUNDS,
        action=action,
        chosen=[held.pk],
        params={},
        is_every=False,
        given=given,
        now=now(),
    )


def plans_of(request: MemberRequest, held: PoolRound) -> dict[str, Any]:
    """What the page of a round shows of its plans, its bills, and what is being worked on."""
    labels = {one.name: one.label for one in (PLAN, ASK, CLOSE)}
    jobs = under_way(viewer_of(request), ROUNDS.key, held.pk)
    return {
        **warnings_of(held),
        "plans": [
            {
                "plan": plan,
                "chosen": plans_told.chosen_label(plan),
                "gap": plans_told.percent(plan.gap_ppm),
                "seconds": plans_told.seconds(plan),
                "is_comparable": plan_beside.is_comparable(plan),
            }
            for plan in planning.plans(held)[:PLANS_SHOWN]
        ],
        "has_bills": held.bills.exists(),
        "under_way": [
            {"public_id": job.public_id, "label": labels.get(job.action, job.action)}
            for job in jobs
        ],
    }


def warnings_of(held: PoolRound) -> dict[str, Any]:
    """What is to be mended before a round is ordered; nothing once it has closed."""
    if held.closed_at is not None:
        return {}
    newest = planning.newest_plan(held)
    return {
        "without_freight": list(planning.unfreighted(held)),
        "orders_nothing": newest
        if newest is not None and planning.orders_nothing(newest)
        else None,
    }


@require_POST
@role_required(Role.OPERATOR)
def plan_now(request: MemberRequest, code: str) -> HttpResponse:
    """Solve the round as it stands, so that the plan is seen before it is ordered."""
    held = get_object_or_404(PoolRound, code=code)
    ordering.check_open(quarter=held.code, closed_at=held.closed_at)
    return redirect("job", public_id=start(request, held, PLAN).public_id)


@require_POST
@role_required(Role.OPERATOR)
def ask_deposits(request: MemberRequest, code: str) -> HttpResponse:
    """Ask each seller for its deposit, by what the plan would cost it."""
    held = get_object_or_404(PoolRound, code=code)
    ordering.check_closable(
        quarter=held.code, cutoff_at=held.ends_at, closed_at=held.closed_at, now=now()
    )
    return redirect("job", public_id=start(request, held, ASK).public_id)


@require_GET
@role_required(Role.OPERATOR)
def plan(request: MemberRequest, code: str, number: int) -> HttpResponse:
    """One plan, counted again from what was stored, with why each line is what it is."""
    kept = get_object_or_404(RoundPlan, round__code=code, number=number)
    context = {
        "round": kept.round,
        "plan": kept,
        "chosen": plans_told.chosen_label(kept),
        "gap": plans_told.percent(kept.gap_ppm),
        "took": plans_told.seconds(kept),
        "against": plan_beside.against(kept),
        "rates": plan_beside.rates(kept),
    }
    try:
        context["told"] = plans_told.told(kept, planning.explained(kept))
    except ReplayDiffers as differs:
        context |= {"differs": differs.rule(), "facts": differs.facts}
    return render(request, "procurement/plan.html", context)


@require_GET
@role_required(Role.OPERATOR)
def bills(request: MemberRequest, code: str) -> HttpResponse:
    """What each owner bears of a round as it stands, and what no split could put on anybody."""
    held = get_object_or_404(PoolRound, code=code)
    context = {
        "round": held,
        "borne": planning.borne(held),
        "runs": [
            (one, [cause_told(cause) for cause in one.causes]) for one in bearing.runs(held)[:10]
        ],
        "failed": bearing.last_failure(held),
        "is_waiting": statements.is_waiting(held),
    }
    return show_list(request, BILLS, "procurement/bills.html", context, place=code)


@require_POST
@role_required(Role.OPERATOR)
def bill_again(request: MemberRequest, code: str) -> HttpResponse:
    """Let the workers bill a round again that they gave up on."""
    held = get_object_or_404(PoolRound, code=code)
    services.retry_bills(round=held, now=now())
    messages.success(request, _("The round is being billed again."))
    return redirect("round_bills", code=code)


@require_GET
@role_required(Role.OPERATOR)
def beside(request: MemberRequest, code: str) -> HttpResponse:
    """Shapley's value and separable costs beside what each pays, as a table to keep."""
    held = get_object_or_404(PoolRound, code=code)
    told = joint.beside(held)
    if not told:
        raise Http404
    rows = (
        (
            one.seller or _("all others"),
            one.units,
            *(
                Money(minor, "CNY").amount
                for minor in (
                    *(one.paid_minor, one.alone_minor, one.shapley_minor),
                    *(one.error_minor, one.separable_minor),
                )
            ),
            one.draws or _("exact"),
            one.seed,
        )
        for one in told
    )
    content = write_csv(joint.HEAD, rows)
    answer = HttpResponse(content, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="joint-costs-{held.code}.csv"'
    return answer
