"""One chain, whoever writes; nothing in it can be changed, and what was changed is found."""

from __future__ import annotations

import threading
from datetime import timedelta
from io import StringIO

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, ProgrammingError, connection, transaction

from traceability import queries, rules, services
from traceability.models import TraceEvent

from ..factories.accounts import CompanyFactory
from ..factories.catalog import gtin
from ..factories.traceability import NOON, FactFactory


def _facts(count: int, company: int) -> list[rules.Fact]:
    return [
        FactFactory.build(
            asserted_by=company, keys=(rules.gtin_key(gtin(i)),), details={"place_zh": "宁波"}
        )
        for i in range(count)
    ]


def test_facts_are_chained_in_the_order_they_are_told(db: None) -> None:
    company = CompanyFactory.create()

    first, second = services.record(*_facts(2, company.pk), now=NOON)
    (third,) = services.record(*_facts(1, company.pk), now=NOON)

    assert first.previous_hash == rules.GENESIS
    assert second.previous_hash == first.record_hash
    assert third.previous_hash == second.record_hash
    assert queries.check_chain() == queries.ChainReport(3, third.record_hash, None)


def test_what_is_stored_is_what_was_told(db: None) -> None:
    company = CompanyFactory.create()
    fact = FactFactory.build(
        asserted_by=company.pk,
        event_time=NOON - timedelta(days=1, microseconds=1),
        biz_step="receiving",
        disposition="in_progress",
        read_point="NGB1/gate",
        biz_location="NGB1",
        quantities=(rules.quantity(gtin(1), 7, "LOT-1"),),
        documents=((rules.RECEIPT, "RCV-1"), (rules.SHIP_NOTICE, "ASN-1")),
        details={"place_zh": "宁波", "expires_on": "2028-02-29"},
    )

    services.record(fact, now=NOON)

    event = TraceEvent.objects.get()
    assert event.event_time == NOON - timedelta(days=1, microseconds=1)
    assert event.record_time == NOON
    assert event.documents == [["recadv", "RCV-1"], ["desadv", "ASN-1"]]
    assert event.quantities == [{"gtin": "09520000000011", "quantity": 7, "lot": "LOT-1"}]
    assert queries.check_chain().is_whole


def test_ten_thousand_facts_are_one_piece_of_work(
    db: None, django_assert_max_num_queries: object
) -> None:
    company = CompanyFactory.create()

    with django_assert_max_num_queries(12):  # type: ignore[operator]
        services.record(*_facts(10_000, company.pk), now=NOON)

    report = queries.check_chain()
    assert (report.count, report.broken) == (10_000, None)


def test_a_refused_fact_leaves_nothing_behind(db: None) -> None:
    company = CompanyFactory.create()
    good, bad = _facts(1, company.pk)[0], FactFactory.build(biz_step="selling")

    with pytest.raises(rules.FactNotUsable):
        services.record(good, bad, now=NOON)

    assert not TraceEvent.objects.exists()


def test_nothing_told_is_nothing_written(db: None) -> None:
    assert services.record(now=NOON) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE traceability_traceevent SET evidence = 'authority'",
        "DELETE FROM traceability_traceevent",
        "UPDATE traceability_itemidentity SET serial = 'X'",
        "DELETE FROM traceability_itemidentity",
        "UPDATE traceability_scan SET scanned_at = now()",
        "DELETE FROM traceability_scan",
        "TRUNCATE traceability_traceevent",
    ],
)
def test_the_application_cannot_change_a_fact(db: None, statement: str) -> None:
    services.record(*_facts(1, CompanyFactory.create().pk), now=NOON)

    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(statement)

    assert queries.check_chain().is_whole


def test_the_chain_cannot_fork(db: None) -> None:
    (event,) = services.record(*_facts(1, CompanyFactory.create().pk), now=NOON)
    event.pk, event.record_hash = None, "f" * 64
    event.event_id = "00000000-0000-0000-0000-000000000001"

    with pytest.raises(IntegrityError, match="previous_hash"), transaction.atomic():
        event.save(force_insert=True)


def test_writers_at_once_keep_one_chain(transactional_db: None) -> None:
    company = CompanyFactory.create().pk
    start = threading.Barrier(4)
    troubles: list[Exception] = []

    def write() -> None:
        try:
            start.wait(10)
            for _ in range(10):
                services.record(*_facts(3, company), now=NOON)
        except Exception as trouble:  # noqa: BLE001 - told to the test below
            troubles.append(trouble)
        finally:
            connection.close()

    writers = [threading.Thread(target=write) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)

    assert troubles == []
    assert queries.check_chain().count == 120
    assert queries.check_chain().is_whole


@pytest.mark.parametrize(
    ("tampering", "position", "reason"),
    [
        ("UPDATE traceability_traceevent SET evidence = 'authority' WHERE id = %s", 3, "content"),
        ('UPDATE traceability_traceevent SET details = \'{"a": "b"}\' WHERE id = %s', 3, "content"),
        (
            "UPDATE traceability_traceevent SET event_time = event_time - interval '1 microsecond'"
            " WHERE id = %s",
            3,
            "content",
        ),
        ("DELETE FROM traceability_traceevent WHERE id = %s", 3, "link"),
    ],
)
def test_what_somebody_with_all_rights_changed_is_found(
    transactional_db: None,
    as_owner: psycopg.Connection[object],
    tampering: str,
    position: int,
    reason: str,
) -> None:
    events = services.record(*_facts(5, CompanyFactory.create().pk), now=NOON)

    as_owner.execute(tampering, [events[2].pk])

    broken = queries.check_chain().broken
    assert broken is not None
    assert broken.position == position
    assert broken.reason.startswith(reason)
    with pytest.raises(CommandError, match=rf"BROKEN at event {position}: .*{reason}"):
        call_command("verify_trace", stdout=StringIO())


def test_the_command_says_that_the_chain_is_whole_and_where_it_ends(db: None) -> None:
    events = services.record(*_facts(3, CompanyFactory.create().pk), now=NOON)
    said = StringIO()

    call_command("verify_trace", head=events[1].record_hash, stdout=said)

    assert said.getvalue() == (f"3 events, the chain is whole. Head: {events[2].record_hash}\n")


def test_events_cut_off_at_the_end_are_missed_by_a_hash_noted_earlier(
    transactional_db: None, as_owner: psycopg.Connection[object]
) -> None:
    events = services.record(*_facts(3, CompanyFactory.create().pk), now=NOON)
    as_owner.execute("DELETE FROM traceability_traceevent WHERE id = %s", [events[2].pk])

    assert queries.check_chain().is_whole
    with pytest.raises(CommandError, match="cut off"):
        call_command("verify_trace", head=events[2].record_hash, stdout=StringIO())
