"""Messages leave once each, in their order, no faster than their gateway lets them."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils.translation import override
from lxml import etree
from pytest_django.fixtures import Settings

from core.walls import platform_wide
from customs.gateways import GatewayAway, folder
from customs.models import (
    Gateway,
    MessageRetry,
    MessageState,
    OutgoingElement,
    OutgoingMessage,
    SignerKind,
)
from customs.queries.messages_out import turn_of
from customs.rules import retail_messages as made
from customs.rules.ceb.envelope import open_envelope
from customs.rules.ceb.parsing import parse
from customs.rules.ceb.signing import holds
from customs.rules.sending import MessageIncomplete, MessageNotFailed, unsqueezed
from customs.services import (
    Batch,
    Clocks,
    Element,
    empty_sent,
    queue_messages,
    retry_message,
    send_due,
)
from customs.services.queueing import guid
from notices.models import Notice
from tests.customs.ways import a_gateway, gateways, keys, signing
from tests.factories.accounts import UserFactory
from tests.factories.messages import (
    PARTIES,
    SENDS,
    GatewayFactory,
    OutgoingMessageFactory,
    a_list,
    a_parcel,
)

__all__ = ["gateways", "keys"]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def wide(gateways: Path) -> Iterator[None]:
    with platform_wide():
        yield


class Time:
    """A clock that goes on while somebody waits."""

    def __init__(self) -> None:
        self.now = SENDS
        self.waited: list[float] = []

    def wait(self, seconds: float) -> None:
        self.waited.append(round(seconds, 3))
        self.now += timedelta(seconds=seconds)

    @property
    def clocks(self) -> Clocks:
        return Clocks(now=lambda: self.now, tick=lambda: self.now, wait=self.wait)


def an_order(number: int) -> Element:
    parcel = a_parcel(number)
    sent = made.Sent(guid(), SENDS)
    return Element(made.order(parcel, PARTIES, sent), parcel.order_number)


def queued(gateway: Gateway, count: int = 1, **more: Any) -> list[OutgoingMessage]:
    batches = [Batch("CEB311", [an_order(number)], **more) for number in range(count)]
    return queue_messages(gateway=gateway, batches=batches, now=SENDS)


def out(gateways: Path, gateway: Gateway) -> list[str]:
    return sorted(path.name for path in (gateways / gateway.code / "out").iterdir())


def test_a_message_lies_in_the_folder_whole_in_its_envelope_and_signed(
    gateways: Path, keys: dict[str, str]
) -> None:
    gateway = signing()
    (message,) = queue_messages(
        gateway=gateway, batches=[Batch("CEB621", [a_list(1), a_list(2)])], now=SENDS
    )

    assert send_due(Time().clocks) == 1

    (name,) = out(gateways, gateway)
    envelope = open_envelope(parse((gateways / gateway.code / "out" / name).read_bytes()))
    assert name == f"{message.number}.xml" == envelope.file_name
    assert (envelope.message_id, envelope.kind) == (message.number, "CEB621Message")
    assert (envelope.sender, envelope.receivers) == ("DXPENT0000012345", ("DXPEDCCEB0000002",))
    assert envelope.created == "2026-08-01T12:00:00"
    assert holds(etree.fromstring(envelope.data)) is True
    message.refresh_from_db()
    assert (message.state, message.sent_at, message.attempts) == ("sent", SENDS, 1)
    assert message.sha256 == hashlib.sha256(envelope.data).hexdigest()
    assert list((gateways / gateway.code / "tmp").iterdir()) == []


def test_a_number_gives_the_same_bytes_however_often_it_is_sent(
    gateways: Path, keys: dict[str, str]
) -> None:
    gateway = signing()
    (message,) = queue_messages(gateway=gateway, batches=[Batch("CEB621", [a_list()])], now=SENDS)
    send_due(Time().clocks)
    path = gateways / gateway.code / "out" / f"{message.number}.xml"
    before = path.read_bytes()
    path.unlink()
    # As if the worker had been killed after it handed over and before it said so.
    OutgoingMessage.objects.update(
        state=MessageState.SENDING, sent_at=None, leased_until=SENDS - timedelta(seconds=1)
    )
    Gateway.objects.update(sender_id="DXPENT0000012345", cop_name="Somebody else")

    assert send_due(Time().clocks) == 1

    assert path.read_bytes() == before


def test_no_buyer_stands_in_the_database_in_the_clear(gateways: Path) -> None:
    (message,) = queued(a_gateway())

    raw = OutgoingMessage.objects.extra(select={"raw": "body::text"}).values_list("raw", flat=True)
    assert "110101199003078996" in unsqueezed(message.body).decode()
    assert all(one.startswith("gAAAA") for one in raw)
    columns = [field.name for field in OutgoingElement._meta.fields]
    told = str(list(OutgoingElement.objects.values(*columns)))
    assert "李雷" not in told
    assert "110101199003078996" not in told


def test_messages_are_cut_at_a_hundred_elements(gateways: Path) -> None:
    rows = queue_messages(
        gateway=a_gateway(),
        batches=[Batch("CEB311", [an_order(number) for number in range(201)])],
        now=SENDS,
    )

    assert [row.count for row in rows] == [100, 100, 1]
    assert OutgoingElement.objects.count() == 201
    assert len({row.number for row in rows}) == 3


def test_what_customs_would_send_back_is_refused_and_nothing_is_queued(gateways: Path) -> None:
    good, bad = an_order(1), an_order(2)
    bad.business.head["ebpCode"] = ""  # type: ignore[index]

    with pytest.raises(MessageIncomplete) as refused:
        queue_messages(gateway=a_gateway(), batches=[Batch("CEB311", [good, bad])], now=SENDS)

    assert refused.value.facts["element"] == "T-2"
    assert refused.value.facts["field"] == "ebpCode"
    assert not OutgoingMessage.objects.exists()
    assert not OutgoingElement.objects.exists()


def test_the_throttle_holds_for_all_workers_together(gateways: Path) -> None:
    gateway, time = a_gateway(per_minute=60), Time()
    queued(gateway, 4)

    assert send_due(time.clocks) == 4

    assert time.waited == [1.0, 1.0, 1.0]
    assert len(out(gateways, gateway)) == 4


def test_a_slow_gateway_is_left_to_the_next_turn_and_the_others_go_on(gateways: Path) -> None:
    slow, fast = a_gateway(per_minute=6), a_gateway()
    queued(slow, 2)
    queued(fast, 5)

    assert send_due(Time().clocks) == 6

    assert len(out(gateways, slow)) == 1
    assert len(out(gateways, fast)) == 5


def test_a_stuck_gateway_does_not_stop_the_others_and_no_message_is_to_blame(
    gateways: Path,
) -> None:
    gone, there = GatewayFactory.create(), a_gateway()
    queued(gone, 3)
    queued(there, 3)

    assert send_due(Time().clocks) == 3

    gone.refresh_from_db()
    assert gone.failures == 1
    assert gone.paused_until == SENDS + timedelta(seconds=5)
    assert "No such file" in gone.last_error
    with override("en"):
        assert gone.trouble == "Its folder is not there."
        refused = OutgoingMessage(last_error="IntegrityError: x")
        assert refused.trouble.startswith("It could not be sent; the fault is ours")
    waiting = OutgoingMessage.objects.filter(gateway=gone)
    assert set(waiting.values_list("state", "attempts")) == {("queued", 0)}


def test_a_gateway_that_comes_back_sends_all_and_its_company_has_heard(gateways: Path) -> None:
    gateway, time = GatewayFactory.create(per_minute=60_000), Time()
    queued(gateway, 2)
    for _turn in range(3):
        assert send_due(time.clocks) == 0
        time.now += timedelta(minutes=1)
    folder.make_folders(gateway.code)
    (told,) = Notice.objects.filter(event="gateway.away")

    assert send_due(time.clocks) == 2

    gateway.refresh_from_db()
    assert told.facts == {"code": gateway.code}
    assert (gateway.failures, gateway.last_error, gateway.paused_until) == (0, "", None)


def test_a_gateway_that_hangs_is_given_up_in_time(
    gateways: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.BONDPOOL_GATEWAY_SECONDS = 0.05
    gateway, hangs = a_gateway(), threading.Event()
    queued(gateway)
    # The mounted share does not answer; nobody can call a system call back.
    monkeypatch.setattr("os.fsync", lambda _file: hangs.wait(5))

    assert send_due(Time().clocks) == 0

    hangs.set()
    gateway.refresh_from_db()
    assert gateway.last_error == "no answer in 0.05 seconds"
    assert OutgoingMessage.objects.get().state == MessageState.QUEUED


def test_what_cannot_be_signed_waits_for_a_person_who_lets_it_be_tried_again(
    gateways: Path, keys: dict[str, str]
) -> None:
    gateway, person, time = signing(), UserFactory.create(), Time()
    (message,) = queue_messages(gateway=gateway, batches=[Batch("CEB621", [a_list()])], now=SENDS)
    password, keys["password"] = keys["password"], "wrong"
    with pytest.raises(MessageNotFailed):
        retry_message(message=message, by=person, now=SENDS)
    assert not MessageRetry.objects.exists()

    assert send_due(time.clocks) == 0
    message.refresh_from_db()
    assert message.state == MessageState.FAILED
    assert message.last_error.startswith("KeyUnusable")
    assert Notice.objects.get(event="message.failed").facts["number"] == message.number

    keys["password"] = password
    retry_message(message=message, by=person, now=SENDS)
    assert send_due(time.clocks) == 1
    retry = MessageRetry.objects.get()
    assert (retry.retried_by, retry.trouble[:11]) == (person, "KeyUnusable")


def test_a_device_that_is_away_holds_its_gateway_back(gateways: Path, settings: Settings) -> None:
    settings.BONDPOOL_GATEWAY_SECRETS = {
        "carded": {"adapter": "tests.customs.test_sending.a_card_that_is_out"}
    }
    gateway = a_gateway(code="carded", signer=SignerKind.DEVICE)
    queued(gateway)

    assert send_due(Time().clocks) == 0

    gateway.refresh_from_db()
    assert (gateway.failures, gateway.last_error) == (1, "the card is not in the reader")
    assert OutgoingMessage.objects.get().attempts == 0


def a_card_that_is_out(secrets: dict[str, str]) -> None:
    raise GatewayAway("the card is not in the reader")


def test_a_closed_gateway_lets_nothing_through(gateways: Path) -> None:
    queued(a_gateway(is_open=False))

    assert send_due(Time().clocks) == 0


def test_place_and_wait_are_told(gateways: Path) -> None:
    gateway = a_gateway(per_minute=60)
    rows = queued(gateway, 3)
    Gateway.objects.update(next_at=SENDS + timedelta(seconds=2))
    last = OutgoingMessage.objects.select_related("gateway").get(pk=rows[2].pk)

    turn = turn_of(last, now=SENDS)

    assert turn is not None
    assert (turn.place, turn.wait, turn.paused_until) == (3, timedelta(seconds=4), None)


def test_no_wait_is_promised_while_the_gateway_is_closed(gateways: Path) -> None:
    gateway = a_gateway(is_open=False)
    queued(gateway, 2)
    last = OutgoingMessage.objects.select_related("gateway").latest("pk")

    turn = turn_of(last, now=SENDS)

    assert turn is not None
    assert (turn.place, turn.wait) == (2, None)


def test_an_erased_message_cannot_be_sent(gateways: Path) -> None:
    OutgoingMessageFactory.create(gateway=a_gateway(), kind="CEB311")

    assert send_due(Time().clocks) == 0

    assert OutgoingMessage.objects.get().last_error.startswith("MessageEmptied")


def test_what_was_sent_long_ago_is_emptied_and_its_number_stays(gateways: Path) -> None:
    gateway, time = a_gateway(), Time()
    queued(gateway, 2)
    send_due(time.clocks)
    old = OutgoingMessage.objects.earliest("pk")
    OutgoingMessage.objects.filter(pk=old.pk).update(sent_at=SENDS - timedelta(seconds=1))

    assert empty_sent(now=SENDS + timedelta(days=30)) == 1
    assert empty_sent(now=SENDS + timedelta(days=30)) == 0

    old.refresh_from_db()
    assert (old.body, len(old.sha256)) == ("", 64)
    assert OutgoingMessage.objects.latest("pk").body != ""


def test_two_workers_at_once_send_each_message_once(gateways: Path) -> None:
    gateway = a_gateway()
    queued(gateway, 30)
    counts: list[int] = []

    def work() -> None:
        from django.db import connection

        with platform_wide():
            clock: datetime = SENDS
            counts.append(send_due(Clocks(now=lambda: clock, tick=_real, wait=lambda _s: None)))
        connection.close()

    threads = [threading.Thread(target=work) for _worker in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(counts) == 30
    assert len(out(gateways, gateway)) == 30
    assert set(OutgoingMessage.objects.values_list("state", "attempts")) == {("sent", 1)}


def _real() -> datetime:
    from django.utils import timezone

    return timezone.now()
