from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Company, Membership, User
from core.fields import EncryptedTextField
from core.history import tracked
from core.walls import owned_by


class Notice(models.Model):
    """Something happened that a company, or the platform itself, should hear of. Insert-only.

    ``event`` names an entry of the catalogue and ``facts`` fill its sentences, which are put
    together when somebody reads them, in the reader's language. ``subject`` is what it happened
    to: the same event of the same subject is told once. Without a company it is the platform's.
    """

    event = models.CharField(max_length=40)
    subject = models.CharField(max_length=120)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, null=True, related_name="+")
    facts = models.JSONField()
    told_at = models.DateTimeField()

    objects: ClassVar[models.Manager[Notice]] = owned_by("company")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["event", "subject", "company"],
                nulls_distinct=False,
                name="an_event_is_told_once_per_subject_and_company",
            )
        ]

    def __str__(self) -> str:
        return f"{self.event}:{self.subject}"


class MailWhen(models.TextChoices):
    """When an event reaches a mailbox."""

    NEVER = "never", pgettext_lazy("e-mail", "no e-mail")
    NOW = "now", pgettext_lazy("e-mail", "at once")
    DAILY = "daily", pgettext_lazy("e-mail", "once a day")


class MailState(models.TextChoices):
    QUEUED = "queued", _("queued")
    SENDING = "sending", pgettext_lazy("message", "being sent")
    SENT = "sent", pgettext_lazy("message", "sent")
    FAILED = "failed", pgettext_lazy("message", "failed")
    DROPPED = "dropped", pgettext_lazy("message", "not wanted any more")


class Mail(models.Model):
    """An e-mail to be sent by a worker. The row is the work.

    ``message_id`` is fixed when the row is made: a worker that dies between the server's answer
    and its own note sends it again under the same id, and a mailbox can tell. ``event`` is
    empty for the daily digest.
    """

    message_id = models.CharField(max_length=120, unique=True)
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, null=True, related_name="+")
    event = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=10)
    state = models.CharField(max_length=8, choices=MailState, default=MailState.QUEUED)
    queued_at = models.DateTimeField()
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)

    objects: ClassVar[models.Manager[Mail]] = owned_by("company")

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["due_at", "id"],
                name="mail_due",
                condition=Q(state__in=["queued", "sending"]),
            )
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False)
                | (~Q(state="sent") & Q(sent_at__isnull=True)),
                name="a_sent_mail_says_when",
            )
        ]

    def __str__(self) -> str:
        return self.message_id


class NoticeCopy(models.Model):
    """One person's copy of a notice, as its settings were when it was told.

    ``mail`` carries it to the mailbox; ``in_digest`` waits for the daily one.
    """

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="copies")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, null=True, related_name="+")
    in_portal = models.BooleanField()
    in_digest = models.BooleanField(default=False)
    mail = models.ForeignKey(Mail, on_delete=models.PROTECT, null=True, related_name="copies")
    read_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager[NoticeCopy]] = owned_by("company")

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["membership", "id"],
                name="copy_unread",
                condition=Q(in_portal=True, read_at__isnull=True),
            ),
            models.Index(
                fields=["membership", "-id"], name="copy_in_portal", condition=Q(in_portal=True)
            ),
            models.Index(
                fields=["membership", "id"],
                name="copy_for_digest",
                condition=Q(in_digest=True, mail__isnull=True),
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["notice", "membership"], name="one_copy_of_a_notice_per_person"
            )
        ]

    def __str__(self) -> str:
        return f"{self.notice_id}/{self.membership_id}"


class NoticeChoice(models.Model):
    """How a person wants to hear of one event; without a row the catalogue's default counts."""

    membership = models.ForeignKey(
        Membership, on_delete=models.CASCADE, related_name="notice_choices"
    )
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    event = models.CharField(max_length=40)
    in_portal = models.BooleanField()
    mail = models.CharField(max_length=5, choices=MailWhen)

    objects: ClassVar[models.Manager[NoticeChoice]] = owned_by("company")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["membership", "event"], name="one_choice_per_person_and_event"
            )
        ]

    def __str__(self) -> str:
        return f"{self.membership_id}/{self.event}"


