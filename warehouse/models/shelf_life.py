"""How long goods may lie in bond, and how much of their life a sale must leave."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.models import Company, User
from catalog.models import Product
from core.walls import owned_by
from warehouse.models.houses import BondedWarehouse


class BondLimit(models.Model):
    """Days goods may lie in bond in a warehouse, from a moment on; the last row counts.
    Insert-only.

    A warehouse without a row goes by ``rules.shelf_life.BOND_LIMIT_DAYS``.
    """

    warehouse = models.ForeignKey(
        BondedWarehouse, on_delete=models.PROTECT, related_name="bond_limits"
    )
    #: Who operates the warehouse, for its walls.
    keeper = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    days = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=200)
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)

    objects: ClassVar[models.Manager[BondLimit]] = owned_by("keeper")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(days__gte=30, days__lte=3650), name="goods_lie_in_bond_for_some_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.warehouse_id} {self.days}"


class ShelfMinimum(models.Model):
    """Days of its life that a sale must leave, from a moment on; of each ``channel`` and
    ``product`` the last row counts. Insert-only.

    With a channel it is of what that shop sells, with a product of that product in all others,
    with neither of all else the seller has. Without ``days`` it is no longer set.
    """

    seller = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=32, blank=True)
    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    days = models.PositiveSmallIntegerField(null=True)
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)

    objects: ClassVar[models.Manager[ShelfMinimum]] = owned_by("seller")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(channel="") | Q(product__isnull=True),
                name="a_minimum_is_of_a_shop_or_of_a_product",
            ),
            models.CheckConstraint(
                condition=Q(days__isnull=True) | Q(days__gte=1, days__lte=3650),
                name="a_minimum_is_some_days",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seller_id} {self.channel} {self.days}"
