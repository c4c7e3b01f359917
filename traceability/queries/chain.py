"""The chain of events: one item's story, a search by key, and the proof that all is whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from accounts.models import Company, CompanyKind
from core.moments import at_one_moment
from traceability import rules
from traceability.models import ItemIdentity, TraceEvent
from traceability.rules import Fact, Told


def find_item(*, serial: str, gtin: str = "", lot_number: str = "") -> ItemIdentity | None:
    """The item with this serial, if it also is of the GTIN and lot that are named."""
    items = ItemIdentity.objects.filter(serial=serial).select_related("product")
    if gtin:
        items = items.filter(gtin=gtin)
    if lot_number:
        items = items.filter(lot_number=lot_number)
    return items.first()


def story_of(item: ItemIdentity) -> list[TraceEvent]:
    """The events of one item, oldest first: its own, its lot's, and those of the papers the
    lot came with, back to the order. Nothing that tells of other buyers or other lots."""
    known = frozenset(
        {
            rules.gtin_key(item.gtin),
            rules.lot_key(item.gtin, item.lot_number),
            rules.item_key(item.gtin, item.serial),
        }
    )
    asked = known - {rules.gtin_key(item.gtin)}
    story: dict[int, TraceEvent] = {}
    # Each turn goes one paper further back: lot, shipment, declaration and order.
    while asked:
        found = TraceEvent.objects.filter(keys__overlap=sorted(asked)).select_related("asserted_by")
        papers: frozenset[str] = frozenset()
        for event in found:
            told = _told(event)
            if rules.is_own_story(told, known | asked) and not _labels_others(event, item):
                story[event.pk] = event
                papers |= rules.papers_of(told)
        known |= asked
        asked = papers - known
    told_of = sorted(story.values(), key=lambda event: (event.event_time, event.pk))
    return _without_other_batches(told_of, item)


def _told(event: TraceEvent) -> Told:
    # A company that also imports or stores may be named in that role.
    return Told(
        keys=frozenset(event.keys),
        by_seller=set(event.asserted_by.kinds) == {CompanyKind.SELLER.value},
    )


def _without_other_batches(events: list[TraceEvent], item: ItemIdentity) -> list[TraceEvent]:
    """One shipment may bring several batches of a product; the lot's events say which is ours."""
    key = rules.lot_key(item.gtin, item.lot_number)
    own = {
        event.details["batch"] for event in events if key in event.keys and "batch" in event.details
    }
    return [event for event in events if not own or event.details.get("batch", "") in own | {""}]


def _labels_others(event: TraceEvent, item: ItemIdentity) -> bool:
    """A lot is labelled in several goes; an item's story has the one that gave it its code."""
    return "labels" in event.details and event.event_time != item.issued_at


def search(text: str, *, told_by: Company | None = None) -> QuerySet[TraceEvent]:
    """Events about an identity, newest first: a key, or a number of any kind; of one company
    only where it is given."""
    text = text.strip()
    events = TraceEvent.objects.select_related("asserted_by").order_by("-event_time", "-pk")
    if told_by is not None:
        events = events.filter(asserted_by=told_by)
    if not text:
        return events
    return events.filter(about(text))


def about(text: str) -> Q:
    """The condition of :func:`search`, for a list that narrows further."""
    return Q(keys__overlap=_candidates(text.strip()))


def _candidates(text: str) -> list[str]:
    """Every key a person may mean by a text."""
    keys = [text, *(f"{kind}:{text}" for kind in sorted(rules.KINDS))]
    items = ItemIdentity.objects.filter(serial__iexact=text.replace(" ", ""))
    # The receiving event of a lot knows it before its items have codes.
    arrivals = TraceEvent.objects.filter(
        biz_step="receiving", quantities__contains=[{"lot": text}]
    ).values_list("quantities", flat=True)
    keys += [rules.item_key(item.gtin, item.serial) for item in items]
    keys += [rules.lot_key(item.gtin, item.lot_number) for item in items]
    keys += [
        f"{rules.LOT}:{told['gtin']}.{text}"
        for quantities in arrivals
        for told in quantities
        if told.get("lot") == text
    ]
    if text.isascii() and text.isdigit():
        keys.append(f"{rules.GTIN}:{text.zfill(14)}")
    return [key for key in keys if len(key) <= rules.LONGEST_KEY]


@dataclass(frozen=True, slots=True)
class Break:
    """The first event that does not fit: where, and in words why."""

    event: TraceEvent
    position: int
    reason: str


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What re-computing the whole chain found."""

    count: int
    head: str
    broken: Break | None

    @property
    def is_whole(self) -> bool:
        return self.broken is None


@at_one_moment()
def check_chain() -> ChainReport:
    """Compute every hash again, oldest first, and stop at the first that does not fit.

    The chain cannot tell that its newest events were cut off: keep the head elsewhere and
    compare (``verify_trace --head``).
    """
    previous, position = rules.GENESIS, 0
    for event in _in_order():
        position += 1
        if event.previous_hash != previous:
            reason = "link: an event before it was removed, added or put elsewhere"
            return ChainReport(position, previous, Break(event, position, reason))
        if seal_of(event) != event.record_hash:
            reason = "content: it does not say what was recorded"
            return ChainReport(position, previous, Break(event, position, reason))
        previous = event.record_hash
    return ChainReport(position, previous, None)


def _in_order() -> Iterator[TraceEvent]:
    return TraceEvent.objects.order_by("pk").iterator(chunk_size=2000)


def seal_of(event: TraceEvent) -> str:
    """The hash an event must have, computed from what is stored of it."""
    fact = Fact(
        event_type=event.event_type,
        action=event.action,
        biz_step=event.biz_step,
        event_time=event.event_time,
        asserted_by=event.asserted_by_id,
        evidence=event.evidence,
        keys=tuple(event.keys),
        disposition=event.disposition,
        read_point=event.read_point,
        biz_location=event.biz_location,
        quantities=tuple(event.quantities),
        documents=tuple((kind, number) for kind, number in event.documents),
        details=event.details,
    )
    told = rules.content(fact, event_id=event.event_id, recorded_at=event.record_time)
    return rules.seal(event.previous_hash, told)


def has_hash(record_hash: str) -> bool:
    """Whether an event with this hash is in the chain."""
    return TraceEvent.objects.filter(record_hash=record_hash).exists()
