"""The papers of a declaration: ordered by a person, made by a worker, exactly once.

A paper whose data changed is made again as its next version; the old one stays as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from django.db import transaction

from accounts.models import Company
from core.models import WorkState
from core.numbers import next_number
from core.queue import MadeFile, drain, ring
from customs import queries
from customs.models import (
    Declaration,
    DeclarationDocument,
    DeclarationState,
    DeclarationStep,
    EntryReading,
    PaperKind,
)
from customs.papers import paper_file
from customs.queries.papers import owners_of, said_by
from customs.rules.declaring import WrongState
from customs.rules.import_set import ImportSet
from customs.rules.kept_reading import around_of, told
from customs.services.checking import check_rules
from customs.services.steps import advance
from customs.services.telling import tell_importer
from warehouse.days import day_of

BELL = "customs.documents"


@transaction.atomic
def queue_document(
    *, declaration: Declaration, now: datetime, language: str = "zh-hans"
) -> DeclarationDocument:
    """Order the paper of a drafted declaration; its number is fixed here.

    Raises WrongState, or RulesBroken with what customs would send it back for; then nothing has
    been written.
    """
    declaration = advance(
        declaration, DeclarationState.QUEUED, wanted={DeclarationState.DRAFT}, now=now
    )
    check_rules(declaration=declaration, now=now)
    document = _add(declaration, PaperKind.DECLARATION, language, None, 1, now)
    ring(BELL)
    return document


@transaction.atomic
def order_papers(
    *, declaration: Declaration, kinds: Sequence[PaperKind], language: str, now: datetime
) -> list[DeclarationDocument]:
    """Order papers of a declaration in a language; those that would say the same stay.

    A new version is made of a paper whose newest says something else than the data now; one that
    failed is tried again; one that is being made is waited for. The form of a draft goes its own
    way (``queue_document``), for the draft is then no longer changed. Gives the newest of each.

    Raises WrongState and what ``queue_document`` raises; then nothing has been written.
    """
    # Two people who order at once are told of the same versions.
    held = Declaration.objects.select_for_update(of=("self",)).get(pk=declaration.pk)
    data = queries.import_set(held.pk)
    known = DeclarationDocument.objects.filter(declaration=held, language=language)
    newest_of: dict[tuple[str, int | None], DeclarationDocument] = {
        (one.kind, one.seller_id): one
        for one in known.select_related("seller").defer("content").order_by("version")
    }
    found: list[DeclarationDocument] = []
    for kind, seller in _wanted(kinds, data):
        newest = newest_of.get((kind, seller.pk if seller else None))
        if kind == PaperKind.DECLARATION and held.state == DeclarationState.DRAFT:
            found.append(queue_document(declaration=held, language=language, now=now))
        elif newest is None:
            found.append(_add(held, kind, language, seller, 1, now))
        elif newest.state == WorkState.FAILED:
            found.append(retry_document(document=newest, now=now))
        elif newest.state == WorkState.READY and newest.fingerprint != said_by(newest, data):
            found.append(_add(held, kind, language, seller, newest.version + 1, now))
        else:
            found.append(newest)
    ring(BELL)
    return found


def _wanted(
    kinds: Sequence[PaperKind], data: ImportSet
) -> Iterator[tuple[PaperKind, Company | None]]:
    """Each kind once; share sheets for each who has a part, the platform's surplus too."""
    owners = {one.code: one for one in Company.objects.filter(code__in=owners_of(data))}
    for kind in dict.fromkeys(kinds):
        if kind == PaperKind.SHARE_SHEET:
            yield from ((kind, owners[code]) for code in sorted(owners))
        else:
            yield kind, None


def _add(
    declaration: Declaration,
    kind: PaperKind,
    language: str,
    seller: Company | None,
    version: int,
    now: datetime,
) -> DeclarationDocument:
    return DeclarationDocument.objects.create(
        number=next_number("DOC", day_of(now).year),
        kind=kind,
        language=language,
        queued_at=now,
        due_at=now,
        declaration=declaration,
        importer_id=declaration.importer_id,
        seller=seller,
        version=version,
    )


@transaction.atomic
def retry_document(*, document: DeclarationDocument, now: datetime) -> DeclarationDocument:
    """Let the workers try again a document that failed too often; it keeps its number.

    Raises WrongState; then nothing has been written.
    """
    again = DeclarationDocument.objects.filter(pk=document.pk, state=WorkState.FAILED).update(
        state=WorkState.QUEUED, attempts=0, due_at=now
    )
    fresh = DeclarationDocument.objects.get(pk=document.pk)
    if not again:
        raise WrongState(document=fresh.number, state=fresh.state)
    ring(BELL)
    return fresh


def drawn(document: DeclarationDocument, data: ImportSet | None = None) -> MadeFile:
    """A paper from the data as they are; its ``fingerprint`` is set, and nothing is written."""
    data = data or queries.import_set(document.declaration_id)
    seller = document.seller.code if document.seller else ""
    stamp = queries.stamp_of(document)
    made, document.fingerprint = paper_file(document.kind, data, stamp, seller)
    return made


def make_due_documents(*, now: Callable[[], datetime]) -> int:
    """Make every due paper; safe beside itself and after a crash. Returns how many were stored."""
    readings: dict[int, ImportSet] = {}

    def made(document: DeclarationDocument) -> MadeFile:
        data = queries.import_set(document.declaration_id)
        if document.kind == PaperKind.DECLARATION:
            readings[document.pk] = data
        return drawn(document, data)

    def started(document: DeclarationDocument) -> None:
        _follow(document, DeclarationState.GENERATING, {DeclarationState.QUEUED}, now())

    def finished(document: DeclarationDocument) -> None:
        DeclarationDocument.objects.filter(pk=document.pk).update(fingerprint=document.fingerprint)
        if data := readings.pop(document.pk, None):
            _keep(document, data)
        before = {DeclarationState.QUEUED, DeclarationState.GENERATING}
        if _follow(document, DeclarationState.READY, before, now()):
            tell_importer("declaration.ready", _declaration(document), now())

    def given_up(document: DeclarationDocument) -> None:
        # It may be tried again by a person and fail again: each time is news.
        at = now()
        subject = f"{document.number} {at.isoformat()}"
        tell_importer("declaration.failed", _declaration(document), at, subject=subject)

    return drain(
        DeclarationDocument,
        made,
        now=now,
        started=started,
        finished=finished,
        given_up=given_up,
    )


def _keep(document: DeclarationDocument, data: ImportSet) -> None:
    """What a form was drawn from, unless it was lodged: then an earlier one says what counts.

    Call in the transaction that stores the file. Whoever lodges meanwhile waits for this row.
    """
    held = Declaration.objects.select_for_update(of=("self",)).get(pk=document.declaration_id)
    if held.lodged_at is None:
        EntryReading.objects.create(
            document=document, importer_id=document.importer_id, content=told(around_of(data))
        )


def _declaration(document: DeclarationDocument) -> Declaration:
    return Declaration.objects.select_related("shipment").get(pk=document.declaration_id)


@transaction.atomic
def _follow(
    document: DeclarationDocument,
    to: DeclarationState,
    wanted: set[DeclarationState],
    now: datetime,
) -> bool:
    """The declaration follows its form; a step that was taken before is not taken twice."""
    if document.kind != PaperKind.DECLARATION:
        return False
    moved = Declaration.objects.filter(pk=document.declaration_id, state__in=wanted).update(
        state=to
    )
    if moved:
        DeclarationStep.objects.create(
            declaration_id=document.declaration_id, state=to, at=now, note=document.number
        )
    return bool(moved)
