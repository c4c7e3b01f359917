"""A job as the API shows it, wherever one is started."""

from __future__ import annotations

from datetime import datetime

from django.utils.timezone import localdate
from django.utils.translation import gettext
from ninja import Schema
from pydantic import Field

from jobs.models import Job, JobKind, JobState
from rest.calling import Caller
from rest.fields import one_of
from web.tables import Viewer

_ID = "xb0Zk5mYt3QnJ8yC1rWv9g"


class JobOut(Schema):
    """Work that somebody asked for, and how far it is."""

    id: str = Field(examples=[_ID])
    kind: str = Field(
        description="export, act or gather",
        json_schema_extra=one_of(*JobKind.values),
        examples=["export"],
    )
    listing: str = Field(examples=["retail-orders"])
    action: str = Field(description="csv, xlsx or the name of the action", examples=["csv"])
    state: str = Field(
        description="queued, running, done, failed or cancelled",
        json_schema_extra=one_of(*JobState.values),
        examples=["done"],
    )
    done: int = Field(examples=[1240])
    total: int = Field(description="0 while nobody knows", examples=[1240])
    refused: int = Field(examples=[0])
    error: str = Field(examples=[""])
    queued_at: datetime = Field(examples=["2026-08-01T06:06:00Z"])
    finished_at: datetime | None = Field(examples=["2026-08-01T06:06:09Z"])
    file: str | None = Field(
        description="Where its file is fetched; null when it has none, or none any more",
        examples=[f"/api/v1/jobs/{_ID}/file"],
    )
    file_name: str = Field(examples=["retail-orders-20260801-1406.csv"])
    expires_at: datetime | None = Field(examples=["2026-08-08T06:06:09Z"])


def job_out(job: Job, at: datetime) -> JobOut:
    is_gone = job.expires_at is not None and job.expires_at < at
    has_file = bool(job.result_name) and not is_gone
    return JobOut(
        id=job.public_id,
        kind=job.kind,
        listing=job.table,
        action=job.action,
        state=job.state,
        done=job.done,
        total=job.total,
        refused=job.refused,
        error=gettext(job.error) if job.error else "",
        queued_at=job.queued_at,
        finished_at=job.finished_at,
        file=f"/api/v1/jobs/{job.public_id}/file" if has_file else None,
        file_name=job.result_name,
        expires_at=job.expires_at,
    )


def viewer_of(caller: Caller, at: datetime) -> Viewer:
    return Viewer(caller.user, caller.company, caller.role, localdate(at), at, at)
