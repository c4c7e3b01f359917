"""The papers of a month's declaration: ordered by a person, made by the worker that makes the
papers of declarations, exactly once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from django.db import transaction

from accounts.models import Company
from core.models import WorkState
from core.numbers import next_number
from core.queue import MadeFile, drain, ring
from customs.models import (
    CollectiveDeclaration,
    CollectiveDocument,
    CollectivePaperKind,
    DeclarationState,
)
from customs.papers import collective_file
from customs.queries.collective_papers import said_by, stamp_of
from customs.queries.collective_set import collective_set
from customs.rules.import_set import ImportSet
from customs.services.collecting import advance_collective, check_together, step
from warehouse.days import day_of

BELL = "customs.documents"


@transaction.atomic
def queue_collective(
    *, collective: CollectiveDeclaration, now: datetime, language: str = "zh-hans"
) -> CollectiveDocument:
    """Order the form of a draft; its number is fixed here, and the draft is settled.

    Raises WrongState, or RulesBroken with what customs would send it back for; then nothing has
    been written.
    """
    settled = advance_collective(
        collective, DeclarationState.QUEUED, wanted={DeclarationState.DRAFT}, now=now
    )
    check_together(settled, now)
    document = _add(settled, CollectivePaperKind.DECLARATION, language, None, 1, now)
    ring(BELL)
    return document


@transaction.atomic
def order_collective_papers(
    *, collective: CollectiveDeclaration, language: str, now: datetime
) -> list[CollectiveDocument]:
    """Order the form, the lists in it and each owner's share sheet in a language. What would say
    the same is not made again; one that failed is tried again; one that is being made is waited
    for. Gives the newest of each.

    Raises what :func:`queue_collective` raises; then nothing has been written.
    """
    # Two who order at once are told of the same versions.
    held = CollectiveDeclaration.objects.select_for_update(of=("self",)).get(pk=collective.pk)
    data = collective_set(held.pk)
    newest_of = {
        (one.kind, one.seller_id): one
        for one in CollectiveDocument.objects.filter(collective=held, language=language)
        .select_related("seller")
        .defer("content")
        .order_by("version")
    }
    found: list[CollectiveDocument] = []
    for kind, seller in _wanted(data):
        newest = newest_of.get((kind.value, seller.pk if seller else None))
        if kind == CollectivePaperKind.DECLARATION and held.state == DeclarationState.DRAFT:
            newest = queue_collective(collective=held, language=language, now=now)
        elif newest is None:
            newest = _add(held, kind, language, seller, 1, now)
        elif newest.state == WorkState.FAILED:
            CollectiveDocument.objects.filter(pk=newest.pk, state=WorkState.FAILED).update(
                state=WorkState.QUEUED, attempts=0, due_at=now
            )
        elif newest.state == WorkState.READY and newest.fingerprint != said_by(newest, data):
            newest = _add(held, kind, language, seller, newest.version + 1, now)
        found.append(newest)
    ring(BELL)
    return found


def _wanted(data: ImportSet) -> Iterator[tuple[CollectivePaperKind, Company | None]]:
    yield CollectivePaperKind.DECLARATION, None
    yield CollectivePaperKind.LISTS, None
    codes = {one.owner.code for one in data.shares}
    for owner in Company.objects.filter(code__in=codes).order_by("code"):
        yield CollectivePaperKind.SHARE_SHEET, owner


def _add(
    collective: CollectiveDeclaration,
    kind: CollectivePaperKind,
    language: str,
    seller: Company | None,
    version: int,
    now: datetime,
) -> CollectiveDocument:
    return CollectiveDocument.objects.create(
        number=next_number("DOC", day_of(now).year),
        kind=kind.value,
        language=language,
        queued_at=now,
        due_at=now,
        collective=collective,
        importer_id=collective.importer_id,
        seller=seller,
        version=version,
    )


def make_due_collective_papers(*, now: Callable[[], datetime]) -> int:
    """Make every due paper of a month; safe beside itself and after a crash."""

    def started(document: CollectiveDocument) -> None:
        _follow(document, DeclarationState.GENERATING, {DeclarationState.QUEUED}, now())

    def make(document: CollectiveDocument) -> MadeFile:
        seller = document.seller.code if document.seller else ""
        data = collective_set(document.collective_id)
        made, document.fingerprint = collective_file(
            document.kind, data, stamp_of(document), seller
        )
        return made

    def finished(document: CollectiveDocument) -> None:
        CollectiveDocument.objects.filter(pk=document.pk).update(fingerprint=document.fingerprint)
        before = {DeclarationState.QUEUED, DeclarationState.GENERATING}
        _follow(document, DeclarationState.READY, before, now())

    return drain(CollectiveDocument, make, now=now, started=started, finished=finished)


@transaction.atomic
def _follow(
    document: CollectiveDocument,
    to: DeclarationState,
    wanted: set[DeclarationState],
    now: datetime,
) -> None:
    """The declaration follows its form; a step that was taken before is not taken twice."""
    if document.kind != CollectivePaperKind.DECLARATION:
        return
    moved = CollectiveDeclaration.objects.filter(
        pk=document.collective_id, state__in=wanted
    ).update(state=to)
    if moved:
        step(document.collective, to, now, document.number)
