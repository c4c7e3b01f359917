"""Workers are killed with ``kill -9`` while they send messages to the authority: at 4 points over
100 retail lists in ``make test``, at 200 over 5,000 in ``make slow``. Most kills meet one process
of the pool, so that the other goes on and a new one comes at once; every eighth meets the whole
worker.

Real Celery workers on the real broker and real folders; a reader takes the files away, as the
e-port client does, and counts. Exactly once towards the authority is by the number that was fixed
when the row was made: a file that comes again has the same name and the same bytes.
"""

from __future__ import annotations

import os
import random
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

from core import queue
from core.walls import platform_wide
from customs.models import MessageState, OutgoingElement, OutgoingMessage
from customs.queries.messages import read_message
from customs.rules.ceb.envelope import open_envelope
from customs.rules.ceb.messages import Message
from customs.services import Batch, Element, queue_messages
from tests.customs.ways import gateways, keys, signing
from tests.factories.messages import SENDS, a_list
from tests.killing import Workers, wait_until

__all__ = ["gateways", "keys"]

#: Rows and kills: the longer ones with BONDPOOL_KILLS, four for each of those.
KILLS = 4 * int(os.environ.get("BONDPOOL_KILLS") or 1)
ROWS = 25 * KILLS
#: Every so-manieth kill is of the whole worker.
WHOLE = 8


class Client:
    """Takes what lies in ``out/`` away, and knows each file it has ever seen."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.seen: dict[str, bytes] = {}
        self.again = 0
        self.changed: list[str] = []
        self.guids: dict[str, str] = {}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def _watch(self) -> None:
        while not self._stop.wait(0.01):
            self.take()

    def take(self) -> None:
        for path in sorted(self.folder.iterdir()):
            data = path.read_bytes()
            path.unlink()
            self.again += path.name in self.seen
            if self.seen.setdefault(path.name, data) != data:
                self.changed.append(path.name)

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()

    def look(self) -> None:
        """What there is in all of it, when nothing comes any more."""
        self.stop()
        self.take()
        for name, data in self.seen.items():
            envelope = open_envelope(etree.fromstring(data))
            assert name == f"{envelope.message_id}.xml" == envelope.file_name
            message = read_message(data)
            assert isinstance(message, Message)
            for one in message.elements:
                assert self.guids.setdefault(one.head["guid"], name) == name


@pytest.fixture
def workers(transactional_db: None, broker: str, keys: dict[str, str]) -> Iterator[Workers]:
    started = Workers()
    yield started
    started.close()


@pytest.fixture
def sweeper(broker: str) -> Iterator[None]:
    """What beat does in a deployment, for this one bell."""
    stop = threading.Event()

    def sweep() -> None:
        while not stop.wait(0.2):
            queue.ring("customs.messages")

    thread = threading.Thread(target=sweep)
    thread.start()
    yield
    stop.set()
    thread.join()


@pytest.fixture
def watched() -> Iterator[list[Client]]:
    clients: list[Client] = []
    yield clients
    for client in clients:
        client.stop()


def _left() -> int:
    return OutgoingMessage.objects.exclude(state=MessageState.SENT).count()


def _shared(lists: list[Element], dice: random.Random) -> Iterator[Batch]:
    """One to three lists a message."""
    while lists:
        some = dice.randint(1, 3)
        yield Batch("CEB621", lists[:some])
        lists = lists[some:]


def test_killed_senders_lose_nothing_and_double_nothing(
    workers: Workers, sweeper: None, gateways: Path, watched: list[Client]
) -> None:
    seed = int(os.environ.get("BONDPOOL_KILL_SEED") or random.randrange(10**9))
    print(f"repeat with BONDPOOL_KILL_SEED={seed}")
    dice = random.Random(seed)
    interrupted: set[tuple[int, int]] = set()
    with platform_wide():
        ways = [signing(number) for number in range(2)]
        for number, way in enumerate(ways):
            lists = [a_list(one) for one in range(number, ROWS, 2)]
            queue_messages(gateway=way, batches=list(_shared(lists, dice)), now=SENDS)
        messages = _left()
        watched += [Client(gateways / way.code / "out") for way in ways]
        workers.start()
        for kill in range(KILLS):
            goal = max(_left() - dice.randint(1, 2 * messages // KILLS - 4), 1)
            wait_until(lambda: _left() <= goal, 60, "the workers do not send")  # noqa: B023
            time.sleep(dice.random() * 0.02)
            if kill % WHOLE == 1:
                workers.kill()
            else:
                workers.kill_one(dice.randrange(2))
            caught = OutgoingMessage.objects.filter(state=MessageState.SENDING)
            interrupted |= set(caught.values_list("pk", "attempts"))
            if kill % WHOLE == 1:
                workers.start()
        wait_until(lambda: _left() == 0, 60, "not everything left in the end")
        workers.kill()
        for client in watched:
            client.look()

        sent = list(OutgoingMessage.objects.values_list("number", "state", "gateway__code"))
        again = sum(client.again for client in watched)
        print(f"{len(sent)} messages, {len(interrupted)} caught in {KILLS} kills, {again} repeated")
        assert {state for _number, state, _code in sent} == {"sent"}
        for way, client in zip(ways, watched, strict=True):
            assert set(client.seen) == {f"{n}.xml" for n, _s, code in sent if code == way.code}
            assert client.changed == []
        assert sum(len(client.seen) for client in watched) == len(sent) == messages
        told = watched[0].guids | watched[1].guids
        assert set(told) == set(OutgoingElement.objects.values_list("guid", flat=True))
        assert len(told) == ROWS
