"""The lists of one's own jobs and of what became of their rows, and of those that failed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Role
from core.filters import Choices, Days
from core.listing import Listing, Search
from jobs.models import JobKind, JobOutcome, JobState
from jobs.queries import OUTCOMES, failed_jobs, jobs_of
from web.tables import Column, Empty, Table, Viewer, tables
from web.templatetags.bondpool import badge, told, words

LISTING = Listing(
    name="jobs",
    sorts={"newest": "pk"},
    default="-newest",
    filters=(
        Choices(name="state", path="state", choices=JobState.choices, label=_("State")),
        Choices(name="kind", path="kind", choices=JobKind.choices, label=_("Kind")),
        Days(name="queued", path="queued_at", label=_("Asked for")),
    ),
)


def _title(job: Any) -> str:
    table = tables().get(job.table)
    action = next((one for one in table.actions if one.name == job.action), None) if table else None
    what = str(action.label) if action else job.action.upper()
    return f"{table.title if table else job.table} · {what}"


JOBS = Table(
    key="jobs",
    scope="jobs:read",
    title=_("My jobs"),
    listing=LISTING,
    rows=jobs_of,
    roles=frozenset(Role.values),
    named="public_id",
    is_moving=lambda job: job.is_open,
    columns=(
        Column(label=_("Job"), value=_title, link=lambda job: reverse("job", args=[job.public_id])),
        Column(label=_("Kind"), value="kind", kind="choice"),
        Column(label=_("State"), value="state", kind="state"),
        Column(label=_("Asked for"), value="queued_at", kind="moment", sort="newest"),
        Column(label=_("Ended"), value="finished_at", kind="moment"),
        Column(label=_("Done"), value="done", kind="qty"),
        Column(label=_("Refused"), value="refused", kind="qty"),
    ),
    empty=Empty(
        _("No jobs yet"),
        _("Large exports and actions on many rows stand here, with how far they are."),
        "progress",
    ),
)

FAILED = Table(
    key="failed-jobs",
    title=_("Failed jobs"),
    listing=Listing(
        name="failed-jobs",
        sorts={"newest": "pk"},
        default="-newest",
        search=Search(prefix=("owner__code", "user__email"), hint=_("Company code or e-mail")),
        filters=(
            Choices(name="kind", path="kind", choices=JobKind.choices, label=_("Kind")),
            Days(name="queued", path="queued_at", label=_("Asked for")),
        ),
    ),
    rows=lambda viewer: failed_jobs(),
    roles=frozenset({Role.OPERATOR}),
    named="public_id",
    columns=(
        Column(label=_("Job"), value=_title),
        Column(label=_("Asked by"), value="user.email", note="owner.code"),
        Column(label=_("Company code"), value="owner.code", kind="number", on_page=False),
        Column(label=_("Asked for"), value="queued_at", kind="moment", sort="newest"),
        Column(label=_("Ended"), value="finished_at", kind="moment"),
        Column(label=_("Attempts"), value="attempts", kind="qty"),
        Column(
            label=_("What the person is told"),
            value=lambda job: gettext(job.error) if job.error else "",
        ),
        Column(label=_("What the machine said"), value="last_error"),
    ),
    empty=Empty(
        _("No job has failed"),
        _("What could not be done for anybody stands here, with what the machine said."),
        "circle-check",
    ),
)


def _outcomes(viewer: Viewer, public_id: str) -> QuerySet[JobOutcome]:
    job = get_object_or_404(jobs_of(viewer), public_id=public_id)
    found: QuerySet[JobOutcome] = JobOutcome.objects.filter(job=job)
    return found


def _became(one: JobOutcome) -> str:
    return pgettext("job", "done") if one.is_done else gettext("refused")


def _facts(one: JobOutcome) -> str:
    return " · ".join(f"{words(name)}: {told(value)}" for name, value in one.facts.items())


OUTCOMES_OF_A_JOB = Table(
    key="job-outcomes",
    title=_("What became of each row"),
    # A person looks for what was refused.
    listing=replace(OUTCOMES, default="done"),
    rows=_outcomes,
    within="job",
    roles=frozenset(Role.values),
    named="name",
    columns=(
        Column(label=_("Row"), value=lambda one: one.name or one.row, kind="number", sort="row"),
        Column(
            label=_("State"),
            value=_became,
            sort="done",
            draw=lambda one: badge("settled" if one.is_done else "refused", _became(one)),
        ),
        Column(
            label=_("Reason"),
            value=lambda one: gettext(one.rule) if one.rule else "",
            note=_facts,
        ),
        Column(label=_("Details"), value=_facts, on_page=False),
    ),
    empty=Empty(
        _("No row is done yet"), _("Each row stands here with what became of it."), "progress"
    ),
)

TABLES = (JOBS, FAILED, OUTCOMES_OF_A_JOB)
