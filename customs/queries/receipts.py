"""Which of our documents a receipt is about, and which receipts are there already."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from django.db.models import Exists, OuterRef, Q, QuerySet

from core.copying import among_keys
from customs.models import OutgoingElement, OutgoingMessage, Receipt, ReceiptState
from customs.rules.receipts.givers import original_in, same_giver
from customs.rules.sas.documents import COMMON

#: The authority's clock and ours may differ by so much.
_CLOCKS_DIFFER = timedelta(minutes=10)
#: What the import client answers: it names no kind.
BONDED_LIST = "INV101"
ZONES = (BONDED_LIST, "SAS121")


#: DclTypecd of a list and of its deletion, and the answers that are never about one.
TELLING, DELETION = "1", "3"
_OF_WHAT_STANDS = frozenset({"INV202", "INV211"})


class Answer(Protocol):
    """A receipt, read or kept."""

    @property
    def message(self) -> str: ...
    @property
    def about(self) -> str: ...
    @property
    def key(self) -> str: ...
    @property
    def giver(self) -> str: ...
    @property
    def guid(self) -> str: ...
    @property
    def info(self) -> str: ...
    @property
    def pre_no(self) -> str: ...
    @property
    def customs_no(self) -> str: ...
    @property
    def message_no(self) -> str: ...
    @property
    def facts(self) -> Mapping[str, str]: ...
    @property
    def returned_at(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class Document:
    """A document of ours, as far as a receipt can name it."""

    pk: int
    company: int
    seller: int | None
    kind: str
    key: str
    guid: str
    pre_number: str
    their_number: str
    giver: str
    again: int | None
    retail_list: int | None
    retail_order: int | None
    declaration: int | None
    act: str
    change: int
    first: int | None
    message: str
    queued_at: datetime

    @property
    def subject(self) -> tuple[int | str | None, ...]:
        """What it is told of; a list and each of its withdrawals and returns have one, and so has a
        bonded list with each of its changes."""
        if self.kind == BONDED_LIST:
            return (self.kind, self.first or self.pk)
        return (self.seller, self.retail_list, self.retail_order, self.declaration)


def document_for(element: OutgoingElement) -> Document:
    """The same of one row."""
    return Document(
        *(element.pk, element.company_id, element.seller_id, element.kind, element.key),
        *(element.guid, element.pre_number, element.their_number),
        *(element.giver, element.again_id),
        *(element.retail_list_id, element.retail_order_id, element.declaration_id),
        act=element.act,
        change=element.change,
        first=element.first_id,
        message=element.message.number,
        queued_at=element.message.queued_at,
    )


def kinds_of(one: Answer) -> tuple[str, ...]:
    """The kinds of our messages that it can be about; none where only a message's number says."""
    if one.message == COMMON:
        return ZONES
    return (one.about,) if one.about else ()


def documents_of(receipts: Collection[Answer]) -> _Documents:
    """Our documents that these receipts may be about, in one statement for any number of them."""
    kinds = sorted({kind for one in receipts for kind in kinds_of(one)})
    keys = sorted({one.key for one in receipts if one.key})
    numbers = sorted(
        {number for one in receipts for number in (one.pre_no, one.customs_no) if number}
    )
    messages = sorted({one.message_no for one in receipts if one.message_no})
    found = Q(pk__in=[])
    if kinds and (keys or numbers):
        # The zone's first number stands where others write the sender's own.
        own = among_keys("key", sorted({*keys, *numbers}), "text")
        found |= Q(kind__in=kinds) & Q(own)
    if numbers:
        found |= Q(~Q(their_number=""), among_keys("their_number", numbers, "text"))
        found |= Q(~Q(pre_number=""), among_keys("pre_number", numbers, "text"))
    if messages:
        sent = OutgoingMessage.objects.filter(among_keys("number", messages, "text"))
        found |= Q(message__in=sent.values("pk"))
    rows = OutgoingElement.objects.filter(found).values_list(
        *("pk", "company_id", "seller_id", "kind", "key", "guid", "pre_number", "their_number"),
        *("giver", "again", "retail_list", "retail_order", "declaration"),
        *("act", "change", "first"),
        *("message__number", "message__queued_at"),
    )
    return _Documents([Document(*row) for row in rows])


