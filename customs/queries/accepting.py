"""What a retail list waits for: its order, payment and waybill, as far as we told them ourselves.

What a partner tells by a way of its own is no element of ours and holds nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from core.walls import platform_wide
from customs.models import (
    ElementState,
    MessageKind,
    OutcomeChoice,
    OutgoingElement,
    RetailList,
)
from customs.rules.receipts.standing import stands
from warehouse.models import RetailOrderState

#: What the list builds on; the authority compares the three with it.
BEFORE = (MessageKind.ORDER, MessageKind.PAYMENT, MessageKind.WAYBILL)
_ALL = (*BEFORE, MessageKind.RETAIL_LIST)


@dataclass(frozen=True, slots=True)
class Before:
    """One of the three as it was told last. ``outcome`` is None before the first answer,
    ``status`` the authority's code, ``info`` its sentence."""

    kind: str
    kind_word: str
    accepted: bool
    refused: bool
    outcome: str | None
    word: str
    message: str
    status: str
    info: str


def _last(kinds: Iterable[str]) -> QuerySet[OutgoingElement]:
    """Of each list and kind what was told last."""
    later = OutgoingElement.objects.filter(
        retail_list=OuterRef("retail_list"), kind=OuterRef("kind"), turn__gt=OuterRef("turn")
    )
    found: QuerySet[OutgoingElement] = OutgoingElement.objects.filter(
        ~Exists(later), kind__in=list(kinds)
    )
    return found


def _is_accepted() -> Q:
    """Customs has it; or, where its e-port passes no such answer on, it came as far as is set."""
    states = ElementState.objects.filter(element=OuterRef("pk"))
    moving = states.filter(
        outcome=OutcomeChoice.MOVING,
        rank__gte=stands("CEB312", settings.BONDPOOL_LIST_FOLLOWS).rank,
    )
    taken = states.filter(outcome__in=[OutcomeChoice.TAKEN, OutcomeChoice.DONE])
    return Q(Exists(taken)) | Q(Exists(moving))


def accepted_lists(*, now: datetime) -> QuerySet[RetailList]:
    """Lists that were not told, and all that we told before them was accepted; oldest first."""
    told = OutgoingElement.objects.filter(retail_list=OuterRef("pk"))
    holding = _last(BEFORE).filter(~_is_accepted(), retail_list=OuterRef("pk"))
    found: QuerySet[RetailList] = RetailList.objects.filter(
        ~Exists(told.filter(kind=MessageKind.RETAIL_LIST)),
        Exists(told.filter(kind__in=BEFORE)),
        ~Exists(holding),
        Q(missing__isnull=True) | Q(missing__again_at__lte=now),
        order__state=RetailOrderState.LISTED,
        void__isnull=True,
        release__isnull=True,
        seller__retail_parties__agreed_at__isnull=False,
    )
    return found.select_related("order").order_by("pk")


@dataclass(frozen=True, slots=True)
class Waits:
    """What a list waits for. ``before`` is empty where nothing was told, and once the list went;
    ``refused``: something of it is told anew by a person, ``list_refused`` the list itself."""

    before: list[Before]
    refused: bool
    list_refused: bool


def waits_of(listed: RetailList) -> Waits:
    """What a list that the asker may see waits for; of one that is released or void nothing."""
    if hasattr(listed, "release") or hasattr(listed, "void"):
        return Waits([], False, False)
    with platform_wide():
        rows = list(
            _last(_ALL)
            .filter(retail_list=listed)
            .annotate(is_accepted=_is_accepted())
            .select_related("message", "standing__receipt")
            .order_by("kind")
        )
    told = [_before(one, accepted=one.is_accepted) for one in rows]
    lists = [one for one in told if one.kind == MessageKind.RETAIL_LIST]
    if lists:
        return Waits([], lists[0].refused, lists[0].refused)
    return Waits(told, any(one.refused for one in told), False)


def _before(one: OutgoingElement, *, accepted: bool) -> Before:
    standing: ElementState | None = getattr(one, "standing", None)
    return Before(
        kind=one.kind,
        kind_word=str(one.get_kind_display()),
        accepted=accepted,
        refused=is_refused(standing) and not accepted,
        outcome=standing.outcome if standing else None,
        word=str(standing.get_outcome_display() if standing else one.message.get_state_display()),
        message=standing.message if standing else "",
        status=standing.status if standing else "",
        info=standing.receipt.info if standing else "",
    )


def is_refused(standing: ElementState | None) -> bool:
    return standing is not None and standing.outcome == OutcomeChoice.REFUSED


def refused_of(listed: RetailList) -> list[OutgoingElement]:
    """What customs refused of what was told last of a list; call platform-wide."""
    return list(
        _last(_ALL)
        .filter(~_is_accepted(), retail_list=listed, standing__outcome=OutcomeChoice.REFUSED)
        .select_related("standing")
        .order_by("kind")
    )


def may_mend(order: int) -> set[str]:
    """Which numbers of an order (id) that was told may be told otherwise, because customs refused
    what names them: ``waybill``, ``payment``."""
    with platform_wide():
        last = _last(BEFORE).filter(retail_order=order).annotate(is_accepted=_is_accepted())
        refused = {
            one.kind: is_refused(getattr(one, "standing", None)) and not one.is_accepted
            for one in last.select_related("standing")
        }
    found = {"waybill"} if refused.get(MessageKind.WAYBILL) else set()
    # The order names the payment: of two that customs compares not one alone may change.
    if refused.get(MessageKind.ORDER) and refused.get(MessageKind.PAYMENT, True):
        found.add("payment")
    return found
