"""What a seller can sell now, as its page and its files show it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.models import Role
from warehouse.queries.to_sell import TO_SELL, to_sell
from web.tables import Column, Empty, Table

SELLABLE = Table(
    key="to-sell",
    scope="stock:read",
    title=_("What can be sold"),
    listing=TO_SELL,
    rows=lambda viewer: to_sell(viewer.company, now=viewer.now),
    roles=frozenset({Role.SELLER}),
    named="sku",
    columns=(
        Column(label=_("Product"), value="name", note="sku", sort="sku"),
        Column(label=_("SKU"), value="sku", kind="number", on_page=False),
        Column(label=_("Units"), value="units", kind="qty", sort="units", total="units"),
        Column(label=_("By warehouse"), value="by_house"),
        Column(label=_("Changed at"), value="changed_at", kind="moment"),
    ),
    empty=Empty(
        _("Nothing of yours has arrived yet"),
        _("Your share of a combined order appears here once the bonded warehouse has counted it."),
        "building-warehouse",
    ),
)

TABLES = (SELLABLE,)
