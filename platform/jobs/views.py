"""Jobs with their progress; exports and bulk actions of any list."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from datetime import datetime

from django.contrib import messages
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    QueryDict,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_aware
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.access import MemberRequest, demand_standing, role_required, to_confirm_first
from accounts.models import Role
from core.clock import now
from jobs import queries, services
from jobs.models import Job, JobKind
from jobs.refusals import ResultGone
from jobs.services.asking import rows_chosen, saw_of
from jobs.services.exporting import MEDIA, file_name
from jobs.tables import FAILED, JOBS, OUTCOMES_OF_A_JOB
from web.lists import show_list, viewer_of
from web.tables import Action, Table, Viewer, look, tables

#: Rows with their amounts on the page that asks whether one is sure.
SHOWN = 200
#: Names of rows on the page that asks whether one is sure, where nothing stands beside them.
FEW = 20
#: Files that are packed while the person waits; more are a job.
GATHERED_AT_ONCE = 50


@never_cache
@require_GET
@role_required()
def jobs(request: MemberRequest) -> HttpResponse:
    return show_list(request, JOBS, "jobs/jobs.html")


@never_cache
@require_GET
@role_required(Role.OPERATOR)
def failed(request: MemberRequest) -> HttpResponse:
    """Everybody's jobs that came to nothing, and what the machine said."""
    return show_list(request, FAILED, "jobs/failed.html")


@never_cache
@require_GET
@role_required()
def job(request: MemberRequest, public_id: str) -> HttpResponse:
    found = _mine(request, public_id)
    is_poll = request.headers.get("HX-Target") == "job-poll"
    table = tables().get(found.table)
    action = (
        next((one for one in table.actions if one.name == found.action), None) if table else None
    )
    context = {
        "job": found,
        "table": table,
        "action": action,
        "has_file": bool(found.result_name) and not _is_gone(found),
        "is_gone": _is_gone(found),
        "good": found.done - found.refused,
        "onward": _onward(found, action),
        "said": _said(found),
        # The part that looks again by itself finds that there is nothing to wait for any more.
        "has_just_ended": is_poll,
    }
    if found.kind != JobKind.ACT or not found.done or is_poll:
        return render(request, "jobs/job.html", context)
    rows = found.outcomes.all()
    return show_list(
        request, OUTCOMES_OF_A_JOB, "jobs/job.html", context, place=public_id, rows=rows
    )


@require_POST
@role_required()
def cancel(request: MemberRequest, public_id: str) -> HttpResponse:
    services.cancel(job=_mine(request, public_id), now=now())
    messages.success(request, _("The job is being stopped; what was done stays done."))
    return redirect("job", public_id=public_id)


@require_GET
@role_required()
def result(request: MemberRequest, public_id: str) -> HttpResponseBase:
    """The file of a finished job, sent in pieces. Not to a company that was suspended since."""
    found = _mine(request, public_id)
    demand_standing(request.membership, method="POST")
    if not found.result_name:
        raise Http404
    if _is_gone(found):
        raise ResultGone(job=found.public_id)
    answer = StreamingHttpResponse(queries.pieces(found), content_type=found.result_type)
    answer["Content-Length"] = str(found.result_bytes)
    return _attached(answer, found.result_name)


@require_POST
@role_required()
def list_file(request: MemberRequest, key: str) -> HttpResponseBase:
    """What a list's filters leave, as a file: at once when it is short, else as a job."""
    viewer, table = _table(request, key)
    kind = request.POST.get("kind", "")
    if kind not in MEDIA:
        raise Http404
    params = _params(request.GET)
    with tempfile.TemporaryFile() as file:
        if services.export_now(viewer=viewer, table=table, params=params, kind=kind, file=file):
            file.seek(0)
            answer = HttpResponse(file.read(), content_type=MEDIA[kind])
            return _attached(answer, file_name(table, kind, now()))
    found = services.start_export(viewer=viewer, table=table, params=params, kind=kind, now=now())
    return redirect("job", public_id=found.public_id)


