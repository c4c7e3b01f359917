"""The report of how long goods lie in bond."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from accounts.models import Role
from warehouse.queries.ageing import AGEING, ageing
from warehouse.tables import operator_of
from web.tables import Column, Empty, Table

_COLUMNS = (
    Column(label=_("Product"), value="name", note="sku", sort="product"),
    Column(label=_("SKU"), value="sku", kind="number", on_page=False),
    Column(label=_("Lots"), value="lots", kind="qty"),
    Column(label=_("0 to 30 days"), value="to_30", kind="qty", total="to_30"),
    Column(label=_("31 to 60"), value="to_60", kind="qty", total="to_60"),
    Column(label=_("61 to 90"), value="to_90", kind="qty", total="to_90"),
    Column(label=_("91 to 180"), value="to_180", kind="qty", total="to_180"),
    Column(label=_("181 to 365"), value="to_365", kind="qty", total="to_365"),
    Column(label=_("Over 365"), value="older", kind="qty", sort="older", total="older"),
    Column(label=_("On hand"), value="on_hand", kind="qty", sort="on_hand", total="on_hand"),
)
_EMPTY = Empty(
    _("No stock here"), _("Stock stands here once a receipt is booked."), "building-warehouse"
)

MY_AGEING = Table(
    key="my-ageing",
    scope="stock:read",
    title=_("Age of stock"),
    listing=AGEING,
    rows=lambda viewer: ageing(now=viewer.now, owner=viewer.company),
    roles=frozenset({Role.SELLER}),
    named="sku",
    columns=_COLUMNS,
    empty=_EMPTY,
)

AGEING_OF_STOCK = Table(
    key="ageing",
    title=_("Age of stock"),
    listing=replace(AGEING, name="kept-ageing"),
    rows=lambda viewer: ageing(now=viewer.now, warehouses_of=operator_of(viewer)),
    roles=frozenset({Role.WAREHOUSE, Role.OPERATOR}),
    named="sku",
    columns=_COLUMNS,
    empty=_EMPTY,
)

TABLES = (MY_AGEING, AGEING_OF_STOCK)
