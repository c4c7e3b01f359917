"""What suppliers ask: terms and price breaks."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from catalog.models import Product, TradingPartner
from core.fields import CurrencyField, MinorField
from core.history import tracked


@tracked(called="product__sku")
class SupplierOffer(models.Model):
    """What one supplier asks for one product: packs, minimum, incoterm, price breaks.

    Quantities are units; ``minimum_quantity`` counts for the pooled sum, once.
    """

    product = models.OneToOneField(Product, on_delete=models.PROTECT, related_name="offer")
    supplier = models.ForeignKey(TradingPartner, on_delete=models.PROTECT, related_name="offers")
    currency = CurrencyField()
    incoterm = models.CharField(max_length=3, default="FOB")
    pack_quantity = models.PositiveIntegerField()
    minimum_quantity = models.PositiveIntegerField(default=0)
    lead_time_days = models.PositiveIntegerField(default=30)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(pack_quantity__gte=1), name="an_offered_pack_holds_at_least_one"
            )
        ]

    def __str__(self) -> str:
        return f"offer {self.pk}"


@tracked(called="offer__product__sku")
class PriceBreak(models.Model):
    """All-units price per pack from ``from_packs`` packs on, in minor units.

    Prices are kept per pack: a unit price rounded up does not reconcile.
    """

    offer = models.ForeignKey(SupplierOffer, on_delete=models.PROTECT, related_name="breaks")
    from_packs = models.PositiveIntegerField()
    pack_price_minor = MinorField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["offer", "from_packs"], name="one_price_per_break"),
            models.CheckConstraint(
                condition=Q(pack_price_minor__gt=0), name="a_pack_price_is_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.offer_id} from {self.from_packs}"
