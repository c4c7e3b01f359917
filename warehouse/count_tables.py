"""The list of counts."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Role
from warehouse.queries import counts
from warehouse.tables import operator_of
from web.tables import Column, Empty, Table

COUNTS = Table(
    key="counts",
    title=_("Counts"),
    listing=counts.COUNTS,
    rows=lambda viewer: counts.counts(operator_of(viewer)),
    roles=frozenset({Role.WAREHOUSE, Role.OPERATOR}),
    columns=(
        Column(
            label=_("Number"),
            value="number",
            kind="number",
            link=lambda one: reverse("stock_count", args=[one.number]),
            sort="number",
        ),
        Column(label=_("Warehouse"), value="warehouse.code"),
        Column(label=_("What is counted"), value="subject"),
        Column(label=_("Lines"), value="lines_counted", kind="qty"),
        Column(label=_("Stands still"), value="freezes", kind="yes"),
        Column(label=_("Started at"), value="started_at", kind="moment", sort="started_at"),
        Column(label=_("Status"), value="state", kind="choice"),
    ),
    empty=Empty(
        _("No count yet"),
        _("Start one with what is due, or with any product, lot or place."),
        "clipboard-list",
    ),
)

TABLES = (COUNTS,)
