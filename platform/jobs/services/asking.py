"""A person asks for a job, or thinks better of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import get_language

from accounts.models import Membership
from core.acting import in_force
from core.listed import how_many, narrow
from core.listing import parse
from core.queue import ring
from jobs.models import Job, JobKind, JobState
from jobs.refusals import JobIsOver, NothingChosen, NotLookedAt, TooManyChosen, TooManyJobs
from rest.models import ApiToken
from web.tables import Action, Table, Viewer

BELL = "jobs.work"
#: Jobs of one person that may wait or run at once.
MOST_OPEN = 20
#: A file of more rows is a long one.
SHORT = 20_000
#: Rows of one bulk action, and of one that makes a file of them.
MOST_ROWS = 5_000
MOST_GATHERED = 500
#: What the history is told of the request, beside the person.
_TOLD = frozenset({"address", "method", "path", "token", "reason"})


@transaction.atomic
def start_export(
    *,
    viewer: Viewer,
    table: Table,
    params: Mapping[str, Sequence[str]],
    kind: str,
    token: ApiToken | None = None,
    now: datetime,
) -> Job:
    """Let a worker write what a list's filters leave into a file. Raises TooManyJobs."""
    listing = table.listing_for(viewer)
    query = parse(listing, dict(params))  # what is wrong is told now, not by a failed job
    found = table.rows_in(viewer, table.place_in(params))
    rows = how_many(listing, found, query, most=SHORT)
    known = {name: list(params[name]) for name in listing.parameters if name in params}
    told = {"query": known, **_place(viewer, table, params)}
    # Of a long list nobody knows yet how many rows it has, and shorter ones are made before it.
    total = rows if rows <= SHORT else 0
    return _start(viewer, JobKind.EXPORT, table, kind, told, total=total, token=token, now=now)


@transaction.atomic
def start_action(
    *,
    viewer: Viewer,
    table: Table,
    action: Action,
    chosen: Sequence[int],
    params: Mapping[str, Sequence[str]],
    is_every: bool,
    token: ApiToken | None = None,
    seen: Mapping[int, datetime | None] | None = None,
    given: Mapping[str, Any] | None = None,
    now: datetime,
) -> Job:
    """Let a worker act on the chosen rows, or on every row that matches at this moment.

    ``seen``: of an action that ``sees``, what the person saw of each row; ``given``: what the
    person said besides, in ``Viewer.given``. Raises NothingChosen,
    TooManyChosen, NotLookedAt, TooManyJobs; then nothing has been written.
    """
    ids = rows_chosen(
        viewer=viewer, table=table, action=action, chosen=chosen, params=params, is_every=is_every
    )
    kind = JobKind.GATHER if action.gather else JobKind.ACT
    told: dict[str, Any] = {"ids": ids, **_place(viewer, table, params)}
    if action.sees:
        told["seen"] = _looked_at(ids, seen or {})
    if given:
        told["given"] = dict(given)
    return _start(viewer, kind, table, action.name, told, total=len(ids), token=token, now=now)


def rows_chosen(
    *,
    viewer: Viewer,
    table: Table,
    action: Action,
    chosen: Sequence[int],
    params: Mapping[str, Sequence[str]],
    is_every: bool,
) -> list[int]:
    """The keys of the rows to act on, in the order of the keys; only what the person sees."""
    most = MOST_GATHERED if action.gather else MOST_ROWS
    listing = table.listing_for(viewer)
    found = table.rows_in(viewer, table.place_in(params))
    if is_every:
        found = narrow(listing, found, parse(listing, dict(params)))
    else:
        found = found.filter(pk__in=list(chosen)[: most + 1])
    ids = list(found.order_by("pk").values_list("pk", flat=True)[: most + 1])
    if not ids:
        raise NothingChosen()
    if len(ids) > most:
        raise TooManyChosen(limit=most)
    return ids


def saw_of(
    *,
    viewer: Viewer,
    table: Table,
    action: Action,
    ids: Sequence[int],
    params: Mapping[str, Sequence[str]],
    seen: Mapping[int, datetime | None],
) -> dict[int, datetime | None]:
    """What the person saw of each row: on the page of the list, and of rows beyond it now."""
    rows = table.rows_in(viewer, table.place_in(params)).filter(pk__in=ids)
    return {
        **dict(rows.values_list("pk", action.sees)),
        **{pk: seen[pk] for pk in ids if pk in seen},
    }


def _looked_at(ids: Sequence[int], seen: Mapping[int, datetime | None]) -> dict[str, str | None]:
    """As a job keeps it. Raises NotLookedAt."""
    unseen = sum(pk not in seen for pk in ids)
    if unseen:
        raise NotLookedAt(field="seen", rows=unseen)
    told = {pk: seen[pk] for pk in ids}
    return {str(pk): at.isoformat() if at else None for pk, at in told.items()}


def _place(viewer: Viewer, table: Table, params: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """The thing whose list it is, when it is one's own. Raises Http404."""
    place = table.place_in(params)
    table.rows_in(viewer, place)
    return {"in": place} if place else {}


def _start(
    viewer: Viewer,
    kind: JobKind,
    table: Table,
    action: str,
    params: dict[str, Any],
    *,
    total: int = 0,
    token: ApiToken | None,
    now: datetime,
) -> Job:
    mine = Job.objects.filter(user=viewer.user, owner=viewer.company)
    waiting = mine.filter(state__in=[JobState.QUEUED, JobState.RUNNING]).count()
    if waiting >= MOST_OPEN:
        raise TooManyJobs(limit=MOST_OPEN)
    request_id, facts = in_force()
    job = Job.objects.create(
        kind=kind,
        table=table.key,
        action=action,
        owner=viewer.company,
        user=viewer.user,
        role=viewer.role,
        language=get_language() or "zh-hans",
        params=params,
        token=token,
        **_powers(viewer, token),
        asked={name: fact for name, fact in facts.items() if name in _TOLD},
        request_id=request_id,
        total=total,
        queued_at=now,
        due_at=now,
    )
    ring(BELL)
    return job


def _powers(viewer: Viewer, token: ApiToken | None) -> dict[str, Any]:
    """The membership by which it is asked for, as it stands now."""
    if token is not None:
        return {"membership_id": token.membership_id, "stint": token.stint}
    mine = Membership.objects.filter(user=viewer.user, company=viewer.company, role=viewer.role)
    member = mine.first()
    return {"membership": member, "stint": member.stint} if member is not None else {}


@transaction.atomic
def cancel(*, job: Job, now: datetime) -> Job:
    """Stop a job: at once while it waits, after its present rows while it runs.

    What was done stays done. Raises JobIsOver.
    """
    locked = Job.objects.select_for_update().get(pk=job.pk)
    if not locked.is_open:
        raise JobIsOver(state=locked.state)
    locked.is_cancel_asked = True
    if locked.state == JobState.QUEUED:
        locked.state, locked.finished_at = JobState.CANCELLED, now
    locked.save(update_fields=["is_cancel_asked", "state", "finished_at"])
    return locked
