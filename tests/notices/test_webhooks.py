"""Messages on their way to a real receiver, whatever the receiver or the worker does."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from accounts.models import Membership
from notices import receiver as door
from notices.models import DeliveryState, WebhookDelivery, WebhookEndpoint
from notices.rules import NoEventsChosen
from notices.services import add_endpoint, deliver_due, ping
from notices.services.delivering import _claim
from tests.notices.conftest import NOON
from tests.notices.hooking import an_endpoint, deliver, only, opened, signed_by
from tests.notices.receiving import Receiver, receiving

pytestmark = pytest.mark.django_db


def test_a_message_arrives_once_and_signed(clerk: Membership, shop: Receiver) -> None:
    _endpoint, secret = an_endpoint(clerk, shop.url)
    message = opened(clerk)

    assert deliver(NOON) == 1
    assert deliver(NOON) == 0

    (got,) = shop.got
    headers = {name.lower(): value for name, value in got.headers.items()}
    assert got.path == "/hook?shop=1"
    assert got.body.decode() == message.body
    assert json.loads(got.body)["data"]["quarter"] == "2026-Q3"
    assert headers["content-type"] == "application/json"
    assert headers["webhook-id"] == message.uid
    assert headers["webhook-timestamp"] == str(int(NOON.timestamp()))
    assert headers["webhook-signature"] == signed_by(
        secret, message.uid, headers["webhook-timestamp"], got.body
    )
    row = only()
    assert (row.state, row.status_code, row.attempts) == (DeliveryState.DELIVERED, 200, 1)
    assert (row.called_at, row.delivered_at, row.leased_until) == (NOON, NOON, None)
    assert row.answer == "answer 200 \u4e2d"


def test_a_shift_that_is_over_claims_nothing(clerk: Membership, shop: Receiver) -> None:
    an_endpoint(clerk, shop.url)
    for quarter in ("2026-Q1", "2026-Q2"):
        opened(clerk, quarter)
    # The first message took a minute.
    moments = iter([NOON] * 5)

    assert deliver_due(now=lambda: next(moments, NOON + timedelta(seconds=61))) == 1

    waiting = WebhookDelivery.objects.exclude(state=DeliveryState.DELIVERED).get()
    assert (waiting.state, waiting.attempts) == (DeliveryState.PENDING, 0)
    assert waiting.leased_until is None
    assert len(shop.got) == 1


def test_a_worker_that_dies_on_the_way_leaves_the_message_to_another(
    clerk: Membership, shop: Receiver
) -> None:
    an_endpoint(clerk, shop.url)
    message = opened(clerk)
    # It calls, and is killed before it can write down the answer.
    (claimed,) = _claim(NOON)
    door.call(shop.url, body=claimed.body, headers={"webhook-id": claimed.uid}, production=False)

    assert deliver(NOON + timedelta(seconds=120)) == 0
    assert deliver(NOON + timedelta(seconds=121)) == 1

    assert [got.headers["webhook-id"] for got in shop.got] == [message.uid] * 2
    assert shop.got[0].body == shop.got[1].body
    assert only().attempts == 2


def test_what_a_slow_worker_learns_after_its_lease_counts_no_more(
    clerk: Membership, shop: Receiver
) -> None:
    from notices.receiver import Answer
    from notices.services.delivering import _note

    an_endpoint(clerk, shop.url)
    opened(clerk)
    (slow,) = _claim(NOON)
    assert deliver(NOON + timedelta(seconds=121)) == 1

    late = Answer(500, "", "", 1)
    assert _note(slow, late, NOON + timedelta(seconds=130)) == 0
    assert only().state == DeliveryState.DELIVERED
    assert WebhookEndpoint.objects.get().failing_since is None


def test_a_redirect_is_not_followed(clerk: Membership) -> None:
    with receiving(302) as shop:
        an_endpoint(clerk, shop.url)
        opened(clerk)
        deliver(NOON)

    assert [got.path for got in shop.got] == ["/hook?shop=1"]
    row = only()
    assert (row.state, row.status_code) == (DeliveryState.PENDING, 302)


@pytest.mark.parametrize("manner", ["hang", "drip"])
def test_a_receiver_that_does_not_come_to_the_point_is_cut_off(manner: str) -> None:
    with receiving(manner) as shop:
        answer = door.call(shop.url, body="{}", headers={}, production=False, longest=0.4)
        shop.over.set()

    assert (answer.status, answer.error) == (None, "time is up")
    assert 300 <= answer.took_ms < 3_000


def test_of_ten_megabytes_a_thousand_are_read(clerk: Membership) -> None:
    with receiving("flood") as shop:
        an_endpoint(clerk, shop.url)
        opened(clerk)
        assert deliver(NOON) == 1

    row = only()
    assert (row.state, row.status_code) == (DeliveryState.DELIVERED, 200)
    assert row.answer == "x" * 1000
    assert shop.sent_bytes < 10_000_000


def test_a_test_message_is_a_message(clerk: Membership, shop: Receiver) -> None:
    endpoint, _secret = an_endpoint(clerk, shop.url)

    sent = ping(endpoint=endpoint, now=NOON)
    deliver(NOON)

    assert json.loads(shop.got[0].body) == {
        "type": "webhook.ping",
        "timestamp": NOON.isoformat(),
        "data": {"endpoint": str(endpoint.uid)},
    }
    assert shop.got[0].headers["webhook-id"] == sent.uid


@pytest.mark.parametrize("events", [[], ["batch.priced"], ["order.placed"], ["nonsense"]])
def test_an_endpoint_hears_of_what_its_company_hears_of(
    clerk: Membership, shop: Receiver, events: list[str]
) -> None:
    with pytest.raises(NoEventsChosen):
        add_endpoint(
            company=clerk.company,
            role=clerk.role,
            url=shop.url,
            events=events,
            created_by=None,
            now=NOON,
        )

    assert not WebhookEndpoint.objects.exists()