class Reminder(models.Model):
    """A look at the clock that was taken (``stock.expiring`` of ``2026-11-28``): once is enough."""

    name = models.CharField(max_length=40)
    key = models.CharField(max_length=40)
    taken_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["name", "key"], name="a_reminder_is_taken_once")
        ]

    def __str__(self) -> str:
        return f"{self.name}:{self.key}"


class WhyDisabled(models.TextChoices):
    PERSON = "person", _("switched off by a person")
    FAILING = "failing", _("it failed for three days")
    GONE = "gone", _("the receiver answered 410 Gone")
    ENDED = "ended", _("removed by a person")


@tracked(
    owner="it.company_id",
    called="url",
    exclude=("secret", "previous_secret", "failing_since", "rests_until", "called_at"),
)
class WebhookEndpoint(models.Model):
    """An address of a company's own system that is told of events.

    ``secret`` is shown once; those before it, the newest first and a space between, sign beside
    it until ``previous_until``: which of them the receiver has installed, nobody here knows.
    ``rests_until``: after a failure the others wait a little as well. ``called_at``: whoever was
    called longest ago is called next. One that is ended stays for the record and is never on again.
    """

    uid = models.UUIDField(unique=True)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    url = models.CharField(max_length=500)
    description = models.CharField(max_length=100, blank=True)
    events = ArrayField(models.CharField(max_length=40))
    secret = EncryptedTextField()
    previous_secret = EncryptedTextField(blank=True)
    previous_until = models.DateTimeField(null=True, blank=True)
    is_enabled = models.BooleanField(default=True)
    disabled_because = models.CharField(max_length=8, choices=WhyDisabled, blank=True)
    disabled_at = models.DateTimeField(null=True, blank=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    rests_until = models.DateTimeField(null=True, blank=True)
    called_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    objects: ClassVar[models.Manager[WebhookEndpoint]] = owned_by("company")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(is_enabled=True, disabled_because="")
                | (Q(is_enabled=False) & ~Q(disabled_because="")),
                name="a_disabled_endpoint_says_why",
            )
        ]

    def __str__(self) -> str:
        return str(self.uid)

    @property
    def has_ended(self) -> bool:
        return self.disabled_because == WhyDisabled.ENDED

    def still_signing(self, at: datetime) -> list[str]:
        """The secrets before this one whose time is not over, the newest first."""
        if self.previous_until is None or at >= self.previous_until:
            return []
        return str(self.previous_secret).split()


class DeliveryState(models.TextChoices):
    PENDING = "pending", pgettext_lazy("delivery", "waiting")
    SENDING = "sending", pgettext_lazy("message", "being sent")
    DELIVERED = "delivered", pgettext_lazy("delivery", "delivered")
    FAILED = "failed", pgettext_lazy("message", "failed")


class WebhookDelivery(models.Model):
    """One message for one endpoint. ``uid`` and ``body`` never change, however often it is sent.

    The receiver may get it twice and in any order; by ``uid`` it knows what it has seen.
    """

    uid = models.CharField(max_length=40, unique=True)
    endpoint = models.ForeignKey(
        WebhookEndpoint, on_delete=models.PROTECT, related_name="deliveries"
    )
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    event = models.CharField(max_length=40)
    body = models.TextField()
    created_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=DeliveryState, default=DeliveryState.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True, blank=True)
    called_at = models.DateTimeField(null=True, blank=True)
    status_code = models.PositiveSmallIntegerField(null=True, blank=True)
    answer = models.TextField(blank=True)
    error = models.CharField(max_length=300, blank=True)
    took_ms = models.PositiveIntegerField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager[WebhookDelivery]] = owned_by("company")

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["endpoint", "due_at", "id"],
                name="delivery_due",
                condition=Q(state__in=["pending", "sending"]),
            ),
            models.Index(fields=["endpoint", "-id"], name="delivery_newest"),
        ]

    def __str__(self) -> str:
        return self.uid
