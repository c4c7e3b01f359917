"""The papers of a parcel: ordered by its seller, made by a worker, exactly once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from core.models import WorkState
from core.numbers import next_number
from core.queue import MadeFile, drain, ring
from customs.models import RetailDocument, RetailList, RetailPaperKind
from customs.papers import retail_file, retail_fingerprint
from customs.papers.sheet import Stamp
from customs.queries.retail_papers import retail_print
from warehouse.days import day_of
from warehouse.models import RetailOrder

BELL = "customs.documents"


@transaction.atomic
def order_retail_papers(
    *, retail_list: RetailList, language: str, now: datetime
) -> list[RetailDocument]:
    """Order both papers of a list in a language; what still holds is not made again."""
    # Two who order at once are told of the same versions. A list is a fact and cannot be locked.
    RetailOrder.objects.select_for_update(of=("self",), no_key=True).get(pk=retail_list.order_id)
    held = RetailList.objects.get(pk=retail_list.pk)
    data = retail_print(held.pk, chinese=language.startswith("zh"))
    found = []
    for kind in RetailPaperKind:
        newest = (
            RetailDocument.objects.filter(retail_list=held, kind=kind, language=language)
            .defer("content")
            .order_by("-version")
            .first()
        )
        if newest is not None and newest.state == WorkState.FAILED:
            RetailDocument.objects.filter(pk=newest.pk).update(
                state=WorkState.QUEUED, attempts=0, due_at=now
            )
        elif newest is None or (
            newest.state == WorkState.READY
            and newest.fingerprint != retail_fingerprint(kind, data, stamp_of(newest))
        ):
            newest = RetailDocument.objects.create(
                number=next_number("DOC", day_of(now).year),
                kind=kind,
                language=language,
                queued_at=now,
                due_at=now,
                retail_list=held,
                seller_id=held.seller_id,
                version=newest.version + 1 if newest else 1,
            )
        found.append(newest)
    ring(BELL)
    return found


def stamp_of(document: RetailDocument) -> Stamp:
    return Stamp(document.number, document.version, document.language, document.queued_at)


def make_due_retail_papers(*, now: Callable[[], datetime]) -> int:
    """Make every due paper of a parcel; safe beside itself and after a crash."""

    def make(document: RetailDocument) -> MadeFile:
        stamp = stamp_of(document)
        data = retail_print(document.retail_list_id, chinese=stamp.chinese)
        made, document.fingerprint = retail_file(document.kind, data, stamp)
        return made

    def finished(document: RetailDocument) -> None:
        RetailDocument.objects.filter(pk=document.pk).update(fingerprint=document.fingerprint)

    return drain(RetailDocument, make, now=now, finished=finished)
