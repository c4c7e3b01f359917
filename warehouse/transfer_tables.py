"""The lists of what sellers offer each other in bond."""

from __future__ import annotations

from dataclasses import replace

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Role
from warehouse.queries import transfers
from warehouse.tables import operator_of
from web.tables import Column, Empty, Table

_SELLER = frozenset({Role.SELLER})
_WAREHOUSE = frozenset({Role.WAREHOUSE, Role.OPERATOR})
_GOODS = (
    Column(label=_("Product"), value="product.name", note="product.sku"),
    Column(label=_("SKU"), value="product.sku", kind="number", on_page=False),
    Column(label=_("Lot"), value="lot_number", kind="number"),
    Column(label=_("Expires"), value="expires_on", kind="day"),
    Column(label=_("Given by"), value="giver.name", note="giver.code"),
    Column(label=_("Taken by"), value="taker.name", note="taker.code"),
    Column(label=_("Units"), value="quantity", kind="qty", total="units"),
)
_ENDS = (
    Column(label=_("Valid until"), value="valid_until", kind="day", sort="valid_until"),
    Column(label=_("Status"), value="state", kind="choice"),
)

TRANSFERS = Table(
    key="transfers",
    scope="stock:read",
    title=_("Offers between sellers"),
    listing=transfers.TRANSFERS,
    rows=lambda viewer: transfers.of_seller(viewer.company),
    roles=_SELLER,
    columns=(
        Column(
            label=_("Number"),
            value="number",
            kind="number",
            link=lambda one: reverse("transfer", args=[one.number]),
            sort="number",
        ),
        *_GOODS,
        Column(label=_("Price a unit"), value="price_minor", kind="money"),
        *_ENDS,
    ),
    empty=Empty(
        _("No offer yet"),
        _("Goods in bond can change hands where they lie: offer some to another seller."),
        "arrows-exchange",
        "transfer_new",
        _("Offer goods"),
    ),
)

#: Whose goods change hands is the keeper's to know, at what price is not.
KEPT_TRANSFERS = Table(
    key="kept-transfers",
    title=_("Offers between sellers"),
    listing=replace(transfers.TRANSFERS, name="kept-transfers"),
    rows=lambda viewer: transfers.kept_by(operator_of(viewer)),
    roles=_WAREHOUSE,
    columns=(
        Column(label=_("Number"), value="number", kind="number", sort="number"),
        *_GOODS,
        Column(label=_("Account book"), value="account_book", kind="number"),
        Column(label=_("Remark for customs"), value="remark"),
        *_ENDS,
    ),
    empty=Empty(
        _("No offer yet"),
        _("What sellers offer each other of the goods that lie here stands here."),
        "arrows-exchange",
    ),
)

TABLES = (TRANSFERS, KEPT_TRANSFERS)
