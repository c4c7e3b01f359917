"""What a trace fact is, what it is about, and how facts are chained.

Words are those of GS1 EPCIS 2.0 and CBV 2.0 (ref.gs1.org/standards/epcis); identities are
those of the GS1 General Specifications. Values in, a decision or a DomainError out.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from core.errors import DomainError, InputError

#: Stands in for "the event before" of the very first event.
GENESIS = "0" * 64

EVENT_TYPES = frozenset({"ObjectEvent", "AggregationEvent", "TransactionEvent"})
ACTIONS = frozenset({"ADD", "OBSERVE", "DELETE"})
EVIDENCE = frozenset({"declared", "documented", "authority"})

#: CBV 2.0 business steps.
BIZ_STEPS = frozenset(
    "accepting arriving assembling collecting commissioning consigning creating_class_instance "
    "cycle_counting decommissioning departing destroying disassembling dispensing encoding "
    "entering_exiting holding inspecting installing killing loading other packing picking "
    "receiving removing repackaging repairing replacing reserving retail_selling sampling "
    "sensor_reporting shipping staging_outbound stock_taking stocking storing transporting "
    "unloading unpacking void_shipping".split()
)

#: CBV 2.0 dispositions.
DISPOSITIONS = frozenset(
    "active available completeness_inferred completeness_verified conformant "
    "container_closed container_open damaged destroyed dispensed disposed encoded expired "
    "in_progress in_transit inactive mismatch_class mismatch_instance mismatch_quantity "
    "needs_replacement no_pedigree_match non_conformant non_sellable_other "
    "partially_dispensed recalled reserved retail_sold returned sellable_accessible "
    "sellable_not_accessible stolen unavailable unknown".split()
)

# Document types: the CBV's own words, and ours where the CBV has none (customs papers).
PURCHASE_ORDER = "po"
BILL_OF_LADING = "bol"
SHIP_NOTICE = "desadv"
RECEIPT = "recadv"
INVOICE = "inv"
CERTIFICATE = "cert"
CUSTOMS_DECLARATION = "cn-customs-declaration"
RECORD_LIST = "cn-entry-record-list"
RETAIL_LIST = "cn-retail-import-list"

CBV_DOCUMENTS = frozenset(
    "bol cert desadv inv pedigree po poc prodorder recadv rma testprd testres upevt".split()
)
OWN_DOCUMENTS = frozenset({CUSTOMS_DECLARATION, RECORD_LIST, RETAIL_LIST})

# The kinds of identity; the part of a key before the colon.
GTIN, LOT, ITEM = "gtin", "lot", "item"
ORDER, SHIPMENT, DECLARATION, RETAIL = "po", "asn", "decl", "retail"
KINDS = frozenset({GTIN, LOT, ITEM, ORDER, SHIPMENT, DECLARATION, RETAIL})

LONGEST_KEY = 80

#: The 82 characters GS1 allows in a lot or serial number, at most 20 of them.
_GS1_TEXT = re.compile(r"""[!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]{1,20}""")


class NotAnIdentity(InputError):
    """A trace key needs a GTIN with a right check digit, and a lot or serial of at most 20 GS1 characters."""

    code = "traceability.not_an_identity"


class FactNotUsable(InputError):
    """A trace fact needs known EPCIS words, an aware time, identities, and whole quantities."""

    code = "traceability.fact_not_usable"


class FactFromTheFuture(DomainError):
    """An event cannot be told before it has happened."""

    code = "traceability.fact_from_the_future"


def gtin14(gtin: str) -> str:
    """The 14-digit form of a GTIN-8, -12, -13 or -14. Raises NotAnIdentity for a wrong one."""
    if len(gtin) not in (8, 12, 13, 14) or not (gtin.isascii() and gtin.isdigit()):
        raise NotAnIdentity(gtin=gtin)
    wide = gtin.zfill(14)
    # GS1 modulo 10: weights 3 and 1, counted from the right, the check digit itself left out.
    body = sum(int(digit) * (3 if i % 2 == 0 else 1) for i, digit in enumerate(wide[:13]))
    if (10 - body % 10) % 10 != int(wide[13]):
        raise NotAnIdentity(gtin=gtin)
    return wide


def _text(**value: str) -> str:
    ((_name, text),) = value.items()
    if not _GS1_TEXT.fullmatch(text):
        raise NotAnIdentity(**value)
    return text


def _key(kind: str, number: str) -> str:
    key = f"{kind}:{number}"
    if not number or len(key) > LONGEST_KEY:
        raise NotAnIdentity(**{kind: number})
    return key


def gtin_key(gtin: str) -> str:
    """A kind of goods: ``gtin:09521234543213``."""
    return f"{GTIN}:{gtin14(gtin)}"


def lot_key(gtin: str, lot: str) -> str:
    """Goods that arrived together: ``lot:09521234543213.LOT-1``."""
    return f"{LOT}:{gtin14(gtin)}.{_text(lot=lot)}"


def item_key(gtin: str, serial: str) -> str:
    """One item: ``item:09521234543213.7KX…``."""
    return f"{ITEM}:{gtin14(gtin)}.{_text(serial=serial)}"


def order_key(number: str) -> str:
    """A combined purchase order: ``po:PO-2026-000017``."""
    return _key(ORDER, number)


def shipment_key(number: str) -> str:
    """A shipment (advance ship notice): ``asn:ASN-2026-000003``."""
    return _key(SHIPMENT, number)


def declaration_key(reference: str) -> str:
    """A customs declaration, by our own reference: ``decl:DEC-2026-000003``."""
    return _key(DECLARATION, reference)


def retail_key(number: str) -> str:
    """A consumer's order: ``retail:RO-2026-000099``."""
    return _key(RETAIL, number)


