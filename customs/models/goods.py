"""The goods lines of a declaration, the charges beside its price, and whose how much is."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Company
from catalog.models import Product
from core.fields import CountryField, CurrencyField, MinorField
from core.walls import owned_by
from customs.models.declaring import Declaration, DeclarationLine, DeclaredFigures
from customs.rules.charges import Kind, Mark


class GoodsLine(DeclaredFigures):
    """One goods line of the form: list lines that agree in all that is declared. Insert-only.

    Every figure is the sum of its list lines'. ``second_unit`` is empty where the code has one
    legal unit only.
    """

    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, related_name="goods")
    position = models.PositiveIntegerField()
    second_unit = models.CharField(max_length=3, blank=True)

    objects: ClassVar[models.Manager[GoodsLine]] = owned_by("declaration__importer")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["declaration", "position"], name="a_form_numbers_its_goods_lines"
            ),
            models.CheckConstraint(
                condition=Q(net_weight_g__lte=F("gross_weight_g")),
                name="a_goods_line_weighs_at_most_gross",
            ),
            models.CheckConstraint(
                condition=Q(second_unit="", second_quantity__isnull=True)
                | (~Q(second_unit="") & Q(second_quantity__isnull=False)),
                name="a_second_unit_has_its_quantity",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.declaration_id}#{self.position}"


class ChargeKind(models.TextChoices):
    FREIGHT = Kind.FREIGHT.value, _("freight")
    INSURANCE = Kind.INSURANCE.value, _("insurance")
    OTHER = Kind.OTHER.value, _("other charges")


class ChargeMark(models.TextChoices):
    RATE = Mark.RATE.value, pgettext_lazy("charge", "rate in per cent")
    UNIT = Mark.UNIT.value, pgettext_lazy("charge", "for each tonne")
    TOTAL = Mark.TOTAL.value, pgettext_lazy("charge", "total")


class DeclarationCharge(models.Model):
    """A charge that the terms leave out of the price, as the form has it. Insert-only.

    ``value`` is per cent for a rate, else major units of ``currency``, which a rate has none of.
    """

    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, related_name="charges")
    kind = models.CharField(max_length=9, choices=ChargeKind)
    mark = models.CharField(max_length=1, choices=ChargeMark)
    value = models.DecimalField(max_digits=19, decimal_places=4)
    currency = CurrencyField(blank=True)

    objects: ClassVar[models.Manager[DeclarationCharge]] = owned_by("declaration__importer")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["declaration", "kind"], name="a_charge_is_declared_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.declaration_id}:{self.kind}"


class DeclarationShare(models.Model):
    """What of a list line one owner of the pool has. Insert-only.

    The parts of a line sum to it in units, money and weights. What the owner may know of the
    declaration stands here itself, for the declaration is its importer's.
    """

    line = models.ForeignKey(DeclarationLine, on_delete=models.PROTECT, related_name="shares")
    owner = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", db_index=False)
    importer = models.ForeignKey(
        Company, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    reference = models.CharField(max_length=32)
    position = models.PositiveIntegerField()
    goods_position = models.PositiveIntegerField()
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+", db_index=False)
    hs_code = models.CharField(max_length=10)
    name_zh = models.CharField(max_length=250)
    origin = CountryField()
    quantity = models.PositiveIntegerField()
    unit = models.CharField(max_length=3)
    unit_price = models.DecimalField(max_digits=19, decimal_places=4)
    currency = CurrencyField()
    amount_minor = MinorField()
    net_weight_g = models.PositiveBigIntegerField()
    gross_weight_g = models.PositiveBigIntegerField()
    drafted_at = models.DateTimeField()

    objects: ClassVar[models.Manager[DeclarationShare]] = owned_by("owner", other="importer")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["line", "owner"], name="an_owner_has_one_part_of_a_list_line"
            ),
            models.CheckConstraint(
                condition=Q(quantity__gt=0), name="a_part_of_a_list_line_is_of_some_units"
            ),
            models.CheckConstraint(
                condition=Q(net_weight_g__lte=F("gross_weight_g")),
                name="a_part_weighs_at_most_gross",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["owner", "drafted_at", "id"], name="declaration_share_of_owner"),
            models.Index(fields=["reference", "position"], name="declaration_share_of_list"),
        ]

    def __str__(self) -> str:
        return f"{self.reference}/{self.position}:{self.owner_id}"
