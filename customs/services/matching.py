"""Receipts find the documents they are about, and move how far these are.

A receipt that fits nothing waits: its document may come later (then it is found by itself), or a
person says which it is about, or lays it aside.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction

from accounts.models import User
from core.copying import array_of
from core.queue import ring
from customs.models import (
    EffectState,
    OutgoingElement,
    Receipt,
    ReceiptAside,
    ReceiptMatch,
    ReceiptState,
)
from customs.queries import receipts as queries
from customs.rules.receipts.effects import effect_of
from customs.rules.receipts.parking import (
    NotWhatItIsAbout,
    ReceiptReasonMissing,
    ReceiptSettled,
)
from customs.rules.receipts.standing import Came, place, stands
from customs.services.receiving import BELL

BATCH = 500
LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Matched:
    """How many receipts found their documents, and how many began to wait for a person."""

    matched: int = 0
    waiting: int = 0

    def __add__(self, other: Matched) -> Matched:
        return Matched(self.matched + other.matched, self.waiting + other.waiting)


def match_due(*, now: datetime) -> Matched:
    """Find the document of each receipt that is new, or waits and has one now; safe to run any
    number of times, beside itself too. Call platform-wide."""
    total = Matched()
    while True:
        found = _match_all(now)
        total += found
        # What was found tells by which numbers the authority calls our documents: a tax bill that
        # came before names nothing else.
        if not found.matched:
            return total


def _match_all(now: datetime) -> Matched:
    total, after = Matched(), 0
    while True:
        done, after = _match_batch(after, now)
        if not after:
            return total
        total += done


@transaction.atomic
def _match_batch(after: int, now: datetime) -> tuple[Matched, int]:
    """The next ones behind ``after``; gives back the last id, 0 at the end."""
    rows = list(queries.unmatched(after=after).select_for_update(skip_locked=True)[:BATCH])
    if not rows:
        return Matched(), 0
    documents = queries.documents_of(rows)
    found = [(row, documents.about(row, row.company_id)) for row in rows]
    fits = [(row, it) for row, them in found for it in them]
    _write(fits, now)
    matched = [row.pk for row, them in found if them]
    waiting = [row.pk for row, them in found if not them and row.state == ReceiptState.NEW]
    Receipt.objects.filter(pk__in=matched).update(state=ReceiptState.MATCHED)
    Receipt.objects.filter(pk__in=waiting).update(state=ReceiptState.WAITING)
    return Matched(len(matched), len(waiting)), rows[-1].pk


def _write(
    fits: Sequence[tuple[Receipt, queries.Document]],
    now: datetime,
    *,
    by: User | None = None,
    reason: str = "",
) -> None:
    ReceiptMatch.objects.bulk_create(
        [
            ReceiptMatch(
                receipt=row,
                element_id=it.pk,
                company_id=it.company,
                seller_id=it.seller,
                matched_at=now,
                matched_by=by,
                reason=reason,
                effect=(
                    EffectState.DUE
                    if effect_of(
                        row.message,
                        row.status,
                        anew=it.again is not None,
                        deletes=it.act == queries.DELETION,
                    )
                    else EffectState.NONE
                ),
            )
            for row, it in fits
        ],
        batch_size=1_000,
    )
    _move(fits)
    _note_numbers(fits)
    if fits:
        ring(BELL)
    if any(row.message in ("CEB312", "CEB412", "CEB512") for row, _it in fits):
        # Retail lists wait for these.
        ring("customs.messages")


_MOVE = """
INSERT INTO customs_elementstate AS it (element_id, company_id, seller_id, receipt_id, message,
    status, rank, outcome, returned_at, entry_no)
SELECT one.* FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::text[],
    %s::text[], %s::int[], %s::text[], %s::timestamptz[], %s::text[]) AS one
ON CONFLICT (element_id) DO UPDATE SET receipt_id = EXCLUDED.receipt_id,
    message = EXCLUDED.message, status = EXCLUDED.status, rank = EXCLUDED.rank,
    outcome = EXCLUDED.outcome, returned_at = EXCLUDED.returned_at
WHERE (EXCLUDED.rank, EXCLUDED.returned_at, EXCLUDED.message COLLATE "C",
    EXCLUDED.status COLLATE "C")
    > (it.rank, it.returned_at, it.message COLLATE "C", it.status COLLATE "C")
