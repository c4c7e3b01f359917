"""The list of a warehouse's pallets."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Role
from warehouse.queries import pallets
from warehouse.tables import operator_of
from web.tables import Column, Empty, Table

PALLETS = Table(
    key="pallets",
    title=_("Pallets"),
    listing=pallets.PALLETS,
    rows=lambda viewer: pallets.pallets(operator_of(viewer)),
    roles=frozenset({Role.WAREHOUSE, Role.OPERATOR}),
    named="sscc",
    columns=(
        Column(
            label=_("SSCC"),
            value="sscc",
            kind="number",
            link=lambda one: reverse("warehouse_pallet", args=[one.sscc]),
            sort="sscc",
        ),
        Column(label=_("Warehouse"), value="location.warehouse.code"),
        Column(label=_("Stands at"), value="location.stands_at.code", kind="number"),
        Column(label=_("Zone"), value="location.zone", kind="choice"),
        Column(label=_("Units on it"), value="units", kind="qty"),
        Column(label=_("Made at"), value="made_at", kind="moment", sort="newest"),
        Column(label=_("Closed"), value="location.closed_at", kind="moment"),
    ),
    empty=Empty(
        _("No pallet yet"),
        _("Goods at the gate are put onto pallets, which then move as a whole."),
        "stack-2",
        "warehouse_pallet_new",
        _("Make a pallet"),
    ),
)

TABLES = (PALLETS,)
