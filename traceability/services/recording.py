"""Writing facts down, once and in one order."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import transaction

from core.prepared import Asked, ask, together
from traceability import rules
from traceability.models import TraceEvent
from traceability.rules import Fact

#: Names the sequencer of the chain among PostgreSQL's advisory locks.
CHAIN_LOCK = 0x54524143  # "TRAC"

# The columns and how they come out of JSON. The order of the SELECT is the order of the ids.
_COLUMNS = {
    "event_id": "uuid",
    "event_type": "text",
    "action": "text",
    "event_time": "timestamptz",
    "record_time": "timestamptz",
    "biz_step": "text",
    "disposition": "text",
    "read_point": "text",
    "biz_location": "text",
    "asserted_by_id": "bigint",
    "evidence": "text",
    "keys": "varchar[]",
    "quantities": "jsonb",
    "documents": "jsonb",
    "details": "jsonb",
    "previous_hash": "text",
    "record_hash": "text",
}
_INSERT = (
    f'INSERT INTO "{TraceEvent._meta.db_table}" ({", ".join(_COLUMNS)}) '  # noqa: S608 - our own names
    f"SELECT {', '.join(_COLUMNS)} FROM ROWS FROM (json_to_recordset(%s::json) AS "
    f"({', '.join(f'{name} {kind}' for name, kind in _COLUMNS.items())})) "
    "WITH ORDINALITY ORDER BY ordinality RETURNING id"
)
_HEAD = f'SELECT record_hash FROM "{TraceEvent._meta.db_table}" ORDER BY id DESC LIMIT 1'  # noqa: S608 - our own name


def record(*facts: Fact, now: datetime) -> list[TraceEvent]:
    """Store facts in the order given, each chained to the one before.

    Many facts in one call are one statement. Raises FactNotUsable or FactFromTheFuture; then
    nothing has been written.

    Call it last in a use case: from here to the commit nobody else can record, and a row
    lock taken after this one could deadlock with a writer that took it before.
    """
    _check(facts, now)
    if not facts:
        return []
    # What is refused is refused by now: in the caller's transaction no savepoint is needed.
    with transaction.atomic(savepoint=False), together():
        events, asked = _sent(facts, now)
        for event, (pk,) in zip(events, asked.rows(), strict=True):
            event.pk = pk
            event._state.adding = False
        return events


def record_last(*facts: Fact, now: datetime) -> None:
    """:func:`record` for a caller that asks for no events: what travels with the facts need not
    wait until they have arrived."""
    _check(facts, now)
    if facts:
        with transaction.atomic(savepoint=False), together():
            _sent(facts, now)


def _check(facts: Sequence[Fact], now: datetime) -> None:
    for fact in facts:
        rules.check(fact, now)


def _sent(facts: Sequence[Fact], now: datetime) -> tuple[list[TraceEvent], Asked]:
    """The events, and the answer that has their ids."""
    ask("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])
    # A statement of its own after the lock: it sees what the writer before has committed.
    head = ask(_HEAD).row()
    events = _chained(facts, head[0] if head else rules.GENESIS, now)
    return events, ask(_INSERT, [json.dumps([_row(event) for event in events], default=str)])


def _chained(facts: Sequence[Fact], previous: str, now: datetime) -> list[TraceEvent]:
    events: list[TraceEvent] = []
    for fact in facts:
        event_id = uuid4()
        sealed = rules.seal(previous, rules.content(fact, event_id=event_id, recorded_at=now))
        events.append(
            TraceEvent(
                event_id=event_id,
                event_type=fact.event_type,
                action=fact.action,
                event_time=fact.event_time,
                record_time=now,
                biz_step=fact.biz_step,
                disposition=fact.disposition,
                read_point=fact.read_point,
                biz_location=fact.biz_location,
                asserted_by_id=fact.asserted_by,
                evidence=fact.evidence,
                keys=list(fact.keys),
                quantities=[dict(told) for told in fact.quantities],
                documents=[list(document) for document in fact.documents],
                details=dict(fact.details),
                previous_hash=previous,
                record_hash=sealed,
            )
        )
        previous = sealed
    return events


def _row(event: TraceEvent) -> dict[str, Any]:
    return {name: getattr(event, name) for name in _COLUMNS}
