"""Reference data is proposed from a file by one person and approved by another."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from django.db import connection, transaction

from accounts.models import Membership, Role, User
from core.copying import insert_rows
from core.numbers import next_number
from core.sheets import read_sheet
from customs import queries
from customs.models import ReferenceChange, ReferenceDecision, ReferenceProposal
from customs.models.dated import DATED
from customs.rules.reference import faults
from customs.rules.reference.judging import Act, Change, judge
from customs.rules.reference.kinds import CODE_TABLES, Figures, Kind, kind_named
from customs.rules.reference.reading import first_of_repeated, read_rows
from customs.services.telling_reference import tell_decided, tell_proposed
from warehouse.days import day_of

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
    the first one counts, and the others are named among the differences as left out.

    Raises KindUnknown, NotAnOperator, what :func:`core.sheets.read_sheet` raises, NothingChanges,
    PastEdited (``complete_from``), or ReferenceRefused, whose fact ``rows`` lists a Fault for each
    wrong cell; then nothing has been written.
    """
    known = kind_named(kind)
    check_operator(proposed_by)
    today = day_of(now)
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
    left_out: list[Change] = []
    if takes_first:
        repeated = first_of_repeated(known, rows, valid_from)
        left_out = [Change(Act.LEFT_OUT, row, key, day, None) for row, key, day in repeated]
        dropped = {one.row for one in left_out}
        rows = [row for row in rows if row[0] not in dropped]
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
    # Who approves sees what the file said twice.
    _keep_changes(proposal, [*judged.changes, *left_out])
    tell_proposed(proposal, now)
    return proposal


def _keep_changes(proposal: ReferenceProposal, changes: Sequence[Change]) -> None:
    """In one statement: a full tariff has thirteen thousand."""
    insert_rows(
        ReferenceChange,
        {
            "proposal_id": [proposal.pk] * len(changes),
            "act": [one.act.value for one in changes],
            "row": [one.row for one in changes],
            "key": [one.key for one in changes],
            "valid_from": [one.valid_from for one in changes],
            "valid_to": [one.valid_to for one in changes],
            "source": [one.source for one in changes],
            "figures": [_json(one.figures) for one in changes],
            "before": [_json(one.before) for one in changes],
            "closes": [one.closes for one in changes],
            "last_day": [one.last_day for one in changes],
        },
    )


def _json(figures: Figures | None) -> str | None:
    return None if figures is None else json.dumps(figures, ensure_ascii=False)


@transaction.atomic
def approve_reference(
    *, proposal: ReferenceProposal, decided_by: User, now: datetime, progress: Progress = _silent
) -> ReferenceDecision:
    """Let a proposal come into force whole: what ends is given its end, what is new is added.

    Raises NotAnOperator, ProposalDecided, ProposerApprovesAlone or ProposalStale; then nothing has
    been written.
    """
    _lock()
    held = check_approval(proposal=proposal, decided_by=decided_by)
    latest = queries.last_approved(held.kind)
    if (latest.pk if latest else None) != held.after_id:
        raise faults.ProposalStale(proposal=held.number, since=latest.number if latest else "")
    today = day_of(now)
    if held.approve_by is not None and today > held.approve_by:
        raise faults.ProposalStale(proposal=held.number, day=held.approve_by.isoformat())
    decision: ReferenceDecision = ReferenceDecision.objects.create(
        proposal=held, approved=True, decided_by=decided_by, decided_at=now
    )
    _apply(held, progress)
    tell_decided(held, decision, now)
    return decision


def check_approval(*, proposal: ReferenceProposal, decided_by: User) -> ReferenceProposal:
    """The proposal as it stands, if this person can approve it.

    Raises NotAnOperator, ProposalDecided or ProposerApprovesAlone.
    """
    check_operator(decided_by)
    held = ReferenceProposal.objects.select_related("decision").get(pk=proposal.pk)
    _check_open(held)
    if held.proposed_by_id == decided_by.pk:
        raise faults.ProposerApprovesAlone(proposal=held.number)
    return held


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
    tell_decided(held, decision, now)
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
    statement = _addition(kind, table)
    keys = held.changes.filter(figures__isnull=False).order_by("pk").values_list("pk", flat=True)
    told = list(keys)
    with connection.cursor() as cursor:
        for begin in range(0, len(told), BATCH):
            some = told[begin : begin + BATCH]
            cursor.execute(statement, {"proposal": held.pk, "first": some[0], "last": some[-1]})
            progress(begin + len(some), len(told))


def _addition(kind: Kind, table: type[Any]) -> str:
    """The statement that makes rows of stored differences: their figures, as the table has them."""
    quoted = connection.ops.quote_name
    names = [column.kept for column in kind.figures]
    fields = {name: table._meta.get_field(name).db_type(connection) for name in names}
    is_coded = kind.name in CODE_TABLES
    columns = ", ".join(quoted(name) for name in [kind.key.name, *(["table"] if is_coded else [])])
    figures = ", ".join(quoted(name) for name in names)
    record = ", ".join(f"{quoted(name)} {told}" for name, told in fields.items())
    # What stands there are names of our own columns and kinds; the values are parameters.
    coded = f", '{kind.name}'" if is_coded else ""
    return (
        f"INSERT INTO {quoted(table._meta.db_table)} ({columns}, valid_from, valid_to, source, "  # noqa: S608
        f"proposal_id, {figures}) SELECT one.key{coded}, one.valid_from, one.valid_to, one.source, "
        f"one.proposal_id, {', '.join(f'told.{quoted(name)}' for name in names)} "
        "FROM customs_referencechange AS one "
        f"CROSS JOIN LATERAL jsonb_to_record(one.figures) AS told ({record}) "
        "WHERE one.proposal_id = %(proposal)s AND one.figures IS NOT NULL "
        "AND one.id BETWEEN %(first)s AND %(last)s ORDER BY one.id"
    )


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
