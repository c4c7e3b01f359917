"""What follows a list that customs has: a withdrawal, goods that come back, an arrival."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, Min, OuterRef, Q, QuerySet
from django.utils.timezone import get_default_timezone

from customs.models import (
    MessageKind,
    MessageState,
    MissingPaper,
    OutgoingElement,
    RetailGiveBack,
    RetailList,
)
from customs.queries import parcels_told as queries
from customs.queries.messages_out import way_out
from customs.queries.parcels_told import Told
from customs.queries.retelling import AFTER, Again, chain_of
from customs.rules import retail_messages as rules
from customs.rules.ceb.messages import Business
from customs.services.holding import held_lists
from customs.services.queueing import Batch, Element, gaps_in, queue_messages
from customs.services.telling_parcels import AGAIN, TellingDone, papers_of, sent_again
from warehouse.models import ParcelEvent, RetailReturned
from warehouse.rules.handing import EventKind

#: Lists worked off in one transaction; what is more waits for the next bell.
BATCH = 1_000
#: What stands in a withdrawal and a return: customs reads Chinese.
CANCELLED, CAME_BACK = "订购人取消订单", "消费者退货"


def follow_up(*, now: datetime) -> int:
    """Queue withdrawals (CEB623) of voided lists that customs numbered and has not released,
    returns (CEB625) of goods that came back in time, and states (CEB513) of parcels that arrived.

    Each in a transaction of its own, since each holds the orders of its lists. Safe to run twice,
    one at a time. Call platform-wide. Gives back how many were queued.
    """
    withdrawn = _withdrawals(now)
    returned = _returns(now)
    return withdrawn + returned + _arrivals(now)


def _told(kind: str) -> Exists:
    return Exists(OutgoingElement.objects.filter(retail_list=OuterRef("pk"), kind=kind))


def _numbered(now: datetime) -> QuerySet[RetailList]:
    """Lists that were sent and have customs' number."""
    sent = OutgoingElement.objects.filter(
        retail_list=OuterRef("pk"),
        kind=MessageKind.RETAIL_LIST,
        message__state=MessageState.SENT,
    )
    found: QuerySet[RetailList] = RetailList.objects.filter(
        Exists(sent.exclude(their_number="")),
        Q(missing__isnull=True) | Q(missing__again_at__lte=now),
        seller__retail_parties__agreed_at__isnull=False,
    )
    return found.select_related("order").order_by("pk")


@transaction.atomic
def _withdrawals(now: datetime) -> int:
    due = _numbered(now).filter(
        ~_told(MessageKind.WITHDRAWAL), void__isnull=False, release__isnull=True
    )
    lists, _last = held_lists(due, most=BATCH)
    return _queue(lists, MessageKind.WITHDRAWAL, _withdrawn, now)


def _withdrawn(told: Told, listed: rules.Declared, sent: rules.Sent) -> Business:
    return rules.withdrawal(listed, told.parties, told.house, reason=CANCELLED, sent=sent)


@transaction.atomic
def _returns(now: datetime) -> int:
    """One return after the other, as its tax is given back; each is a turn of its list, and those
    that were told anew are turns too."""
    due, _turns = _returns_due(now)
    lists, _last = held_lists(_numbered(now).filter(pk__in=list(due)), most=BATCH)
    if not lists:
        return 0
    # Somebody may have told one of them anew before we held it.
    due, turns = _returns_due(now)
    lists = [one for one in lists if one.pk in due]
    made = _returned({one.pk: due[one.pk] for one in lists})
    return _queue(
        lists, MessageKind.RETURN, made, now, turns={one.pk: turns[one.pk] + 1 for one in lists}
    )


