"""What sellers really sold: what their forecasts are measured by."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from accounts.models import Company, User
from catalog.models import Product
from core.history import tracked
from core.walls import owned_by


@tracked(owner="it.seller_id", called="file_name", exclude=("content",))
class SalesReport(models.Model):
    """Where sales figures come from: a file, a program's call, or what was drawn from bond.

    A file stands here as soon as it was sent, and its figures count once they are recorded.
    """

    seller = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=8)
    file_name = models.CharField(max_length=200, blank=True)
    content = models.BinaryField(null=True)
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager[SalesReport]] = owned_by("seller")

    def __str__(self) -> str:
        return f"sales report {self.pk}"


class SellerSales(models.Model):
    """Units of one product a seller sold in one quarter; the newest row of a source counts.

    Quarters are counted from the year 0 (:func:`procurement.rules.quarters.number_of`).
    ``is_stocked_out``: more would have been sold, had there been stock; of what was drawn from bond
    the warehouse saw it, else the seller says so, and no score believes it. What was drawn counts
    before what the seller reports. Insert-only, very many.
    """

    report = models.ForeignKey(
        SalesReport, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    seller = models.ForeignKey(
        Company, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    product = models.ForeignKey(
        Product, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    quarter = models.PositiveIntegerField()
    units = models.PositiveBigIntegerField()
    is_stocked_out = models.BooleanField(default=False)
    is_from_bond = models.BooleanField(default=False)

    objects: ClassVar[models.Manager[SellerSales]] = owned_by("seller")

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["seller", "quarter", "product", "is_from_bond", "-id"],
                include=["units", "is_stocked_out"],
                name="sales_of_seller",
            ),
            models.Index(fields=["report"], name="sales_of_report"),
        ]

    def __str__(self) -> str:
        return f"{self.seller_id}/{self.product_id}/{self.quarter}"
