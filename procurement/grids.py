"""The form in which a seller files: three figures for each product of a page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog.models import Product
from procurement.rules.forecasting import (
    LARGEST_LINE,
    NO_LIMIT,
    Limit,
    check_tolerance,
    kept_of,
    limit_facts,
)

#: What the fields of a product begin with: units, units less, units more.
PARTS = ("p", "l", "m")
_HEADS = {"p": _("Units"), "l": _("Do without"), "m": _("Take more")}
_NONE = (0, 0, 0)


class ForecastForm(forms.Form):
    """Units for the products shown; the fields are called ``p<product id>``, ``l…`` and ``m…``."""

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        products: Iterable[Product],
        current: Mapping[int, tuple[int, int, int]],
        limit: Limit = NO_LIMIT,
    ) -> None:
        super().__init__(data)
        self.products = list(products)
        self.current = current
        self.limit = limit
        for product in self.products:
            for column, part in enumerate(PARTS):
                value = current.get(product.pk, _NONE)[column]
                self.fields[f"{part}{product.pk}"] = _units(product, part, column, value)

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        for product in self.products:
            units = told.get(f"p{product.pk}") or 0
            filed = self.current.get(product.pk)
            stays = kept_of(filed, units) if filed else (0, 0)
            for part, kept in zip(PARTS[1:], stays, strict=True):
                name = f"{part}{product.pk}"
                text = str(told.get(name) or "")
                wrong = check_tolerance(text, quantity=units, limit=self.limit, kept=kept)
                if isinstance(wrong, str) and f"p{product.pk}" not in self.errors:
                    self.add_error(name, gettext(wrong) % limit_facts(self.limit))
        return told

    def seen(self, newest: int) -> int:
        """The version that the form was fetched with: what was typed changes that one."""
        told = str(self.data.get("seen", ""))
        return int(told) if told.isascii() and told.isdecimal() and len(told) < 10 else newest

    def wanted(self) -> dict[int, tuple[int, int, int]]:
        """Units, less and more by product id of the products that were sent; empty means none.

        A product that came onto this page since the form was fetched was not seen, so it is
        not said to be unwanted; a figure that was not sent stays as it was filed.
        """
        found = {}
        for product in self.products:
            if f"p{product.pk}" not in self.data:
                continue
            before = self.current.get(product.pk, _NONE)
            units, less, more = (
                (self.cleaned_data.get(f"{part}{product.pk}") or 0)
                if f"{part}{product.pk}" in self.data
                else before[column]
                for column, part in enumerate(PARTS)
            )
            found[product.pk] = (units, min(less, units), more if units else 0)
        return found


def _units(product: Product, part: str, column: int, value: int) -> forms.IntegerField:
    return forms.IntegerField(
        label=product.name,
        required=False,
        min_value=0,
        error_messages={
            "min_value": _("A quantity cannot be negative."),
            "invalid": _("A quantity is written in digits only."),
        },
        max_value=LARGEST_LINE,
        initial=value or None,
        widget=forms.TextInput(
            attrs={
                "inputmode": "numeric",
                "autocomplete": "off",
                "class": "units",
                "aria-label": f"{product.sku} {_HEADS[part]}",
                "form": "forecast",
                "data-grid-col": column,
                "data-grid-sku": product.sku,
            }
        ),
    )
