"""Events as an EPCIS 2.0 JSON-LD document, the way other traceability systems read them.

Business steps, dispositions and CBV document types are bare words; where the CBV has no
word (customs papers) the type is an address of our own vocabulary, ``<base>/voc/btt/<word>``,
which says what it means when it is opened. Numbers of units are left out: the document is
public, and the units of a lot belong to several owners.

Source: GS1 EPCIS 2.0.1 JSON schema; CBV 2.0 sections 7 and 8.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any
from urllib.parse import quote
from uuid import UUID

from traceability import rules

CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
_IS_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s]+")


@dataclass(frozen=True, slots=True)
class Item:
    """The item the document is about, and the address its links begin with."""

    base: str
    gtin: str
    lot: str
    serial: str
    origin: str = ""
    expires_on: str = ""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A stored event, with the names of who asserts it."""

    event_id: UUID
    event_type: str
    action: str
    event_time: datetime
    record_time: datetime
    biz_step: str
    disposition: str
    read_point: str
    biz_location: str
    keys: Sequence[str]
    documents: Sequence[Sequence[str]]
    asserted_by: str
    evidence: str
    record_hash: str
    previous_hash: str


def document(
    events: Sequence[Recorded], item: Item, *, zone: tzinfo, now: datetime
) -> dict[str, Any]:
    """An EPCISDocument of these events; times in ``zone`` with their offset."""
    return {
        "@context": [CONTEXT, {"bondpool": f"{item.base}/voc/"}],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": _time(now, zone),
        "epcisBody": {"eventList": [_event(event, item, zone) for event in events]},
    }


def _event(event: Recorded, item: Item, zone: tzinfo) -> dict[str, Any]:
    papers = [_paper(kind, number, item.base) for kind, number in event.documents]
    told: dict[str, Any] = {
        "type": event.event_type,
        "eventID": f"urn:uuid:{event.event_id}",
        "eventTime": _time(event.event_time, zone),
        "eventTimeZoneOffset": _time(event.event_time, zone)[-6:],
        "recordTime": _time(event.record_time, zone),
        "action": event.action,
        "bizStep": event.biz_step,
    }
    if event.disposition:
        told["disposition"] = event.disposition
    if event.read_point:
        told["readPoint"] = {"id": _place(event.read_point, item.base)}
    if event.biz_location:
        told["bizLocation"] = {"id": _place(event.biz_location, item.base)}
    if papers:
        told["bizTransactionList"] = papers
    told |= _what(event, item)
    if event.event_type == "ObjectEvent" and event.action == "ADD":
        told["ilmd"] = _master_data(item)
    told["bondpool:assertedBy"] = event.asserted_by
    told["bondpool:evidence"] = event.evidence
    told["bondpool:recordHash"] = event.record_hash
    told["bondpool:previousHash"] = event.previous_hash
    return told


def _what(event: Recorded, item: Item) -> dict[str, Any]:
    """The item, or its lot, or its kind: as near as the event itself says."""
    gtin = f"{item.base}/01/{item.gtin}"
    one = [f"{gtin}/21/{quote(item.serial, safe='')}"]
    of_lot = rules.lot_key(item.gtin, item.lot) in event.keys
    group = [{"epcClass": f"{gtin}/10/{quote(item.lot, safe='')}" if of_lot else gtin}]
    is_item = rules.item_key(item.gtin, item.serial) in event.keys
    if event.event_type == "AggregationEvent":
        inside = {"childEPCs": one} if is_item else {"childQuantityList": group}
        return {"parentID": _parent(event, item.base), **inside}
    return {"epcList": one} if is_item else {"quantityList": group}


def _parent(event: Recorded, base: str) -> str:
    """What the goods were put into: a shipment, a parcel, or else the event's place."""
    for kind in (rules.SHIPMENT, rules.RETAIL, rules.ORDER):
        for key in event.keys:
            if key.startswith(f"{kind}:"):
                return f"{base}/voc/{kind}/{quote(key.partition(':')[2], safe='*')}"
    return _place(event.biz_location or event.read_point or "unknown", base)


def _paper(kind: str, number: str, base: str) -> dict[str, str]:
    own = kind in rules.OWN_DOCUMENTS
    shown = rules.masked(number) if own else number
    return {
        "type": f"{base}/voc/btt/{kind}" if own else kind,
        "bizTransaction": f"{base}/voc/bt/{kind}/{quote(shown, safe='*')}",
    }


def _master_data(item: Item) -> Mapping[str, str]:
    known = {
        "cbvmda:lotNumber": item.lot,
        "cbvmda:countryOfOrigin": item.origin,
        "cbvmda:itemExpirationDate": item.expires_on,
    }
    return {name: value for name, value in known.items() if value}


def _place(text: str, base: str) -> str:
    return text if _IS_URI.fullmatch(text) else f"{base}/voc/place/{quote(text, safe='')}"


def _time(moment: datetime, zone: tzinfo) -> str:
    """``2026-07-01T09:30:00.000+08:00``: milliseconds and an offset, never Z."""
    return moment.astimezone(zone).isoformat(timespec="milliseconds")
