"""A quarter's pool, or a category's in it, and what it came to."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from core.fields import CurrencyField, MinorField
from core.history import tracked
from procurement.rules.ordering import LEAST_PAYMENT_DAYS, MOST_PAYMENT_DAYS, PAYMENT_DAYS


class RoundState(models.TextChoices):
    OPEN = "open", _("taking forecasts")
    CLOSED = "closed", _("closed")


class ShortageRule(models.TextChoices):
    """How less than was wanted is split."""

    PRO_RATA = "pro_rata", _("in proportion to what each wanted")
    UNIFORM = "uniform", _("the same for each, up to what it wanted")
    UNIFORM_FLOOR = "uniform_floor", _("the same for each up to a floor, then in proportion")


@tracked(called="code")
class PoolRound(models.Model):
    """One quarter's pool of the whole catalogue, or of one category; it closes once.

    ``code`` stands in every address: the quarter, and its category where it has one. Forecasts
    are filed until the cut-off; from then until ``fill_until`` only changes that improve the
    fill of packs are taken (empty: none). Shares whose deposit is not paid at ``deposit_due_at``
    drop out (empty: no deposit is asked). The rest is the round's policy: how a shortage is
    split, whether a seller's record discounts what is ordered, how much is deposited, how far
    the tolerance of a line may go (percent of its quantity), what may be spent at most, and
    within how many days a bill of it is paid. From ``deposits_asked_at`` on its forecasts are
    final, whatever a request's clock says.
    """

    code = models.CharField(max_length=80, unique=True)
    quarter = models.CharField(max_length=7)
    category = models.CharField(max_length=100, blank=True, default="")
    opens_at = models.DateTimeField()
    cutoff_at = models.DateTimeField()
    fill_until = models.DateTimeField(null=True, blank=True)
    deposit_due_at = models.DateTimeField(null=True, blank=True)
    shortage_rule = models.CharField(
        max_length=13, choices=ShortageRule, default=ShortageRule.UNIFORM_FLOOR
    )
    is_credit_applied = models.BooleanField(default=False)
    deposit_percent = models.PositiveSmallIntegerField(default=0)
    tolerance_limit_percent = models.PositiveSmallIntegerField(default=100)
    budget_minor = MinorField(null=True, blank=True)
    payment_days = models.PositiveSmallIntegerField(default=PAYMENT_DAYS, db_default=PAYMENT_DAYS)
    deposits_asked_at = models.DateTimeField(null=True, blank=True)
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
            models.UniqueConstraint(
                fields=["quarter", "category"], name="one_round_per_quarter_and_category"
            ),
            models.CheckConstraint(
                condition=Q(fill_until__isnull=True) | Q(fill_until__gte=F("cutoff_at")),
                name="packs_are_filled_after_the_cutoff",
            ),
            models.CheckConstraint(
                condition=Q(deposit_due_at__isnull=True)
                | Q(deposit_due_at__gte=Coalesce(F("fill_until"), F("cutoff_at"))),
                name="deposits_are_due_after_the_last_change",
            ),
            models.CheckConstraint(
                condition=Q(deposit_percent__lte=100), name="a_deposit_is_at_most_everything"
            ),
            models.CheckConstraint(
                condition=Q(tolerance_limit_percent__lte=100),
                name="a_tolerance_is_at_most_the_quantity",
            ),
            models.CheckConstraint(
                condition=Q(budget_minor__isnull=True) | Q(budget_minor__gt=0),
                name="a_budget_is_positive",
            ),
            models.CheckConstraint(
                condition=Q(payment_days__range=(LEAST_PAYMENT_DAYS, MOST_PAYMENT_DAYS)),
                name="a_bill_is_paid_within_days",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def ends_at(self) -> datetime:
        """From this moment on nothing is taken any more."""
        return self.fill_until or self.cutoff_at


class RoundStanding(models.Model):
    """What had been forecast for a round when it closed. Insert-only.

    The forecasts are the truth and no longer change; adding up a million lines once is enough.
    """

    round = models.OneToOneField(PoolRound, on_delete=models.PROTECT, related_name="stood")
    sellers = models.PositiveIntegerField()
    lines = models.PositiveIntegerField()
    units = models.BigIntegerField()
    less = models.BigIntegerField(default=0)
    more = models.BigIntegerField(default=0)
    last_filed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.round_id)


class RoundResult(models.Model):
    """What a closed round's goods came to in one currency by a run of its bills, minor units.
    Insert-only.

    ``sellers_minor`` is what the orders' shares put on sellers; the rest of ``amount_minor`` is
    the platform's. ``alone_minor`` is what the same goods of the same offers would have cost each
    seller by itself; its whole cost of going alone stands in :class:`RoundBill`.
    """

    round = models.ForeignKey(PoolRound, on_delete=models.PROTECT, related_name="results")
    run = models.PositiveSmallIntegerField(default=1, db_default=1)
    currency = CurrencyField()
    orders = models.PositiveIntegerField()
    amount_minor = MinorField()
    sellers_minor = MinorField()
    alone_minor = MinorField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["round", "currency", "run"], name="one_result_per_round_currency_and_run"
            )
        ]

    def __str__(self) -> str:
        return f"{self.round_id}/{self.currency}"
