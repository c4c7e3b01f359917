"""How long a seller's stock lasts, as its page and its files show it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.models import Role
from warehouse.queries.restocking import RESTOCKS, STANDINGS, restocks
from web.tables import Column, Empty, Table

_NAMES = dict(STANDINGS)

RESTOCKING = Table(
    key="restocking",
    scope="stock:read",
    title=_("How long stock lasts"),
    listing=RESTOCKS,
    rows=lambda viewer: restocks(viewer.company, now=viewer.now),
    roles=frozenset({Role.SELLER}),
    named="sku",
    columns=(
        Column(label=_("Product"), value="name", note="sku", sort="sku"),
        Column(label=_("SKU"), value="sku", kind="number", on_page=False),
        Column(label=_("How it stands"), value=lambda one: str(_NAMES[one.standing])),
        Column(label=_("For sale"), value="available", kind="qty", sort="available"),
        Column(label=_("Sold in 90 days"), value="drawn", kind="qty", sort="drawn"),
        Column(label=_("Days it lasts"), value="cover_days", kind="qty", sort="cover_days"),
        Column(label=_("Runs out on"), value="runs_out_on", kind="day"),
        Column(label=_("Next arrival"), value="arrives_on", kind="day"),
        Column(label=_("Days without a sale"), value="idle_days", kind="qty", sort="idle_days"),
        Column(label=_("Last sold on"), value="last_on", kind="day"),
    ),
    empty=Empty(
        _("Nothing of yours has arrived yet"),
        _("Your share of a combined order appears here once the bonded warehouse has counted it."),
        "building-warehouse",
    ),
)

TABLES = (RESTOCKING,)
