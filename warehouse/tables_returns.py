"""What consumers send back, as its lists show it."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Role
from warehouse.queries.returning import RETURNS, returns_of
from web.tables import Column, Empty, Table

_UNITS = (
    Column(label=_("Status"), value="state", kind="state"),
    Column(label=_("Why it comes back"), value="reason"),
    Column(label=_("Must arrive by"), value="comes_until", kind="day"),
    Column(label=_("Announced"), value="units", kind="qty", total="units"),
    Column(label=_("Counted"), value="came", kind="qty", total="came"),
)

MY_RETURNS = Table(
    key="my-returns",
    scope="retail:read",
    title=_("Returns"),
    listing=RETURNS,
    rows=lambda viewer: returns_of(seller=viewer.company),
    roles=frozenset({Role.SELLER}),
    columns=(
        Column(label=_("Number"), value="number", kind="number", sort="number"),
        Column(
            label=_("Retail order"),
            value="order_number",
            kind="number",
            link=lambda one: reverse("retail_order", args=[one.order_number]),
        ),
        *_UNITS,
    ),
    empty=Empty(
        _("Nothing comes back"), _("A return is announced on the page of its order."), "arrow-back"
    ),
)

HOUSE_RETURNS = Table(
    key="house-returns",
    title=_("Returns"),
    listing=RETURNS,
    rows=lambda viewer: returns_of(keeper=viewer.company),
    roles=frozenset({Role.WAREHOUSE}),
    columns=(
        Column(
            label=_("Number"),
            value="number",
            kind="number",
            link=lambda one: reverse("warehouse_return", args=[one.number]),
            sort="number",
        ),
        Column(label=_("Retail order"), value="order_number", kind="number"),
        Column(label=_("Seller"), value="seller.name"),
        *_UNITS,
    ),
    empty=Empty(
        _("Nothing comes back"),
        _("What a seller announces stands here until it has arrived."),
        "arrow-back",
    ),
)

TABLES = (MY_RETURNS, HOUSE_RETURNS)
