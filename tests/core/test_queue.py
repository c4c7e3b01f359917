"""The queue is rows: leases, attempts, failures, and a bell that carries nothing."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
import redis
from django.db import connection, transaction
from pytest_django.fixtures import Settings

from core import queue
from core.models import WorkState
from core.queue import MadeFile
from core.walls import platform_wide
from customs.models import DeclarationDocument
from tests.factories.customs import DECLARES, a_queued

pytestmark = pytest.mark.django_db

LEASE = timedelta(seconds=120)


@pytest.fixture(autouse=True)
def _wide(_django_db_helper: None) -> Iterator[None]:
    with platform_wide():
        yield


def only() -> DeclarationDocument:
    return DeclarationDocument.objects.get()


def paper(_row: DeclarationDocument) -> MadeFile:
    return MadeFile(b"%PDF-1.4 a paper", page_count=2)


def test_a_claimed_row_is_nobody_elses_until_its_lease_is_over() -> None:
    a_queued()

    (mine,) = queue.claim(DeclarationDocument, now=DECLARES)

    assert (mine.attempts, mine.leased_until) == (1, DECLARES + LEASE)
    assert queue.claim(DeclarationDocument, now=DECLARES + LEASE) == []
    (again,) = queue.claim(DeclarationDocument, now=DECLARES + LEASE + timedelta(seconds=1))
    assert (again.pk, again.attempts) == (mine.pk, 2)


def test_a_row_is_not_taken_before_it_is_due() -> None:
    a_queued()
    DeclarationDocument.objects.update(due_at=DECLARES + timedelta(minutes=1))

    assert queue.claim(DeclarationDocument, now=DECLARES) == []


def test_a_made_file_is_stored_with_its_digest_and_pages() -> None:
    a_queued()

    assert queue.drain(DeclarationDocument, paper, now=lambda: DECLARES) == 1

    made = only()
    assert (made.state, bytes(made.content or b""), made.page_count) == (
        WorkState.READY,
        b"%PDF-1.4 a paper",
        2,
    )
    assert made.sha256 == hashlib.sha256(b"%PDF-1.4 a paper").hexdigest()
    assert (made.made_at, made.leased_until) == (DECLARES, None)


def test_a_row_that_cannot_be_made_waits_longer_each_time_and_keeps_the_reason() -> None:
    a_queued()

    def broken(_row: DeclarationDocument) -> MadeFile:
        raise ValueError("no ink")

    assert queue.drain(DeclarationDocument, broken, now=lambda: DECLARES) == 0
    first = only()
    queue.drain(DeclarationDocument, broken, now=lambda: first.due_at)

    assert (first.state, first.last_error) == (WorkState.QUEUED, "ValueError: no ink")
    assert first.due_at == DECLARES + timedelta(seconds=2)
    assert only().due_at == first.due_at + timedelta(seconds=4)
    assert only().attempts == 2


def test_one_broken_row_does_not_stop_the_others() -> None:
    broken, fine = a_queued(), a_queued()

    def make(row: DeclarationDocument) -> MadeFile:
        if row.pk == broken.pk:
            raise ValueError("no ink")
        return paper(row)

    assert queue.drain(DeclarationDocument, make, now=lambda: DECLARES) == 1
    fine.refresh_from_db()
    assert fine.state == WorkState.READY


def test_after_the_last_attempt_a_person_is_needed(settings: Settings) -> None:
    settings.BONDPOOL_MAX_ATTEMPTS = 2
    a_queued()

    def broken(_row: DeclarationDocument) -> MadeFile:
        raise ValueError("no ink")

    for minute in range(3):
        at = DECLARES + timedelta(minutes=minute)
        queue.drain(DeclarationDocument, broken, now=lambda at=at: at)  # type: ignore[misc]

    assert (only().state, only().attempts) == (WorkState.FAILED, 2)


def test_a_row_whose_workers_all_died_ends_as_failed(settings: Settings) -> None:
    settings.BONDPOOL_MAX_ATTEMPTS = 1
    a_queued()
    queue.claim(DeclarationDocument, now=DECLARES)

    assert queue.claim(DeclarationDocument, now=DECLARES + 2 * LEASE) == []

    assert only().state == WorkState.FAILED
    assert only().last_error


def test_a_late_file_is_thrown_away() -> None:
    a_queued()
    stored: list[int] = []

    def slow(row: DeclarationDocument) -> MadeFile:
        # While this one works, its lease runs out and another makes the file.
        later = DECLARES + 2 * LEASE
        stored.append(queue.drain(DeclarationDocument, paper, now=lambda: later))
        return MadeFile(b"%PDF-1.4 late")

    assert queue.drain(DeclarationDocument, slow, now=lambda: DECLARES) == 0
    assert stored == [1]
    assert bytes(only().content or b"") == b"%PDF-1.4 a paper"


def test_what_happens_after_a_file_is_stored_with_it_or_not_at_all() -> None:
    a_queued()

    def refuse(_row: DeclarationDocument) -> None:
        raise RuntimeError("the books are closed")

    with pytest.raises(RuntimeError), transaction.atomic():
        queue.drain(DeclarationDocument, paper, now=lambda: DECLARES, finished=refuse)

    assert only().state == WorkState.QUEUED
    assert only().content is None


@pytest.mark.django_db(transaction=True)
def test_many_workers_take_different_rows() -> None:
    documents = [a_queued() for _ in range(8)]
    made: list[int] = []

    def make(row: DeclarationDocument) -> MadeFile:
        made.append(row.pk)
        return paper(row)

    def work() -> None:
        try:
            with platform_wide():
                queue.drain(DeclarationDocument, make, now=lambda: DECLARES)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sorted(made) == sorted(document.pk for document in documents)


def rung(broker: str) -> list[bytes]:
    address, _, number = broker.partition("?virtual_host=")
    with redis.Redis(
        unix_socket_path=address.removeprefix("redis+socket://"), db=int(number)
    ) as client:
        messages: list[bytes] = client.lrange("bondpool", 0, -1)
        client.flushdb()
    return messages


@pytest.mark.django_db(transaction=True)
def test_the_bell_rings_on_commit_and_carries_nothing(broker: str) -> None:
    rung(broker)
    with transaction.atomic():
        queue.ring("customs.documents")
        assert rung(broker) == []

    (message,) = rung(broker)

    assert b"customs.documents" in message
    assert b'"body": "W1tdLCB7fSwg' in message  # [[], {}, ...: no arguments at all


@pytest.mark.django_db(transaction=True)
def test_a_refused_use_case_rings_no_bell(broker: str) -> None:
    rung(broker)

    @transaction.atomic
    def refused() -> None:
        queue.ring("customs.documents")
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        refused()

    assert rung(broker) == []


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_away_costs_time_and_no_work(broker: str) -> None:
    from config.celery import app

    before = app.conf.broker_url
    app.conf.update(broker_url="redis+socket:///nowhere/valkey.sock")
    try:
        document = a_queued()
    finally:
        app.conf.update(broker_url=before)

    assert DeclarationDocument.objects.get(pk=document.pk).state == WorkState.QUEUED


def test_whoever_waits_hears_that_the_workers_gave_up(settings: Settings) -> None:
    settings.BONDPOOL_MAX_ATTEMPTS = 2
    row = a_queued()
    heard: list[str] = []

    def broken(_row: DeclarationDocument) -> MadeFile:
        raise ValueError("no ink")

    for minutes in (0, 1):
        at = DECLARES + timedelta(minutes=minutes)
        queue.drain(
            DeclarationDocument,
            broken,
            now=lambda at=at: at,  # type: ignore[misc]
            given_up=lambda failed: heard.append(failed.number),
        )

    assert heard == [row.number]
    assert only().state == WorkState.FAILED
