"""The lists of a month are declared together: what waits, and each declaration of a month."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import MemberRequest, role_required
from accounts.models import Company, Role
from core.clock import now
from core.errors import DomainError
from core.packing import MEDIA_TYPE
from customs import queries, services
from customs.forms import QueueForm, RejectionForm, ReleaseForm
from customs.forms_collecting import DrawForm
from customs.forms_countering import AmendmentForm, RequestForm
from customs.models import NO_LONGER, CollectiveDeclaration, DeclarationState
from customs.queries import collecting as of_months
from customs.queries import collective_papers as printed
from customs.queries.collective_set import amendable_together, collective_set, findings_to_come
from customs.rules.agreeing import disagreements_together
from customs.rules.declaring import EntryNumberTaken, NotAnEntryNumber, ReasonMissing
from customs.rules.goods import kilograms
from customs.views.countering import amendment_page, asked_page, dropped, withdrawal_page
from customs.views.declarations import WAY, counter_shown
from customs.views.papers import told
from warehouse.days import day_of
from web.files import attachment
from web.forms import posted, tried

_BESIDE: dict[type[DomainError], str] = {
    NotAnEntryNumber: "their_reference",
    EntryNumberTaken: "their_reference",
    ReasonMissing: "reason",
}
_MOVING = (DeclarationState.QUEUED, DeclarationState.GENERATING)


def _scope(request: MemberRequest) -> Company | None:
    """Whose the person sees: its own; the platform's operators see all."""
    return None if request.membership.role == Role.OPERATOR else request.membership.company


@never_cache
@require_GET
@role_required(Role.IMPORTER, Role.OPERATOR)
def collectives(request: MemberRequest) -> HttpResponse:
    """What waits for its month's declaration, by the last day; and the declarations drawn."""
    return _listed(request)


def _listed(request: MemberRequest, form: DrawForm | None = None) -> HttpResponse:
    today = day_of(now())
    context = {
        "groups": of_months.waiting_lists(_scope(request), today=today),
        "drawn": of_months.collectives_of(_scope(request))[: of_months.SHOWN],
        "today": today,
        "may_act": request.membership.role == Role.IMPORTER,
        "form": form,
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "customs/collectives.html", context, status=status)


@require_POST
@role_required(Role.IMPORTER)
def draw(request: MemberRequest) -> HttpResponse:
    """Draw one declaration of the lists that were chosen."""
    importer = request.membership.company
    groups = of_months.waiting_lists(importer, today=day_of(now()))
    choices = [one.told.reference for group in groups for one in group.lists]
    form = DrawForm(request.POST, choices=choices)
    if form.is_valid():
        act = partial(
            services.draw_collective, importer=importer, lists=form.cleaned_data["lists"], now=now()
        )
        drawn = tried(form, act)
        if drawn is not None:
            return redirect("collective", reference=drawn.our_reference)
    return _listed(request, form)


@never_cache
@require_GET
@role_required(Role.IMPORTER, Role.OPERATOR)
def collective(request: MemberRequest, reference: str) -> HttpResponse:
    found = of_months.collective_of(reference)
    data = collective_set(found.pk)
    papers = printed.papers_together(found, data)
    paper = of_months.lodged_paper(found)
    is_importer = request.membership.role == Role.IMPORTER
    taken = list(found.steps.order_by("pk"))
    shown = found.state
    if paper is not None and paper.state == "failed" and found.state in _MOVING:
        shown = "failed"
    moving = any(it.document.state in ("queued", "generating") for it in papers)
    context = {
        "declaration": found,
        "data": data,
        "gross_kg": kilograms(found.gross_weight_g),
        "net_kg": kilograms(found.net_weight_g),
        "shown": shown,
        "polled": "generating" if moving and shown != "failed" else shown,
        "paper": paper,
        "papers": papers,
        "lists": list(of_months.lists_of(found)),
        "goods": list(found.goods.order_by("position")),
        "differences": [told(one) for one in disagreements_together(data)],
        "sets": [
            one for one in ("zh-hans", "en") if not printed.missing_together(papers, data, one)
        ],
        "findings": findings_to_come(found, day=day_of(now())),
        "steps": _way(found, taken, is_failed=shown == "failed"),
        "history": taken[::-1],
        "may_act": is_importer,
        "queue_form": QueueForm(),
        "release_form": ReleaseForm(),
        "rejection_form": RejectionForm(),
        "request_form": RequestForm(auto_id="asked_%s"),
        "counters": [counter_shown(one) for one in queries.counters_of(found)],
        "may_counter": is_importer and found.state in services.WITH_CUSTOMS,
        "may_drop": is_importer and found.state in (DeclarationState.DRAFT, DeclarationState.READY),
        "replaced_by": getattr(found, "replaced_by", None),
    }
    return render(request, "customs/collective.html", context)


