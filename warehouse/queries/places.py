"""Places of warehouses and what lies there."""

from __future__ import annotations

from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from accounts.models import Company
from core.filters import Choices, Code, Flag
from core.listing import Listing, Search, Sort
from core.listings import of_each
from warehouse.models import Holding, Location, Zone

PLACES = Listing(
    name="places",
    sorts={
        "code": "code",
        "newest": "pk",
        "volume": Sort("volume_m3", nullable=True),
        "load": Sort("load_kg", nullable=True),
    },
    default="code",
    search=Search(prefix=("code",), hint=_("Place")),
    filters=(
        Code(name="warehouse", path="warehouse__code", label=_("Warehouse")),
        Choices(name="zone", path="zone", choices=Zone.choices, label=_("Zone")),
        Flag(name="open", when=Q(closed_at__isnull=True), label=_("In use")),
    ),
)


def places(warehouses_of: Company | None = None) -> QuerySet[Location]:
    """With the units that lie there (``units``), those on pallets counted with their pallet; only
    an operator's own when it is given."""
    found = Location.objects.filter(stands_at__isnull=True).select_related("warehouse")
    if warehouses_of is not None:
        found = found.filter(warehouse__operator=warehouses_of)
    held = Holding.objects.filter(on_hand__gt=0)
    return found.annotate(units=of_each(held, "location", Sum("on_hand"))).order_by("code")


def lying_at(place: Location) -> QuerySet[Holding]:
    """What lies there, by product and expiry."""
    return (
        Holding.objects.filter(location=place, on_hand__gt=0)
        .select_related("lot__product", "owner")
        .order_by("product__sku", "expires_on", "lot_id", "owner__code", "status")
    )