class _Documents:
    """Documents by each way in which a receipt names one."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self._by_key: dict[tuple[str, str], list[Document]] = defaultdict(list)
        self._by_number: dict[tuple[str, str], list[Document]] = defaultdict(list)
        self._by_message: dict[str, list[Document]] = defaultdict(list)
        for one in sorted(documents, key=lambda it: it.pk):
            self._by_key[one.kind, one.key].append(one)
            for number in {one.pre_number, one.their_number} - {""}:
                self._by_number[one.kind, number].append(one)
            self._by_message[one.message].append(one)

    def among(self, one: Answer) -> list[Document]:
        """Those that it may be about: by our own number, else by the authority's."""
        if one.message_no:
            return self._by_message.get(one.message_no, [])
        for kind in kinds_of(one):
            found = self._by_key.get((kind, one.key), []) if _is_ours(one) else []
            # Of somebody else's number it is not ours, even if no other fits.
            found = [it for it in found if same_giver(it.giver, one.giver)]
            for number in (one.customs_no, one.pre_no):
                if number and not found:
                    found = self._by_number.get((kind, number), [])
            if not found and one.pre_no:
                found = self._by_key.get((kind, one.pre_no), [])
            if found:
                return found
        return []

    def about(self, one: Answer, company: int | None) -> list[Document]:
        """The document it is about, or all of a message; nothing where that cannot be told: what
        fits two orders, lists or declarations waits for a person.

        Of one that was sent several times it is the one whose identifier the authority repeats,
        else the last that went before it answered.
        """
        found = [it for it in self.among(one) if company is None or it.company == company]
        if not found or len({it.company for it in found}) > 1:
            return []
        if one.message_no:
            return found
        named = [it for it in found if it.guid in (one.guid, original_in(one.info))]
        if not named and len({it.subject for it in found}) > 1:
            return []
        found = _of_version(found, one)
        before = [it for it in found if it.queued_at <= one.returned_at + _CLOCKS_DIFFER]
        return [max(named or before or found, key=lambda it: (it.queued_at, it.pk))]


def _of_version(found: Sequence[Document], one: Answer) -> list[Document]:
    """Of a bonded list's tellings those that an answer may be about: it says whether a change or a
    deletion is meant, and which. What is posted or declared of a list is never a deletion, and is
    of the list as it was told first where it does not say of which change it is: that customs took
    a change only its approval says."""
    its = list(found)
    if one.message in _OF_WHAT_STANDS:
        is_told = bool(one.facts.get("tmsCnt"))
        its = [it for it in its if it.act == TELLING or (is_told and it.act != DELETION)]
    for name, of in (
        ("typecd", lambda it: it.act),
        ("tmsCnt", lambda it: str(it.change)),
    ):
        told = one.facts.get(name, "")
        its = [it for it in its if it.kind != BONDED_LIST or of(it) == told] or its if told else its
    return its or list(found)


def _is_ours(one: Answer) -> bool:
    """A tax bill's own number is none of ours."""
    return bool(one.key) and one.message not in ("CEB816", "CEB818")


def owners_of(receipts: Sequence[Answer]) -> dict[int, int]:
    """Whose document each receipt (by its place) is about, as far as that can be told.

    Call platform-wide.
    """
    documents = documents_of(receipts)
    found = {}
    for place, one in enumerate(receipts):
        companies = {it.company for it in documents.among(one)}
        if len(companies) == 1:
            found[place] = companies.pop()
    return found


def known_receipts(receipts: Iterable[Receipt]) -> set[tuple[object, ...]]:
    """Company, message, identity, status and time of those that are there already."""
    rows = list(receipts)
    if not rows:
        return set()
    known = Receipt.objects.filter(
        among_keys("identity", sorted({one.identity for one in rows}), "text"),
        message__in={one.message for one in rows},
    )
    return set(known.values_list("company_id", "message", "identity", "status", "returned"))


def unmatched(*, after: int) -> QuerySet[Receipt]:
    """New receipts, and waiting ones for which something like their document is there now."""
    elements = OutgoingElement.objects.all()
    named = (
        Exists(elements.filter(kind=OuterRef("about"), key=OuterRef("key")))
        | Exists(elements.filter(their_number=OuterRef("customs_no")).exclude(their_number=""))
        | Exists(elements.filter(pre_number=OuterRef("pre_no")).exclude(pre_number=""))
        | Exists(elements.filter(kind__in=ZONES, key=OuterRef("key")))
        | Exists(elements.filter(kind=OuterRef("about"), key=OuterRef("pre_no")))
        | Exists(OutgoingMessage.objects.filter(number=OuterRef("message_no")))
    )
    return Receipt.objects.filter(
        Q(state=ReceiptState.NEW) | (Q(state=ReceiptState.WAITING) & named), pk__gt=after
    ).order_by("pk")


#: So many documents are shown that a receipt might be about.
_ALIKE = 20


def alike(one: Receipt) -> list[OutgoingElement]:
    """Documents in scope that a receipt which fits nothing might be about: of its kinds, those
    whose number begins alike first, then the latest."""
    found = _possible(one).select_related("message")
    begins = (one.key or one.customs_no)[:6]
    near = list(found.filter(key__begins=begins).order_by("-pk")[:_ALIKE]) if begins else []
    known = {it.pk for it in near}
    latest = [it for it in found.order_by("-pk")[:_ALIKE] if it.pk not in known]
    return [*near, *latest][:_ALIKE]


def document_named(one: Receipt, number: str) -> OutgoingElement | None:
    """The document in scope of this number that a receipt may be assigned to; the latest of those
    that were sent several times."""
    named = Q(key=number) | Q(their_number=number) | Q(pre_number=number)
    found = _possible(one).filter(named) if number else OutgoingElement.objects.none()
    return found.select_related("message").order_by("-pk").first()


def _possible(one: Receipt) -> QuerySet[OutgoingElement]:
    found: QuerySet[OutgoingElement] = OutgoingElement.objects.all()
    if kinds := kinds_of(one):
        found = found.filter(kind__in=kinds)
    return found if one.company_id is None else found.filter(company=one.company_id)
