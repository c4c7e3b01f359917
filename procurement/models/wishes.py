"""What came too late for a round, and what sellers call the products of the catalogue."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Company, User
from catalog.models import Product
from core.history import tracked
from core.walls import owned_by
from procurement.models.rounds import PoolRound


class LateWish(models.Model):
    """What a seller wanted when its round took nothing any more. Insert-only.

    It waits until the seller takes it into a later round: the forecast that is made of it names
    it. ``lines`` are lists of product id, quantity, less and more.
    """

    round = models.ForeignKey(PoolRound, on_delete=models.PROTECT, related_name="late_wishes")
    seller = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    wished_at = models.DateTimeField()
    wished_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    source = models.CharField(max_length=8, default="form")
    lines = models.JSONField()
    products = models.PositiveIntegerField()
    units = models.PositiveBigIntegerField()

    objects: ClassVar[models.Manager[LateWish]] = owned_by("seller")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["seller", "wished_at"], name="late_wishes_of_seller")
        ]

    def __str__(self) -> str:
        return f"late wish {self.pk}"


class Mapped(models.TextChoices):
    """How a seller's own SKU came to mean a product."""

    GTIN = "gtin", _("same GTIN")
    SUPPLIER_CODE = "supplier_code", _("supplier's code")
    CONFIRMED = "confirmed", _("confirmed by a person")


@tracked(owner="it.seller_id", called="own_sku")
class SellerSku(models.Model):
    """What one seller calls a product of the shared catalogue.

    What carries the product's GTIN or its supplier's code maps by itself; whatever else looks
    alike is only proposed, and a person confirms it.
    """

    seller = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="own_skus")
    own_sku = models.CharField(max_length=64)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    how = models.CharField(max_length=13, choices=Mapped)
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    objects: ClassVar[models.Manager[SellerSku]] = owned_by("seller")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["seller", "own_sku"], name="a_seller_calls_one_product_so"
            ),
            models.CheckConstraint(
                condition=~Q(how="confirmed")
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="a_likely_match_is_confirmed_by_a_person",
            ),
        ]

    def __str__(self) -> str:
        return self.own_sku
