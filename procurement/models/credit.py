"""What sellers' forecasts were worth, and what is suggested to them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Company, User
from catalog.models import Product
from core.walls import owned_by
from procurement.models.rounds import PoolRound


class RunKind(models.TextChoices):
    SCORE = "score", _("score forecasts")
    SUGGEST = "suggest", _("suggest quantities")


class RunState(models.TextChoices):
    QUEUED = "queued", _("queued")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")


class CreditRun(models.Model):
    """One working out for all sellers at once. The row is the work; the worker is only rung.

    ``quarter`` is the last one that is over for scores, the one to come for suggestions.
    ``facts`` are the figures that stand for all: the market, the policy, what was chosen.
    """

    kind = models.CharField(max_length=7, choices=RunKind)
    quarter = models.CharField(max_length=7)
    state = models.CharField(max_length=6, choices=RunState, default=RunState.QUEUED)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)
    sellers = models.PositiveIntegerField(default=0)
    rows = models.PositiveIntegerField(default=0)
    facts = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["due_at", "id"], name="credit_run_due", condition=Q(state="queued")
            ),
            models.Index(fields=["kind", "quarter", "-id"], name="credit_run_of_quarter"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.quarter}"


class ForecastScore(models.Model):
    """A seller's score after a quarter, with all numbers it was made of. Insert-only.

    Whole numbers: ``*_milli`` are weighted thousandths of units, ratios are ten-thousandths,
    ``tracking`` hundredths. ``pasts`` are the quarters that counted, oldest first.
    """

    run = models.ForeignKey(CreditRun, on_delete=models.PROTECT, related_name="scores")
    seller = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    quarter = models.CharField(max_length=7)
    made_at = models.DateTimeField()
    policy_from = models.DateField()
    shrunk_by = models.PositiveIntegerField()
    forecast_milli = models.BigIntegerField()
    actual_milli = models.BigIntegerField()
    error_milli = models.BigIntegerField()
    market_ratio = models.BigIntegerField()
    market_wape = models.BigIntegerField()
    market_bias = models.BigIntegerField()
    wape = models.BigIntegerField()
    bias = models.BigIntegerField()
    factor = models.BigIntegerField()
    tracking = models.IntegerField()
    score = models.PositiveSmallIntegerField()
    band = models.CharField(max_length=1)
    is_new = models.BooleanField()
    pasts = models.JSONField(default=list)

    objects: ClassVar[models.Manager[ForecastScore]] = owned_by("seller")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["seller", "run"], name="one_score_per_seller_and_run"),
            models.CheckConstraint(condition=Q(score__lte=100), name="a_score_is_at_most_100"),
        ]

    def __str__(self) -> str:
        return f"{self.seller_id}/{self.quarter}"


class RoundCredit(models.Model):
    """By what a seller's wishes were multiplied when a round was ordered whose policy discounts by
    credit. Insert-only; a round that does not discount has none.

    ``factor`` is whole ten-thousandths. The seller's statement tells it and what it comes to.
    """

    round = models.ForeignKey(PoolRound, on_delete=models.PROTECT, related_name="credits")
    seller = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    factor = models.BigIntegerField()

    objects: ClassVar[models.Manager[RoundCredit]] = owned_by("seller")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["seller", "round"], name="one_credit_per_seller_and_round"
            ),
            models.CheckConstraint(
                condition=Q(factor__gte=0), name="a_factor_of_credit_is_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id}/{self.seller_id}"


class Suggestion(models.Model):
    """What a seller will probably sell of a product, and between which bounds. Insert-only.

    ``fitted_quarters``: so many quarters of the market were smoothed, 0 where they were too few.
    """

    run = models.ForeignKey(
        CreditRun, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    seller = models.ForeignKey(
        Company, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    product = models.ForeignKey(
        Product, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    units = models.PositiveBigIntegerField()
    low = models.PositiveBigIntegerField()
    high = models.PositiveBigIntegerField()
    own_quarters = models.PositiveSmallIntegerField()
    market_percent = models.PositiveSmallIntegerField()
    fitted_quarters = models.PositiveSmallIntegerField()

    objects: ClassVar[models.Manager[Suggestion]] = owned_by("seller")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["run", "seller", "product"], name="one_suggestion_per_product_and_run"
            ),
            models.CheckConstraint(
                condition=Q(low__lte=models.F("units"), high__gte=models.F("units")),
                name="a_suggestion_stands_between_its_bounds",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seller_id}/{self.product_id}"


class CreditPolicy(models.Model):
    """The rules by which forecasts are scored from a day on. Insert-only.

    Of two of one day the later one holds. ``bands`` are lists of name, least score, and percent
    of the deposit, of the tolerance and of the entitlement, best first.
    """

    valid_from = models.DateField()
    shrunk_by = models.PositiveIntegerField()
    newcomer_band = models.CharField(max_length=1)
    newcomer_units = models.PositiveIntegerField()
    bands = models.JSONField()
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"credit policy {self.pk}"
