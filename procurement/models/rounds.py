"""A quarter's pool and what it came to."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.fields import CurrencyField, MinorField
from core.history import tracked


class RoundState(models.TextChoices):
    OPEN = "open", _("taking forecasts")
    CLOSED = "closed", _("closed")


@tracked(called="quarter")
class PoolRound(models.Model):
    """One quarter's pool: forecasts are filed until the cut-off, then it closes once."""

    quarter = models.CharField(max_length=7, unique=True)
    opens_at = models.DateTimeField()
    cutoff_at = models.DateTimeField()
    state = models.CharField(max_length=6, choices=RoundState, default=RoundState.OPEN)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(quarter__regex=r"^\d{4}-Q[1-4]$"), name="a_quarter_is_written_2026_Q3"
            ),
            models.CheckConstraint(
                condition=Q(opens_at__lt=F("cutoff_at")), name="a_round_opens_before_its_cutoff"
            ),
        ]

    def __str__(self) -> str:
        return self.quarter


class RoundStanding(models.Model):
    """What had been forecast for a round when it closed. Insert-only.

    The forecasts are the truth and no longer change; adding up a million lines once is enough.
    """

    round = models.OneToOneField(PoolRound, on_delete=models.PROTECT, related_name="stood")
    sellers = models.PositiveIntegerField()
    lines = models.PositiveIntegerField()
    units = models.BigIntegerField()
    last_filed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.round_id)


class RoundResult(models.Model):
    """What a closed round came to in one currency, minor units. Insert-only.

    ``sellers_minor`` is what the orders' shares put on sellers, ``alone_minor`` what these would
    have paid each alone; the rest of ``amount_minor`` is the platform's.
    """

    round = models.ForeignKey(PoolRound, on_delete=models.PROTECT, related_name="results")
    currency = CurrencyField()
    orders = models.PositiveIntegerField()
    amount_minor = MinorField()
    sellers_minor = MinorField()
    alone_minor = MinorField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["round", "currency"], name="one_result_per_round_and_currency"
            )
        ]

    def __str__(self) -> str:
        return f"{self.round_id}/{self.currency}"
