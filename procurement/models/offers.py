"""What suppliers ask: terms and price breaks, order minimums, and what their goods' way costs."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.models import Product, TradingPartner
from core.fields import CurrencyField, MinorField
from core.history import tracked


class Pricing(models.TextChoices):
    """How a price break counts: for all packs of a line, or for those from it on."""

    ALL_UNITS = "all_units", _("for all packs")
    INCREMENTAL = "incremental", _("for the packs from there on")


class Multiple(models.TextChoices):
    """In which whole numbers an offer is ordered."""

    PACK = "pack", _("whole packs")
    LAYER = "layer", _("whole layers")
    PALLET = "pallet", _("whole pallets")


class Incoterm(models.TextChoices):
    """Incoterms 2020; of the first four the buyer carries the main freight."""

    EXW = "EXW", "EXW"
    FCA = "FCA", "FCA"
    FAS = "FAS", "FAS"
    FOB = "FOB", "FOB"
    CFR = "CFR", "CFR"
    CIF = "CIF", "CIF"
    CPT = "CPT", "CPT"
    CIP = "CIP", "CIP"
    DAP = "DAP", "DAP"
    DPU = "DPU", "DPU"
    DDP = "DDP", "DDP"


@tracked(called="product__sku")
class SupplierOffer(models.Model):
    """What one supplier asks for one product: packs, minimum, incoterm, price breaks.

    Quantities are units; ``minimum_quantity`` counts for the pooled sum, once. Prices are per
    pack, in minor units of ``currency``. Layers of a pallet and packs of a layer are 0 where the
    supplier did not say; ``capacity`` is empty where it can deliver whatever is ordered.

    Of a supplier's offers for a product in one currency on one incoterm no two hold on the same
    day: an exclusion constraint of the database sees to it (migration 0026).
    """

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="offers")
    supplier = models.ForeignKey(TradingPartner, on_delete=models.PROTECT, related_name="offers")
    supplier_code = models.CharField(max_length=64, blank=True)
    currency = CurrencyField()
    incoterm = models.CharField(max_length=3, default="FOB")
    pricing = models.CharField(max_length=11, choices=Pricing, default=Pricing.ALL_UNITS)
    pack_quantity = models.PositiveIntegerField()
    packs_per_layer = models.PositiveIntegerField(default=0)
    layers_per_pallet = models.PositiveIntegerField(default=0)
    multiple = models.CharField(max_length=6, choices=Multiple, default=Multiple.PACK)
    minimum_quantity = models.PositiveIntegerField(default=0)
    capacity = models.PositiveIntegerField(null=True, blank=True)
    lead_time_days = models.PositiveIntegerField(default=30)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["product", "supplier", "currency", "incoterm", "valid_from"],
                name="one_offer_per_supplier_terms_and_first_day",
            ),
            models.CheckConstraint(
                condition=Q(pack_quantity__gte=1), name="an_offered_pack_holds_at_least_one"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="an_offer_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(multiple="pack")
                | Q(multiple="layer", packs_per_layer__gte=1)
                | Q(multiple="pallet", packs_per_layer__gte=1, layers_per_pallet__gte=1),
                name="layers_and_pallets_hold_packs",
            ),
        ]

    def __str__(self) -> str:
        return f"offer {self.pk}"

    @property
    def multiple_packs(self) -> int:
        """How many packs at a time are ordered."""
        if self.multiple == Multiple.PALLET:
            return self.packs_per_layer * self.layers_per_pallet
        return self.packs_per_layer if self.multiple == Multiple.LAYER else 1


@tracked(called="offer__product__sku")
class PriceBreak(models.Model):
    """The price per pack from ``from_packs`` packs on, in minor units.

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


@tracked(called="supplier__company__code")
class OrderMinimum(models.Model):
    """Below this amount a supplier takes no order in this currency on this incoterm."""

    supplier = models.ForeignKey(TradingPartner, on_delete=models.PROTECT, related_name="minimums")
    currency = CurrencyField()
    incoterm = models.CharField(max_length=3, default="FOB")
    amount_minor = MinorField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["supplier", "currency", "incoterm"],
                name="one_order_minimum_per_supplier_and_terms",
            ),
            models.CheckConstraint(
                condition=Q(amount_minor__gte=0), name="an_order_minimum_is_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"minimum {self.pk}"


@tracked(called="supplier__company__code")
class FreightTerms(models.Model):
    """What the way from a supplier's port costs the buyer, from a day on; CNY fen.

    The newest that has begun holds. Less than a container pays ``lcl_minor`` per cubic metre or
    tonne, whichever is more (W/M), and no less than ``lcl_minimum_minor``. ``order_fee_minor``
    is paid for each order (the bank's wire), ``declaration_fee_minor`` for each declaration,
    ``line_fee_minor`` for each line of it. Insurance is ``insurance_ppm`` millionths of the value.
    """

    supplier = models.ForeignKey(TradingPartner, on_delete=models.PROTECT, related_name="freight")
    valid_from = models.DateField()
    lcl_minor = MinorField(default=0)
    lcl_minimum_minor = MinorField(default=0)
    order_fee_minor = MinorField(default=0)
    declaration_fee_minor = MinorField(default=0)
    line_fee_minor = MinorField(default=0)
    insurance_ppm = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["supplier", "valid_from"], name="one_freight_per_supplier_and_first_day"
            ),
            models.CheckConstraint(
                condition=Q(
                    lcl_minor__gte=0,
                    lcl_minimum_minor__gte=0,
                    order_fee_minor__gte=0,
                    declaration_fee_minor__gte=0,
                    line_fee_minor__gte=0,
                    insurance_ppm__lte=1_000_000,
                ),
                name="freight_costs_are_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"freight {self.pk}"


class ContainerKind(models.TextChoices):
    GP20 = "20GP", _("20-foot container")
    GP40 = "40GP", _("40-foot container")
    HC40 = "40HC", _("40-foot high-cube container")


@tracked(called="terms__supplier__company__code")
class FreightContainer(models.Model):
    """What one kind of container costs from a supplier's port, and what goes into it."""

    terms = models.ForeignKey(FreightTerms, on_delete=models.PROTECT, related_name="containers")
    kind = models.CharField(max_length=4, choices=ContainerKind)
    price_minor = MinorField()
    volume_cm3 = models.BigIntegerField()
    weight_g = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["terms", "kind"], name="one_price_per_kind_of_container"
            ),
            models.CheckConstraint(
                condition=Q(price_minor__gte=0, volume_cm3__gt=0, weight_g__gt=0),
                name="a_container_holds_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.terms_id} {self.kind}"