def _returns_due(now: datetime) -> tuple[dict[int, RetailGiveBack], dict[int, int]]:
    """By list the return that is told next, and the turn of the last that was."""
    given: dict[int, list[RetailGiveBack]] = defaultdict(list)
    for one in RetailGiveBack.objects.filter(
        retail_list__in=_numbered(now).filter(given_back__isnull=False).values("pk")
    ).order_by("pk"):
        given[one.retail_list_id].append(one)
    before: dict[int, int] = defaultdict(int)
    turns: dict[int, int] = defaultdict(int)
    for pk, again, turn in OutgoingElement.objects.filter(
        kind=MessageKind.RETURN, retail_list__in=list(given)
    ).values_list("retail_list", "again", "turn"):
        before[pk] += again is None
        turns[pk] = max(turns[pk], turn)
    due = {pk: found[before[pk]] for pk, found in given.items() if before[pk] < len(found)}
    return due, turns


_Made = Callable[[Told, rules.Declared, rules.Sent], Business]


def _returned(due: Mapping[int, RetailGiveBack]) -> _Made:
    """How a list's return is told, by list."""
    units: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    backs = {one.back_id: pk for pk, one in due.items()}
    for back, position, quantity in RetailReturned.objects.filter(back__in=backs).values_list(
        "back", "position", "quantity"
    ):
        units[backs[back]][position] += quantity

    def made(told: Told, listed: rules.Declared, sent: rules.Sent) -> Business:
        left = units[told.listed.pk]
        goods = []
        for line, (one, position) in enumerate(
            zip(told.parcel.goods, told.positions, strict=True), 1
        ):
            some = min(left[position], one.quantity)
            left[position] -= some
            if some:
                goods.append(rules.GivenBack(line, one.hs_code, one.name, some, one.unit))
        return rules.give_back(listed, told.parties, told.house, goods, reason=CAME_BACK, sent=sent)

    return made


@transaction.atomic
def _arrivals(now: datetime) -> int:
    due = _numbered(now).filter(~_told(MessageKind.WAYBILL_STATUS), order__state="delivered")
    lists, _last = held_lists(due, most=BATCH)
    made, lists = _arrived(lists)
    return _queue(lists, MessageKind.WAYBILL_STATUS, made, now)


def _arrived(lists: Sequence[RetailList]) -> tuple[_Made, list[RetailList]]:
    """How an arrival is told, and of which of these lists a carrier has told it."""
    arrived = dict(
        ParcelEvent.objects.filter(
            parcel__order__in=[one.order_id for one in lists], kind=EventKind.DELIVERED.value
        )
        .values_list("parcel__order")
        .annotate(at=Min("happened_at"))
    )
    zone = get_default_timezone()

    def made(told: Told, listed: rules.Declared, sent: rules.Sent) -> Business:
        at = arrived[told.listed.order_id].astimezone(zone)
        return rules.signed_for(listed.waybill, told.parties, at, sent)

    return made, [one for one in lists if one.order_id in arrived]


def follow_anew(
    lists: Sequence[RetailList],
    elements: Sequence[OutgoingElement],
    agains: Mapping[int, Again],
    *,
    now: datetime,
) -> TellingDone:
    """Tell these withdrawals, returns and arrivals of the lists once more. Call platform-wide."""
    by = {one.pk: one for one in lists}
    queued, left = 0, list(elements)
    while left:
        # Of a list with several returns one after the other.
        some: dict[tuple[str, int], OutgoingElement] = {}
        for one in left:
            some.setdefault((one.kind, one.retail_list_id or 0), one)
        left = [one for one in left if some[one.kind, one.retail_list_id or 0] is not one]
        for kind in AFTER:
            mine = {pk: one for (its, pk), one in some.items() if its == kind}
            if not mine:
                continue
            its = [by[pk] for pk in mine]
            made: _Made = _withdrawn
            if kind == MessageKind.RETURN:
                made = _returned(_given(mine))
            elif kind == MessageKind.WAYBILL_STATUS:
                made, its = _arrived(its)
            again = {pk: agains[one.pk] for pk, one in mine.items()}
            queued += _queue(its, kind, made, now, again=again)
    return TellingDone(queued=queued, missing=len(elements) - queued)


