from __future__ import annotations

import secrets
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Company, Membership, User
from core.walls import owned_by
from rest.models import ApiToken


def public_id() -> str:
    """A name for a job that nobody can guess."""
    return secrets.token_urlsafe(16)


class JobKind(models.TextChoices):
    EXPORT = "export", _("export")
    ACT = "act", _("bulk action")
    GATHER = "gather", _("collected files")


class JobState(models.TextChoices):
    QUEUED = "queued", _("queued")
    RUNNING = "running", _("running")
    DONE = "done", pgettext_lazy("job", "done")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")


class Job(models.Model):
    """Work a person asked for that takes longer than a page may. The row is the work.

    ``owner`` and ``role`` say for whom the person acted: the worker stands behind the same
    walls. ``params`` holds filters and ids, never what rows contain. ``attempts`` tells apart
    the workers that had the row: one that lost its lease can write no more. ``asked`` and
    ``request_id`` say from where it was asked for: the history of what the worker changes
    names the person, the address and the token, and stays when the job is thrown away.
    """

    public_id = models.CharField(max_length=24, unique=True, default=public_id)
    kind = models.CharField(max_length=6, choices=JobKind)
    table = models.CharField(max_length=40)
    action = models.CharField(max_length=40)
    owner = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=12)
    language = models.CharField(max_length=10, default="zh-hans")
    params = models.JSONField(default=dict, blank=True)
    #: Both at the moment of asking: whoever left and came back since begins anew.
    membership = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    stint = models.PositiveSmallIntegerField(default=1)
    token = models.ForeignKey(
        ApiToken, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    asked = models.JSONField(default=dict, blank=True)
    request_id = models.UUIDField(null=True, blank=True)
    state = models.CharField(max_length=9, choices=JobState, default=JobState.QUEUED)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    is_cancel_asked = models.BooleanField(default=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    queued_at = models.DateTimeField()
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True, blank=True)
    #: When a worker took it last: who was served longest ago is served next.
    served_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    result_name = models.CharField(max_length=80, blank=True)
    result_type = models.CharField(max_length=80, blank=True)
    result_bytes = models.PositiveBigIntegerField(default=0)
    expires_at = models.DateTimeField(null=True, blank=True)
    #: The sentence of a refusal, in English; pages translate it.
    error = models.TextField(blank=True)
    #: What the machine said when it last went wrong; for the operator's eyes alone.
    last_error = models.TextField(blank=True)

    objects: ClassVar[models.Manager[Job]] = owned_by("owner")

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["due_at", "id"],
                name="job_due",
                condition=Q(state__in=["queued", "running"]),
            ),
            models.Index(fields=["user", "owner", "role", "-id"], name="job_of_person"),
            models.Index(
                fields=["finished_at"], name="job_ended", condition=Q(finished_at__isnull=False)
            ),
            models.Index(
                fields=["owner", "-served_at"],
                name="job_served",
                condition=Q(served_at__isnull=False),
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(result_name="") | Q(state="done"), name="a_result_is_of_a_finished_job"
            )
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def is_open(self) -> bool:
        return self.state in {JobState.QUEUED, JobState.RUNNING}

    @property
    def percent(self) -> int:
        """How far it is; 0 while nobody knows how much there is."""
        return min(100, self.done * 100 // self.total) if self.total else 0


class JobPart(models.Model):
    """A piece of a job's file, so that neither making nor sending it needs it whole."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="parts")
    owner = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveIntegerField()
    content = models.BinaryField()

    objects: ClassVar[models.Manager[JobPart]] = owned_by("owner")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["job", "position"], name="one_part_per_place_of_a_file")
        ]

    def __str__(self) -> str:
        return f"{self.job_id}/{self.position}"


class JobOutcome(models.Model):
    """What became of one row of a bulk action; written with the act itself, so it counts once."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="outcomes")
    owner = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    row = models.BigIntegerField()
    name = models.CharField(max_length=120, blank=True)
    is_done = models.BooleanField(default=True)
    #: The refusal, or a note of what was done: its code, its sentence in English, and its facts.
    code = models.CharField(max_length=64, blank=True)
    rule = models.TextField(blank=True)
    facts = models.JSONField(default=dict, blank=True)

    objects: ClassVar[models.Manager[JobOutcome]] = owned_by("owner")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["job", "row"], name="a_job_does_a_row_once")
        ]

    def __str__(self) -> str:
        return f"{self.job_id}/{self.row}"
