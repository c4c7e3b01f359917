"""The worker's side: take a due job, stand behind the person's walls, do it, keep its result.

A worker that dies loses its lease. An export is then made anew; a bulk action goes on with the
rows that have no outcome yet, because each row's outcome is written with the act itself.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import IO, Any

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import Case, Count, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce
from django.http import Http404
from django.utils import timezone, translation
from django.utils.translation import gettext_noop

from accounts.middleware import walls_of, who
from core.acting import acting
from core.errors import DomainError
from core.listed import how_many
from core.listing import parse
from core.taking import one_at_a_time
from jobs.models import Job, JobKind, JobOutcome, JobPart, JobState
from jobs.refusals import RowFault, RowGone
from jobs.services import exporting
from jobs.services.asker import demand_asker
from web.tables import Action, Noted, Table, Viewer, tables
from web.templatetags.bondpool import told as told_fact

log = logging.getLogger(__name__)

NO_ANSWER = gettext_noop("The worker ended without an answer each time.")
OUR_FAULT = gettext_noop("The job could not be done; the fault is ours.")

Now = Callable[[], datetime]

#: A file is kept so long, and in pieces of this size.
KEPT = timedelta(days=7)
PIECE = 1_000_000
#: So long files of very many rows let everything else go first.
LONG_WAITS = timedelta(minutes=10)
#: Jobs that are thrown out at one look.
_OUT_AT_ONCE = 20
#: Rows of a bulk action between two words about the progress.
STEP = 20


class _Stopped(Exception):
    """The job was cancelled, or another worker has it now."""


def work(*, now: Now) -> int:
    """Do the due jobs, one by one, until none is due. Call it platform-wide. Returns how many."""
    _throw_out(now())
    worked = 0
    while (job := _claim(now())) is not None:
        worked += 1
        try:
            with translation.override(job.language), _walls(job):
                _do(job, now)
        except _Stopped:
            Job.objects.filter(
                pk=job.pk, state=JobState.RUNNING, attempts=job.attempts, is_cancel_asked=True
            ).update(
                state=JobState.CANCELLED, finished_at=now(), leased_until=None, **_counted(job)
            )
        except DomainError as refusal:
            _end(job, JobState.FAILED, now(), error=refusal.rule(), last_error=_said(refusal))
        except Http404 as missing:
            # What the list stands within is the person's no longer.
            _end(job, JobState.FAILED, now(), error=RowGone().rule(), last_error=_said(missing))
        # One job that cannot be done must not stop the others; the reason is kept.
        except Exception as error:
            log.exception("job %s could not be done", job.public_id)
            _put_back(job, error, now())
    return worked


def _claim(now: datetime) -> Job | None:
    lease = now + timedelta(seconds=settings.BONDPOOL_LEASE_SECONDS)
    due = Q(state=JobState.QUEUED, due_at__lte=now) | Q(
        state=JobState.RUNNING, leased_until__lt=now
    )
    with transaction.atomic():
        # Mails, webhooks and papers are made by the same workers: a process stays free for them.
        _wait_for_the_others()
        running = Job.objects.filter(state=JobState.RUNNING, leased_until__gte=now)
        if running.count() >= settings.BONDPOOL_JOBS_AT_ONCE:
            return None
        job = _next(Job.objects.filter(due), now)
        if job is None:
            return None
        job.state, job.leased_until, job.served_at = JobState.RUNNING, lease, now
        job.attempts += 1
        job.save(update_fields=["state", "leased_until", "served_at", "attempts"])
    return job


def _next(due: QuerySet[Job], now: datetime) -> Job | None:
    """Long files after everything else, unless they have waited long enough; then of the company
    that has the fewest jobs at work, and among those of the one that was served longest ago.

    A company that asks for twenty things has one done in each turn.
    """
    of_owner = Job.objects.filter(owner=OuterRef("owner")).order_by()
    running = of_owner.filter(state=JobState.RUNNING, leased_until__gte=now)
    served = of_owner.filter(served_at__isnull=False).order_by("-served_at")
    is_long = Q(kind=JobKind.EXPORT, total=0, queued_at__gt=now - LONG_WAITS)
    return (
        due.select_for_update(skip_locked=True, of=("self",))
        .select_related("owner", "user")
        .annotate(
            turn=Case(When(is_long, then=1), default=0),
            busy=Coalesce(Subquery(running.values("owner").annotate(n=Count("pk")).values("n")), 0),
            served=Subquery(served.values("served_at")[:1]),
        )
        .order_by("turn", "busy", F("served").asc(nulls_first=True), "due_at", "pk")
        .first()
    )


def _wait_for_the_others() -> None:
    """Whoever takes a job waits here for whoever takes one at this moment, and then counts."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('jobs.work'))")


def _walls(job: Job) -> AbstractContextManager[None]:
    """A job sees what whoever asked for it sees, and nothing else."""
    return walls_of(job.role, job.owner_id)


def _do(job: Job, now: Now) -> None:
    if job.attempts > settings.BONDPOOL_MAX_ATTEMPTS:
        _end(job, JobState.FAILED, now(), error=NO_ANSWER)
        return
    member = demand_asker(job, now())
    # The history names who asked for it and from where, and not the worker alone.
    with acting(request_id=job.request_id, **{**who(member), **job.asked}):
        _make(job, now)


def _make(job: Job, now: Now) -> None:
    table = tables()[job.table]
    at = now()
    viewer = Viewer(
        *(job.user, job.owner, job.role, timezone.localdate(at), at, job.queued_at),
        given=job.params.get("given"),
    )
    if job.kind == JobKind.EXPORT:
        _export(job, table, viewer, now)
        return
    action = next(one for one in table.actions if one.name == job.action)
    if action.gather is not None:
        _gather(job, table, action, viewer, now)
    else:
        _act(job, table, action, viewer, now)


def _still_mine(job: Job, now: datetime, **progress: Any) -> None:
    """Say how far it is and keep the lease. Raises _Stopped when the job is no longer ours."""
    demand_asker(job, now)
    lease = now + timedelta(seconds=settings.BONDPOOL_LEASE_SECONDS)
    mine = Job.objects.filter(
        pk=job.pk, state=JobState.RUNNING, attempts=job.attempts, is_cancel_asked=False
    ).update(leased_until=lease, **progress)
    if not mine:
        raise _Stopped


def _export(job: Job, table: Table, viewer: Viewer, now: Now) -> None:
    listing = table.listing_for(viewer)
    query = parse(listing, job.params["query"])
    found = _rows(job, table, viewer)
    total = how_many(listing, found, query)
    exporting.check_fits(job.action, total)
    _still_mine(job, now(), total=total, done=0)
    with tempfile.TemporaryFile() as file:
        exporting.write(
            viewer,
            table,
            found,
            listing,
            query,
            job.action,
            file,
            lambda done: _still_mine(job, now(), done=done),
        )
        name = exporting.file_name(table, job.action, job.queued_at)
        _keep(job, file, name, exporting.MEDIA[job.action], now())


def _rows(job: Job, table: Table, viewer: Viewer) -> Any:
    return table.rows_in(viewer, job.params.get("in", ""))


def _gather(job: Job, table: Table, action: Action, viewer: Viewer, now: Now) -> None:
    if action.gather is None:
        return
    found = _rows(job, table, viewer).filter(pk__in=job.params["ids"]).order_by("pk")
    name, media, content = action.gather(found, viewer)
    with tempfile.TemporaryFile() as file:
        file.write(content)
        _keep(job, file, name, media, now(), done=job.total)


def _keep(job: Job, file: IO[bytes], name: str, media: str, now: datetime, **more: int) -> None:
    """Store a file's pieces and end the job, both or neither, and only while it is ours."""
    size = file.tell()
    file.seek(0)
    with transaction.atomic():
        demand_asker(job, now)
        JobPart.objects.filter(job=job).delete()
        position = 0
        while piece := file.read(PIECE):
            JobPart.objects.create(job=job, owner_id=job.owner_id, position=position, content=piece)
            position += 1
        ended = _end(
            job,
            JobState.DONE,
            now,
            result_name=name,
            result_type=media,
            result_bytes=size,
            expires_at=now + KEPT,
            **more,
        )
        if not ended:
            # Another worker took over: its file is the one.
            raise _Stopped


def _act(job: Job, table: Table, action: Action, viewer: Viewer, now: Now) -> None:
    known = set(JobOutcome.objects.filter(job=job).values_list("row", flat=True))
    failed = []
    for count, key in enumerate(job.params["ids"], 1):
        if key not in known:
            try:
                _act_on(job, table, action, viewer, key, now())
            except _Stopped:
                raise
            # One row that cannot be done must not hold up those behind it.
            except Exception:
                log.exception("row %s of job %s could not be done", key, job.public_id)
                failed.append(key)
        if count % STEP == 0:
            _still_mine(job, now(), **_counted(job))
    for key in failed:
        _act_again(job, table, action, viewer, key, now())
    _still_mine(job, now(), **_counted(job))
    _end(job, JobState.DONE, now())


def _act_again(
    job: Job, table: Table, action: Action, viewer: Viewer, key: int, now: datetime
) -> None:
    """Once more, after all others; what fails twice has an outcome that says so."""
    _still_mine(job, now, **_counted(job))
    try:
        _act_on(job, table, action, viewer, key, now)
    except _Stopped:
        raise
    except Exception:
        # A database that is away refuses this row too, and the whole job is put back.
        log.exception("row %s of job %s could not be done again", key, job.public_id)
        row = _rows(job, table, viewer).filter(pk=key).first()
        JobOutcome.objects.create(
            job=job,
            owner_id=job.owner_id,
            row=key,
            name=table.name_of(row)[:120] if row is not None else "",
            is_done=False,
            code=RowFault.code,
            rule=RowFault.rule(),
        )


def _counted(job: Job) -> dict[str, int]:
    """How far a bulk action is; of a file, the pages that are written tell it."""
    if job.kind != JobKind.ACT:
        return {}
    outcomes = JobOutcome.objects.filter(job=job)
    return {"done": outcomes.count(), "refused": outcomes.filter(is_done=False).count()}


def _act_on(
    job: Job, table: Table, action: Action, viewer: Viewer, key: int, now: datetime
) -> None:
    """One row in one transaction with its outcome; a refusal takes back the act alone."""
    if action.is_alone:
        _act_alone(job, table, action, viewer, key, now)
        return
    try:
        with transaction.atomic():
            # First, and unique: a worker that thinks the job still its own waits here and loses.
            outcome = JobOutcome.objects.create(job=job, owner_id=job.owner_id, row=key)
            told = _tried(job, table, action, viewer, key, now)
            JobOutcome.objects.filter(pk=outcome.pk).update(**told)
    except IntegrityError:
        if not JobOutcome.objects.filter(job=job, row=key).exists():
            raise


def _act_alone(
    job: Job, table: Table, action: Action, viewer: Viewer, key: int, now: datetime
) -> None:
    """One row without a transaction around the act. A worker that lost its lease while it asked
    outside still holds the row: the next one waits here, and finds it done."""
    with one_at_a_time("jobs.row", job.pk, key):
        _still_mine(job, now)
        if not JobOutcome.objects.filter(job=job, row=key).exists():
            JobOutcome.objects.create(**_tried(job, table, action, viewer, key, now))


def _tried(
    job: Job, table: Table, action: Action, viewer: Viewer, key: int, now: datetime
) -> dict[str, Any]:
    """Act on one row and say what became of it."""
    told: dict[str, Any] = {"job": job, "owner_id": job.owner_id, "row": key}
    row = _rows(job, table, viewer).filter(pk=key).first()
    try:
        if row is None:
            raise RowGone()
        if saw := job.params.get("seen", {}).get(str(key)):
            viewer = replace(viewer, seen_at=datetime.fromisoformat(saw))
        told["name"] = table.name_of(row)[:120]
        if action.is_alone:
            noted = _each(action)(row, viewer, now)
        else:
            with transaction.atomic():
                noted = _each(action)(row, viewer, now)
        if noted is not None:
            told |= {"rule": noted.rule, "facts": _told_facts(noted.facts)}
    except (DomainError, Http404) as error:
        refusal = error if isinstance(error, DomainError) else RowGone()
        facts = _told_facts(refusal.facts)
        told |= {"is_done": False, "code": refusal.code, "rule": refusal.rule(), "facts": facts}
    return told


def _told_facts(facts: Mapping[str, object]) -> dict[str, str]:
    return {name: told_fact(value)[:500] for name, value in facts.items()}


def _each(action: Action) -> Callable[[Any, Viewer, datetime], Noted | None]:
    if action.each is None:
        raise TypeError(f"{action.name} acts on no single row")
    return action.each


def _end(job: Job, state: JobState, now: datetime, **more: Any) -> int:
    mine = Job.objects.filter(pk=job.pk, state=JobState.RUNNING, attempts=job.attempts)
    told = {**_counted(job), **more}
    return mine.update(state=state, finished_at=now, leased_until=None, **told)


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".replace("\x00", "")[:2000]


def _put_back(job: Job, error: Exception, now: datetime) -> None:
    if job.attempts >= settings.BONDPOOL_MAX_ATTEMPTS:
        _end(job, JobState.FAILED, now, error=OUR_FAULT, last_error=_said(error))
        return
    wait = timedelta(seconds=min(2**job.attempts, 600))
    Job.objects.filter(pk=job.pk, state=JobState.RUNNING, attempts=job.attempts).update(
        state=JobState.QUEUED,
        due_at=now + wait,
        leased_until=None,
        last_error=_said(error),
        **_counted(job),
    )


def _throw_out(now: datetime) -> None:
    """Files are kept a week; that there was one stays known as long as notices are kept."""
    JobPart.objects.filter(job__expires_at__lt=now).delete()
    before = now - timedelta(days=settings.BONDPOOL_NOTICES_KEPT_DAYS)
    over = Job.objects.filter(finished_at__lt=before).order_by("finished_at")
    Job.objects.filter(pk__in=list(over.values_list("pk", flat=True)[:_OUT_AT_ONCE])).delete()
