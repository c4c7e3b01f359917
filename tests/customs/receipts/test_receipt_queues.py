"""Receipts come out of a message queue: written down first, acknowledged then, harmless again."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest
from kombu import Connection
from pytest_django.fixtures import Settings

from core.walls import platform_wide
from customs.gateways.inbox import read_by_queue
from customs.models import Gateway, GatewayKind, Receipt, ReceiptFile
from customs.rules.ceb.parsing import MessageTooLarge
from customs.services import receipt_queues
from customs.services.receipt_queues import read_queues
from tests.customs.receipts.answers import of_list
from tests.customs.receipts.sent_lists import COMES
from tests.factories.messages import GatewayFactory

pytestmark = pytest.mark.django_db

URL = "memory://"


@pytest.fixture
def name(settings: Settings) -> str:
    """A queue of this test's own, in which the gateway's receipts come."""
    name = f"from-dxp-{uuid4().hex}"
    settings.BONDPOOL_GATEWAY_SECRETS = {"queued": {"url": URL, "receipts": name}}
    return name


@pytest.fixture
def gateway(name: str) -> Iterator[Gateway]:
    with platform_wide():
        yield GatewayFactory.create(code="queued", kind=GatewayKind.AMQP)


def put(name: str, *letters: bytes) -> None:
    with Connection(URL) as there:
        queue = there.SimpleQueue(name)
        for place, data in enumerate(letters):
            queue.producer.publish(
                data,
                serializer=None,
                content_type="application/xml",
                content_encoding="binary",
                message_id=f"CEB622_{place}.xml",
                routing_key=name,
                exchange=queue.queue.exchange,
            )


def left(name: str) -> int:
    with Connection(URL) as there:
        return int(there.SimpleQueue(name).qsize())


def test_receipts_are_taken_out_and_written_down(gateway: Gateway, name: str) -> None:
    put(name, of_list("RL-2026-000001", "120"), b"<!DOCTYPE a><a/>", b"\xff")

    assert read_queues(now=lambda: COMES) == 3

    assert left(name) == 0
    good, *bad = ReceiptFile.objects.order_by("pk")
    assert (good.name, good.way, good.company, good.gateway) == (
        *("CEB622_0.xml", "queue", gateway.company, gateway),
    )
    assert Receipt.objects.get().key == "RL-2026-000001"
    assert [bool(one.refusal) for one in bad] == [True, True]
    assert read_queues(now=lambda: COMES) == 0


def test_an_envelope_may_be_larger_than_a_message(
    gateway: Gateway, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    receipt = of_list("RL-2026-000001", "120")
    monkeypatch.setattr(receipt_queues, "LARGEST_FILE", len(receipt))
    put(name, receipt, receipt + b" ")

    assert read_queues(now=lambda: COMES) == 2

    fits, too_large = ReceiptFile.objects.order_by("pk")
    assert (fits.refusal, too_large.refusal) == ("", MessageTooLarge.code)
    assert too_large.size == len(receipt) + 1


def test_a_message_that_comes_again_is_known(gateway: Gateway, name: str) -> None:
    for _again in range(2):
        put(name, of_list("RL-2026-000001", "120"))
        assert read_queues(now=lambda: COMES) == 1

    assert (ReceiptFile.objects.count(), Receipt.objects.count()) == (1, 1)


def test_what_was_not_written_down_stays_in_the_queue(gateway: Gateway, name: str) -> None:
    put(name, b"first", b"second")
    seen: list[bytes] = []

    def dies(_name: str, data: bytes) -> None:
        seen.append(data)
        if len(seen) == 2:
            raise RuntimeError("the database is gone")

    secrets = {"url": URL, "receipts": name}
    with pytest.raises(RuntimeError, match="gone"):
        read_by_queue(code="queued", secrets=secrets, take=dies, most=10)

    taken: list[bytes] = []
    read_by_queue(
        code="queued", secrets=secrets, take=lambda _name, data: taken.append(data), most=10
    )
    assert (seen, taken) == ([b"first", b"second"], [b"second"])


def test_a_broker_that_is_away_stops_nobody(gateway: Gateway, settings: Settings) -> None:
    settings.BONDPOOL_GATEWAY_SECRETS = {
        "queued": {"url": "amqp://guest@127.0.0.1:1//", "receipts": "x"}
    }

    assert read_queues(now=lambda: COMES) == 0

    settings.BONDPOOL_GATEWAY_SECRETS = {}
    assert read_queues(now=lambda: COMES) == 0, "a gateway without a queue has none to read"


def test_a_gateway_whose_settings_are_wrong_stops_no_other(name: str, settings: Settings) -> None:
    settings.BONDPOOL_GATEWAY_SECRETS |= {"wrong": {"url": "pigeon://", "receipts": "x"}}
    put(name, of_list("RL-2026-000001", "120"))

    with platform_wide():
        for code in ("wrong", "queued"):
            GatewayFactory.create(code=code, kind=GatewayKind.AMQP)
        with pytest.raises(ExceptionGroup):
            read_queues(now=lambda: COMES)
        assert Receipt.objects.get().key == "RL-2026-000001"
