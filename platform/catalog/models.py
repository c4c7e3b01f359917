from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Company
from core.fields import CountryField, CurrencyField
from core.history import tracked


class Storage(models.TextChoices):
    AMBIENT = "ambient", _("ambient")
    CHILLED = "chilled", _("chilled")
    FROZEN = "frozen", _("frozen")
    FRESH = "fresh", _("fresh produce")


@tracked(owner="it.company_id", called="company__code")
class TradingPartner(models.Model):
    """A supplier abroad: who ships and invoices, in one currency, from one port.

    Where its money goes, finance says and a second person confirms (settlement.BankAccount). So
    many percent more than announced are taken of it at the gate; empty: as each warehouse says.
    """

    company = models.OneToOneField(Company, on_delete=models.PROTECT, related_name="partner")
    currency = CurrencyField()
    departure_port = models.CharField(max_length=60, blank=True)
    over_percent = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(over_percent__isnull=True) | Q(over_percent__lte=20),
                name="what_a_supplier_sends_over_is_small",
            )
        ]

    def __str__(self) -> str:
        return f"partner {self.pk}"


@tracked(called="sku")
class Product(models.Model):
    """A consumer good of the shared catalogue; weights in grams, volume in cm³, per unit.

    ``pack_quantity`` is the trade pack a supplier sells; ``shelf_life_days`` is empty for
    goods that do not expire. ``specification`` holds the declaration elements. Of a product that
    ``keeps_serials`` each unit is known by its maker's number in the warehouse.
    """

    sku = models.CharField(max_length=64, unique=True)
    gtin = models.CharField(max_length=14, unique=True)
    name_zh = models.CharField(max_length=250)
    name_en = models.CharField(max_length=250)
    brand = models.CharField(max_length=100, blank=True)
    category = models.CharField(max_length=100, blank=True)
    specification = models.CharField(max_length=510, blank=True)
    hs_code = models.CharField(max_length=10)
    origin = CountryField()
    declared_unit = models.CharField(max_length=3, default="011")
    net_weight_g = models.PositiveIntegerField()
    gross_weight_g = models.PositiveIntegerField()
    volume_cm3 = models.PositiveIntegerField(default=0)
    pack_quantity = models.PositiveIntegerField(default=1)
    shelf_life_days = models.PositiveIntegerField(null=True, blank=True)
    storage = models.CharField(max_length=8, choices=Storage, default=Storage.AMBIENT)
    keeps_serials = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(net_weight_g__lte=models.F("gross_weight_g")),
                name="net_weight_is_at_most_gross_weight",
            ),
            models.CheckConstraint(
                condition=Q(pack_quantity__gte=1), name="a_pack_holds_at_least_one"
            ),
        ]

    def __str__(self) -> str:
        return self.sku

    @property
    def name(self) -> str:
        """In the reader's language."""
        return self.name_zh if (get_language() or "").startswith("zh") else self.name_en
