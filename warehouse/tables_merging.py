"""Orders that could go as one parcel, as their list shows them."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Role
from warehouse.queries.merging import MERGEABLE_ORDERS, parcels_to_be
from warehouse.queries.retail import BUYER_FIELDS
from web.tables import Column, Empty, Table

MERGEABLE = Table(
    key="mergeable-orders",
    scope="retail:read",
    title=_("Orders that could go as one parcel"),
    listing=MERGEABLE_ORDERS,
    # A list shows no buyer, so none is decrypted for it.
    rows=lambda viewer: parcels_to_be(viewer.company, viewer.now).defer(*BUYER_FIELDS),
    roles=frozenset({Role.SELLER}),
    columns=(
        Column(
            label=_("Oldest order"),
            value="number",
            kind="number",
            link=lambda one: reverse("retail_merge", args=[one.number]),
            sort="number",
        ),
        Column(label=_("Shop"), value="channel"),
        Column(label=_("Placed at"), value="placed_at", kind="moment", sort="placed_at"),
        Column(label=_("Retail orders"), value=lambda one: len(one.numbers), kind="qty"),
        Column(label=_("Their numbers"), value=lambda one: ", ".join(one.numbers), kind="number"),
        Column(label=_("Goods without freight"), value="goods_minor", kind="money"),
    ),
    empty=Empty(
        _("No buyer has two orders waiting"),
        _(
            "Placed in the last 14 days, paid or not, held by nobody, not released by customs yet,"
            " in one shop and one warehouse: such orders stand here."
        ),
        "arrows-join",
    ),
)

TABLES = (MERGEABLE,)
