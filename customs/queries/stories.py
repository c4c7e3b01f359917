"""The story of a document at customs: each message that went out, each receipt that came."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from core.walls import platform_wide
from customs.models import (
    Declaration,
    ElementState,
    ExportList,
    ListAct,
    OutgoingElement,
    ReceiptMatch,
    RetailList,
    TaxBill,
)
from customs.queries.kept_by_others import OfHouse, house_kept
from customs.rules.receipts.standing import stands


@dataclass(frozen=True, slots=True)
class Answered:
    """One receipt: ``at`` is the authority's time, ours where it gave none. ``counts``: it is where
    the document stands."""

    message: str
    status: str
    info: str
    at: datetime
    outcome: str
    counts: bool


@dataclass(frozen=True, slots=True)
class Chapter:
    """One message about the document, and what came back. ``waited`` is from its sending to its
    first receipt, or until now."""

    kind: str
    kind_word: str
    number: str
    state: str
    state_word: str
    queued_at: datetime
    sent_at: datetime | None
    answers: Sequence[Answered]
    waited: timedelta | None
    entry_no: str
    their_number: str


def of_list(listed: RetailList, *, now: datetime) -> list[Chapter]:
    """The story of a retail list that the asker may see."""
    with platform_wide():
        return _chapters(OutgoingElement.objects.filter(retail_list=listed), now)


def of_declaration(declared: Declaration, *, now: datetime) -> tuple[list[Chapter], OfHouse]:
    """The story of a declaration that the asker may see, and what else its page needs from behind
    the wall."""
    with platform_wide():
        chapters = _chapters(OutgoingElement.objects.filter(declaration=declared), now)
        return chapters, house_kept(declared)


def of_export(listed: ExportList, *, now: datetime) -> list[Chapter]:
    """The story of an export list and its trucks that the asker may see."""
    with platform_wide():
        return _chapters(
            OutgoingElement.objects.filter(
                Q(pk=listed.element_id)
                | Q(first=listed.element_id)
                | Q(truck_pass__export_list=listed)
            ),
            now,
        )


def bill_of(listed: RetailList) -> TaxBill | None:
    """The authority's bill of a retail list that the asker may see; the one that is not void."""
    with platform_wide():
        bills = TaxBill.objects.filter(retail_list=listed).prefetch_related("lines")
        return bills.order_by("status", "-made_at").first()


def _chapters(found: QuerySet[OutgoingElement], now: datetime) -> list[Chapter]:
    ordered = found.select_related("message", "standing").order_by("message__queued_at", "pk")
    elements = list(ordered)
    keys = [one.pk for one in elements]
    matches: dict[int, list[ReceiptMatch]] = defaultdict(list)
    for match in ReceiptMatch.objects.filter(element__in=keys).select_related("receipt"):
        matches[match.element_id].append(match)
    return [_chapter(one, matches[one.pk], getattr(one, "standing", None), now) for one in elements]


def kind_word(element: OutgoingElement) -> str:
    """What the message is; of a bonded list whether it changes or deletes it."""
    kind = str(element.get_kind_display())
    return kind if element.act == ListAct.TELL else f"{kind} · {element.get_act_display()}"


def _chapter(
    element: OutgoingElement,
    matches: Sequence[ReceiptMatch],
    state: ElementState | None,
    now: datetime,
) -> Chapter:
    message = element.message
    answers = sorted(
        (
            Answered(
                message=match.receipt.message,
                status=match.receipt.status,
                info=match.receipt.info,
                at=match.receipt.returned_at if match.receipt.returned else match.receipt.came_at,
                outcome=stands(
                    match.receipt.message, match.receipt.status, anew=element.again_id is not None
                ).outcome.value,
                counts=state is not None and state.receipt_id == match.receipt_id,
            )
            for match in matches
        ),
        key=lambda one: (one.at, stands(one.message, one.status).rank),
    )
    first = min((match.receipt.came_at for match in matches), default=now)
    return Chapter(
        kind=element.kind,
        kind_word=kind_word(element),
        number=message.number,
        state=state.outcome if state else message.state,
        state_word=str(state.get_outcome_display() if state else message.get_state_display()),
        queued_at=message.queued_at,
        sent_at=message.sent_at,
        answers=answers,
        waited=max(first - message.sent_at, timedelta(0)) if message.sent_at else None,
        entry_no=state.entry_no if state else "",
        their_number=element.their_number,
    )
