"""Amending and withdrawing what customs has: documents beside the paper, which stays as it was."""

from __future__ import annotations

from typing import ClassVar, cast

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Company, User
from core.walls import owned_by
from customs.models.collecting import CollectiveDeclaration
from customs.models.declaring import Declaration
from customs.rules.countering import CounterKind


class CounterChoices(models.TextChoices):
    AMEND = CounterKind.AMEND.value, _("amendment")
    WITHDRAW = CounterKind.WITHDRAW.value, _("withdrawal")


class CounterDocument(models.Model):
    """Customs was asked to change or to withdraw a declaration, or one of a month. Insert-only.

    What it answered stands in its answer; until then it is open, and the declaration has no other.
    """

    number = models.CharField(max_length=20, unique=True)
    declaration = models.ForeignKey(
        Declaration, on_delete=models.PROTECT, null=True, related_name="counters"
    )
    collective = models.ForeignKey(
        CollectiveDeclaration, on_delete=models.PROTECT, null=True, related_name="counters"
    )
    importer = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=CounterChoices)
    reason = models.CharField(max_length=400)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)

    objects: ClassVar[models.Manager[CounterDocument]] = owned_by("importer")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(declaration__isnull=False, collective__isnull=True)
                | Q(declaration__isnull=True, collective__isnull=False),
                name="a_counter_document_is_about_one_declaration",
            )
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def about(self) -> Declaration | CollectiveDeclaration:
        """What customs was asked to change."""
        return self.collective or cast("Declaration", self.declaration)

    @property
    def state(self) -> str:
        """``asked``, ``accepted`` or ``refused``."""
        answer = getattr(self, "answer", None)
        if answer is None:
            return "asked"
        return "accepted" if answer.accepted else "refused"

    def get_state_display(self) -> str:
        return str(_STATES[self.state])


_STATES = {
    "asked": pgettext_lazy("counter-document", "asked"),
    "accepted": pgettext_lazy("counter-document", "accepted"),
    "refused": pgettext_lazy("counter-document", "refused"),
}


class CounterChange(models.Model):
    """One numbered change of an amendment: ``line`` is a goods line, 0 the head. Insert-only."""

    document = models.ForeignKey(CounterDocument, on_delete=models.PROTECT, related_name="changes")
    position = models.PositiveIntegerField()
    line = models.PositiveIntegerField()
    field = models.CharField(max_length=16)
    before = models.CharField(max_length=510, blank=True)
    after = models.CharField(max_length=510, blank=True)

    objects: ClassVar[models.Manager[CounterChange]] = owned_by("document__importer")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["document", "position"], name="changes_of_an_amendment_are_numbered"
            ),
            models.UniqueConstraint(
                fields=["document", "line", "field"], name="an_amendment_changes_a_field_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document_id}/{self.position}"


class CounterAnswer(models.Model):
    """What customs answered to a counter-document; a refusal has its reason. Insert-only."""

    document = models.OneToOneField(
        CounterDocument, on_delete=models.PROTECT, related_name="answer"
    )
    accepted = models.BooleanField()
    reason = models.CharField(max_length=400, blank=True)
    answered_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    objects: ClassVar[models.Manager[CounterAnswer]] = owned_by("document__importer")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(accepted=True) | ~Q(reason=""),
                name="a_refused_counter_document_has_its_reason",
            )
        ]

    def __str__(self) -> str:
        return f"{self.document_id}: {self.accepted}"
