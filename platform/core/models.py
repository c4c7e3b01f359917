from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.kept_refusals import in_words


class NumberSeries(models.Model):
    """The last number given out of one series in one year (``PO``, 2026)."""

    prefix = models.CharField(max_length=8)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["prefix", "year"], name="one_series_per_prefix_and_year"
            )
        ]

    def __str__(self) -> str:
        return f"{self.prefix}-{self.year}"


class NumberBlock(models.Model):
    """Numbers of a series that one writer at a time takes from, while others take from others."""

    prefix = models.CharField(max_length=8)
    year = models.PositiveSmallIntegerField()
    next = models.PositiveIntegerField()
    last = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(next__lte=F("last") + 1), name="a_block_gives_no_more_than_it_has"
            ),
            models.UniqueConstraint(
                fields=["prefix", "year", "last"], name="no_two_blocks_of_the_same_numbers"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.prefix}-{self.year} {self.next}-{self.last}"


@dataclass(frozen=True, slots=True)
class Steps:
    """The states through which work goes, as its model calls them."""

    queued: str
    busy: str
    done: str
    failed: str


class WorkState(models.TextChoices):
    QUEUED = "queued", _("queued")
    GENERATING = "generating", _("generating")
    READY = "ready", _("ready")
    FAILED = "failed", _("failed")


class QueuedWork(models.Model):
    """Work for a worker. The row is the work; the broker only rings (``core.queue``).

    The number is fixed when the row is made. A model has a ``state`` of its own, whose ``steps``
    it names.
    """

    steps: ClassVar[Steps]
    fault_of_ours: ClassVar[object] = _(
        "It could not be made; the fault is ours, and its reason is in our log."
    )
    state: models.CharField[str, str]

    number = models.CharField(max_length=32, unique=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    queued_at = models.DateTimeField()
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.number

    @property
    def trouble(self) -> str:
        """Why it was given up, as a person is told: a refusal in its own words with its facts,
        anything else as the fault of the house. What the machine said stands in ``last_error`` and
        the log.
        """
        return in_words(self.last_error) or str(self.fault_of_ours)


class QueuedDocument(QueuedWork):
    """A file to be made by a worker.

    Number, kind and language are fixed when the row is made, so a worker that is killed
    and another that takes over make the same document. Content and READY come together
    or not at all (CHECK), in one compare-and-set, so there is exactly one file a row.
    """

    steps: ClassVar = Steps(
        queued=WorkState.QUEUED,
        busy=WorkState.GENERATING,
        done=WorkState.READY,
        failed=WorkState.FAILED,
    )

    kind = models.CharField(max_length=32)
    language = models.CharField(max_length=10, default="zh-hans")
    state = models.CharField(max_length=12, choices=WorkState, default=WorkState.QUEUED)
    made_at = models.DateTimeField(null=True, blank=True)
    media_type = models.CharField(max_length=64, default="application/pdf")
    content = models.BinaryField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    page_count = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True
        indexes: ClassVar = [
            models.Index(
                fields=["due_at", "id"],
                name="%(class)s_due",
                condition=Q(state__in=["queued", "generating"]),
            )
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="ready", content__isnull=False)
                | (~Q(state="ready") & Q(content__isnull=True)),
                name="%(app_label)s_%(class)s_ready_means_made",
            ),
        ]

    @property
    def file_name(self) -> str:
        return f"{self.number}.pdf"
