"""Writing facts down, once and in one order."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from django.db import connection, transaction

from traceability import rules
from traceability.models import TraceEvent
from traceability.rules import Fact

#: Names the sequencer of the chain among PostgreSQL's advisory locks.
CHAIN_LOCK = 0x54524143  # "TRAC"


@transaction.atomic
def record(*facts: Fact, now: datetime) -> list[TraceEvent]:
    """Store facts in the order given, each chained to the one before.

    Many facts in one call cost one round trip. Raises FactNotUsable or FactFromTheFuture;
    then nothing has been written.

    Call it last in a use case: from here to the commit nobody else can record, and a row
    lock taken after this one could deadlock with a writer that took it before.
    """
    for fact in facts:
        rules.check(fact, now)
    if not facts:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])
    # A statement of its own after the lock: it sees what the writer before has committed.
    head = TraceEvent.objects.order_by("-pk").values_list("record_hash", flat=True).first()
    previous = head or rules.GENESIS
    events: list[TraceEvent] = []
    for fact in facts:
        event_id = uuid4()
        sealed = rules.seal(previous, rules.content(fact, event_id=event_id, recorded_at=now))
        events.append(
            _row(
                fact,
                event_id=event_id,
                record_time=now,
                previous_hash=previous,
                record_hash=sealed,
            )
        )
        previous = sealed
    return TraceEvent.objects.bulk_create(events, batch_size=2000)


def _row(fact: Fact, **sealed: object) -> TraceEvent:
    return TraceEvent(
        event_type=fact.event_type,
        action=fact.action,
        biz_step=fact.biz_step,
        event_time=fact.event_time,
        disposition=fact.disposition,
        read_point=fact.read_point,
        biz_location=fact.biz_location,
        asserted_by_id=fact.asserted_by,
        evidence=fact.evidence,
        keys=list(fact.keys),
        quantities=[dict(told) for told in fact.quantities],
        documents=[list(document) for document in fact.documents],
        details=dict(fact.details),
        **sealed,
    )
