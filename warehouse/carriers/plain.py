"""A carrier without a system of its own that we know: tables and JSON as described here."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.timezone import get_default_timezone

from core.sheets import read_sheet, write_csv
from warehouse.rules.handing import MOST_ROWS, EventTold, TrackingTold
from warehouse.rules.retail_file import NotAMoment, read_moment

if TYPE_CHECKING:
    from warehouse.carriers import Manifest

COLUMNS = (
    *("parcel", "order", "weight_g", "package", "name", "telephone", "address"),
    "tracking_number",
)
TRACKING_COLUMNS = ("parcel", "tracking_number")
EVENT_COLUMNS = ("parcel", "kind", "happened_at")
EVENT_OPTIONAL = ("place", "note")
_ALIASES = {
    "包裹": "parcel",
    "包裹编号": "parcel",
    "运单号": "tracking_number",
    "事件": "kind",
    "时间": "happened_at",
    "地点": "place",
    "备注": "note",
}


class Plain:
    """CSV or XLSX with these columns, times of China unless they carry their offset."""

    def manifest_csv(self, manifest: Manifest) -> bytes:
        rows = [[getattr(one, name) for name in COLUMNS] for one in manifest.lines]
        return write_csv(COLUMNS, rows)

    def manifest_json(self, manifest: Manifest) -> bytes:
        told = {
            "number": manifest.number,
            "carrier": manifest.carrier,
            "warehouse": manifest.warehouse,
            "handed_at": manifest.handed_at.isoformat(),
            "parcels": [{name: getattr(one, name) for name in COLUMNS} for one in manifest.lines],
        }
        return json.dumps(told, ensure_ascii=False, indent=1).encode()

    def read_tracking(self, name: str, content: bytes) -> list[TrackingTold]:
        rows = read_sheet(
            name, content, columns=TRACKING_COLUMNS, aliases=_ALIASES, max_rows=MOST_ROWS
        )
        return [
            TrackingTold(row.number, row.values["parcel"], row.values["tracking_number"])
            # A manifest is sent back as it is filled in: what has no number yet is left.
            for row in rows
            if row.values["tracking_number"]
        ]

    def read_events(self, name: str, content: bytes) -> list[EventTold]:
        rows = read_sheet(
            name,
            content,
            columns=EVENT_COLUMNS,
            optional=EVENT_OPTIONAL,
            aliases=_ALIASES,
            max_rows=MOST_ROWS,
        )
        return [
            EventTold(
                row.number,
                row.values["parcel"],
                row.values["kind"].strip().lower(),
                _moment(row.values["happened_at"]),
                row.values["place"],
                row.values["note"],
            )
            for row in rows
        ]


def _moment(text: str) -> datetime | None:
    try:
        return read_moment(text, get_default_timezone())
    except NotAMoment:
        return None
