"""The manifests as their pages and files show them."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Role
from warehouse.queries import serving_listings as listings
from warehouse.queries.handing import hand_overs_of
from web.tables import Column, Empty, Table

HAND_OVERS = Table(
    key="hand-overs",
    scope="parcels:read",
    title=_("Hand-overs"),
    listing=listings.HAND_OVERS,
    rows=lambda viewer: hand_overs_of(viewer.company),
    roles=frozenset({Role.WAREHOUSE}),
    columns=(
        Column(
            label=_("Hand-over"),
            value="number",
            kind="number",
            link=lambda one: reverse("warehouse_hand_over", args=[one.number]),
            sort="number",
        ),
        Column(label=_("Carrier"), value="carrier.name", note="carrier.code"),
        Column(label=_("Warehouse"), value="warehouse.code"),
        Column(label=_("Handed over at"), value="handed_at", kind="moment", sort="handed_at"),
        Column(label=_("Parcels"), value="parcels", kind="qty", total="parcels"),
        Column(label=_("Weight (g)"), value="weight_g", kind="qty", total="weight"),
    ),
    empty=Empty(
        _("Nothing handed over yet"),
        _("Packed parcels leave with a carrier, by a manifest."),
        "truck-delivery",
    ),
)

TABLES = (HAND_OVERS,)
