"""What the law leaves to be settled about retail tax, dated like all reference data."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customs.models.reference import Dated


class TaxRounding(Dated):
    """How the tax of retail lists comes to whole amounts; see ``rules.rounding``."""

    tax = models.CharField(max_length=8, default="retail")
    mode = models.CharField(
        max_length=9,
        choices=[
            ("half_up", _("half up")),
            ("half_even", _("half to even")),
            ("down", _("down")),
            ("up", _("up")),
        ],
    )
    basis = models.CharField(
        max_length=4, choices=[("line", _("each line")), ("list", _("the whole list"))]
    )
    places = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(places__lte=2), name="tax_is_rounded_to_fen_or_more"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mode} from {self.valid_from}"


class PriceThreshold(Dated):
    """From which price on goods are high-priced: yuan for a millilitre or gram, or for a sheet."""

    goods = models.CharField(max_length=12, default="cosmetics")
    per_measure = models.DecimalField(max_digits=12, decimal_places=5)
    per_piece = models.DecimalField(max_digits=12, decimal_places=5)

    def __str__(self) -> str:
        return f"{self.goods} from {self.valid_from}"
