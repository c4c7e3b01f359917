"""Changes of reference data as they are proposed, and decided by another person."""

from __future__ import annotations

from typing import ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from accounts.models import User
from customs.models.kinds_named import KIND_CHOICES


class ProposalState(models.TextChoices):
    """Where a proposal stands: nobody decided, or somebody did."""

    OPEN = "open", pgettext_lazy("proposal", "to be decided")
    APPROVED = "approved", pgettext_lazy("proposal", "approved")
    REFUSED = "refused", pgettext_lazy("proposal", "refused")


class ReferenceProposal(models.Model):
    """A file of reference data, judged whole, with what it would change. Insert-only.

    ``after`` is the last proposal of its kind that had been approved: another one since, and what
    was judged holds no longer. ``approve_by`` is the last day on which it can come into force.
    """

    number = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=20, choices=KIND_CHOICES)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    source = models.CharField(max_length=200, blank=True)
    rows = models.PositiveIntegerField()
    added = models.PositiveIntegerField()
    changed = models.PositiveIntegerField()
    ended = models.PositiveIntegerField()
    unchanged = models.PositiveIntegerField()
    judged_on = models.DateField()
    approve_by = models.DateField(null=True)
    after = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    proposed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    proposed_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["proposed_at", "id"], name="reference_proposal_by_time")
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def state(self) -> str:
        """``open``, ``approved`` or ``refused``."""
        decision = getattr(self, "decision", None)
        if decision is None:
            return ProposalState.OPEN
        return ProposalState.APPROVED if decision.approved else ProposalState.REFUSED

    def get_state_display(self) -> str:
        return str(ProposalState(self.state).label)


class ChangeAct(models.TextChoices):
    """What becomes of a key."""

    NEW = "new", pgettext_lazy("reference data", "new")
    CHANGED = "changed", pgettext_lazy("reference data", "changed")
    CONTINUED = "continued", pgettext_lazy("reference data", "goes on")
    ENDED = "ended", pgettext_lazy("reference data", "ends")
    LEFT_OUT = "left_out", pgettext_lazy("reference data", "left out, said above")


class ReferenceChange(models.Model):
    """One difference of a proposal: what is added, and which kept row it ends. Insert-only.

    ``row`` is the file's, 0 for what a complete file leaves out. ``closes`` is the id in the kind's
    table; that row then ends with ``last_day``. A row that is left out, since an earlier one of the
    file says the same code and day, has neither.
    """

    proposal = models.ForeignKey(
        ReferenceProposal, on_delete=models.PROTECT, related_name="changes"
    )
    act = models.CharField(max_length=9, choices=ChangeAct)
    row = models.PositiveIntegerField()
    key = models.CharField(max_length=16)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    source = models.CharField(max_length=200, blank=True)
    figures = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    before = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    closes = models.PositiveBigIntegerField(null=True)
    last_day = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(closes__isnull=True, last_day__isnull=True)
                | Q(closes__isnull=False, last_day__isnull=False),
                name="what_is_ended_has_its_last_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id}: {self.key}"


class ReferenceDecision(models.Model):
    """Another person's yes or no to a proposal, with the reason of a no. Insert-only."""

    proposal = models.OneToOneField(
        ReferenceProposal, on_delete=models.PROTECT, related_name="decision"
    )
    approved = models.BooleanField()
    reason = models.CharField(max_length=400, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    decided_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(approved=True) | ~Q(reason=""),
                name="a_refused_proposal_has_its_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id}: {self.approved}"
