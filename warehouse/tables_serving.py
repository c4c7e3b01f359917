"""The lists of what leaves a warehouse as its pages and files show them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Role
from warehouse.models import Parcel, PickWave
from warehouse.queries import serving_listings as listings
from web.tables import Column, Empty, Table, Viewer

_WAREHOUSE = frozenset({Role.WAREHOUSE})


def _waves(viewer: Viewer) -> Any:
    return PickWave.objects.filter(keeper=viewer.company).select_related("warehouse")


WAVES = Table(
    key="waves",
    title=_("Waves"),
    listing=listings.WAVES,
    rows=_waves,
    roles=_WAREHOUSE,
    columns=(
        Column(
            label=_("Wave"),
            value="number",
            kind="number",
            link=lambda one: reverse("warehouse_wave", args=[one.number]),
            sort="number",
        ),
        Column(label=_("State"), value="state", kind="state"),
        Column(label=_("Warehouse"), value="warehouse.code"),
        Column(label=_("Made"), value="made_at", kind="moment", sort="made_at"),
        Column(label=_("Picked"), value="picked_at", kind="moment"),
        Column(label=pgettext_lazy("retail", "Orders"), value="orders", kind="qty", total="orders"),
        Column(label=_("Units"), value="units", kind="qty", total="units"),
    ),
    empty=Empty(
        _("No wave yet"),
        _("A wave puts released orders on one list, by which they are picked."),
        "basket",
    ),
)


def _parcels(viewer: Viewer) -> Any:
    return Parcel.objects.filter(keeper=viewer.company).select_related("warehouse")


PARCELS = Table(
    key="parcels",
    title=_("Parcels"),
    listing=listings.PARCELS,
    rows=_parcels,
    roles=_WAREHOUSE,
    columns=(
        Column(label=_("Parcel"), value="number", kind="number", sort="number"),
        Column(label=_("Order"), value="order_number", kind="number"),
        Column(label=_("Warehouse"), value="warehouse.code"),
        Column(label=_("Package"), value="package", kind="choice"),
        Column(label=_("Weight (g)"), value="weight_g", kind="qty", total="weight"),
        Column(label=_("Packed at"), value="packed_at", kind="moment", sort="packed_at"),
    ),
    empty=Empty(
        _("No parcel yet"), _("A picked order is packed into one parcel or more."), "package"
    ),
)

TABLES = (WAVES, PARCELS)
