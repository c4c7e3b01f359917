"""Lists go out and come back decided: real Celery workers, and the simulated authority as a real
process over real folders. 12 lists in ``make test``; in ``make slow`` some hundred, and whoever
works is killed with ``kill -9`` at random points.

The authority answers twice and out of order, refuses and inspects. In the end every list is where
the authority's own book says, whoever was killed when.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from core import queue
from core.walls import platform_wide
from customs.models import (
    ElementState,
    Gateway,
    OutgoingElement,
    Receipt,
    ReceiptFile,
    ReceiptMatch,
    ReceiptState,
    RetailList,
    RetailRelease,
    TaxBill,
)
from customs.rules.receipts.words import error_words
from customs.services import Batch, Element, draw_retail_lists, queue_messages
from customs.simulator.book import Book
from tests.customs.ceb.made import id_number
from tests.customs.receipts.answers import of_list
from tests.customs.ways import a_gateway, gateways
from tests.factories.accounts import SellerFactory
from tests.factories.catalog import ProductFactory
from tests.factories.customs import TariffRateFactory
from tests.factories.messages import SENDS, a_list
from tests.factories.warehouse import SELLS, an_incoming_order, received_stock
from tests.killing import ROOT, Workers, wait_until
from warehouse.services import accept_orders

__all__ = ["gateways"]

KILLS = int(os.environ.get("BONDPOOL_KILLS") or 0)
LISTS = 12 + 10 * KILLS
REFUSE, INSPECT = 5, 4
#: Over the limit for one order, by the goods on it.
DEAR = 2


class Authority:
    """``bondpool customs_simulator``, which may be ended and started again."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        words = ["customs_simulator", str(self.home), "--delay", "0.02", "--seed", "7"]
        words += ["--twice", "--shuffle", f"--refuse-every={REFUSE}", f"--inspect-every={INSPECT}"]
        words += ["--elsewhere", "CEB311,CEB411,CEB511"]
        self.process = subprocess.Popen(
            [sys.executable, str(ROOT / "manage.py"), *words],
            cwd=ROOT,
            env=os.environ | {"PYTHONWARNINGS": "ignore"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def kill(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None

    def has_said_all(self) -> bool:
        book = self.home / "simulator" / "book.sqlite3"
        if any((self.home / "out").iterdir()) or not book.exists():
            return False
        read = Book(book)
        try:
            return len(read.summary()) >= LISTS and read.waiting() == 0
        finally:
            read.close()

    def states(self) -> dict[str, str]:
        read = Book(self.home / "simulator" / "book.sqlite3")
        try:
            return {name.partition(" ")[2]: one["state"] for name, one in read.summary().items()}
        finally:
            read.close()


@pytest.fixture
def workers(transactional_db: None, broker: str, gateways: Path) -> Iterator[Workers]:
    started = Workers()
    yield started
    started.close()


@pytest.fixture
def authority(gateways: Path) -> Iterator[Authority]:
    one = Authority(gateways / "ningbo")
    yield one
    one.kill()


@pytest.fixture
def sweeper(broker: str) -> Iterator[None]:
    """What beat does in a deployment, for these two bells."""
    stop = threading.Event()

    def sweep() -> None:
        while not stop.wait(0.1):
            queue.ring("customs.messages")
            queue.ring("customs.receipts")

    thread = threading.Thread(target=sweep)
    thread.start()
    yield
    stop.set()
    thread.join()


def sent(way: Gateway) -> list[OutgoingElement]:
    """Lists of a seller, drawn and put into the queue."""
    TariffRateFactory.create()
    milk = ProductFactory.create(sku="MILK")
    seller = SellerFactory.create()
    received_stock({seller: LISTS}, product=milk)
    orders = [
        an_incoming_order("MILK", 1, number=f"T-{n}", price_minor=1_000) for n in range(LISTS)
    ]
    accept_orders(seller=seller, orders=orders, now=SELLS)
    draw_retail_lists(now=SENDS - timedelta(minutes=1))
    lists = list(RetailList.objects.order_by("pk"))
    assert len(lists) == LISTS
    batches = [
        Batch(
            "CEB621", [_element(n, one) for n, one in enumerate(lists, 1)][at : at + 5], seller.pk
        )
        for at in range(0, LISTS, 5)
    ]
    queue_messages(gateway=way, batches=batches, now=SENDS)
    return list(OutgoingElement.objects.order_by("pk"))


def _element(number: int, listed: RetailList) -> Element:
    """Each buyer has as many lists as its year allows."""
    made = a_list(number, lines=14 if number == DEAR else 1)
    buyer = {"buyerIdNumber": id_number(number // 50)}
    business = replace(made.business, head={**made.business.head, **buyer})
    return replace(made, business=business, retail_list=listed.pk, retail_order=listed.order_id)


def _is_quiet(home: Path) -> bool:
    """Everything that came was read, matched and done."""
    files = [one for one in (home / "receipts").iterdir() if one.is_file()]
    return not (
        files
        or Receipt.objects.filter(state=ReceiptState.NEW).exists()
        or Receipt.objects.filter(state=ReceiptState.WAITING).exclude(key="NOBODYS").exists()
        or ReceiptMatch.objects.filter(effect="due").exists()
    )


def test_every_list_ends_where_the_authority_has_it(
    workers: Workers, authority: Authority, sweeper: None, gateways: Path
) -> None:
    seed = int(os.environ.get("BONDPOOL_KILL_SEED") or random.randrange(10**9))
    print(f"repeat with BONDPOOL_KILL_SEED={seed}")
    dice = random.Random(seed)
    with platform_wide():
        home = gateways / "ningbo"
        way = a_gateway(code="ningbo")
        authority.start()
        workers.start()
        elements = sent(way)
        (home / "receipts" / "stray.xml").write_bytes(of_list("NOBODYS", "800"))
        (home / "receipts" / "broken.xml").write_bytes(b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>")
        for kill in range(KILLS):
            goal = (kill + 1) * LISTS // (KILLS + 1)
            wait_until(
                lambda: ElementState.objects.count() >= goal,  # noqa: B023
                120,
                "nothing comes back",
            )
            time.sleep(dice.random() * 0.05)
            if kill % 5 == 2:
                workers.kill()
                workers.start()
            else:
                workers.kill_one(dice.randrange(2))
            if kill % 5 == 1:
                authority.kill()
                authority.start()
        wait_until(authority.has_said_all, 120, "the authority does not answer")
        wait_until(lambda: _is_quiet(home), 120, "not everything was worked off")
        workers.kill()
        authority.kill()

        book = authority.states()
        ours = {
            one.element.key: one.status
            for one in ElementState.objects.select_related("element").all()
        }
        released = set(RetailRelease.objects.values_list("retail_list", flat=True))
        assert {key: status == "800" for key, status in ours.items()} == {
            key: state == "released" for key, state in book.items()
        }
        assert released == {one.retail_list_id for one in elements if book[one.key] == "released"}
        assert 0 < len(released) < LISTS
        assert ours[elements[DEAR - 1].key] == "-621005"
        assert error_words("-621005")[0].startswith("超过单次交易限值")
        assert TaxBill.objects.count() == len(released)
        assert "100" in ours.values()
        stray = Receipt.objects.get(key="NOBODYS")
        parked = ReceiptFile.objects.exclude(refusal="").get()
        assert (stray.state, parked.refusal) == ("waiting", "customs.doctype_refused")
        assert [one.name for one in (home / "receipts" / "parked").rglob("*.xml")] == ["broken.xml"]
        # Each was laid twice, and is there once.
        assert (
            Receipt.objects.count()
            == Receipt.objects.values("message", "identity", "status", "returned")
            .distinct()
            .count()
        )
        assert ReceiptMatch.objects.exclude(effect__in=("none", "done")).count() == 0
