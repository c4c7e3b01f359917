"""A worker is killed with ``kill -9`` at random points while it makes papers: at 12 of them in
``make test``, at 50 in ``make slow``.

Real Celery workers (prefork, two processes) on the real broker; the whole process group is
killed each time, and now and then the broker forgets everything it was told. The rows are
the queue: afterwards every declaration has exactly one paper.
"""

from __future__ import annotations

import hashlib
import io
import os
import random
import threading
import time
from collections.abc import Iterator

import pytest
from django.db.models import Sum
from pypdf import PdfReader
from pytest_django.fixtures import Settings

from core import queue
from core.models import WorkState
from core.walls import platform_wide
from customs.models import Declaration, DeclarationDocument, DeclarationStep
from customs.services import make_due_documents
from tests.factories.customs import DECLARES, a_queued
from tests.killing import Workers, wait_until

KILLS = int(os.environ.get("BONDPOOL_KILLS") or 6)
#: Seconds from the moment a worker has begun to work to its end.
LONGEST_LIFE = 0.5


@pytest.fixture
def workers(transactional_db: None, broker: str) -> Iterator[Workers]:
    started = Workers()
    yield started
    started.close()


@pytest.fixture
def sweeper(broker: str) -> Iterator[None]:
    """What beat does in a deployment: ring every bell, carrying nothing."""
    stop = threading.Event()

    def sweep() -> None:
        while not stop.wait(0.3):
            queue.ring_all()

    thread = threading.Thread(target=sweep)
    thread.start()
    yield
    stop.set()
    thread.join()


def _attempts() -> int:
    return DeclarationDocument.objects.aggregate(sum=Sum("attempts"))["sum"] or 0


def _open() -> int:
    return DeclarationDocument.objects.exclude(state=WorkState.READY).count()


def test_killed_workers_lose_nothing_and_double_nothing(
    workers: Workers, sweeper: None, broker: str
) -> None:
    seed = int(os.environ.get("BONDPOOL_KILL_SEED") or random.randrange(10**9))
    print(f"repeat with BONDPOOL_KILL_SEED={seed}")
    dice = random.Random(seed)
    interrupted: set[tuple[int, int]] = set()
    with platform_wide():
        for _kill in range(KILLS):
            while _open() < 12:
                a_queued(dice.randint(1, 4))
            before = _attempts()
            workers.start()
            wait_until(lambda: _attempts() > before, 60, "the worker never took a row")  # noqa: B023
            time.sleep(dice.random() * LONGEST_LIFE)
            workers.kill()
            caught = DeclarationDocument.objects.filter(state=WorkState.GENERATING)
            interrupted |= set(caught.values_list("pk", "attempts"))
            if dice.random() < 0.1:
                _forget_everything(broker)
        workers.start()
        wait_until(lambda: _open() == 0, 60, "not everything was made in the end")
        workers.kill()

        documents = list(DeclarationDocument.objects.select_related("declaration"))
        print(f"{len(documents)} papers, {len(interrupted)} interrupted in {KILLS} kills")
        assert len(documents) == Declaration.objects.count()
        assert len({document.number for document in documents}) == len(documents)
        for document in documents:
            assert document.state == WorkState.READY
            assert hashlib.sha256(bytes(document.content or b"")).hexdigest() == document.sha256
            assert document.declaration.state == "ready"
        for document in dice.sample(documents, 10):
            first = PdfReader(io.BytesIO(bytes(document.content or b""))).pages[0].extract_text()
            assert document.number in first
            assert document.declaration.our_reference in first
        steps = list(
            DeclarationStep.objects.order_by("declaration_id", "pk").values_list("state", flat=True)
        )
        assert steps == ["draft", "queued", "generating", "ready"] * len(documents)
        # Each interruption cost one attempt more, and is on record. (What the database had
        # in hand when its client was killed may still have been stored: that is none.)
        tried = {document.pk: document.attempts for document in documents}
        cut_off = [pk for pk, attempt in interrupted if tried[pk] > attempt]
        assert len(cut_off) >= KILLS // 4
        assert sum(tried.values()) >= len(documents) + len(cut_off)


def _forget_everything(broker: str) -> None:
    import redis

    address, _, number = broker.partition("?virtual_host=")
    client = redis.Redis(unix_socket_path=address.removeprefix("redis+socket://"), db=int(number))
    client.flushdb()
    client.close()


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_lost_its_lease_throws_its_paper_away(settings: Settings) -> None:
    with platform_wide():
        document = a_queued()
        slow = queue.claim(DeclarationDocument, now=DECLARES)
        settings.BONDPOOL_LEASE_SECONDS = 0
        # Two minutes later the lease has run out, and another worker makes the paper.
        later = DECLARES.replace(hour=3)
        assert make_due_documents(now=lambda: later) == 1
        made = DeclarationDocument.objects.get()

        mine = DeclarationDocument.objects.filter(
            pk=document.pk, state=WorkState.GENERATING, leased_until=slow[0].leased_until
        ).update(content=b"late")

        assert mine == 0
        assert (made.state, made.attempts) == (WorkState.READY, 2)
