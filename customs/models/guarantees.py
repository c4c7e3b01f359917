"""Guarantees for retail tax that is paid by month. Yuan with two decimals, as on the papers."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.models import Company, User
from core.walls import owned_by


class Guarantee(models.Model):
    """How much a guarantee is good for from a day on; of one day the later row. Insert-only.

    ``assure_code`` names it on retail lists and on customs' bills, ``evidence`` is its paper.
    ``holds``: a list whose tax is more than what is free of it waits; else one is warned alone.
    """

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    assure_code = models.CharField(max_length=64)
    amount = models.DecimalField(max_digits=19, decimal_places=2)
    valid_from = models.DateField()
    holds = models.BooleanField(default=False)
    evidence = models.CharField(max_length=200)
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)

    objects: ClassVar[models.Manager[Guarantee]] = owned_by("company")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(amount__gte=0), name="a_guarantee_is_good_for_something_or_over"
            )
        ]

    def __str__(self) -> str:
        return f"{self.assure_code} from {self.valid_from}"


class GuaranteePayment(models.Model):
    """Tax of a month that was paid, by which the guarantee is free for as much. Insert-only."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    assure_code = models.CharField(max_length=64)
    month = models.DateField()
    amount = models.DecimalField(max_digits=19, decimal_places=2)
    paid_on = models.DateField()
    evidence = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    objects: ClassVar[models.Manager[GuaranteePayment]] = owned_by("company")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_payment_of_tax_is_some_yuan")
        ]

    def __str__(self) -> str:
        return f"{self.assure_code} {self.month}: {self.amount}"