def _way(
    found: CollectiveDeclaration, taken: list[Any], *, is_failed: bool
) -> list[dict[str, object]]:
    by_state = {one.state: one for one in taken}
    way: list[dict[str, object]] = []
    for state in WAY:
        step = by_state.get(state)
        if found.state in NO_LONGER and state == DeclarationState.RELEASED:
            ended = by_state.get(found.state)
            told_at = ended.at if ended else None
            label = DeclarationState(found.state).label
            way.append({"label": label, "at": told_at, "note": "", "state": "bad"})
            continue
        is_now = state == found.state
        mark = "now" if is_now and state != DeclarationState.RELEASED else "done" if step else ""
        way.append(
            {
                "label": state.label,
                "at": step.at if step else None,
                "note": "",
                "state": "bad" if is_now and is_failed else mark,
            }
        )
    return way


@require_POST
@role_required(Role.IMPORTER)
def order(request: MemberRequest, reference: str) -> HttpResponse:
    """Have its papers made; what still holds is not made again, what failed is tried again."""
    found, form = of_months.collective_of(reference), QueueForm(request.POST)
    language = form.cleaned_data["language"] if form.is_valid() else "zh-hans"
    services.order_collective_papers(collective=found, language=language, now=now())
    return redirect("collective", reference=reference)


@require_POST
@role_required(Role.IMPORTER)
def lodge(request: MemberRequest, reference: str) -> HttpResponse:
    services.lodge_collective(collective=of_months.collective_of(reference), now=now())
    messages.success(request, _("Recorded as lodged. Enter here what customs answers."))
    return redirect("collective", reference=reference)


@require_POST
@role_required(Role.IMPORTER)
def release(request: MemberRequest, reference: str) -> HttpResponse:
    """Record that customs closed it under its number."""
    found, form = of_months.collective_of(reference), ReleaseForm(request.POST)
    if form.is_valid():
        act = partial(
            services.release_collective,
            collective=found,
            their_reference=form.cleaned_data["their_reference"],
            now=now(),
        )
        if tried(form, act, beside=_BESIDE) is not None:
            return redirect("collective", reference=reference)
    return asked_page(request, found, form, _("Record the release"))


@require_POST
@role_required(Role.IMPORTER)
def reject(request: MemberRequest, reference: str) -> HttpResponse:
    """Record that customs sent it back."""
    found, form = of_months.collective_of(reference), RejectionForm(request.POST)
    if form.is_valid():
        act = partial(
            services.reject_collective,
            collective=found,
            reason=form.cleaned_data["reason"],
            now=now(),
        )
        if tried(form, act, beside=_BESIDE) is not None:
            return redirect("collective", reference=reference)
    return asked_page(request, found, form, _("Record the rejection"))


@require_POST
@role_required(Role.IMPORTER)
def drop(request: MemberRequest, reference: str) -> HttpResponse:
    """Set one aside that was never lodged."""
    found = of_months.collective_of(reference)
    return dropped(request, found, partial(services.drop_collective, collective=found))


@require_http_methods(["GET", "POST"])
@role_required(Role.IMPORTER)
def amend(request: MemberRequest, reference: str) -> HttpResponse:
    """Ask customs to change fields of it; each row names one."""
    found = of_months.collective_of(reference)
    form = AmendmentForm(posted(request), stands=amendable_together(found))
    ask = partial(services.ask_amendment_together, collective=found)
    return amendment_page(request, found, form, ask)


@require_http_methods(["GET", "POST"])
@role_required(Role.IMPORTER)
def withdraw(request: MemberRequest, reference: str) -> HttpResponse:
    """Ask customs to withdraw it; its lists wait again once customs did."""
    found = of_months.collective_of(reference)
    ask = partial(services.ask_withdrawal_together, collective=found)
    return withdrawal_page(request, found, ask)


@never_cache
@require_GET
@role_required(Role.IMPORTER, Role.OPERATOR)
def paper(request: MemberRequest, reference: str, document: str) -> HttpResponse:
    """One finished paper."""
    found = of_months.collective_of(reference)
    made = printed.month_paper(found, document)
    name = printed.month_file_name(made, reference)
    return attachment(bytes(made.content or b""), made.media_type, name)


@never_cache
@require_GET
@role_required(Role.IMPORTER, Role.OPERATOR)
def papers_set(request: MemberRequest, reference: str, language: str) -> HttpResponse:
    """All of its papers as a ZIP file, once they agree and say what the data say."""
    if language not in ("zh-hans", "en"):
        raise Http404
    found = of_months.collective_of(reference)
    content = printed.month_set(found, collective_set(found.pk), language)
    return attachment(content, MEDIA_TYPE, f"{reference}-{language}.zip")


#: Below ``customs/``: address, view and name.
PAGES = (
    ("collective/", collectives, "collectives"),
    ("collective/draw/", draw, "collective_draw"),
    ("collective/<str:reference>/", collective, "collective"),
    ("collective/<str:reference>/papers/", order, "collective_order"),
    ("collective/<str:reference>/papers/<str:document>.pdf", paper, "collective_paper"),
    ("collective/<str:reference>/papers-<str:language>.zip", papers_set, "collective_set"),
    ("collective/<str:reference>/lodge/", lodge, "collective_lodge"),
    ("collective/<str:reference>/release/", release, "collective_release"),
    ("collective/<str:reference>/reject/", reject, "collective_reject"),
    ("collective/<str:reference>/drop/", drop, "collective_drop"),
    ("collective/<str:reference>/amend/", amend, "collective_amend"),
    ("collective/<str:reference>/withdraw/", withdraw, "collective_withdraw"),
)
