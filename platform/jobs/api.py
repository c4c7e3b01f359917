"""Exports and bulk actions over the API: asked for, followed, stopped, fetched."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any, Literal

from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from ninja import Schema, Status
from pydantic import AwareDatetime, Field

from accounts.access import demand_recent_confirmation, demand_standing
from core import clock
from jobs import queries, services
from jobs.models import Job, JobOutcome
from jobs.queries import OUTCOMES
from jobs.refusals import NameThem, ResultGone
from jobs.services.asking import MOST_ROWS
from jobs.showing import JobOut, job_out, viewer_of
from jobs.tables import LISTING
from rest.calling import Caller, caller_of
from rest.fields import Body
from rest.lists import page
from rest.routes import Routes
from web.files import XLSX
from web.tables import Table, Viewer, tables

routes = Routes(tags=["everybody"])


class JobOutcomeOut(Schema):
    """What became of one row of a bulk action."""

    name: str = Field(examples=["RO-2026-000001"])
    is_done: bool = Field(examples=[True])
    code: str = Field(description="The rule that refused it", examples=[""])
    detail: str = Field(examples=[""])
    facts: dict[str, Any] = Field(examples=[{}])


class ListExportIn(Body):
    """Which list, what of it, and how it is written."""

    listing: str = Field(min_length=1, max_length=40, examples=["retail-orders"])
    kind: Literal["csv", "xlsx"] = Field("csv", examples=["csv"])
    query: dict[str, str] = Field(
        default_factory=dict,
        max_length=40,
        description="The list's own parameters (`q`, `sort`, filters); of a list within one "
        "thing, that thing's name as well",
        examples=[{"state": "allocated", "sort": "-placed_at"}],
    )


class ActionIn(Body):
    """Which action of which list, and on what: chosen numbers, or all that match a query."""

    listing: str = Field(min_length=1, max_length=40, examples=["retail-orders"])
    action: str = Field(min_length=1, max_length=40, examples=["cancel"])
    names: list[str] = Field(
        default_factory=list,
        max_length=MOST_ROWS,
        description="The rows' numbers; empty with `every`",
        examples=[["RO-2026-000001"]],
    )
    every: bool = Field(
        False, strict=True, description="Every row that the query leaves", examples=[False]
    )
    query: dict[str, str] = Field(
        default_factory=dict, max_length=40, examples=[{"state": "allocated"}]
    )
    seen: dict[str, AwareDatetime | None] = Field(
        default_factory=dict,
        max_length=MOST_ROWS,
        description="By number, what you saw of each row, where the action approves it: of a "
        "batch its `priced_at`. A row that was changed since is refused",
        examples=[{}],
    )


class ListOut(Schema):
    """A list that can be had as a file, and what can be done to its rows."""

    key: str = Field(examples=["retail-orders"])
    title: str = Field(examples=["Retail orders"])
    scope: str = Field(examples=["retail:read"])
    within: str = Field(
        description="The parameter that names the thing whose list it is; else empty",
        examples=[""],
    )
    parameters: list[str] = Field(examples=[["q", "sort", "state"]])
    actions: list[str] = Field(examples=[["cancel"]])


class Lists(Schema):
    """Those of one's role."""

    data: list[ListOut]


def _table(caller: Caller, key: str) -> Table:
    """Raises Http404 for a list that is no program's business, ScopeMissing for another's."""
    table = tables().get(key)
    if table is None or caller.role not in table.roles or not table.scope:
        raise Http404
    caller.demand(table.scope)
    return table


def _demand_known(table: Table, viewer: Viewer, query: dict[str, str]) -> None:
    """Raises UnknownParameter: with a typo the file, or the act, would be of every row."""
    table.listing_for(viewer).demand_known(query, beside={table.within} - {""})


def _mine(request: HttpRequest, public_id: str) -> Job:
    """One's own job; what a list's scope does not open is not there."""
    caller = caller_of(request)
    found = get_object_or_404(queries.jobs_of(viewer_of(caller, clock.now())), public_id=public_id)
    table = tables().get(found.table)
    if table is None or (table.scope and table.scope not in caller.scopes):
        raise Http404
    return found


@routes.show(
    "/lists", scope="jobs:read", response=Lists, summary=_("Show the lists"), is_single=False
)
def list_lists(request: HttpRequest) -> Lists:
    """What can be exported, and acted upon, in one's role and with one's scopes."""
    caller = caller_of(request)
    viewer = viewer_of(caller, clock.now())
    return Lists(
        data=[
            ListOut(
                key=one.key,
                title=str(one.title),
                scope=one.scope,
                within=one.within,
                parameters=list(one.listing_for(viewer).parameters),
                actions=[
                    action.name
                    for action in one.actions_for(viewer)
                    if action.scope and action.scope in caller.scopes
                ],
            )
            for one in tables().values()
            if caller.role in one.roles and one.scope in caller.scopes
        ]
    )


@routes.rows("/jobs", scope="jobs:read", listing=LISTING, row=JobOut, summary=_("List jobs"))
def list_jobs(request: HttpRequest) -> object:
    """One's own, of the person in whose name the request acts."""
    caller, at = caller_of(request), clock.now()
    hidden = [key for key, one in tables().items() if one.scope not in {"", *caller.scopes}]
    mine = queries.jobs_of(viewer_of(caller, at)).exclude(table__in=hidden)
    return page(request, LISTING, mine, partial(job_out, at=at))


