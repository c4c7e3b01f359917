"""What a trace fact is, and how facts are chained."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from core.errors import DomainError, InputError
from traceability.rules.identities import KINDS, LONGEST_KEY
from traceability.rules.words import (
    ACTIONS,
    BIZ_STEPS,
    CBV_DOCUMENTS,
    DISPOSITIONS,
    EVENT_TYPES,
    EVIDENCE,
    OWN_DOCUMENTS,
)

#: Stands in for "the event before" of the very first event.
GENESIS = "0" * 64


class FactNotUsable(InputError):
    """A trace fact needs known EPCIS words, an aware time, identities, and whole quantities."""

    code = "traceability.fact_not_usable"


class FactFromTheFuture(DomainError):
    """An event cannot be told before it has happened."""

    code = "traceability.fact_from_the_future"


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
    if fact.event_type == "TransactionEvent" and not fact.documents:
        raise FactNotUsable(field="documents", value="")
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
