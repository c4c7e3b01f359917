"""The lists of traceability as its pages and files show them."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Role
from core.errors import DomainError
from core.models import WorkState
from core.packing import MEDIA_TYPE, packed
from traceability import queries
from traceability.queries import listings
from web.tables import Action, Column, Empty, Table, Viewer

_STAFF = frozenset({Role.OPERATOR, Role.WAREHOUSE})


def keeper(viewer: Viewer) -> Any:
    """Whose lots and statements the person sees: its own; the platform's operators see all."""
    return None if viewer.role == Role.OPERATOR else viewer.company


class NoSheetReady(DomainError):
    """Choose at least one sheet that is printed."""

    code = "traceability.no_sheet_ready"


def _pack(found: QuerySet[Any], viewer: Viewer) -> tuple[str, str, bytes]:
    """The finished sheets in one ZIP file."""
    keys = list(found.values_list("pk", flat=True))
    ready = queries.label_sheets(keeper=keeper(viewer)).filter(pk__in=keys, state=WorkState.READY)
    if not ready.exists():
        raise NoSheetReady()
    content = packed(
        (sheet.file_name, sheet.made_at, bytes(sheet.content or b""))
        for sheet in ready.defer(None).order_by("number").iterator(chunk_size=20)
    )
    return "labels.zip", MEDIA_TYPE, content


EVENTS = Table(
    key="events",
    title=_("Trace"),
    listing=listings.EVENTS,
    rows=lambda viewer: queries.search("", told_by=keeper(viewer)),
    roles=_STAFF,
    named="event_id",
    columns=(
        Column(label=_("When"), value="event_time", kind="moment", sort="event_time"),
        Column(
            label=_("Step"),
            value=queries.title_of,
            note=lambda one: " · ".join(filter(None, (one.biz_step, one.disposition))),
        ),
        Column(label=_("Step (EPCIS)"), value="biz_step", on_page=False),
        Column(
            label=_("About"),
            value=lambda one: " ".join(one.keys),
            template="traceability/_cell_keys.html",
        ),
        Column(label=_("Who says so"), value="asserted_by.name"),
        Column(
            label=_("Backed by"),
            value="evidence",
            kind="choice",
            template="traceability/_cell_evidence.html",
        ),
        Column(label=_("Record hash"), value="record_hash", kind="number", on_page=False),
    ),
    empty=Empty(
        _("Nothing is recorded yet"),
        _("Every step of the goods is recorded here as it happens."),
        "route-off",
    ),
)

LABEL_SHEETS = Table(
    key="label-sheets",
    title=_("Label sheets"),
    listing=listings.LABEL_SHEETS,
    rows=lambda viewer: queries.label_sheets(keeper=keeper(viewer)),
    roles=_STAFF,
    is_moving=lambda sheet: sheet.state in {WorkState.QUEUED, WorkState.GENERATING},
    columns=(
        Column(label=_("Sheet"), value="number", kind="number", sort="number"),
        Column(
            label=_("Status"),
            value="state",
            kind="state",
            note=lambda one: one.trouble if one.state == WorkState.FAILED else "",
        ),
        Column(
            label=_("Lot"),
            value="lot_number",
            kind="number",
            template="traceability/_cell_lot.html",
        ),
        Column(label=pgettext_lazy("count", "Pages"), value="page_count", kind="qty", sort="pages"),
        Column(label=_("Queued"), value="queued_at", kind="moment", sort="queued_at"),
        Column(label=_("GTIN"), value="gtin", kind="number"),
        Column(label="", template="traceability/_cell_file.html"),
    ),
    empty=Empty(
        _("No labels have been printed yet"),
        _("Labels are issued on the page of a received lot."),
        "qrcode",
        "warehouse_lots",
        _("To the lots"),
    ),
    actions=(
        Action(
            name="zip",
            label=_("Download the chosen sheets (ZIP)"),
            icon="file-zip",
            roles=_STAFF,
            gather=_pack,
        ),
    ),
)

TABLES = (EVENTS, LABEL_SHEETS)
