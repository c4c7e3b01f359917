"""Reference data of customs: every row holds from a day on, and to a day once it has ended.

Figures are never edited. What a row says is added; its end is set when what follows it, or its
ending, was approved (see ``models.proposals``), and can only be moved to an earlier day, which the
database watches over. A row that ends before it begins was withdrawn and never held.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.fields import CurrencyField
from customs.models.kinds_named import TABLE_CHOICES
from customs.rules.duty import duty_for


def holding_on(day: date) -> Q:
    """The condition that a row holds on a day."""
    return Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gte=day))


class Dated(models.Model):
    """What every table of reference data has. ``valid_to`` is the last day; None: until further
    notice. ``proposal`` brought it, ``closed_by`` ended it; None for rows from before there were
    proposals."""

    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=200)
    proposal = models.ForeignKey(
        "customs.ReferenceProposal",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )
    closed_by = models.ForeignKey(
        "customs.ReferenceProposal",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )

    class Meta:
        abstract = True


class TariffRate(Dated):
    """What the tariff says of one 10-digit code; rates are fractions (0.13).

    ``duty_rate`` is the most-favoured-nation duty; ``agreement_duties`` are those by origin, each
    ``{"name", "countries": [ISO-3], "rate"}``. ``consumption_tax_specific`` is in yuan for one
    ``consumption_tax_unit``. ``consumption_tax_if`` says when consumption tax is due at all.
    ``elements`` are the declaration elements in the catalogue's order, ``supervision`` the signs of
    the supervision conditions.
    """

    hs_code = models.CharField(max_length=10)
    name_zh = models.CharField(max_length=250, blank=True)
    duty_rate = models.DecimalField(max_digits=7, decimal_places=5)
    agreement_duties = models.JSONField(default=list, blank=True)
    vat_rate = models.DecimalField(max_digits=7, decimal_places=5)
    consumption_tax_rate = models.DecimalField(max_digits=7, decimal_places=5, default=0)
    consumption_tax_specific = models.DecimalField(max_digits=12, decimal_places=5, default=0)
    consumption_tax_unit = models.CharField(max_length=3, blank=True)
    consumption_tax_if = models.CharField(
        max_length=12,
        blank=True,
        choices=[("", _("always")), ("cosmetics", _("high-priced cosmetics"))],
    )
    legal_unit = models.CharField(max_length=3, default="035")
    legal_unit_2 = models.CharField(max_length=3, blank=True)
    elements = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    supervision = ArrayField(models.CharField(max_length=1), default=list, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(consumption_tax_specific=0, consumption_tax_unit="")
                | (Q(consumption_tax_specific__gt=0) & ~Q(consumption_tax_unit="")),
                name="a_tax_by_quantity_says_for_which_unit",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["hs_code", "valid_from"], name="tariff_rate_of_code")
        ]

    def __str__(self) -> str:
        return f"{self.hs_code} from {self.valid_from}"

    def duty_of(self, origin: str) -> Decimal:
        """The lowest duty for goods of this origin (ISO-3) whose origin is proved."""
        return duty_for(self.duty_rate, self.agreement_duties, origin)

    @property
    def duties_by_origin(self) -> dict[str, Decimal]:
        """The lowest duty of each country (ISO-3) that an agreement names."""
        named = {origin for one in self.agreement_duties for origin in one["countries"]}
        return {origin: self.duty_of(origin) for origin in named}

    @property
    def legal_units(self) -> tuple[str, ...]:
        """The first legal unit, and the second where there is one."""
        return tuple(filter(None, (self.legal_unit, self.legal_unit_2)))


class RemarkKind(models.TextChoices):
    """The four kinds of remark of the positive list."""

    EXCLUDED = "excluded", _("some goods excluded")
    BONDED_ONLY = "bonded_only", _("bonded purchases only")
    NAMED_ONLY = "named_only", _("named goods only")
    WEIGHT_LIMIT = "weight_limit", _("limit by weight")


class PositiveEntry(Dated):
    """A code of eight digits that may be imported as cross-border retail, with its remark.

    ``remark`` is the list's own text; ``limit_g`` are grams for one person and year.
    """

    code = models.CharField(max_length=8)
    name_zh = models.CharField(max_length=250, blank=True)
    remarks = ArrayField(
        models.CharField(max_length=12, choices=RemarkKind), default=list, blank=True
    )
    remark = models.CharField(max_length=1_000, blank=True)
    limit_g = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["code", "valid_from"], name="positive_entry_of_code")
        ]

    def __str__(self) -> str:
        return f"{self.code} from {self.valid_from}"

    @property
    def remark_labels(self) -> list[str]:
        """Its kinds of remark in words."""
        return [str(RemarkKind(kind).label) for kind in self.remarks]


class ExchangeRate(Dated):
    """The customs rate of a currency for some days: yuan for ``per`` units, as published."""

    currency = CurrencyField()
    cny = models.DecimalField(max_digits=12, decimal_places=5)
    per = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(cny__gt=0, per__gt=0), name="a_customs_rate_is_above_zero"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["currency", "valid_from"], name="exchange_rate_of_currency")
        ]

    def __str__(self) -> str:
        return f"{self.currency} from {self.valid_from}"

    @property
    def cny_per_unit(self) -> Decimal:
        """Yuan for one unit of the currency, exact."""
        return self.cny / self.per


class CustomsCode(Dated):
    """A code of one of customs' tables, with its old codes of customs and of inspection."""

    table = models.CharField(max_length=20, choices=TABLE_CHOICES)
    code = models.CharField(max_length=16)
    name_zh = models.CharField(max_length=250)
    name_en = models.CharField(max_length=250, blank=True)
    old_code = models.CharField(max_length=16, blank=True)
    old_ciq_code = models.CharField(max_length=16, blank=True)
    iso_code = models.CharField(max_length=16, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["table", "code", "valid_from"], name="customs_code_of_table")
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.code} from {self.valid_from}"

    def name(self, *, chinese: bool) -> str:
        """Its name; the Chinese one where there is no English."""
        return self.name_zh if chinese else self.name_en or self.name_zh
