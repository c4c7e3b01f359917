"""What follows from receipts: lists are released, withdrawn orders taken back, the account book
posted, tax bills compared, and who sent something hears that it came back.

Each is done by the service that a person's act calls too, so both may come, in any order, and it
happens once. What cannot be done stands at the receipt with its reason, and may be tried again.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import OperationalError, transaction

from core.errors import DomainError
from core.queue import ring
from customs.models import (
    EffectState,
    ElementState,
    ExportParcel,
    ListAct,
    OutcomeChoice,
    Receipt,
    ReceiptMatch,
)
from customs.rules.receipts.effects import Effect, EffectFailed, effect_of, refuse_unreleased
from customs.rules.receipts.standing import Came, is_late_error
from customs.services import telling_answers
from customs.services.booking import announce
from customs.services.cancelling import cancel_order
from customs.services.noting import note_entries, note_gate, note_posted
from customs.services.receiving import BELL
from customs.services.releasing import Released, record_releases
from customs.services.tax_bills import note_status, take_bills

log = logging.getLogger(__name__)

BATCH = 200

_Matches = Sequence[ReceiptMatch]


def work_effects(*, now: datetime) -> int:
    """Do what is due, in the order in which it came; gives back how many receipts had an effect.
    Safe to run any number of times, beside itself too. Call platform-wide."""
    done = 0
    while True:
        worked, taken = _work_batch(now)
        done += worked
        if not taken:
            return done


@transaction.atomic
def _work_batch(now: datetime) -> tuple[int, int]:
    """How many of the next batch had an effect, and how many there were."""
    due = list(
        ReceiptMatch.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(effect=EffectState.DUE)
        .select_related("receipt", "element__retail_list__order", "element__standing")
        .order_by("pk")[:BATCH]
    )
    by_effect: dict[Effect, list[ReceiptMatch]] = defaultdict(list)
    for match in due:
        receipt, is_anew = match.receipt, match.element.again_id is not None
        deletes = match.element.act == ListAct.DELETE
        effect = effect_of(receipt.message, receipt.status, anew=is_anew, deletes=deletes)
        if effect is None:
            _note(match, EffectState.NONE, now)
        else:
            by_effect[effect].append(match)
    worked = 0
    for effect in sorted(by_effect):
        worked += _together(by_effect[effect], _ACTS[effect], now)
    return worked, len(due)


def _together(
    matches: _Matches, act: Callable[[_Matches, datetime], Sequence[bool]], now: datetime
) -> int:
    """All at once; where one of them is refused or fails, each by itself."""
    try:
        with transaction.atomic():
            told = act(matches, now)
    except OperationalError:
        # The database is away, or two waited for each other: the next bell does it.
        raise
    except Exception as fault:
        if len(matches) > 1:
            return sum(_together([match], act, now) for match in matches)
        # One that is odd in a way nobody thought of must not hold up those behind it, which are
        # of every company.
        match, refusal = matches[0], fault
        if not isinstance(refusal, DomainError):
            log.exception("what follows from receipt %s could not be done", match.receipt_id)
            refusal = EffectFailed()
            telling_answers.tell_failed(match, now)
        _note(match, EffectState.REFUSED, now, refusal)
        return 0
    for match, had in zip(matches, told, strict=True):
        _note(match, EffectState.DONE if had else EffectState.NONE, now)
    return sum(told)


def _note(
    match: ReceiptMatch, effect: EffectState, now: datetime, refusal: DomainError | None = None
) -> None:
    facts = {name: str(value)[:200] for name, value in refusal.facts.items()} if refusal else {}
    ReceiptMatch.objects.filter(pk=match.pk).update(
        effect=effect,
        refusal=refusal.code if refusal else "",
        facts=facts,
        effected_at=now,
    )


def try_again(*, match: ReceiptMatch) -> bool:
    """Do an effect that was refused once more; gives back whether there is one. Safe to repeat."""
    again = ReceiptMatch.objects.filter(pk=match.pk, effect=EffectState.REFUSED)
    with transaction.atomic():
        changed = again.update(effect=EffectState.DUE)
        if changed:
            ring(BELL)
    return bool(changed)


def _release(matches: _Matches, now: datetime) -> Sequence[bool]:
    """Lists that customs let go; one that a person recorded before stays as it was recorded.
    Raises ClosedUnreleased."""
    known: dict[int, set[str]] = defaultdict(set)
    for element, status in ReceiptMatch.objects.filter(
        element__in=[one.element_id for one in matches], receipt__message="CEB622"
    ).values_list("element", "receipt__status"):
        known[element].add(status)
    told: dict[str, Released] = {}
    # Released (800) and closed (899) of one list: the first is the moment that counts.
    for match in sorted(matches, key=lambda one: one.receipt.returned_at):
        listed = match.element.retail_list
        if listed is not None and listed.number not in told:
            receipt = match.receipt
            refuse_unreleased(receipt.status, known[match.element_id])
            # Our clocks differ by seconds, and a list cannot be released before it was drawn.
            at = max(min(receipt.returned_at, now), listed.drawn_at)
            # Not every answer repeats the number that an earlier one told.
            number = receipt.customs_no or match.element.their_number
            told[listed.number] = Released(number[:40], at)
    record_releases(told=told, now=now)
    return [match.element.retail_list is not None for match in matches]


def _withdraw(matches: _Matches, now: datetime) -> Sequence[bool]:
    """The order of a list that customs withdrew, unless it was taken back before (next to
    always: that is why the withdrawal was sent)."""
    had = []
    for match in matches:
        listed = match.element.retail_list
        is_open = listed is not None and not hasattr(listed, "void")
        if listed is not None and is_open:
            cancel_order(order=listed.order, by=None, now=now)
        had.append(is_open)
    return had


def _announce(matches: _Matches, now: datetime) -> Sequence[bool]:
    """The goods of an approved import list are announced to the account book."""
    had = []
    for match in matches:
        declared = match.element.declaration_id
        at = min(match.receipt.returned_at, now)
        # Of a declaration that is not released yet the release announces it.
        had.append(declared is not None and announce(declared, at, now) > 0)
    return had


def _unlist(matches: _Matches, now: datetime) -> Sequence[bool]:
    """The parcels of an export list that is deleted may stand on another one. What a declaration
    announced to the book was taken back with its withdrawal."""
    return [
        bool(
            ExportParcel.objects.filter(
                export_list__element=match.element.first_id, freed_at__isnull=True
            ).update(freed_at=now)
        )
        for match in matches
    ]


def _post(matches: _Matches, now: datetime) -> Sequence[bool]:
    """What was counted of a posted list, or left under it, goes into the book: the book's own
    worker does it, once; and what was posted is held against what was listed and counted."""
    ring("customs.book")
    return note_posted(matches, now)


def _bills(matches: _Matches, now: datetime) -> Sequence[bool]:
    return take_bills(matches=matches, now=now)


def _bill_status(matches: _Matches, now: datetime) -> Sequence[bool]:
    return [note_status(receipt=match.receipt, company=match.company_id) for match in matches]


def _refuse(matches: _Matches, now: datetime) -> Sequence[bool]:
    """Told only while the document stands as refused: what was taken since is no news. An error
    behind "stored at customs" is: a person decides what it means."""
    back, late = [], []
    for match in matches:
        state = getattr(match.element, "standing", None)
        if state is None:
            continue
        if state.outcome == OutcomeChoice.REFUSED:
            back.append(match)
        elif is_late_error(_came(match.receipt), _came(state)):
            late.append(match)
    telling_answers.tell_sent_back(back, now)
    telling_answers.tell_late_errors(late, now)
    told = {match.pk for match in (*back, *late)}
    return [match.pk in told for match in matches]


def _came(row: Receipt | ElementState) -> Came:
    return Came(row.message, row.status, row.returned_at)


_ACTS: dict[Effect, Callable[[_Matches, datetime], Sequence[bool]]] = {
    Effect.RELEASE: _release,
    Effect.WITHDRAW: _withdraw,
    Effect.ANNOUNCE: _announce,
    Effect.POST: _post,
    Effect.BILL: _bills,
    Effect.BILL_STATUS: _bill_status,
    Effect.ENTRY: note_entries,
    Effect.GATE: note_gate,
    Effect.UNLIST: _unlist,
    Effect.REFUSE: _refuse,
}
