"""An item's story as strangers may read it: what, when, where, who says so, and by what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Company, CompanyKind
from catalog.models import Product
from traceability import epcis, rules
from traceability.countries import alpha2, country_name
from traceability.models import Evidence, ItemIdentity, TraceEvent
from traceability.queries.chain import story_of

Text = str | Promise

#: The hash as it is shown: enough to compare two screens by eye.
SHORT_HASH = 12

_PAPERS: dict[str, Text] = {
    rules.PURCHASE_ORDER: _("Purchase order"),
    rules.BILL_OF_LADING: _("Bill of lading"),
    rules.SHIP_NOTICE: _("Advance ship notice"),
    rules.RECEIPT: _("Goods receipt note"),
    rules.INVOICE: _("Invoice"),
    rules.CERTIFICATE: _("Certificate"),
    "testres": _("Test report"),
    rules.CUSTOMS_DECLARATION: _("Customs declaration"),
    rules.RECORD_LIST: _("Entry record list"),
    rules.RETAIL_LIST: _("Retail import list"),
}

#: Title and icon by business step; what papers add to it is in _title.
_STEPS: dict[str, tuple[Text, str]] = {
    "accepting": (pgettext_lazy("trace step", "Accepted"), "circle-check"),
    "arriving": (_("Arrived at the port of entry"), "anchor"),
    # The supplier tells of it when the goods leave; the day of making stands beside it.
    "commissioning": (_("Supplied from abroad"), "building-factory-2"),
    "decommissioning": (_("Label taken out of use"), "qrcode-off"),
    "departing": (_("Left the port of departure"), "ship"),
    "destroying": (_("Destroyed under supervision"), "trash"),
    "entering_exiting": (_("Entered the bonded zone"), "building-gate"),
    "holding": (_("Held for a decision"), "hand-stop"),
    "inspecting": (_("Inspected"), "zoom-check"),
    "packing": (_("Packed"), "package"),
    "picking": (_("Taken from the shelf"), "basket"),
    "receiving": (_("Received into the bonded warehouse"), "building-warehouse"),
    "repackaging": (_("Repacked"), "package"),
    "reserving": (_("Reserved"), "bookmark"),
    "retail_selling": (_("Sold"), "shopping-bag"),
    "sampling": (_("Sample taken"), "flask"),
    "shipping": (_("Shipped"), "truck-delivery"),
    "storing": (_("Put away in the bonded warehouse"), "stack-2"),
    "stocking": (_("Put on sale"), "stack-2"),
    "transporting": (_("On the way"), "truck"),
}

#: What a company is called beside its name, the most telling kind first.
_ROLES: tuple[tuple[CompanyKind, Text], ...] = (
    (CompanyKind.SUPPLIER, _("supplier abroad")),
    (CompanyKind.WAREHOUSE, CompanyKind.WAREHOUSE.label),
    (CompanyKind.IMPORTER, CompanyKind.IMPORTER.label),
    (CompanyKind.PLATFORM, CompanyKind.PLATFORM.label),
    (CompanyKind.SELLER, CompanyKind.SELLER.label),
)

_FACTS: tuple[tuple[str, Text], ...] = (
    ("produced_on", _("Made on")),
    ("vessel", pgettext_lazy("trace step", "Vessel")),
    ("voyage", pgettext_lazy("trace step", "Voyage")),
    ("port", _("Port")),
    ("batch", _("Maker's batch")),
)


@dataclass(frozen=True, slots=True)
class Paper:
    """A document named by a step; ``hidden`` when part of the number is covered."""

    label: Text
    number: str
    hidden: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the story."""

    title: Text
    icon: str
    at: datetime
    place: str
    who: str
    role: Text
    evidence: str
    evidence_label: Text
    papers: Sequence[Paper]
    facts: Sequence[tuple[Text, str]]
    record_hash: str
    position: int

    @property
    def short_hash(self) -> str:
        return self.record_hash[:SHORT_HASH]


@dataclass(frozen=True, slots=True)
class Passport:
    """Everything an item's public page shows."""

    item: ItemIdentity
    product: Product
    name: str
    other_name: str
    origin_code: str
    origin_name: str
    produced_on: date | None
    expires_on: date | None
    batch: str
    steps: Sequence[Step]

    @property
    def head(self) -> str:
        """The newest record's hash in short form."""
        newest = max(self.steps, key=lambda step: step.position, default=None)
        return newest.short_hash if newest else ""


