"""That what an order said of its buyer is no more."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Company, User
from core.history import tracked
from core.walls import owned_by
from warehouse.models.retail import RetailOrder


class WhyErased(models.TextChoices):
    """What it was erased for."""

    TIME = "time", _("its time was over")
    ASKED = "asked", _("the consumer asked for it")


@tracked(owner="it.seller_id", called="order_number", only_added=True)
class BuyerErasure(models.Model):
    """That an order's buyer was erased, when and why; not a word of what stood there. Insert-only.

    ``reason`` names the request, where there was one.
    """

    order = models.OneToOneField(RetailOrder, on_delete=models.PROTECT, related_name="erasure")
    order_number = models.CharField(max_length=32)
    seller = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    why = models.CharField(max_length=5, choices=WhyErased)
    reason = models.CharField(max_length=100, blank=True)
    erased_at = models.DateTimeField()
    erased_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    objects: ClassVar[models.Manager[BuyerErasure]] = owned_by("seller")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(why="time", reason="", erased_by__isnull=True)
                | (Q(why="asked", erased_by__isnull=False) & ~Q(reason="")),
                name="who_erases_on_request_says_by_which",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["seller", "-id"], name="erasure_of_seller"),
        ]

    def __str__(self) -> str:
        return self.order_number