def _given(returns: Mapping[int, OutgoingElement]) -> dict[int, RetailGiveBack]:
    """By list what was given back with this return: the how-maniest of it that was told first."""
    told: dict[int, dict[int, OutgoingElement]] = defaultdict(dict)
    rows = OutgoingElement.objects.filter(kind=MessageKind.RETURN, retail_list__in=list(returns))
    for one in rows.order_by("pk"):
        told[one.retail_list_id or 0][one.pk] = one
    given: dict[int, list[RetailGiveBack]] = defaultdict(list)
    for back in RetailGiveBack.objects.filter(retail_list__in=list(returns)).order_by("pk"):
        given[back.retail_list_id].append(back)
    found = {}
    for pk, one in returns.items():
        firsts = [it.pk for it in told[pk].values() if it.again_id is None]
        found[pk] = given[pk][firsts.index(chain_of(one.pk, told[pk])[0].pk)]
    return found


def _queue(
    lists: Sequence[RetailList],
    kind: MessageKind,
    made: _Made,
    now: datetime,
    *,
    turns: Mapping[int, int] | None = None,
    again: Mapping[int, Again] | None = None,
) -> int:
    """The elements of these lists, by seller; what has a gap is written down and waits."""
    if not lists:
        return 0
    at = now.astimezone(get_default_timezone())
    parties = queries.parties_of({one.seller_id for one in lists})
    told = queries.told_of(lists, parties, papers_of(lists), day=at.date())
    numbers = _numbers(lists)
    queued = 0
    for seller, its in _by_seller(told).items():
        whole = []
        for one in its:
            anew = (again or {}).get(one.listed.pk)
            business = made(one, _declared(one, numbers), sent_again(anew, at))
            gaps = gaps_in(kind, [business])
            if gaps or way_out(parties[seller].agent) is None:
                _hold(one.listed, kind, [(gap.field, gap.error.code) for gap in gaps], now)
                continue
            key = one.parcel.list_number
            if kind == MessageKind.WAYBILL_STATUS:
                key = one.parcel.waybill
            whole.append(
                Element(
                    business,
                    key,
                    retail_list=one.listed.pk,
                    retail_order=one.listed.order_id,
                    turn=anew.turn if anew else (turns or {}).get(one.listed.pk, 1),
                    again=anew.element if anew else None,
                )
            )
        gateway = way_out(parties[seller].agent)
        if gateway is not None and whole:
            queue_messages(gateway=gateway, batches=[Batch(kind, whole, seller=seller)], now=now)
            queued += len(whole)
    return queued


def _numbers(lists: Sequence[RetailList]) -> dict[int, tuple[str, str]]:
    """What customs and the e-port call each list, the last time it was told."""
    rows = OutgoingElement.objects.filter(
        retail_list__in=[one.pk for one in lists], kind=MessageKind.RETAIL_LIST
    ).exclude(their_number="")
    found = rows.order_by("turn").values_list("retail_list", "their_number", "pre_number")
    return {pk: (theirs, pre) for pk, theirs, pre in found}


def _declared(told: Told, numbers: dict[int, tuple[str, str]]) -> rules.Declared:
    parcel = told.parcel
    theirs, pre = numbers[told.listed.pk]
    return rules.Declared(
        parcel.list_number, parcel.order_number, parcel.waybill, parcel.buyer, theirs, pre
    )


def _by_seller(told: Iterable[Told]) -> dict[int, list[Told]]:
    found: dict[int, list[Told]] = defaultdict(list)
    for one in told:
        found[one.listed.seller_id].append(one)
    return found


def _hold(listed: RetailList, kind: str, gaps: Sequence[tuple[str, str]], now: datetime) -> None:
    MissingPaper.objects.update_or_create(
        retail_list=listed,
        defaults={
            "seller_id": listed.seller_id,
            "gaps": [{"field": field, "code": code, "kind": kind} for field, code in gaps]
            or [{"field": "gateway", "code": "customs.no_gateway", "kind": kind}],
            "found_at": now,
            "again_at": now + AGAIN,
        },
    )