@require_POST
@role_required()
def list_act(request: MemberRequest, key: str) -> HttpResponseBase:
    """Something done to many rows: confirmed first where it cannot be taken back."""
    viewer, table = _table(request, key)
    action = next(
        (one for one in table.actions_for(viewer) if one.name == request.POST.get("action")), None
    )
    if action is None:
        raise Http404
    if action.is_confirmed and (way := to_confirm_first(request)):
        return way
    chosen = [
        int(told)
        for told in request.POST.getlist("row")
        if told.isascii() and told.isdecimal() and len(told) < 19
    ]
    told = {
        "viewer": viewer,
        "table": table,
        "action": action,
        "chosen": chosen,
        "params": _params(request.GET),
        "is_every": request.POST.get("all") == "yes",
    }
    seen = _seen(request.POST.getlist("seen")) if action.sees else {}
    if action.asks and request.POST.get("sure") != "yes":
        ids = rows_chosen(**told)  # type: ignore[arg-type]
        if action.sees:
            seen = saw_of(
                viewer=viewer,
                table=table,
                action=action,
                ids=ids,
                params=_params(request.GET),
                seen=seen,
            )
        rows = table.rows_in(viewer, table.place_in(request.GET))
        most = SHOWN if action.shows else FEW
        context = {
            "table": table,
            "action": action,
            "count": len(ids),
            "ids": ids,
            "rows": [
                (table.name_of(one), look(one, action.shows) if action.shows else "")
                for one in rows.filter(pk__in=ids[:most]).order_by("pk")
            ],
            "has_notes": bool(action.shows),
            "more": max(0, len(ids) - most),
            "seen": ",".join(f"{pk} {at.isoformat() if at else ''}" for pk, at in seen.items()),
        }
        return render(request, "jobs/confirm.html", context)
    if action.gather is not None:
        ids = rows_chosen(**told)  # type: ignore[arg-type]
        if len(ids) <= GATHERED_AT_ONCE:
            rows = table.rows_in(viewer, table.place_in(request.GET))
            chosen_rows = rows.filter(pk__in=ids).order_by("pk")
            name, media, content = action.gather(chosen_rows, viewer)
            return _attached(HttpResponse(content, content_type=media), name)
    found = services.start_action(**told, seen=seen, now=now())  # type: ignore[arg-type]
    return redirect("job", public_id=found.public_id)


def _seen(told: Iterable[str]) -> dict[int, datetime | None]:
    """``7 2026-10-01T10:00:00+00:00``, several with commas: what was seen of each row."""
    found: dict[int, datetime | None] = {}
    for one in ",".join(told).split(","):
        key, _space, moment = one.strip().partition(" ")
        if key.isascii() and key.isdecimal() and len(key) < 19:
            at = parse_datetime(moment) if moment else None
            if not moment or (at is not None and is_aware(at)):
                found[int(key)] = at
    return found


def _onward(found: Job, action: Action | None) -> str:
    """Where the one row that was acted on is looked at."""
    if action is None or action.leads is None:
        return ""
    return action.leads(found.params["ids"][0])


def _said(found: Job) -> str:
    """What is read out to who does not see the bar: in steps, so that it is no flood."""
    state = str(found.get_state_display())
    if not found.is_open or not found.total:
        return state
    return f"{state}, {found.percent - found.percent % 20} %"


def _mine(request: MemberRequest, public_id: str) -> Job:
    """One's own job; another person's, or of another company or role, is not there."""
    return get_object_or_404(queries.jobs_of(viewer_of(request)), public_id=public_id)


def _table(request: HttpRequest, key: str) -> tuple[Viewer, Table]:
    viewer, table = viewer_of(request), tables().get(key)
    if table is None or viewer.role not in table.roles:
        raise Http404
    return viewer, table


def _params(told: QueryDict) -> dict[str, list[str]]:
    return {name: told.getlist(name) for name in told}


def _is_gone(found: Job) -> bool:
    return found.expires_at is not None and found.expires_at < now()


def _attached(answer: HttpResponseBase, name: str) -> HttpResponseBase:
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer
