"""Jobs as their person sees them."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.middleware import walls_of
from core.filters import Flag
from core.listing import Listing, Search
from jobs.models import Job, JobKind, JobPart, JobState
from web.tables import Viewer

OUTCOMES = Listing(
    name="job-outcomes",
    sorts={"row": "pk", "done": "is_done"},
    default="row",
    search=Search(prefix=("name",), hint=_("Number")),
    filters=(Flag(name="done", when=Q(is_done=True), label=_("Done")),),
)


def jobs_of(viewer: Viewer) -> QuerySet[Job]:
    """One's own jobs, for the company and in the role one acts in now."""
    found: QuerySet[Job] = Job.objects.filter(
        user=viewer.user, owner=viewer.company, role=viewer.role
    )
    return found


def under_way(viewer: Viewer, table: str, row: int) -> list[Job]:
    """One's own jobs that wait for, or act on, this row of a list."""
    mine = jobs_of(viewer).filter(table=table, kind=JobKind.ACT, params__ids__contains=[row])
    return list(mine.filter(state__in=[JobState.QUEUED, JobState.RUNNING]).order_by("pk"))


def failed_jobs() -> QuerySet[Job]:
    """Everybody's that came to nothing, for the operator."""
    found: QuerySet[Job] = Job.objects.filter(state=JobState.FAILED).select_related("owner", "user")
    return found


def open_jobs(*, user_id: int, company_id: int, role: str) -> QuerySet[Job]:
    """One's jobs that wait or run."""
    found: QuerySet[Job] = Job.objects.filter(
        user_id=user_id,
        owner_id=company_id,
        role=role,
        state__in=[JobState.QUEUED, JobState.RUNNING],
    )
    return found


def pieces(job: Job) -> Iterator[bytes]:
    """A job's file, piece by piece. Sent when the request's walls are down already: each
    piece is read behind walls of its own."""
    position = 0
    while True:
        with walls_of(job.role, job.owner_id):
            part = JobPart.objects.filter(job=job, position=position).first()
        if part is None:
            return
        yield bytes(part.content)
        position += 1
