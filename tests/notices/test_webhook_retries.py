"""Messages that did not arrive: sent again at their times, given up, replayed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import Membership
from notices.models import DeliveryState, Notice, WebhookDelivery, WebhookEndpoint, WhyDisabled
from notices.rules import MOST_ATTEMPTS, DeliveryUnderWay, EndpointDisabled, wait
from notices.services import disable_endpoint, enable_endpoint, ping, replay, replay_failed
from tests.notices.conftest import NOON
from tests.notices.hooking import an_endpoint, deliver, only, opened
from tests.notices.receiving import Receiver, receiving

pytestmark = pytest.mark.django_db


def test_a_refused_message_comes_again_at_its_times_and_then_no_more(clerk: Membership) -> None:
    with receiving(500) as shop:
        an_endpoint(clerk, shop.url)
        message = opened(clerk)
        at, calls = NOON, []
        for attempt in range(1, MOST_ATTEMPTS + 1):
            assert deliver(at - timedelta(seconds=1)) == 0
            assert len(shop.got) == attempt - 1, "not before it is due"
            deliver(at)
            assert len(shop.got) == attempt
            calls.append(at)
            pause = wait(message.uid, attempt)
            row = only()
            if pause is not None:
                assert (row.state, row.due_at) == (DeliveryState.PENDING, at + pause)
                at += pause

    assert {got.headers["webhook-id"] for got in shop.got} == {message.uid}
    assert (row.state, row.status_code, row.error) == (DeliveryState.FAILED, 500, "")
    assert timedelta(days=3) < calls[-1] - calls[0] < timedelta(days=3, hours=12)
    endpoint = WebhookEndpoint.objects.get()
    assert (endpoint.is_enabled, endpoint.disabled_because, endpoint.disabled_at) == (
        False,
        WhyDisabled.FAILING,
        calls[-1],
    )
    told = Notice.objects.filter(event__startswith="webhook").order_by("pk")
    assert [(one.event, one.told_at) for one in told] == [
        ("webhook.failing", calls[4]),
        ("webhook.disabled", calls[-1]),
    ]
    assert told[0].facts["since"] == NOON.isoformat()


def test_the_waits_grow_threefold_to_a_day_with_up_to_a_tenth_more() -> None:
    plain = [30, 90, 270, 810, 2_430, 7_290, 21_870, 65_610, 86_400, 86_400]

    for uid in ("msg_a", "msg_b"):
        waits = [wait(uid, attempt) for attempt in range(1, MOST_ATTEMPTS)]
        for least, told in zip(plain, waits, strict=True):
            assert told is not None
            assert timedelta(seconds=least) <= told < timedelta(seconds=least * 1.1)
        assert waits == [wait(uid, attempt) for attempt in range(1, MOST_ATTEMPTS)]
    assert wait("msg_a", 9) != wait("msg_b", 9)
    assert wait("msg_a", MOST_ATTEMPTS) is None


def test_a_receiver_that_recovers_gets_the_message_and_its_good_name_back(
    clerk: Membership,
) -> None:
    with receiving(500, 200) as shop:
        an_endpoint(clerk, shop.url)
        message = opened(clerk)
        deliver(NOON)
        assert WebhookEndpoint.objects.get().failing_since == NOON
        later = only().due_at
        assert deliver(later) == 1

    row = only()
    assert (row.state, row.attempts, row.delivered_at) == (DeliveryState.DELIVERED, 2, later)
    assert [got.headers["webhook-id"] for got in shop.got] == [message.uid] * 2
    assert shop.got[0].body == shop.got[1].body
    assert shop.got[0].headers["webhook-timestamp"] != shop.got[1].headers["webhook-timestamp"]
    endpoint = WebhookEndpoint.objects.get()
    assert (endpoint.failing_since, endpoint.rests_until) == (None, None)


def test_nobody_at_home_is_tried_again(clerk: Membership) -> None:
    with receiving() as shop:
        url = shop.url
    an_endpoint(clerk, url)
    opened(clerk)

    deliver(NOON)

    row = only()
    assert (row.state, row.status_code, row.error) == (
        DeliveryState.PENDING,
        None,
        "connection refused",
    )


def test_a_failing_endpoint_rests_and_holds_up_nobody_else(
    clerk: Membership, neighbour: Membership, shop: Receiver
) -> None:
    with receiving(500) as broken:
        an_endpoint(clerk, broken.url)
        for quarter in ("2026-Q1", "2026-Q2", "2026-Q3"):
            opened(clerk, quarter)
        an_endpoint(neighbour, shop.url)
        opened(neighbour)

        assert deliver(NOON) == 1
        assert deliver(NOON + timedelta(seconds=29)) == 0
        assert (len(broken.got), len(shop.got)) == (1, 1)

        deliver(NOON + timedelta(seconds=30))
        assert len(broken.got) == 2


def test_gone_means_gone(clerk: Membership) -> None:
    with receiving(410) as shop:
        an_endpoint(clerk, shop.url)
        opened(clerk)
        deliver(NOON)

    endpoint = WebhookEndpoint.objects.get()
    assert (endpoint.is_enabled, endpoint.disabled_because) == (False, WhyDisabled.GONE)
    assert Notice.objects.filter(event="webhook.disabled").count() == 1


def test_a_disabled_endpoint_is_told_of_nothing_and_what_waited_goes_on_later(
    clerk: Membership, shop: Receiver
) -> None:
    endpoint, _secret = an_endpoint(clerk, shop.url)
    waiting = opened(clerk, "2026-Q1")
    disable_endpoint(endpoint=endpoint, now=NOON)
    opened(clerk, "2026-Q2")

    assert deliver(NOON) == 0
    with pytest.raises(EndpointDisabled):
        ping(endpoint=endpoint, now=NOON)
    with pytest.raises(EndpointDisabled):
        replay(delivery=waiting, now=NOON)
    with pytest.raises(EndpointDisabled):
        replay_failed(endpoint=endpoint, since=NOON, now=NOON)
    assert WebhookDelivery.objects.count() == 1

    enable_endpoint(endpoint=endpoint)
    assert deliver(NOON) == 1
    assert [got.headers["webhook-id"] for got in shop.got] == [waiting.uid]


def test_a_message_is_replayed_under_its_own_id(clerk: Membership, shop: Receiver) -> None:
    an_endpoint(clerk, shop.url)
    message = opened(clerk)
    with pytest.raises(DeliveryUnderWay):
        replay(delivery=message, now=NOON)
    deliver(NOON)

    again = replay(delivery=only(), now=NOON + timedelta(hours=1))
    assert (again.state, again.attempts) == (DeliveryState.PENDING, 0)
    assert deliver(NOON + timedelta(hours=1)) == 1

    assert [got.headers["webhook-id"] for got in shop.got] == [message.uid] * 2
    assert WebhookDelivery.objects.count() == 1


def test_all_that_failed_since_a_moment_is_replayed(clerk: Membership, shop: Receiver) -> None:
    endpoint, _secret = an_endpoint(clerk, shop.url)
    for quarter in ("2026-Q1", "2026-Q2", "2026-Q3"):
        opened(clerk, quarter)
    before, _after, waits = WebhookDelivery.objects.order_by("pk")
    WebhookDelivery.objects.exclude(pk=waits.pk).update(state=DeliveryState.FAILED, attempts=11)
    WebhookDelivery.objects.filter(pk=before.pk).update(created_at=NOON - timedelta(days=1))

    assert replay_failed(endpoint=endpoint, since=NOON, now=NOON) == 1

    states = WebhookDelivery.objects.order_by("pk").values_list("state", "attempts")
    assert list(states) == [("failed", 11), ("pending", 0), ("pending", 0)]
