"""The list of a warehouse's places, and how they are closed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Role
from warehouse import services
from warehouse.queries import places
from warehouse.tables import operator_of
from web.tables import Action, Column, Empty, Table, Viewer


def _close(place: Any, viewer: Viewer, now: datetime) -> None:
    services.close_place(place=place, now=now)


PLACES = Table(
    key="places",
    title=_("Places"),
    listing=places.PLACES,
    rows=lambda viewer: places.places(operator_of(viewer)),
    roles=frozenset({Role.WAREHOUSE, Role.OPERATOR}),
    named="code",
    columns=(
        Column(
            label=_("Place"),
            value="code",
            kind="number",
            link=lambda one: reverse("warehouse_place", args=[one.pk]),
            sort="code",
        ),
        Column(label=_("Warehouse"), value="warehouse.code"),
        Column(label=_("Zone"), value="zone", kind="choice"),
        Column(label=_("Units there"), value="units", kind="qty"),
        Column(label=_("Volume (m³)"), value="volume_m3", sort="volume"),
        Column(label=_("Load (kg)"), value="load_kg", sort="load"),
        Column(label=_("Closed"), value="closed_at", kind="moment"),
    ),
    empty=Empty(
        _("No place yet"),
        _("Make the places of the shelves; goods are put away to them from the gate."),
        "layout-grid",
        "warehouse_places_new",
        _("Make places"),
    ),
    actions=(
        Action(
            name="close",
            label=_("Close the places"),
            icon="lock",
            roles=frozenset({Role.WAREHOUSE}),
            each=_close,
            asks=_("No goods come there any more. A place at which goods lie stays open."),
        ),
    ),
    may_pick=lambda place: place.closed_at is None,
)

TABLES = (PLACES,)
