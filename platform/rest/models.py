from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.models import Company, Membership, Role, User
from core.history import tracked
from core.walls import owned_by
from rest.rules import LONGEST_KEY, LONGEST_NAME


@tracked(
    owner="it.company_id",
    called="hint",
    exclude=("digest", "membership", "stint", "last_used_at", "last_used_address"),
)
class ApiToken(models.Model):
    """A program acts for a company, with some powers of one membership of ``created_by``, as
    long as that lasts: who leaves and comes back, or changes roles and back, makes new ones.

    The token itself is shown once and not kept: ``digest`` recognises it, ``hint`` is its
    beginning, by which people tell theirs apart.
    """

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=12, choices=Role)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    stint = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=LONGEST_NAME)
    scopes = ArrayField(models.CharField(max_length=40))
    hint = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    last_used_address = models.CharField(max_length=64, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects: ClassVar[models.Manager[ApiToken]] = owned_by("company")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("created_at")), name="a_token_lives_for_a_while"
            )
        ]

    def __str__(self) -> str:
        return self.hint

    def is_held(self) -> bool:
        """Whether its membership still stands as it was when the token was made."""
        holder = self.membership
        return holder.ended_at is None and holder.stint == self.stint and self.created_by.is_active

    def is_usable(self, now: datetime) -> bool:
        return self.revoked_at is None and self.expires_at > now and self.is_held()


class StoredAnswer(models.Model):
    """What was answered to a request with an idempotency key, written with its effect.

    ``caller`` is the token or the person; ``fingerprint`` recognises the request. Without
    ``kept_until`` it is kept for ever.
    """

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    caller = models.CharField(max_length=40)
    key = models.CharField(max_length=LONGEST_KEY)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField()
    body = models.BinaryField()
    stored_at = models.DateTimeField()
    kept_until = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager[StoredAnswer]] = owned_by("company")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company", "caller", "key"], name="a_key_is_answered_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["kept_until"], name="answer_due", condition=Q(kept_until__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return f"{self.caller}:{self.key}"
