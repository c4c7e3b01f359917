"""Consumers' parcels are told to customs as soon as nothing is missing: order, payment and waybill,
and the list that builds on them once customs has accepted these."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import get_default_timezone

from core.copying import among_keys
from customs.models import (
    Gateway,
    MessageKind,
    MissingPaper,
    ParcelPapers,
    RetailList,
    RetailParties,
)
from customs.queries import parcels_told as queries
from customs.queries.accepting import accepted_lists
from customs.queries.messages import AgainstSchema
from customs.queries.messages_out import way_out
from customs.queries.parcels_told import Told
from customs.queries.retelling import BEFORE, IS_BACK, Again, agains_of, last_of
from customs.queries.waybills import resting, taken_elsewhere
from customs.rules import retail_messages as rules
from customs.rules.ceb.agreeing import disagreements
from customs.rules.ceb.legal_units import unit_faults
from customs.rules.ceb.messages import Business
from customs.rules.ceb.remarks import PaidDiffers
from customs.rules.parties import GoodsApart
from customs.services.holding import held_lists
from customs.services.holding_back import GAP, FreeAmounts
from customs.services.parties import given_now
from customs.services.queueing import Batch, Element, gaps_in, guid, queue_messages
from customs.services.telling_answers import tell_goods_apart
from customs.services.turn_of_year import TurnOfYear

#: Lists worked off in one transaction.
BATCH = 1_000
#: What was missing is looked for again after so long; at once when its seller tells something.
AGAIN = timedelta(minutes=10)
NO_GATEWAY, BOOKS = "gateway", "books"


@dataclass(frozen=True, slots=True)
class TellingDone:
    """Of how many lists order, waybill and payment were queued, how many lists themselves, and how
    many are held back by what is missing."""

    told: int = 0
    queued: int = 0
    missing: int = 0

    def __add__(self, other: TellingDone) -> TellingDone:
        return TellingDone(
            self.told + other.told, self.queued + other.queued, self.missing + other.missing
        )


def tell_parcels(*, now: datetime) -> TellingDone:
    """Queue the messages of every drawn list that is to go by itself, and every list whose other
    messages customs has accepted; what is missing on the others is written down. Safe to run twice,
    one at a time. Call platform-wide."""
    first = _tell_all(queries.untold(now=now), BEFORE, now)
    return first + _tell_all(accepted_lists(now=now), (MessageKind.RETAIL_LIST,), now)


def _tell_all(due: QuerySet[RetailList], kinds: Sequence[str], now: datetime) -> TellingDone:
    total, after = TellingDone(), 0
    while True:
        done, after = _tell_some(due.filter(pk__gt=after), kinds, now)
        if not after:
            return total
        total += done


@transaction.atomic
def _tell_some(
    due: QuerySet[RetailList], kinds: Sequence[str], now: datetime
) -> tuple[TellingDone, int]:
    """The first of them; gives back the last id, 0 at the end."""
    lists, last = held_lists(due, most=BATCH)
    done = tell_lists(lists, kinds, now=now, again=_again(lists, kinds)) if lists else TellingDone()
    return done, last


def _again(lists: Sequence[RetailList], kinds: Sequence[str]) -> dict[tuple[int, str], Again]:
    """Of lists that came back how they are told once more."""
    if MessageKind.RETAIL_LIST not in kinds:
        return {}
    keys = [one.pk for one in lists]
    told = list(last_of([MessageKind.RETAIL_LIST]).filter(IS_BACK, retail_list__in=keys))
    agains = agains_of(told) if told else {}
    return {(one.retail_list_id or 0, one.kind): agains[one.pk] for one in told}


@transaction.atomic
def tell_lists(
    lists: Sequence[RetailList],
    kinds: Sequence[str],
    *,
    now: datetime,
    again: Mapping[tuple[int, str], Again] | None = None,
) -> TellingDone:
    """These kinds of messages of these lists, all of sellers whose agent has agreed, and whose
    orders the caller holds; ``again``: by list (id) and kind how one is told that was told before.

    Nothing of a list is told while something is missing for any of its messages.
    """
    parties = queries.parties_of({one.seller_id for one in lists})
    at = now.astimezone(get_default_timezone())
    told = queries.told_of(
        lists,
        parties,
        _papers(lists, parties, now),
        day=at.date(),
        is_first=MessageKind.ORDER in kinds,
    )
    missing: list[tuple[RetailList, list[dict[str, object]]]] = []
    done = TellingDone()
    is_list = MessageKind.RETAIL_LIST in kinds
    turn = TurnOfYear(lists, now=now)
    free = FreeAmounts(list(parties.values()) if is_list else [], lists, now=now)
    for seller, its in _by_seller(told).items():
        gateway = way_out(parties[seller].agent)
        whole, gaps = _sorted(its, parties[seller], at, gateway, again or {})
        late = {one.told.listed.pk: turn.gaps_of(one.told.listed) for one in whole}
        gaps += [(one.told.listed, found) for one in whole if (found := late[one.told.listed.pk])]
        whole = [one for one in whole if not late[one.told.listed.pk]]
        fits = free.let_go(parties[seller], [one.told.listed for one in whole])
        gaps += [
            (one.told.listed, [dict(GAP)])
            for one, is_covered in zip(whole, fits, strict=True)
            if not is_covered
        ]
        whole = [one for one, is_covered in zip(whole, fits, strict=True) if is_covered]
        if gateway is not None and whole:
            refused = _queue(gateway, whole, kinds, again or {}, now)
            whole = [one for one in whole if one.told.listed.pk not in refused]
            gaps += refused.values()
            turn.told([one.told.listed.pk for one in whole])
        missing += gaps
        done += TellingDone(0 if is_list else len(whole), len(whole) if is_list else 0, len(gaps))
    MissingPaper.objects.filter(
        among_keys("retail_list", [one.listed.pk for one in told], "bigint")
    ).delete()
    MissingPaper.objects.bulk_create(
        MissingPaper(
            retail_list=listed,
            seller_id=listed.seller_id,
            gaps=gaps,
            found_at=now,
            again_at=now + AGAIN,
        )
        for listed, gaps in missing
    )
    tell_goods_apart(
        [one for one, gaps in missing if any(gap["field"] == BOOKS for gap in gaps)], now
    )
    return done


def _queue(
    gateway: Gateway,
    whole: Sequence[_Whole],
    kinds: Sequence[str],
    again: Mapping[tuple[int, str], Again],
    now: datetime,
) -> dict[int, tuple[RetailList, list[dict[str, object]]]]:
    """Queue these, all of one seller; gives back, by id, the lists that the official schema
    refuses, with that as what is missing. They are found by halves, and hold up no others."""
    seller = whole[0].told.listed.seller_id
    try:
        queue_messages(gateway=gateway, batches=_batches(seller, whole, kinds, again), now=now)
    except AgainstSchema as refusal:
        if len(whole) > 1:
            half = len(whole) // 2
            return _queue(gateway, whole[:half], kinds, again, now) | _queue(
                gateway, whole[half:], kinds, again, now
            )
        listed = whole[0].told.listed
        # What the schema says in full may repeat what stands there, a buyer's number among it.
        field, kind = str(refusal.facts["field"]), str(refusal.facts["message"])
        return {listed.pk: (listed, [{"field": field, "code": refusal.code, "kind": kind}])}
    return {}


def _papers(
    lists: Sequence[RetailList], parties: dict[int, RetailParties], now: datetime
) -> dict[int, ParcelPapers]:
    """By order; where the carrier left a range, a waybill is made of it, once and for all."""
    found = papers_of(lists)
    fresh, changed = [], []
    for one in lists:
        by, paper = parties[one.seller_id], found.get(one.order_id)
        if not by.waybill_prefix or (paper and paper.waybill):
            continue
        if paper is None:
            paper = found[one.order_id] = ParcelPapers(
                order_id=one.order_id, seller_id=one.seller_id, told_at=now
            )
            fresh.append(paper)
        else:
            changed.append(paper)
        bill = f"{by.waybill_prefix}{one.order_id:09d}"
        for name, value in given_now(by.logistics_code, bill, now).items():
            setattr(paper, name, value)
    _free(fresh + changed, now)
    ParcelPapers.objects.bulk_create(fresh)
    ParcelPapers.objects.bulk_update(
        changed, ["logistics_code", "waybill", "waybill_at", "waybill_until"]
    )
    return found


def papers_of(lists: Sequence[RetailList]) -> dict[int, ParcelPapers]:
    """What was told of these lists' orders, by order."""
    orders = [one.order_id for one in lists]
    rows = ParcelPapers.objects.filter(among_keys("order", orders, "bigint"))
    return {one.order_id: one for one in rows}