@routes.show("/jobs/{job}", scope="jobs:read", response=JobOut, summary=_("Show a job"))
def get_job(request: HttpRequest, job: str) -> JobOut:
    """How far it is; ask again until it has ended."""
    return job_out(_mine(request, job), clock.now())


@routes.rows(
    "/jobs/{job}/outcomes",
    scope="jobs:read",
    listing=OUTCOMES,
    row=JobOutcomeOut,
    summary=_("List what became of the rows"),
)
def list_job_outcomes(request: HttpRequest, job: str) -> object:
    """Of a bulk action: each row, and in words why it was refused."""
    return page(request, OUTCOMES, JobOutcome.objects.filter(job=_mine(request, job)), _outcome)


def _outcome(one: JobOutcome) -> JobOutcomeOut:
    return JobOutcomeOut(
        name=one.name,
        is_done=one.is_done,
        code=one.code,
        detail=gettext(one.rule) if one.rule else "",
        facts=one.facts,
    )


@routes.file(
    "/jobs/{job}/file",
    scope="jobs:read",
    media_type=("text/csv", XLSX, "application/zip"),
    summary=_("Fetch a job's file"),
)
def get_job_file(request: HttpRequest, job: str) -> StreamingHttpResponse:
    """Kept for a week after the job has ended; withheld while the company is suspended."""
    found = _mine(request, job)
    demand_standing(caller_of(request).membership, method="POST")
    if not found.result_name:
        raise Http404
    if found.expires_at is not None and found.expires_at < clock.now():
        raise ResultGone(job=found.public_id)
    # What is written once is the same for ever.
    request.etag = f'"{found.public_id}"'  # type: ignore[attr-defined]
    headers = {
        "Content-Disposition": f'attachment; filename="{found.result_name}"',
        "Content-Length": str(found.result_bytes),
        "Cache-Control": "private, no-store",
    }
    return StreamingHttpResponse(
        queries.pieces(found), content_type=found.result_type, headers=headers
    )


@routes.create("/exports", scope="jobs:write", response=JobOut, summary=_("Export a list"))
def create_export(request: HttpRequest, wanted: ListExportIn) -> Status[JobOut]:
    """A worker writes what the query leaves into a file, every page of it."""
    caller = caller_of(request)
    table, viewer = _table(caller, wanted.listing), viewer_of(caller, clock.now())
    _demand_known(table, viewer, wanted.query)
    asked = services.start_export(
        viewer=viewer,
        table=table,
        params={name: [value] for name, value in wanted.query.items()},
        kind=wanted.kind,
        token=caller.token,
        now=clock.now(),
    )
    return Status(201, job_out(asked, clock.now()))


# Batches are priced and approved by actions, so the answers are kept as those of money are.
@routes.create(
    "/actions",
    scope="jobs:write",
    response=JobOut,
    summary=_("Act on many rows"),
    money=True,
)
def create_action(request: HttpRequest, wanted: ActionIn) -> Status[JobOut]:
    """A worker does it row by row; the job's outcomes say what became of each.

    Names that are not there are left out; when none is, it is refused.

    What releases money is done to named rows alone, and approving wants `seen` of each of them,
    as the approval of one wants If-Match.
    """
    caller = caller_of(request)
    table, viewer = _table(caller, wanted.listing), viewer_of(caller, clock.now())
    action = next((one for one in table.actions_for(viewer) if one.name == wanted.action), None)
    if action is None or not action.scope or not isinstance(table.named, str):
        raise Http404
    caller.demand(action.scope)
    if action.is_confirmed and wanted.every:
        raise NameThem(field="names")
    if action.is_confirmed and caller.token is None:
        demand_recent_confirmation(request)
    _demand_known(table, viewer, wanted.query)
    params = {name: [value] for name, value in wanted.query.items()}
    rows = table.rows_in(viewer, table.place_in(params))
    path = table.named.replace(".", "__")
    chosen = [] if wanted.every else rows.filter(**{f"{path}__in": wanted.names}).order_by("pk")
    asked = services.start_action(
        viewer=viewer,
        table=table,
        action=action,
        chosen=[row.pk for row in chosen],
        params=params,
        is_every=wanted.every,
        token=caller.token,
        seen=_seen(rows, path, wanted) if action.sees else None,
        now=clock.now(),
    )
    return Status(201, job_out(asked, clock.now()))


def _seen(rows: Any, path: str, wanted: ActionIn) -> dict[int, datetime | None]:
    """By key instead of by number."""
    named = rows.filter(**{f"{path}__in": list(wanted.seen)}).values_list("pk", path)
    return {pk: wanted.seen[name] for pk, name in named}


# Without If-Match: how far a job is changes at every moment, and stopping overwrites nothing.
@routes.ask("/jobs/{job}/cancel", scope="jobs:write", response=JobOut, summary=_("Stop a job"))
def cancel_job(request: HttpRequest, job: str) -> JobOut:
    """What was done stays done."""
    at = clock.now()
    return job_out(services.cancel(job=_mine(request, job), now=at), at)
