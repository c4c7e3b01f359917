"""What came back from customs, or never got there, and how it is told once more.

A telling has one successor at most (``OutgoingElement.again``), so of each document one is alive:
the last. Only one that came back, or whose message could not be sent, gets a successor; and one
that names a number which was told otherwise since.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.db.models import BooleanField, Case, Exists, OuterRef, Q, QuerySet, When

from core.copying import among_keys
from customs.models import (
    MessageKind,
    MessageState,
    OutcomeChoice,
    OutgoingElement,
    ParcelPapers,
    ReceiptMatch,
    RetailList,
)
from customs.queries.platforms import code_in, platforms_now
from customs.rules.receipts.standing import Came, is_kept
from customs.rules.releasing import RetailListUnknown
from customs.rules.retail_messages import CHANGED, NEW

#: What a list builds on; the authority compares the three with it.
BEFORE = (MessageKind.ORDER, MessageKind.PAYMENT, MessageKind.WAYBILL)
#: What follows a list that customs numbered.
AFTER = (MessageKind.WITHDRAWAL, MessageKind.RETURN, MessageKind.WAYBILL_STATUS)

#: Of a telling: customs refused it, or its message could not be sent.
IS_BACK = Q(standing__outcome=OutcomeChoice.REFUSED) | Q(message__state=MessageState.FAILED)


@dataclass(frozen=True, slots=True)
class Again:
    """How a telling is told once more: in whose place (``element``), the how-maniest time, and
    with which ``app_type``. ``pre_number`` and ``their_number`` are what customs called it."""

    element: int
    turn: int
    app_type: str = NEW
    pre_number: str = ""
    their_number: str = ""


def last_of(kinds: Iterable[str]) -> QuerySet[OutgoingElement]:
    """Of each document the telling that none stands in the place of."""
    found: QuerySet[OutgoingElement] = OutgoingElement.objects.filter(
        told_anew__isnull=True, kind__in=list(kinds)
    )
    return found


def back_of(lists: Collection[int]) -> dict[int, list[OutgoingElement]]:
    """By list what came back or was not sent of these, and of what is told before and after."""
    kinds = [*BEFORE, MessageKind.RETAIL_LIST, *AFTER]
    rows = last_of(kinds).filter(IS_BACK, among_keys("retail_list", lists, "bigint"))
    found: dict[int, list[OutgoingElement]] = defaultdict(list)
    for one in rows.select_related("message").order_by("pk"):
        found[one.retail_list_id or 0].append(one)
    return found


#: Of a retail list: something of it came back or was not sent, and may be told anew.
SOMETHING_IS_BACK = Q(
    Exists(
        OutgoingElement._base_manager.filter(
            IS_BACK, retail_list=OuterRef("pk"), told_anew__isnull=True
        )
    )
)


def lists_named(numbers: Collection[str]) -> list[RetailList]:
    """The lists of these numbers in scope. Raises RetailListUnknown."""
    wanted = sorted(set(numbers))
    found = list(RetailList.objects.filter(among_keys("number", wanted, "text")).order_by("pk"))
    for number in sorted(set(wanted) - {one.number for one in found}):
        raise RetailListUnknown(list=number)
    return found


def told_otherwise(lists: Collection[RetailList]) -> dict[int, list[OutgoingElement]]:
    """By list the tellings before it that name a waybill or payment which was told otherwise since;
    of a new payment the order too, which names it."""
    orders = [one.order_id for one in lists]
    papers = {
        one.order_id: one
        for one in ParcelPapers.objects.filter(among_keys("order", orders, "bigint"))
    }
    last: dict[int, dict[str, OutgoingElement]] = defaultdict(dict)
    keys = [one.pk for one in lists]
    rows = last_of(BEFORE).filter(among_keys("retail_list", keys, "bigint"))
    for one in rows.select_related("message"):
        last[one.retail_list_id or 0][one.kind] = one
    back = set(rows.filter(IS_BACK).values_list("pk", flat=True))
    now = platforms_now(orders)
    found = {}
    for listed in lists:
        its, told = last[listed.pk], papers.get(listed.order_id)
        amounts = (listed.order.paid_minor, listed.order.collected_tax_minor)
        numbers = _otherwise(its, told, amounts) if told else []
        is_chosen = bool(told and told.platform)
        others = _elsewhere(its, now.get(listed.order_id, ""), back, is_chosen=is_chosen)
        found[listed.pk] = list({it.pk: it for it in (*numbers, *others)}.values())
    return found


def _elsewhere(
    last: Mapping[str, OutgoingElement], platform: str, back: Collection[int], *, is_chosen: bool
) -> list[OutgoingElement]:
    """An order that is told under another platform from now on, and its payment, which names it
    too: because the seller chose one, or because the order came back."""
    told = last.get(MessageKind.ORDER)
    if told is None or not told.giver or not platform or code_in(told.giver) == platform:
        return []
    if not is_chosen and told.pk not in back:
        return []
    return [one for one in (last.get(MessageKind.PAYMENT), told) if one is not None]


def _otherwise(
    last: Mapping[str, OutgoingElement], papers: ParcelPapers, amounts: tuple[int | None, ...]
) -> list[OutgoingElement]:
    waybill, payment = last.get(MessageKind.WAYBILL), last.get(MessageKind.PAYMENT)
    order = last.get(MessageKind.ORDER)
    found = []
    if waybill is not None and waybill.key != papers.waybill:
        found.append(waybill)
    # What messages say of a payment is not kept beside them: when they were told is.
    is_later = order is not None and papers.told_at > order.message.queued_at
    is_paid_anew = payment.key != papers.payment if payment is not None else bool(papers.payment)
    if is_later and (is_paid_anew or any(one is not None for one in amounts)):
        found += [one for one in (payment, order) if one is not None]
    return found


def may_mend(orders: Collection[int]) -> dict[int, set[str]]:
    """By order (id) of those that were told which of their numbers may be told otherwise, because
    customs refused what names them or it could not be sent: ``waybill``, ``payment``,
    ``platform``. Call platform-wide."""
    rows = last_of([*BEFORE, MessageKind.RETAIL_LIST]).filter(
        among_keys("retail_order", orders, "bigint")
    )
    back: dict[int, set[str]] = defaultdict(set)
    for order, kind, is_back in rows.annotate(
        is_back=Case(When(IS_BACK, then=True), default=False, output_field=BooleanField())
    ).values_list("retail_order", "kind", "is_back"):
        back[order] |= {kind} if is_back else set()
    named = {
        "waybill": {MessageKind.WAYBILL, MessageKind.RETAIL_LIST},
        # The order names the payment, and goes once more with it.
        "payment": {MessageKind.ORDER, MessageKind.PAYMENT, MessageKind.RETAIL_LIST},
        "platform": {MessageKind.ORDER, MessageKind.PAYMENT, MessageKind.RETAIL_LIST},
    }
    return {order: {name for name, kinds in named.items() if kinds & back[order]} for order in back}


def agains_of(elements: Collection[OutgoingElement]) -> dict[int, Again]:
    """How each of these is told once more, by its id; set by set."""
    lists = {one.retail_list_id for one in elements}
    tellings: dict[int, OutgoingElement] = {}
    turns: dict[tuple[int | None, str], int] = defaultdict(int)
    for one in OutgoingElement.objects.filter(
        retail_list__in=lists, kind__in={it.kind for it in elements}
    ):
        tellings[one.pk] = one
        place = (one.retail_list_id, one.kind)
        turns[place] = max(turns[place], one.turn)
    chains = {one.pk: chain_of(one.pk, tellings) for one in elements}
    numbers = _numbers_of(elements)
    orders = {one.retail_order_id or 0 for one in elements if one.kind == MessageKind.ORDER}
    platforms = platforms_now(orders) if orders else {}
    came = _receipts({it.pk for chain in chains.values() for it in chain})
    found = {}
    for pk, chain in chains.items():
        last = chain[-1]
        place = (last.retail_list_id, last.kind)
        turns[place] += 1
        # A number that was told otherwise is another document: customs may have none of it.
        key = numbers.get((last.retail_order_id, last.kind), last.key)
        # So is an order under another platform.
        under = (
            platforms.get(last.retail_order_id or 0, "") if last.kind == MessageKind.ORDER else ""
        )
        same = (
            it
            for it in chain
            if it.key == key and (not under or not it.giver or code_in(it.giver) == under)
        )
        has_it = is_kept(
            (came.get(it.pk, []) for it in same),
            also_returned=settings.BONDPOOL_RETURNED_STAYS,
        )
        found[pk] = Again(
            pk,
            turns[place],
            CHANGED if has_it else NEW,
            next((it.pre_number for it in reversed(chain) if it.pre_number), ""),
            next((it.their_number for it in reversed(chain) if it.their_number), ""),
        )
    return found


def chain_of(pk: int, tellings: Mapping[int, OutgoingElement]) -> list[OutgoingElement]:
    """A telling with those in whose place it stands, the first one first."""
    found = [tellings[pk]]
    while found[-1].again_id is not None:
        found.append(tellings[found[-1].again_id])
    return found[::-1]


def _numbers_of(elements: Collection[OutgoingElement]) -> dict[tuple[int | None, str], str]:
    """By order and kind the number that stands in a waybill or payment now."""
    orders = {one.retail_order_id for one in elements} - {None}
    found: dict[tuple[int | None, str], str] = {}
    for one in ParcelPapers.objects.filter(order__in=orders):
        found[one.order_id, MessageKind.WAYBILL] = one.waybill
        found[one.order_id, MessageKind.PAYMENT] = one.payment
    return found


def _receipts(elements: Collection[int]) -> dict[int, list[Came]]:
    found: dict[int, list[Came]] = defaultdict(list)
    for match in ReceiptMatch.objects.filter(element__in=elements).select_related("receipt"):
        one = match.receipt
        found[match.element_id].append(Came(one.message, one.status, one.returned_at))
    return found
