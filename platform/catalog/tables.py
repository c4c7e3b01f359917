"""The list of products as its page and its files show it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import Role
from catalog import queries
from catalog.templatetags.catalog import category
from web.tables import Column, Empty, Table


def _life(product: Any) -> str:
    days = product.shelf_life_days
    if not days:
        return _now("does not expire")
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}


PRODUCTS = Table(
    key="products",
    scope="products:read",
    title=_("Products"),
    listing=queries.PRODUCTS,
    rows=lambda viewer: queries.products(),
    roles=frozenset(Role.values),
    named="sku",
    columns=(
        Column(
            label=_("Product"),
            value="name",
            note="sku",
            link=lambda one: reverse("product", args=[one.pk]),
            sort="sku",
        ),
        Column(label=_("SKU"), value="sku", kind="number", on_page=False),
        Column(label=_("GTIN"), value="gtin", kind="number", sort="gtin"),
        Column(label=_("HS code"), value="hs_code", kind="number", sort="hs_code"),
        Column(label=_("Origin"), value="origin", kind="country"),
        Column(label=_("Category"), value=lambda one: category(one.category)),
        Column(label=_("Shelf life"), value=_life, sort="shelf_life", in_file=False),
        Column(label=_("Shelf life (days)"), value="shelf_life_days", kind="qty", on_page=False),
    ),
    empty=Empty(
        _("The catalogue is empty"), _("Products come in as a CSV or XLSX file."), "package"
    ),
)

TABLES = (PRODUCTS,)
