"""Numbers of permits and proofs of origin of what a shipment carries."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from accounts.models import Company, User
from catalog.models import Product
from core.walls import owned_by
from procurement.models import Shipment


class GoodsPermit(models.Model):
    """The number of a permit, or of a proof of origin, for a product in a shipment; the newest
    counts, and an empty one takes back what was told. Insert-only.

    ``sign`` is its code in customs' table of supervision certificates.
    """

    shipment = models.ForeignKey(Shipment, on_delete=models.PROTECT, related_name="permits")
    importer = models.ForeignKey(
        Company, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+", db_index=False)
    sign = models.CharField(max_length=1)
    number = models.CharField(max_length=32, blank=True)
    told_at = models.DateTimeField()
    told_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)

    objects: ClassVar[models.Manager[GoodsPermit]] = owned_by("importer")

    def __str__(self) -> str:
        return f"{self.sign} {self.number}"
