"""Amending and withdrawing what customs has, and setting drafts aside.

A person asks customs and records here that it was done and what came back; until then nothing
changes. What was amended stays as it was, with its paper; a new version takes its place.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from accounts.models import User
from core.acting import because
from core.numbers import next_number
from core.taking import take_turns
from core.walls import platform_wide
from customs import queries
from customs.models import (
    BookKind,
    BookReceipt,
    CollectiveDeclaration,
    CounterAnswer,
    CounterDocument,
    Declaration,
    DeclarationState,
)
from customs.queries.collecting import collected_in
from customs.queries.countering import is_asked
from customs.queries.zone import list_at_customs
from customs.rules import countering as rules
from customs.rules.collecting import ListCollected
from customs.rules.countering import Change, CounterKind
from customs.services.book import reverse_receipt
from customs.services.checking import new_among, refuse
from customs.services.collective_countering import PREFIXES, accept_together, keep_changes
from customs.services.steps import advance
from customs.services.versions import new_version
from customs.services.ways import has_entered
from procurement.models import PurchaseOrder, Shipment, ShipmentState
from procurement.services import return_to_sea
from warehouse.days import day_of

WITH_CUSTOMS = (DeclarationState.LODGED, DeclarationState.RELEASED)


@transaction.atomic
def ask_amendment(
    *,
    declaration: Declaration,
    wanted: Sequence[tuple[int, str, str]],
    reason: str,
    asked_by: User,
    now: datetime,
) -> CounterDocument:
    """Record that customs was asked to amend a declaration; ``wanted`` are line (0: the head),
    field and new value.

    Raises RequestReasonMissing, NotWithCustoms, GoodsPosted, CounterOpen, ListCollected,
    NothingChanges, NotAmendable, ChangeWrong, or RulesBroken where customs would send the new
    version back; then nothing has been written.
    """
    said = rules.reasoned(reason)
    held = _held(declaration)
    found = rules.changes(wanted, queries.amendable(held))
    _check_new(held, found, now)
    document = _ask(held, CounterKind.AMEND, said, asked_by, now)
    keep_changes(document, found)
    return document


@transaction.atomic
def ask_withdrawal(
    *, declaration: Declaration, reason: str, asked_by: User, now: datetime
) -> CounterDocument:
    """Record that customs was asked to withdraw a declaration.

    Raises RequestReasonMissing, NotWithCustoms, GoodsPosted, ListCollected or CounterOpen; then
    nothing has been written.
    """
    said = rules.reasoned(reason)
    return _ask(_held(declaration), CounterKind.WITHDRAW, said, asked_by, now)


@transaction.atomic
def record_accepted(
    *, document: CounterDocument, recorded_by: User, now: datetime
) -> Declaration | CollectiveDeclaration:
    """Record that customs took a request. Gives back the new version, or what was withdrawn.

    What was announced to the account book is taken back; a new version is announced by itself. A
    released shipment that is withdrawn is under way again.

    Raises CounterAnswered, NotWithCustoms, ListCollected or GoodsPosted; then nothing has been
    written.
    """
    asked = _unanswered(document)
    about = asked.about
    if isinstance(about, CollectiveDeclaration):
        return accept_together(asked, about, recorded_by, now)
    held = _held(about, but_not_open=False)
    CounterAnswer.objects.create(
        document=asked, accepted=True, answered_at=now, recorded_by=recorded_by
    )
    was_released = held.state == DeclarationState.RELEASED
    if was_released:
        _take_back_announcement(held, now)
    is_amendment = asked.kind == CounterKind.AMEND
    with because(asked.reason):
        advance(
            held,
            DeclarationState.AMENDED if is_amendment else DeclarationState.WITHDRAWN,
            wanted=WITH_CUSTOMS,
            now=now,
            note=asked.number,
        )
    if is_amendment:
        changes = [
            Change(one.line, one.field, one.before, one.after) for one in asked.changes.all()
        ]
        return new_version(declaration=held, changes=changes, document=asked.number, now=now)
    if was_released and not has_entered(held.shipment_id):
        return_to_sea(shipment=held.shipment)
    return Declaration.objects.get(pk=held.pk)


@transaction.atomic
def record_refused(
    *, document: CounterDocument, reason: str, recorded_by: User, now: datetime
) -> CounterDocument:
    """Record that customs refused a request, with its reason; the declaration stays as it is.

    Raises RequestReasonMissing or CounterAnswered; then nothing has been written.
    """
    said = rules.reasoned(reason)
    asked = _unanswered(document)
    CounterAnswer.objects.create(
        document=asked, accepted=False, reason=said, answered_at=now, recorded_by=recorded_by
    )
    return asked


@transaction.atomic
def drop_draft(*, declaration: Declaration, reason: str, now: datetime) -> Declaration:
    """Set aside a draft, or a paper that was never lodged; a new draft may take its place.

    Raises RequestReasonMissing, WrongState, or ListAtCustoms while its bonded list is with customs;
    then nothing has been written.
    """
    said = rules.reasoned(reason)
    # Whoever queues the list holds the same row: of the two, the second sees what the first did.
    held = Declaration.objects.select_for_update(of=("self",)).get(pk=declaration.pk)
    listed = list_at_customs(held)
    if held.state == DeclarationState.READY and listed is not None:
        raise rules.ListAtCustoms(list=listed.number, message=listed.last.message.number)
    with because(said):
        return advance(
            held,
            DeclarationState.WITHDRAWN,
            wanted={DeclarationState.DRAFT, DeclarationState.READY},
            now=now,
            note=said,
        )


def _held(declaration: Declaration, *, but_not_open: bool = True) -> Declaration:
    """The declaration, locked behind its order and shipment, if it may be countered."""
    shipment = Shipment.objects.get(pk=declaration.shipment_id)
    PurchaseOrder.objects.select_for_update().get(pk=shipment.order_id)
    shipment = Shipment.objects.select_for_update(of=("self",)).get(pk=shipment.pk)
    held = (
        Declaration.objects.select_for_update(of=("self",))
        .select_related("shipment", "importer", "warehouse__operator")
        .get(pk=declaration.pk)
    )
    rules.check_can_counter(
        reference=held.our_reference,
        state=held.state,
        with_customs=WITH_CUSTOMS,
        is_posted=is_posted(held),
        is_open=but_not_open and is_asked(held),
    )
    together = collected_in(held)
    if together is not None:
        raise ListCollected(list=held.our_reference, declaration=together.our_reference)
    return held


def is_posted(declaration: Declaration) -> bool:
    """Whether its list was posted: once the goods were counted in, and of what went in first once
    it is released as well."""
    if declaration.shipment.state != ShipmentState.RECEIVED:
        return False
    is_released = declaration.state == DeclarationState.RELEASED
    return is_released or not has_entered(declaration.shipment_id)


def _unanswered(document: CounterDocument) -> CounterDocument:
    # Nobody may lock what nobody may change: whoever answers waits for whoever does.
    take_turns("counter-document", document.number)
    asked = CounterDocument.objects.get(pk=document.pk)
    if CounterAnswer.objects.filter(document=asked).exists():
        raise rules.CounterAnswered(request=asked.number)
    return asked


def _ask(
    held: Declaration, kind: CounterKind, reason: str, asked_by: User, now: datetime
) -> CounterDocument:
    return CounterDocument.objects.create(
        number=next_number(PREFIXES[kind], day_of(now).year),
        declaration=held,
        importer_id=held.importer_id,
        kind=kind.value,
        reason=reason,
        asked_at=now,
        asked_by=asked_by,
    )


def _check_new(held: Declaration, changes: Sequence[Change], now: datetime) -> None:
    """What the new version would be sent back for, and the old one would not."""
    day = day_of(now)
    found = queries.findings_of(held, day=day, changes=changes)
    refuse(held.our_reference, new_among(found, queries.findings_of(held, day=day)))


def _take_back_announcement(held: Declaration, now: datetime) -> None:
    """The pre-increase of a released list goes back. The book is its keeper's."""
    number = held.warehouse.ledger_number
    with platform_wide():
        # Whoever announces the list looks at its state again behind this lock.
        take_turns("account-book", number)
        receipt = BookReceipt.objects.filter(
            book__number=number,
            document=held.our_reference,
            kind=BookKind.APPROVED_IN,
            reverses__isnull=True,
            reversed_by__isnull=True,
        ).first()
        if receipt is not None:
            reverse_receipt(receipt=receipt, happened_at=now, now=now)