"""
_ENTRY = """
UPDATE customs_elementstate AS it SET entry_no = one.number
FROM unnest(%s::bigint[], %s::text[]) AS one (element_id, number)
WHERE it.element_id = one.element_id AND it.entry_no = ''
"""


def _move(fits: Sequence[tuple[Receipt, queries.Document]]) -> None:
    """Each document to the highest of these receipts, if that is above where it is: the database
    compares, so that of two that are moved at once neither is lost."""
    highest: dict[int, tuple[Receipt, queries.Document]] = {}
    entries: dict[int, str] = {}
    for row, it in fits:
        if row.entry_no:
            entries[it.pk] = row.entry_no
        before = highest.get(it.pk)
        if before is None or _place(row) > _place(before[0]):
            highest[it.pk] = (row, it)
    rows = [highest[pk] for pk in sorted(highest)]
    told = [
        stands(
            row.message,
            row.status,
            anew=it.again is not None,
            errors_last=settings.BONDPOOL_ERRORS_STAND,
        )
        for row, it in rows
    ]
    with connection.cursor() as cursor:
        if rows:
            cursor.execute(
                _MOVE,
                [
                    array_of(it.pk for _row, it in rows),
                    array_of(it.company for _row, it in rows),
                    array_of(it.seller for _row, it in rows),
                    array_of(row.pk for row, _it in rows),
                    array_of(row.message for row, _it in rows),
                    array_of(row.status for row, _it in rows),
                    array_of(one.rank for one in told),
                    array_of(one.outcome.value for one in told),
                    array_of(row.returned_at for row, _it in rows),
                    array_of("" for _one in rows),
                ],
            )
        if entries:
            cursor.execute(
                _ENTRY, [array_of(sorted(entries)), array_of(entries[pk] for pk in sorted(entries))]
            )


def _place(row: Receipt) -> tuple[int, datetime, str, str]:
    came = Came(row.message, row.status, row.returned_at)
    return place(came, errors_last=settings.BONDPOOL_ERRORS_STAND)


def _note_numbers(fits: Iterable[tuple[Receipt, queries.Document]]) -> None:
    """What the authority calls our document, the first time it says so: a tax bill names nothing
    else."""
    pre: dict[int, str] = {}
    own: dict[int, str] = {}
    for row, it in fits:
        if row.pre_no and not it.pre_number and row.pre_no != it.key:
            pre.setdefault(it.pk, row.pre_no[:24])
        if row.customs_no and not it.their_number:
            own.setdefault(it.pk, row.customs_no[:24])
    for column, told in (("pre_number", pre), ("their_number", own)):
        if told:
            with connection.cursor() as cursor:
                cursor.execute(
                    f"UPDATE customs_outgoingelement AS it SET {column} = one.number "  # noqa: S608 - two names of our own
                    "FROM unnest(%s::bigint[], %s::text[]) AS one (id, number) "
                    f"WHERE it.id = one.id AND it.{column} = ''",
                    [array_of(sorted(told)), array_of(told[pk] for pk in sorted(told))],
                )


@transaction.atomic
def assign(
    *, receipt: Receipt, element: OutgoingElement, by: User, reason: str, now: datetime
) -> ReceiptMatch:
    """A person says which document a receipt is about that fits nothing, or was laid aside.

    Raises ReceiptReasonMissing, NotWhatItIsAbout or ReceiptSettled; then nothing has been written.
    """
    told = _reason(reason)
    held = Receipt.objects.select_for_update().get(pk=receipt.pk)
    if held.state not in (ReceiptState.WAITING, ReceiptState.ASIDE):
        raise ReceiptSettled(receipt=held.pk)
    kinds = queries.kinds_of(held)
    if kinds and element.kind not in kinds:
        raise NotWhatItIsAbout(answers=", ".join(kinds), document=element.kind)
    if held.company_id is not None and element.company_id != held.company_id:
        raise NotWhatItIsAbout(answers=held.message, document=element.key)
    _write([(held, queries.document_for(element))], now, by=by, reason=told)
    Receipt.objects.filter(pk=held.pk).update(state=ReceiptState.MATCHED)
    return ReceiptMatch.objects.get(receipt=held, element=element)


@transaction.atomic
def set_aside(*, receipt: Receipt, by: User, reason: str, now: datetime) -> ReceiptAside:
    """A person lays a receipt aside that fits nothing; it is kept, and may be assigned later.

    Raises ReceiptReasonMissing or ReceiptSettled; then nothing has been written.
    """
    told = _reason(reason)
    held = Receipt.objects.select_for_update().get(pk=receipt.pk)
    if held.state != ReceiptState.WAITING:
        raise ReceiptSettled(receipt=held.pk)
    Receipt.objects.filter(pk=held.pk).update(state=ReceiptState.ASIDE)
    made: ReceiptAside = ReceiptAside.objects.create(
        receipt=held, company_id=held.company_id, reason=told, set_at=now, set_by=by
    )
    return made


def _reason(reason: str) -> str:
    told = " ".join(reason.split())
    if not told or not told.isprintable():
        raise ReceiptReasonMissing(field="reason")
    return told[:LONGEST_REASON]
