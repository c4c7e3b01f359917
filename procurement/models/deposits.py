"""What sellers pay before an order, and what becomes of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Company, User
from core.fields import MinorField
from core.walls import owned_by
from procurement.models.rounds import PoolRound


class DepositStep(models.TextChoices):
    PAID = "paid", _("paid")
    APPLIED = "applied", _("applied to the order")
    REFUNDED = "refunded", _("refunded")
    FORFEITED = "forfeited", _("forfeited")


class Deposit(models.Model):
    """What one seller pays before a round is ordered, in fen. Insert-only.

    ``basis_minor`` is the expected landed cost of its share, ``percent`` the round's share of it
    as the seller's ``band`` sets it. ``number`` is what the seller writes on its transfer.
    """

    number = models.CharField(max_length=32, unique=True)
    round = models.ForeignKey(PoolRound, on_delete=models.PROTECT, related_name="deposits")
    seller = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    holder = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    band = models.CharField(max_length=1)
    base_percent = models.PositiveSmallIntegerField()
    percent = models.PositiveSmallIntegerField()
    basis_minor = MinorField()
    amount_minor = MinorField()
    due_at = models.DateTimeField()
    made_at = models.DateTimeField()

    objects: ClassVar[models.Manager[Deposit]] = owned_by("seller")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["seller", "round"], name="one_deposit_per_seller_and_round"
            ),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0, basis_minor__gte=models.F("amount_minor")),
                name="a_deposit_is_a_part_of_what_is_expected",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class DepositEvent(models.Model):
    """Money of a deposit came in, went to the order, went back, or was lost. Insert-only.

    ``reference`` is the bank's line (paid, refunded) or what it went to; a line counts once.
    """

    deposit = models.ForeignKey(Deposit, on_delete=models.PROTECT, related_name="events")
    seller = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    step = models.CharField(max_length=9, choices=DepositStep)
    amount_minor = MinorField()
    value_date = models.DateField()
    reference = models.CharField(max_length=64)
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    objects: ClassVar[models.Manager[DepositEvent]] = owned_by("seller")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0), name="a_step_of_a_deposit_moves_money"
            ),
            models.UniqueConstraint(
                fields=["step", "reference"], name="a_line_of_the_bank_counts_once"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["seller"], name="deposit_event_of_seller")]

    def __str__(self) -> str:
        return f"{self.deposit_id} {self.step}"
