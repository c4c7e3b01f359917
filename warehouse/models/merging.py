"""Which orders of one buyer were replaced by which one."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from accounts.models import Company, User
from core.walls import owned_by
from warehouse.models.retail import RetailOrder


class RetailMerge(models.Model):
    """An order that another one, with a number and a payment of its own, took the place of.
    Insert-only.

    All that was reserved for ``order`` is reserved for ``into``, the same lots at the same places.
    """

    order = models.OneToOneField(RetailOrder, on_delete=models.PROTECT, related_name="merge")
    into = models.ForeignKey(RetailOrder, on_delete=models.PROTECT, related_name="merged_from")
    seller = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    merged_at = models.DateTimeField()
    merged_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)

    objects: ClassVar[models.Manager[RetailMerge]] = owned_by("seller")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(order=models.F("into")), name="nothing_is_merged_into_itself"
            )
        ]

    def __str__(self) -> str:
        return f"{self.order_id} in {self.into_id}"