def passport_of(item: ItemIdentity) -> Passport:
    """The item's page, in the language in force."""
    chinese = _speaks_chinese()
    events = story_of(item)
    known = _known(events, item)
    product = item.product
    return Passport(
        item=item,
        product=product,
        name=product.name_zh if chinese else product.name_en,
        other_name=product.name_en if chinese else product.name_zh,
        origin_code=alpha2(product.origin),
        origin_name=country_name(product.origin, "zh" if chinese else "en"),
        produced_on=_day(known.get("produced_on", "")),
        expires_on=_day(known.get("expires_on", "")),
        batch=known.get("batch", ""),
        steps=[_step(event, chinese) for event in events],
    )


def epcis_document(item: ItemIdentity, *, zone: tzinfo, now: datetime) -> dict[str, Any]:
    """The same story as an EPCIS 2.0 JSON-LD document."""
    events = story_of(item)
    subject = epcis.Item(
        base=settings.BONDPOOL_PUBLIC_URL,
        gtin=item.gtin,
        lot=item.lot_number,
        serial=item.serial,
        origin=alpha2(item.product.origin),
        expires_on=_known(events, item).get("expires_on", ""),
    )
    recorded = [
        epcis.Recorded(
            event_id=event.event_id,
            event_type=event.event_type,
            action=event.action,
            event_time=event.event_time,
            record_time=event.record_time,
            biz_step=event.biz_step,
            disposition=event.disposition,
            read_point=event.read_point,
            biz_location=event.biz_location,
            keys=event.keys,
            documents=event.documents,
            asserted_by=event.asserted_by.name_en,
            evidence=event.evidence,
            record_hash=event.record_hash,
            previous_hash=event.previous_hash,
        )
        for event in events
    ]
    return epcis.document(recorded, subject, zone=zone, now=now)


def _known(events: Sequence[TraceEvent], item: ItemIdentity) -> dict[str, str]:
    """What the lot's own events say of it; the newest word counts."""
    key = rules.lot_key(item.gtin, item.lot_number)
    known: dict[str, str] = {}
    for event in events:
        if key in event.keys:
            known |= event.details
    return known


def _step(event: TraceEvent, chinese: bool) -> Step:
    title, icon = _title(event)
    details = event.details
    place = details.get("place_zh" if chinese else "place_en") or details.get("port", "")
    return Step(
        title=title,
        icon=icon,
        at=event.event_time,
        place=place or event.read_point or event.biz_location,
        who=event.asserted_by.name_zh if chinese else event.asserted_by.name_en,
        role=_role(event.asserted_by),
        evidence=event.evidence,
        evidence_label=Evidence(event.evidence).label,
        papers=[_paper(kind, number) for kind, number in event.documents],
        facts=[
            (label, details[name])
            for name, label in _FACTS
            if details.get(name) and details[name] != place
        ],
        record_hash=event.record_hash,
        position=event.pk,
    )


def title_of(event: TraceEvent) -> Text:
    """What an event is called in the trade."""
    return _title(event)[0]


def _title(event: TraceEvent) -> tuple[Text, str]:
    papers = {kind for kind, _number in event.documents}
    kinds = {key.partition(":")[0] for key in event.keys}
    if papers & {rules.CUSTOMS_DECLARATION, rules.RECORD_LIST}:
        if event.disposition == "non_conformant":
            return _("Sent back by customs"), "file-alert"
        if event.evidence == Evidence.AUTHORITY:
            return _("Released by customs into bond"), "rosette-discount-check"
        return _("Declared to customs"), "file-text"
    if rules.RETAIL_LIST in papers:
        return _("Cleared for the buyer by retail import list"), "rosette-discount-check"
    if event.biz_step == "commissioning" and kinds & {rules.LOT, rules.ITEM}:
        return _("Labelled, one code per item"), "qrcode"
    if event.event_type == "TransactionEvent" and rules.PURCHASE_ORDER in papers:
        return _("Ordered from the supplier"), "file-invoice"
    if event.biz_step == "shipping" and rules.SHIPMENT in kinds:
        return _STEPS["departing"]
    return _STEPS.get(event.biz_step, (_("Recorded"), "point"))


def _paper(kind: str, number: str) -> Paper:
    hidden = kind in rules.OWN_DOCUMENTS
    shown = rules.masked(number) if hidden else number
    return Paper(label=_PAPERS.get(kind, kind), number=shown, hidden=hidden)


def _role(company: Company) -> Text:
    return next((label for kind, label in _ROLES if kind in company.kinds), "")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _speaks_chinese() -> bool:
    return (get_language() or "zh").startswith("zh")