def quantity(gtin: str, count: int, lot: str = "") -> dict[str, str | int]:
    """``count`` whole units of a GTIN, of one lot where it is known, as Fact.quantities wants it."""
    named: dict[str, str | int] = {"gtin": gtin14(gtin), "quantity": count}
    return named | {"lot": _text(lot=lot)} if lot else named


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing that happened to goods, and who says so.

    ``asserted_by`` is the id of a Company. ``keys`` are made by the builders above; put in
    every identity the event is about, the GTINs too, for a consumer's chain is found by
    them. ``quantities`` are made by :func:`quantity`; the public never sees the numbers.
    ``documents`` are pairs of a document type above and its number.

    ``details`` are strings. The public page knows ``place_zh``/``place_en`` (where),
    ``vessel``, ``voyage``, ``port``, ``produced_on`` and ``expires_on`` (ISO days) and
    ``batch``, and shows nothing else; never put a price, a share or a person here.
    """

    event_type: str
    action: str
    biz_step: str
    event_time: datetime
    asserted_by: int
    evidence: str
    keys: tuple[str, ...]
    disposition: str = ""
    read_point: str = ""
    biz_location: str = ""
    quantities: tuple[Mapping[str, str | int], ...] = ()
    documents: tuple[tuple[str, str], ...] = ()
    details: Mapping[str, str] = field(default_factory=dict)


def check(fact: Fact, now: datetime) -> None:
    """Raises FactNotUsable, naming the field, or FactFromTheFuture."""
    words: tuple[tuple[str, str, Iterable[str]], ...] = (
        ("event_type", fact.event_type, EVENT_TYPES),
        ("action", fact.action, ACTIONS),
        ("biz_step", fact.biz_step, BIZ_STEPS),
        ("disposition", fact.disposition or "active", DISPOSITIONS),
        ("evidence", fact.evidence, EVIDENCE),
    )
    for name, word, known in words:
        if word not in known:
            raise FactNotUsable(field=name, value=word)
    if fact.event_time.tzinfo is None:
        raise FactNotUsable(field="event_time", value=fact.event_time.isoformat())
    if not fact.keys:
        raise FactNotUsable(field="keys", value="")
    for key in fact.keys:
        if key.partition(":")[0] not in KINDS or len(key) > LONGEST_KEY:
            raise FactNotUsable(field="keys", value=key)
    for place in (fact.read_point, fact.biz_location):
        if len(place) > 120:
            raise FactNotUsable(field="read_point", value=place)
    for told in fact.quantities:
        count = told.get("quantity")
        if not told.keys() <= {"gtin", "lot", "quantity"} or "gtin" not in told:
            raise FactNotUsable(field="quantities", value=dict(told))
        if not isinstance(count, int) or isinstance(count, bool) or count < 0:
            raise FactNotUsable(field="quantities", value=count)
    for kind, number in fact.documents:
        if kind not in CBV_DOCUMENTS | OWN_DOCUMENTS or not number:
            raise FactNotUsable(field="documents", value=f"{kind} {number}")
    for name, value in fact.details.items():
        if not isinstance(value, str):
            raise FactNotUsable(field="details", value=name)
    if fact.event_time > now:
        raise FactFromTheFuture(event_time=fact.event_time, now=now)


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def content(fact: Fact, *, event_id: UUID, recorded_at: datetime) -> bytes:
    """The bytes of a stored fact that its hash covers.

    JSON in the manner of RFC 8785: UTF-8, keys sorted, no white space, whole numbers only,
    times in UTC with microseconds (what PostgreSQL keeps). Changing this function breaks
    the proof of every event already stored: write a ``content_v2`` instead.
    """
    told = {
        "event_id": str(event_id),
        "record_time": _instant(recorded_at),
        "event_type": fact.event_type,
        "action": fact.action,
        "event_time": _instant(fact.event_time),
        "biz_step": fact.biz_step,
        "disposition": fact.disposition,
        "read_point": fact.read_point,
        "biz_location": fact.biz_location,
        "asserted_by": fact.asserted_by,
        "evidence": fact.evidence,
        "keys": list(fact.keys),
        "quantities": [dict(told) for told in fact.quantities],
        "documents": [list(document) for document in fact.documents],
        "details": dict(fact.details),
    }
    return json.dumps(
        told, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
    ).encode()


def seal(previous: str, fact: bytes) -> str:
    """Hash of a fact's bytes, chained to the hash before: SHA-256(previous || fact), in hex.

    Changing this function would break the proof for every event already stored. Write a
    ``seal_v2`` instead.
    """
    return hashlib.sha256(bytes.fromhex(previous) + fact).hexdigest()


@dataclass(frozen=True, slots=True)
class Told:
    """What the chain rule needs of a stored event: its identities and who told it."""

    keys: frozenset[str]
    by_seller: bool = False

    def named(self, kind: str) -> frozenset[str]:
        """Its identities of one kind."""
        return frozenset(key for key in self.keys if key.startswith(f"{kind}:"))


#: What leads from a lot back to where it came from.
UPSTREAM = (SHIPMENT, DECLARATION, ORDER)


def is_own_story(told: Told, known: frozenset[str]) -> bool:
    """Whether an event is part of the story of one item, of which ``known`` are identities.

    Events that name the item are. Events that name its lot are, unless they tell of other
    items or of a consumer's order. Further back (shipment, declaration, order) an event is,
    when it concerns the same GTIN and the nearest paper it names is one of ours. What a
    seller says belongs to the seller's own items only, so that nobody learns who else
    bought in the pool.
    """
    if told.named(ITEM):
        return bool(told.named(ITEM) & known)
    if told.by_seller or told.named(RETAIL):
        return False
    if told.named(LOT):
        return bool(told.named(LOT) & known)
    if not told.named(GTIN) & known:
        return False
    for kind in UPSTREAM:
        if papers := told.named(kind):
            return bool(papers & known)
    return False


def papers_of(told: Told) -> frozenset[str]:
    """The identities of an event in a story that lead further back."""
    return frozenset[str]().union(*(told.named(kind) for kind in UPSTREAM))


class MoreLabelsThanGoods(DomainError):
    """A lot gets at most as many item labels as units of it were received."""

    code = "traceability.more_labels_than_goods"


class NothingToLabel(InputError):
    """The number of labels is a whole number from 1 to 100,000."""

    code = "traceability.nothing_to_label"


MOST_LABELS = 100_000


def plan_labels(*, received: int, issued: int, wanted: int) -> int:
    """How many identities to make: as many as wanted, or a refusal.

    Raises NothingToLabel or MoreLabelsThanGoods.
    """
    if not isinstance(wanted, int) or not 1 <= wanted <= MOST_LABELS:
        raise NothingToLabel(wanted=wanted)
    if issued + wanted > received:
        raise MoreLabelsThanGoods(received=received, issued=issued, wanted=wanted)
    return wanted


def masked(number: str) -> str:
    """A paper's number as strangers see it: enough to compare, too little to look up."""
    keep = 4 if len(number) >= 12 else 2
    return f"{number[:keep]}{'*' * max(4, len(number) - 2 * keep)}{number[-keep:]}"
