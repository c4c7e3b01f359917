"""The lists of channels and of what came by them."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.filters import Choices, Days, Flag
from core.listing import Listing, Search, Sort, Total
from warehouse.models import ChannelKind, DeliveryStage

CHANNELS = Listing(
    name="channels",
    sorts={"name": "name", "created_at": "created_at"},
    default="name",
    search=Search(more=lambda words: Q(name__icontains=words), hint=_("Name")),
    filters=(
        Choices(name="kind", path="kind", choices=ChannelKind.choices, label=_("Kind")),
        Flag(name="active", when=Q(is_active=True), label=_("Switched on")),
    ),
    totals=(Total("waiting", "waiting"), Total("trouble", "trouble")),
)

CHANNEL_DELIVERIES = Listing(
    name="channel-deliveries",
    sorts={"newest": "pk", "worked_at": Sort("worked_at", nullable=True)},
    default="-newest",
    search=Search(
        more=lambda words: Q(order_numbers__contains=[words]) | Q(delivery_id=words),
        hint=_("Order number in the shop"),
    ),
    filters=(
        Choices(name="state", path="state", choices=DeliveryStage.choices, label=_("Status")),
        Days(name="received", path="received_at", label=_("Received")),
    ),
)
