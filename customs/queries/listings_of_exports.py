"""The list of export lists, for its page and its API."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from catalog.queries import company_keys
from core.filters import Choices, Code, Days
from core.listing import Listing, Search, Total
from customs.models import OutcomeChoice

EXPORT_LISTS = Listing(
    name="export-lists",
    sorts={"number": "number", "gathered_at": "gathered_at"},
    default="-gathered_at",
    search=Search(
        prefix=("number", "element__their_number"), hint=_("Our number, or the authority's")
    ),
    filters=(
        Choices(
            name="outcome",
            path="element__standing__outcome",
            choices=OutcomeChoice.choices,
            label=_("State"),
        ),
        Code(name="warehouse", path="warehouse__code", label=_("Warehouse")),
        Code(name="importer", path="importer", find=company_keys, label=_("Importer")),
        Days(name="gathered", path="gathered_at", label=_("Gathered")),
    ),
    totals=(Total("parcels", "parcels"),),
)