def _free(papers: Sequence[ParcelPapers], now: datetime) -> None:
    """A number that somebody has told as another parcel's is not ours to give: then it is missing,
    and the other parcels go."""
    by_carrier: dict[str, list[ParcelPapers]] = defaultdict(list)
    for one in papers:
        by_carrier[one.logistics_code].append(one)
    for carrier, its in by_carrier.items():
        taken = resting(carrier, [one.waybill for one in its], now)
        others = taken_elsewhere({one.order_id: (carrier, one.waybill) for one in its}, now)
        for one in its:
            if one.waybill in taken or one.order_id in others:
                one.waybill, one.waybill_at, one.waybill_until = "", None, None


def _by_seller(told: Sequence[Told]) -> dict[int, list[Told]]:
    found: dict[int, list[Told]] = defaultdict(list)
    for one in told:
        found[one.listed.seller_id].append(one)
    return found


#: As :func:`disagreements` calls them.
_TOLD_AS = {
    MessageKind.ORDER: "order",
    MessageKind.PAYMENT: "payment",
    MessageKind.WAYBILL: "waybill",
    MessageKind.RETAIL_LIST: "retail_list",
}


@dataclass(frozen=True, slots=True)
class _Whole:
    """What is told of one list: the messages by their kind."""

    told: Told
    parts: dict[str, Business]


