"""Reference data is proposed from a file by one person and approved by another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from django.db import connection, transaction
from django.utils.timezone import get_default_timezone

from accounts.models import Membership, Role, User
from core.numbers import next_number
from core.sheets import read_sheet
from customs import queries
from customs.models import ReferenceChange, ReferenceDecision, ReferenceProposal
from customs.models.dated import DATED
from customs.rules.reference import faults
from customs.rules.reference.judging import Act, Change, judge
from customs.rules.reference.kinds import CODE_TABLES, Kind, kind_named
from customs.rules.reference.reading import first_of_repeated, read_rows

#: One proposal of reference data is approved at a time, so that none is applied to a state that
#: it was not judged against. Names it among PostgreSQL's advisory locks.
REFERENCE_LOCK = 0x52454644  # "REFD"
BATCH = 2_000
Progress = Callable[[int, int], None]


def _silent(_done: int, _all: int) -> None:
    """Nobody watches."""


@transaction.atomic
def propose_reference(
    *,
    kind: str,
    file_name: str,
    content: bytes,
    proposed_by: User,
    now: datetime,
    source: str = "",
    valid_from: date | None = None,
    complete_from: date | None = None,
    takes_first: bool = False,
) -> ReferenceProposal:
    """Judge a CSV or XLSX file of reference data whole, and keep what it would change.

    ``source`` and ``valid_from`` stand for rows that leave them out. ``complete_from``: what the
    file leaves out ends on the day before. ``takes_first``: of rows that repeat a code and a day
    the first one counts.

    Raises KindUnknown, NotAnOperator, what :func:`core.sheets.read_sheet` raises, NothingChanges,
    PastEdited (``complete_from``), or ReferenceRefused, whose fact ``rows`` lists a Fault for each
    wrong cell; then nothing has been written.
    """
    known = kind_named(kind)
    check_operator(proposed_by)
    today = now.astimezone(get_default_timezone()).date()
    if complete_from is not None and complete_from < today:
        raise faults.PastEdited(value=complete_from.isoformat(), today=today.isoformat())
    rows = [
        (row.number, row.values)
        for row in read_sheet(
            file_name,
            content,
            columns=known.needed,
            optional=known.optional,
            aliases=known.aliases,
        )
    ]
    if takes_first:
        left_out = set(first_of_repeated(known, rows))
        rows = [row for row in rows if row[0] not in left_out]
    told, wrong = read_rows(
        known, rows, known=queries.KnownCodes(), valid_from=valid_from, source=source
    )
    _refuse_if(wrong)
    # Whoever approves holds the same name: what is judged here is the state it is kept with.
    _lock()
    judged, wrong = judge(
        known, told, queries.stored_rows(known), today=today, complete_from=complete_from
    )
    _refuse_if(wrong)
    if not judged.changes:
        raise faults.NothingChanges(file=file_name, rows=len(rows))
    counted = Counter(one.act for one in judged.changes)
    proposal: ReferenceProposal = ReferenceProposal.objects.create(
        number=next_number("RD", today.year),
        kind=kind,
        file_name=file_name[:200],
        sha256=sha256(content).hexdigest(),
        source=source[:200],
        rows=len(rows),
        added=counted[Act.NEW],
        changed=counted[Act.CHANGED] + counted[Act.CONTINUED],
        ended=counted[Act.ENDED],
        unchanged=judged.unchanged,
        judged_on=today,
        approve_by=judged.approve_by,
        after=queries.last_approved(kind),
        proposed_by=proposed_by,
        proposed_at=now,
    )
    ReferenceChange.objects.bulk_create(
        (_change(proposal, one) for one in judged.changes), batch_size=BATCH
    )
    return proposal


def _change(proposal: ReferenceProposal, one: Change) -> ReferenceChange:
    return ReferenceChange(
        proposal=proposal,
        act=one.act,
        row=one.row,
        key=one.key,
        valid_from=one.valid_from,
        valid_to=one.valid_to,
        source=one.source,
        figures=one.figures,
        before=one.before,
        closes=one.closes,
        last_day=one.last_day,
    )


@transaction.atomic
def approve_reference(
    *, proposal: ReferenceProposal, decided_by: User, now: datetime, progress: Progress = _silent
) -> ReferenceDecision:
    """Let a proposal come into force whole: what ends is given its end, what is new is added.

    Raises NotAnOperator, ProposalDecided, ProposerApprovesAlone or ProposalStale; then nothing has
    been written.
    """
    check_operator(decided_by)
    _lock()
    held = ReferenceProposal.objects.select_related("decision").get(pk=proposal.pk)
    _check_open(held)
    if held.proposed_by_id == decided_by.pk:
        raise faults.ProposerApprovesAlone(proposal=held.number)
    latest = queries.last_approved(held.kind)
    if (latest.pk if latest else None) != held.after_id:
        raise faults.ProposalStale(proposal=held.number, since=latest.number if latest else "")
    today = now.astimezone(get_default_timezone()).date()
    if held.approve_by is not None and today > held.approve_by:
        raise faults.ProposalStale(proposal=held.number, day=held.approve_by.isoformat())
    decision: ReferenceDecision = ReferenceDecision.objects.create(
        proposal=held, approved=True, decided_by=decided_by, decided_at=now
    )
    _apply(held, progress)
    return decision


@transaction.atomic
def refuse_reference(
    *, proposal: ReferenceProposal, decided_by: User, reason: str, now: datetime
) -> ReferenceDecision:
    """Refuse a proposal, with the reason; who proposed it may take it back so.

    Raises NotAnOperator, RefusalUnexplained or ProposalDecided; then nothing has been written.
    """
    check_operator(decided_by)
    said = reason.strip()
    if not said or len(said) > 400:
        raise faults.RefusalUnexplained(field="reason")
    _lock()
    held = ReferenceProposal.objects.select_related("decision").get(pk=proposal.pk)
    _check_open(held)
    decision: ReferenceDecision = ReferenceDecision.objects.create(
        proposal=held, approved=False, reason=said, decided_by=decided_by, decided_at=now
    )
    return decision


def check_operator(person: User) -> None:
    """Raises NotAnOperator."""
    if not Membership.objects.filter(user=person, role=Role.OPERATOR).exists():
        raise faults.NotAnOperator(user=person.get_username())


def _check_open(held: ReferenceProposal) -> None:
    if hasattr(held, "decision"):
        raise faults.ProposalDecided(proposal=held.number, state=held.state)


def _refuse_if(wrong: Sequence[faults.Fault]) -> None:
    if wrong:
        raise faults.ReferenceRefused(rows=list(wrong), wrong=len(wrong), first=str(wrong[0]))


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [REFERENCE_LOCK])


def _apply(held: ReferenceProposal, progress: Progress) -> None:
    kind, table = kind_named(held.kind), DATED[held.kind]
    _end(held, table)
    # One pass over the stored differences; a full tariff is thirteen thousand of them.
    new = held.changes.filter(figures__isnull=False).order_by("pk")
    keys = list(new.values_list("pk", flat=True))
    for begin in range(0, len(keys), BATCH):
        some = ReferenceChange.objects.filter(pk__in=keys[begin : begin + BATCH]).order_by("pk")
        table.objects.bulk_create(_row(kind, table, held, one) for one in some)
        progress(min(begin + BATCH, len(keys)), len(keys))


def _end(held: ReferenceProposal, table: type[Any]) -> None:
    closing = held.changes.filter(closes__isnull=False)
    name = connection.ops.quote_name(table._meta.db_table)
    ids, days = [], []
    for pk, day in closing.values_list("closes", "last_day"):
        ids.append(pk)
        days.append(day)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {name} AS row SET valid_to = told.day, closed_by_id = %s "  # noqa: S608 - our own table name
            "FROM unnest(%s::bigint[], %s::date[]) AS told (id, day) WHERE row.id = told.id",
            [held.pk, ids, days],
        )


def _row(kind: Kind, table: type[Any], held: ReferenceProposal, one: ReferenceChange) -> Any:
    figures: Mapping[str, object] = one.figures or {}
    key = {kind.key.name: one.key}
    if kind.name in CODE_TABLES:
        key["table"] = kind.name
    return table(
        **key,
        **figures,
        valid_from=one.valid_from,
        valid_to=one.valid_to,
        source=one.source,
        proposal=held,
    )
