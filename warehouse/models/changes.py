"""What a warehouse's people found of goods that lay there, or did with them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.models import Company, User
from core.history import tracked
from core.walls import owned_by
from warehouse.models.houses import Location
from warehouse.models.receipts import Lot
from warehouse.models.stock import StockStatus


@tracked(owner="it.keeper_id", called="number", only_added=True)
class StockChange(models.Model):
    """Units of one owner that came into another status, or were destroyed. Insert-only.

    ``after`` is empty for what was destroyed. The posting of the same number moved the units.
    """

    number = models.CharField(max_length=20, unique=True)
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="changes")
    owner = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    #: Who operates the warehouse, for its walls.
    keeper = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    location = models.ForeignKey(
        Location, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    before = models.CharField(max_length=10, choices=StockStatus)
    after = models.CharField(max_length=10, choices=StockStatus, blank=True)
    quantity = models.PositiveIntegerField()
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)

    objects: ClassVar[models.Manager[StockChange]] = owned_by("owner", keeper="keeper")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0), name="a_change_of_stock_is_of_some_units"
            )
        ]

    def __str__(self) -> str:
        return self.number
