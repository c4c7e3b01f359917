"""The export lists as pages and files show them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Role
from customs.models import ListAct, OutcomeChoice
from customs.queries import listings_of_exports as listings
from customs.queries.exporting import export_lists
from customs.rules.zone_lists import Stage
from customs.stages import STAGES
from web.tables import Column, Empty, Table


def state_word(one: Any) -> str:
    """What customs said, or how far its message is before that; whether it is deleted."""
    if any(
        it.act == ListAct.DELETE
        and getattr(it, "standing", None) is not None
        and it.standing.outcome in (OutcomeChoice.TAKEN, OutcomeChoice.DONE)
        for it in one.element.counters.all()
    ):
        return str(STAGES[Stage.DELETED])
    standing = getattr(one.element, "standing", None)
    return str(
        standing.get_outcome_display() if standing else one.element.message.get_state_display()
    )


EXPORT_LISTS = Table(
    key="export-lists",
    scope="declarations:read",
    title=_("Export lists"),
    listing=listings.EXPORT_LISTS,
    rows=lambda viewer: export_lists(),
    roles=frozenset({Role.IMPORTER, Role.OPERATOR}),
    columns=(
        Column(
            label=_("Export list"),
            value="number",
            kind="number",
            link=lambda one: reverse("export_list", args=[one.number]),
            sort="number",
        ),
        Column(label=_("Customs number"), value="element.their_number", kind="number"),
        Column(label=_("Warehouse"), value="warehouse.name", note="ledger"),
        Column(label=_("Importer"), value="importer.name"),
        Column(label=_("Parcels"), value="parcels", kind="qty", total="parcels"),
        Column(label=_("State"), value=state_word),
        Column(label=_("Gathered"), value="gathered_at", kind="moment", sort="gathered_at"),
    ),
    empty=Empty(
        _("No export list yet"),
        _(
            "What customs released leaves the zone under export lists: gathered from released "
            "retail lists, by house and account book."
        ),
        "truck-delivery",
    ),
)

TABLES = (EXPORT_LISTS,)
