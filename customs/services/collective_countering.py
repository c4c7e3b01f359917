"""Amending and withdrawing a declaration of a month, as one of a shipment is.

What is amended is the form: lists stand as customs accepted them. A withdrawn one frees its lists.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from core.acting import because
from core.numbers import next_number
from customs.models import (
    CollectedLine,
    CollectedList,
    CollectiveDeclaration,
    CollectiveGoods,
    CounterAnswer,
    CounterChange,
    CounterDocument,
    DeclarationState,
)
from customs.queries.collective_set import (
    amendable_together,
    charges_of_month,
    findings_together,
)
from customs.queries.countering import is_asked
from customs.rules import countering as rules
from customs.rules.charges import Kind
from customs.rules.countering import HEAD, Change, CounterKind, read_charge
from customs.services.checking import new_among, refuse
from customs.services.collecting import (
    WITH_CUSTOMS,
    advance_collective,
    free_lists,
    keep_charges,
    keep_lists,
    step,
)
from warehouse.days import day_of

PREFIXES = {CounterKind.AMEND: "AMD", CounterKind.WITHDRAW: "WDR"}


@transaction.atomic
def ask_amendment_together(
    *,
    collective: CollectiveDeclaration,
    wanted: Sequence[tuple[int, str, str]],
    reason: str,
    asked_by: User,
    now: datetime,
) -> CounterDocument:
    """Record that customs was asked to amend it; ``wanted`` as of one shipment's declaration.

    Raises RequestReasonMissing, NotWithCustoms, CounterOpen, NothingChanges, NotAmendable,
    ChangeWrong, or RulesBroken where customs would send the new version back; then nothing has been
    written.
    """
    said = rules.reasoned(reason)
    held = _held(collective, but_not_open=True)
    found = rules.changes(wanted, amendable_together(held))
    _check_new(held, found, now)
    document = _ask(held, CounterKind.AMEND, said, asked_by, now)
    keep_changes(document, found)
    return document


@transaction.atomic
def ask_withdrawal_together(
    *, collective: CollectiveDeclaration, reason: str, asked_by: User, now: datetime
) -> CounterDocument:
    """Record that customs was asked to withdraw it.

    Raises RequestReasonMissing, NotWithCustoms or CounterOpen; then nothing has been written.
    """
    said = rules.reasoned(reason)
    held = _held(collective, but_not_open=True)
    return _ask(held, CounterKind.WITHDRAW, said, asked_by, now)


def accept_together(
    asked: CounterDocument, collective: CollectiveDeclaration, recorded_by: User, now: datetime
) -> CollectiveDeclaration:
    """Customs took a request: the new version, or what was withdrawn; call in a transaction that
    holds the document.

    Raises NotWithCustoms; then nothing has been written.
    """
    held = _held(collective, but_not_open=False)
    CounterAnswer.objects.create(
        document=asked, accepted=True, answered_at=now, recorded_by=recorded_by
    )
    is_amendment = asked.kind == CounterKind.AMEND
    with because(asked.reason):
        done = advance_collective(
            held,
            DeclarationState.AMENDED if is_amendment else DeclarationState.WITHDRAWN,
            wanted=WITH_CUSTOMS,
            now=now,
            note=asked.number,
        )
    if not is_amendment:
        free_lists(done, now)
        return done
    changes = [Change(one.line, one.field, one.before, one.after) for one in asked.changes.all()]
    return _new_version(held, changes, asked.number, now)


def keep_changes(document: CounterDocument, changes: Sequence[Change]) -> None:
    """Number and write the changes of an amendment."""
    CounterChange.objects.bulk_create(
        CounterChange(
            document=document,
            position=position,
            line=one.line,
            field=one.field,
            before=one.before,
            after=one.after,
        )
        for position, one in enumerate(changes, 1)
    )


def _held(collective: CollectiveDeclaration, *, but_not_open: bool) -> CollectiveDeclaration:
    held = (
        CollectiveDeclaration.objects.select_for_update(of=("self",))
        .select_related("importer", "warehouse__operator")
        .get(pk=collective.pk)
    )
    rules.check_can_counter(
        reference=held.our_reference,
        state=held.state,
        with_customs=WITH_CUSTOMS,
        # The goods were posted by their lists; the form of the month follows them.
        is_posted=False,
        is_open=but_not_open and is_asked(held),
    )
    return held


def _ask(
    held: CollectiveDeclaration, kind: CounterKind, reason: str, asked_by: User, now: datetime
) -> CounterDocument:
    return CounterDocument.objects.create(
        number=next_number(PREFIXES[kind], day_of(now).year),
        collective=held,
        importer_id=held.importer_id,
        kind=kind.value,
        reason=reason,
        asked_at=now,
        asked_by=asked_by,
    )


def _check_new(held: CollectiveDeclaration, changes: Sequence[Change], now: datetime) -> None:
    """What the new version would be sent back for, and the old one would not."""
    day = day_of(now)
    found = findings_together(held, day=day, changes=changes)
    refuse(held.our_reference, new_among(found, findings_together(held, day=day)))


def _new_version(
    old: CollectiveDeclaration, changes: Sequence[Change], document: str, now: datetime
) -> CollectiveDeclaration:
    """The same once more with the changes: it keeps customs' number, its state and its days, and
    takes the lists over."""
    head = {one.field: one.after for one in changes if one.line == HEAD}
    fresh = CollectiveDeclaration(
        **_fields(
            old,
            our_reference=next_number("COL", day_of(now).year),
            replaces_id=old.pk,
            packages=int(head.get("packages", old.packages)),
            drafted_at=now,
        )
    )
    fresh.save(force_insert=True)
    living = CollectedList.objects.filter(collective=old, freed_at__isnull=True)
    lists = list(living.order_by("position").values_list("declaration_id", flat=True))
    living.update(freed_at=now)
    keep_lists(fresh, lists)
    charges = [one for one in charges_of_month(old) if one.kind.value not in head]
    told_anew = [read_charge(kind, head[kind.value]) for kind in Kind if kind.value in head]
    keep_charges(fresh, [*charges, *(one for one in told_anew if one is not None)])
    before = list(old.goods.order_by("position"))
    by_line: dict[int, dict[str, str]] = {}
    for one in changes:
        by_line.setdefault(one.line, {})[one.field] = one.after
    goods = CollectiveGoods.objects.bulk_create(
        CollectiveGoods(**_fields(one, collective_id=fresh.pk, **by_line.get(one.position, {})))
        for one in before
    )
    by_old = {was.pk: new for was, new in zip(before, goods, strict=True)}
    CollectedLine.objects.bulk_create(
        CollectedLine(
            goods=by_old[one.goods_id], line_id=one.line_id, importer_id=fresh.importer_id
        )
        for one in CollectedLine.objects.filter(goods__collective=old).order_by("pk")
    )
    step(fresh, DeclarationState(fresh.state), now, document)
    return fresh


def _fields(row: Any, **changed: Any) -> Mapping[str, Any]:
    """What stands in a row, for another one."""
    fields = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.primary_key
    }
    return fields | changed
