"""The list of claims against suppliers."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Role
from warehouse.queries import claims
from web.tables import Column, Empty, Table, Viewer


def buyer_of(viewer: Viewer) -> Any:
    """Whose claims the person sees: its own; the platform's operators see all."""
    return None if viewer.role == Role.OPERATOR else viewer.company


CLAIMS = Table(
    key="claims",
    title=_("Claims"),
    listing=claims.CLAIMS,
    rows=lambda viewer: claims.claims(buyer_of(viewer)),
    roles=frozenset({Role.IMPORTER, Role.OPERATOR}),
    columns=(
        Column(
            label=_("Claim"),
            value="number",
            kind="number",
            link=lambda one: reverse("claim", args=[one.number]),
            sort="number",
        ),
        Column(label=_("Supplier"), value="supplier.company.name"),
        Column(label=_("Shipment"), value="shipment.number", kind="number"),
        Column(label=_("Opened"), value="opened_at", kind="moment", sort="opened_at"),
        Column(label=_("State"), value="state", kind="choice"),
        Column(label=_("Damaged units"), value="units", kind="qty"),
        Column(
            label=_("Amount"),
            value="amount_minor",
            kind="money",
            currency="currency",
            sort="amount",
            total="amount",
        ),
    ),
    empty=Empty(
        _("No claim yet"),
        _("A claim is opened when goods are counted that came damaged."),
        "file-invoice",
    ),
)

TABLES = (CLAIMS,)
