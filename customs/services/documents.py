"""The declaration's paper: ordered by a person, made by a worker, exactly once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils.timezone import get_default_timezone

from core.models import WorkState
from core.numbers import next_number
from core.queue import MadeFile, drain, ring
from customs import queries
from customs.models import Declaration, DeclarationDocument, DeclarationState, DeclarationStep
from customs.papers import declaration_paper
from customs.rules.declaring import WrongState
from customs.services.checking import check_rules
from customs.services.steps import advance
from customs.services.telling import tell_importer

BELL = "customs.documents"
KIND = "declaration"


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
    document = DeclarationDocument.objects.create(
        number=next_number("DOC", now.astimezone(get_default_timezone()).year),
        kind=KIND,
        language=language,
        queued_at=now,
        due_at=now,
        declaration=declaration,
    )
    ring(BELL)
    return document


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


def make_due_documents(*, now: Callable[[], datetime]) -> int:
    """Make every due paper; safe beside itself and after a crash. Returns how many were stored."""

    def make(document: DeclarationDocument) -> MadeFile:
        return declaration_paper(queries.paper_of(document))

    def started(document: DeclarationDocument) -> None:
        _follow(document, DeclarationState.GENERATING, {DeclarationState.QUEUED}, now())

    def finished(document: DeclarationDocument) -> None:
        before = {DeclarationState.QUEUED, DeclarationState.GENERATING}
        _follow(document, DeclarationState.READY, before, now())
        tell_importer("declaration.ready", _declaration(document), now())

    def given_up(document: DeclarationDocument) -> None:
        # It may be tried again by a person and fail again: each time is news.
        at = now()
        subject = f"{document.number} {at.isoformat()}"
        tell_importer("declaration.failed", _declaration(document), at, subject=subject)

    return drain(
        DeclarationDocument,
        make,
        now=now,
        started=started,
        finished=finished,
        given_up=given_up,
    )


def _declaration(document: DeclarationDocument) -> Declaration:
    return Declaration.objects.select_related("shipment").get(pk=document.declaration_id)


@transaction.atomic
def _follow(
    document: DeclarationDocument,
    to: DeclarationState,
    wanted: set[DeclarationState],
    now: datetime,
) -> None:
    """The declaration follows its paper; a step that was taken before is not taken twice."""
    moved = Declaration.objects.filter(pk=document.declaration_id, state__in=wanted).update(
        state=to
    )
    if moved:
        DeclarationStep.objects.create(
            declaration_id=document.declaration_id, state=to, at=now, note=document.number
        )
