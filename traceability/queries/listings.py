"""The lists of traceability, for its pages and its API."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.filters import Choices, Code, Days
from core.listing import Listing, Search
from core.models import WorkState
from traceability.models import Evidence
from traceability.queries.chain import about

EVENTS = Listing(
    name="events",
    sorts={"event_time": "event_time", "recorded": "pk"},
    default="-event_time",
    search=Search(
        more=about,
        hint=_("GTIN, lot, item code, order, shipment, declaration or retail order"),
    ),
    filters=(
        Choices(name="evidence", path="evidence", choices=Evidence.choices, label=_("Backed by")),
        Code(name="step", path="biz_step", label=_("Step")),
        Days(name="event", path="event_time", label=_("When")),
    ),
)

LABEL_SHEETS = Listing(
    name="label-sheets",
    sorts={"number": "number", "queued_at": "queued_at", "pages": "page_count"},
    default="-number",
    search=Search(prefix=("number", "lot_number"), exact=("gtin",), hint=_("Sheet, lot or GTIN")),
    filters=(
        Choices(name="state", path="state", choices=WorkState.choices, label=_("Status")),
        Code(name="lot", path="lot_number", label=_("Lot")),
        Days(name="queued", path="queued_at", label=_("Queued")),
    ),
)
