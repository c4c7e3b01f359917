"""What a retail list waits for: its order, payment and waybill, as far as we told them ourselves.

What a partner tells by a way of its own is no element of ours and holds nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from core.walls import platform_wide
from customs.models import (
    ElementState,
    MessageKind,
    MessageState,
    OutcomeChoice,
    OutgoingElement,
    RetailList,
)
from customs.queries.retelling import AFTER, BEFORE, IS_BACK, last_of
from customs.rules.receipts.standing import stands
from warehouse.models import RetailOrderState

_ALL = (*BEFORE, MessageKind.RETAIL_LIST)


@dataclass(frozen=True, slots=True)
class Before:
    """A message as it was told last; ``refused`` too where it could not be sent. ``outcome`` is
    None before the first answer, ``status`` the authority's code, ``info`` its sentence."""

    kind: str
    kind_word: str
    accepted: bool
    refused: bool
    outcome: str | None
    word: str
    message: str
    status: str
    info: str


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
    """Lists of which all that we told before them was accepted, and that were not told; or that
    came back, and something before them was told anew since. Oldest first."""
    told = OutgoingElement.objects.filter(retail_list=OuterRef("pk"))
    holding = last_of(BEFORE).filter(~_is_accepted(), retail_list=OuterRef("pk"))
    since = OutgoingElement.objects.filter(
        retail_list=OuterRef("retail_list"),
        kind__in=BEFORE,
        again__isnull=False,
        pk__gt=OuterRef("pk"),
    )
    alive = last_of([MessageKind.RETAIL_LIST]).filter(
        ~(IS_BACK & Exists(since)), retail_list=OuterRef("pk")
    )
    found: QuerySet[RetailList] = RetailList.objects.filter(
        ~Exists(alive),
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
    """What a list waits for. ``before`` is empty where nothing was told, and once the list went; of
    one that is released or void (``follows``) what came back of what follows it stands there.
    ``refused``: something of it came back or could not be sent and is told anew by a person,
    ``list_refused`` the list itself."""

    before: list[Before]
    refused: bool
    list_refused: bool
    follows: bool = False


def waits_of(listed: RetailList) -> Waits:
    """What a list that the asker may see waits for; of one that is released or void only what came
    back of its withdrawal, its returns or its parcel's arrival."""
    if hasattr(listed, "release") or hasattr(listed, "void"):
        with platform_wide():
            after = list(
                last_of(AFTER)
                .filter(IS_BACK, retail_list=listed)
                .select_related("message", "standing__receipt")
                .order_by("pk")
            )
        back = [_before(one, accepted=False) for one in after]
        return Waits(back, bool(back), False, follows=True)
    with platform_wide():
        rows = list(
            last_of(_ALL)
            .filter(retail_list=listed)
            .annotate(is_accepted=_is_accepted())
            .select_related("message", "standing__receipt")
            .order_by("kind")
        )
    told = [_before(one, accepted=one.is_accepted) for one in rows]
    lists = [one for one in told if one.kind == MessageKind.RETAIL_LIST]
    # A list that came back waits again once something before it was told anew.
    is_older = lists and any(
        row.pk > max(it.pk for it in rows if it.kind == MessageKind.RETAIL_LIST) for row in rows
    )
    if lists and not (lists[0].refused and is_older):
        return Waits([], lists[0].refused, lists[0].refused)
    told = [one for one in told if one.kind != MessageKind.RETAIL_LIST]
    return Waits(told, any(one.refused for one in told), False)


def _before(one: OutgoingElement, *, accepted: bool) -> Before:
    standing: ElementState | None = getattr(one, "standing", None)
    return Before(
        kind=one.kind,
        kind_word=str(one.get_kind_display()),
        accepted=accepted,
        refused=not accepted
        and (
            (standing is not None and standing.outcome == OutcomeChoice.REFUSED)
            or one.message.state == MessageState.FAILED
        ),
        outcome=standing.outcome if standing else None,
        word=str(standing.get_outcome_display() if standing else one.message.get_state_display()),
        message=standing.message if standing else "",
        status=standing.status if standing else "",
        info=standing.receipt.info if standing else "",
    )
