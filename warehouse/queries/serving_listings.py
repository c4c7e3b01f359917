"""The lists of what leaves a warehouse: waves, parcels."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.filters import Choice, Code, Days
from core.listing import Listing, Search, Total
from warehouse.models import Package, WaveState

WAVES = Listing(
    name="waves",
    sorts={"number": "number", "made_at": "made_at"},
    default="-number",
    search=Search(prefix=("number",), hint=_("Number of a wave")),
    filters=(
        Choice(name="state", path="state", choices=WaveState.choices, label=_("State")),
        Code(name="warehouse", path="warehouse__code", label=_("Warehouse")),
        Days(name="made", path="made_at", label=_("Made")),
    ),
    totals=(Total("orders", "orders"), Total("units", "units")),
)

PARCELS = Listing(
    name="parcels",
    sorts={"number": "number", "packed_at": "packed_at"},
    default="-number",
    search=Search(prefix=("number", "order_number"), hint=_("Parcel or order")),
    filters=(
        Choice(name="package", path="package", choices=Package.choices, label=_("Package")),
        Code(name="warehouse", path="warehouse__code", label=_("Warehouse")),
        Days(name="packed", path="packed_at", label=_("Packed at")),
    ),
    totals=(Total("weight", "weight_g"),),
)

HAND_OVERS = Listing(
    name="hand-overs",
    sorts={"number": "number", "handed_at": "handed_at"},
    default="-number",
    search=Search(prefix=("number",), hint=_("Number of a hand-over")),
    filters=(
        Code(name="carrier", path="carrier__code", label=_("Carrier")),
        Code(name="warehouse", path="warehouse__code", label=_("Warehouse")),
        Days(name="handed", path="handed_at", label=_("Handed over at")),
    ),
    totals=(Total("parcels", "parcels"), Total("weight", "weight_g")),
)
