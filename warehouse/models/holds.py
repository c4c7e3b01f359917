"""Who held a consumer's order back, why, and who let it go on."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Company, User
from core.walls import owned_by
from warehouse.models.retail import RetailOrder


class HoldAct(models.TextChoices):
    """What somebody did with a hold."""

    HELD = "held", _("put on hold")
    FREED = "freed", _("let go on")


class RetailHold(models.Model):
    """A seller or a warehouse held an order back, or let it go on. Insert-only.

    ``company`` is who did it: the order's seller, or who keeps its goods. Its last row of an
    order says whether it holds it; the order counts those who do. The number stands here for a
    warehouse, which sees no consumer's order.
    """

    order = models.ForeignKey(RetailOrder, on_delete=models.PROTECT, related_name="hold_acts")
    seller = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=32)
    act = models.CharField(max_length=5, choices=HoldAct)
    reason = models.CharField(max_length=200, blank=True)
    acted_at = models.DateTimeField()
    acted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)

    objects: ClassVar[models.Manager[RetailHold]] = owned_by("seller", keeper="company")

    def __str__(self) -> str:
        return f"{self.number} {self.act}"