def _sorted(
    told: Sequence[Told],
    by: RetailParties,
    at: datetime,
    gateway: Gateway | None,
    again: Mapping[tuple[int, str], Again],
) -> tuple[list[_Whole], list[tuple[RetailList, list[dict[str, object]]]]]:
    """Those of which nothing is missing, and what is missing of the others."""
    made = [_Whole(one, _parts(one, by, at, again)) for one in told]
    gaps = _units(made)
    measured = {
        (number, one["field"], one["line"]) for number, found in gaps.items() for one in found
    }
    for kind in made[0].parts:
        for gap in gaps_in(kind, [one.parts[kind] for one in made]):
            # Of a quantity in a legal unit more was said than that its field is empty.
            if (gap.element, gap.field, gap.line) in measured:
                continue
            found: dict[str, object] = {"field": gap.field, "code": gap.error.code, "kind": kind}
            if isinstance(gap.error, PaidDiffers):
                found["amounts"] = {name: str(one) for name, one in gap.error.facts.items()}
            if gap.line is not None:
                found["line"] = gap.line
                found["position"] = told[gap.element].positions[gap.line - 1]
            gaps[gap.element].append(found)
    # They read numbers: they are asked about parcels whose messages are whole.
    for number in set(range(len(made))) - gaps.keys():
        one = made[number]
        for remark in disagreements(
            **{_TOLD_AS[MessageKind(kind)]: part for kind, part in one.parts.items()}
        ):
            kind, _slash, place = remark.path.partition("/")
            gaps[number].append({"field": place, "code": remark.error.code, "kind": kind})
    for number, parcel in enumerate(told):
        if parcel.is_apart:
            gaps[number].append(
                {"field": BOOKS, "code": GoodsApart.code, "kind": MessageKind.RETAIL_LIST}
            )
    if gateway is None:
        for number in range(len(made)):
            gaps[number].append({"field": NO_GATEWAY, "code": "customs.no_gateway", "kind": ""})
    whole = [one for number, one in enumerate(made) if number not in gaps]
    return whole, [(made[number].told.listed, found) for number, found in gaps.items()]


def _units(made: Sequence[_Whole]) -> dict[int, list[dict[str, object]]]:
    """What the lists have against the tariff's legal units, by place."""
    gaps: dict[int, list[dict[str, object]]] = defaultdict(list)
    kind = MessageKind.RETAIL_LIST
    for number, one in enumerate(made):
        for line, field, error in unit_faults(one.parts[kind], one.told.units):
            gaps[number].append({"field": field, "code": error.code, "kind": kind, "line": line})
    return gaps


def _parts(
    told: Told, by: RetailParties, at: datetime, again: Mapping[tuple[int, str], Again]
) -> dict[str, Business]:
    parcel, parties = told.parcel, told.parties

    def sent(kind: str) -> rules.Sent:
        return sent_again(again.get((told.listed.pk, kind)), at)

    listed = sent(MessageKind.RETAIL_LIST)
    parts: dict[str, Business] = {
        MessageKind.ORDER: rules.order(parcel, parties, sent(MessageKind.ORDER)),
        MessageKind.WAYBILL: rules.waybill(parcel, parties, sent(MessageKind.WAYBILL)),
        MessageKind.RETAIL_LIST: rules.retail_list(parcel, parties, told.house, listed),
    }
    if by.sends_payments:
        parts[MessageKind.PAYMENT] = rules.payment(parcel, parties, sent(MessageKind.PAYMENT))
    return parts


def sent_again(again: Again | None, at: datetime) -> rules.Sent:
    """A new element's own, of what is told for the first time or once more."""
    if again is None:
        return rules.Sent(guid(), at)
    return rules.Sent(guid(), at, again.app_type, again.pre_number, again.their_number)


_KEYS = {
    MessageKind.ORDER: lambda parcel: parcel.order_number,
    MessageKind.PAYMENT: lambda parcel: parcel.payment,
    MessageKind.WAYBILL: lambda parcel: parcel.waybill,
    MessageKind.RETAIL_LIST: lambda parcel: parcel.list_number,
}


def _batches(
    seller: int,
    whole: Sequence[_Whole],
    kinds: Sequence[str],
    again: Mapping[tuple[int, str], Again],
) -> list[Batch]:
    batches = []
    for kind in kinds:
        elements = [
            _element(one, kind, again.get((one.told.listed.pk, kind)))
            for one in whole
            if kind in one.parts
        ]
        batches.append(Batch(kind, elements, seller=seller))
    return batches


def _element(one: _Whole, kind: str, again: Again | None) -> Element:
    return Element(
        one.parts[kind],
        _KEYS[MessageKind(kind)](one.told.parcel),
        retail_list=one.told.listed.pk,
        retail_order=one.told.listed.order_id,
        turn=again.turn if again else 1,
        again=again.element if again else None,
    )
