"""Messages on their way to a real receiver: signed, sent again, given up, replayed."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from accounts.models import Membership
from notices import receiver as door
from notices.models import DeliveryState, Notice, WebhookDelivery, WebhookEndpoint, WhyDisabled
from notices.rules import (
    MOST_ATTEMPTS,
    DeliveryUnderWay,
    EndpointDisabled,
    NoEventsChosen,
    TooManySecrets,
    wait,
)
from notices.services import (
    add_endpoint,
    deliver_due,
    disable_endpoint,
    enable_endpoint,
    ping,
    replay,
    replay_failed,
    rotate_secret,
    tell,
)
from notices.services.delivering import _claim
from tests.notices.conftest import NOON
from tests.notices.receiving import Receiver, receiving

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Iterator[Receiver]:
    with receiving() as told:
        yield told


def an_endpoint(clerk: Membership, url: str) -> tuple[WebhookEndpoint, str]:
    return add_endpoint(
        company=clerk.company,
        role=clerk.role,
        url=url,
        events=["round.opened"],
        created_by=clerk.user,
        now=NOON,
    )


def opened(clerk: Membership, quarter: str = "2026-Q3") -> WebhookDelivery:
    tell(
        "round.opened",
        subject=quarter,
        facts={"quarter": quarter, "cutoff_at": NOON},
        companies=[clerk.company_id],
        now=NOON,
    )
    found: WebhookDelivery = WebhookDelivery.objects.latest("pk")
    return found


def deliver(at: datetime) -> int:
    return deliver_due(now=lambda: at)


def only() -> WebhookDelivery:
    found: WebhookDelivery = WebhookDelivery.objects.get()
    return found


def signed_by(secret: str, uid: str, timestamp: str, body: bytes) -> str:
    """Worked out as the receiver would, from the specification alone."""
    key = base64.b64decode(secret.split("_", 1)[1])
    mac = hmac.new(key, uid.encode() + b"." + timestamp.encode() + b"." + body, hashlib.sha256)
    return "v1," + base64.b64encode(mac.digest()).decode()


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


def test_the_secret_is_kept_where_only_the_application_reads_it(
    clerk: Membership, shop: Receiver, as_text: Any
) -> None:
    _endpoint, secret = an_endpoint(clerk, shop.url)

    assert secret.startswith("whsec_")
    assert len(base64.b64decode(secret.removeprefix("whsec_"))) == 32
    assert secret not in as_text("notices_webhookendpoint")
    assert WebhookEndpoint.objects.get().secret == secret


def test_two_secrets_sign_for_a_day_after_a_rotation(clerk: Membership, shop: Receiver) -> None:
    endpoint, older = an_endpoint(clerk, shop.url)
    newer = rotate_secret(endpoint=endpoint, now=NOON)
    assert newer != older

    for at in (NOON, NOON + timedelta(hours=24)):
        ping(endpoint=endpoint, now=at)
        deliver(at)

    signatures = [got.headers["webhook-signature"].split(" ") for got in shop.got]
    expected = [
        [
            signed_by(secret, got.headers["webhook-id"], got.headers["webhook-timestamp"], got.body)
            for secret in secrets
        ]
        for got, secrets in zip(shop.got, [[newer, older], [newer]], strict=True)
    ]
    assert signatures == expected


def test_whichever_secret_is_installed_goes_on_signing_when_the_secret_is_changed_again(
    clerk: Membership, shop: Receiver
) -> None:
    endpoint, first = an_endpoint(clerk, shop.url)
    second = rotate_secret(endpoint=endpoint, now=NOON)
    third = rotate_secret(endpoint=endpoint, now=NOON + timedelta(hours=1))

    ping(endpoint=endpoint, now=NOON + timedelta(hours=1))
    deliver(NOON + timedelta(hours=1))

    (got,) = shop.got
    head = got.headers
    assert head["webhook-signature"].split(" ") == [
        signed_by(secret, head["webhook-id"], head["webhook-timestamp"], got.body)
        for secret in (third, second, first)
    ]


def test_a_fifth_secret_within_a_day_is_not_made(clerk: Membership, shop: Receiver) -> None:
    endpoint, _first = an_endpoint(clerk, shop.url)
    made = [rotate_secret(endpoint=endpoint, now=NOON) for _ in range(4)]
    before = WebhookEndpoint.objects.get()

    with pytest.raises(TooManySecrets):
        rotate_secret(endpoint=endpoint, now=NOON)

    after = WebhookEndpoint.objects.get()
    assert (after.secret, after.previous_secret) == (made[-1], before.previous_secret)
    assert rotate_secret(endpoint=endpoint, now=NOON + timedelta(days=1)) not in made


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


def test_the_check_that_the_documentation_prints_accepts_our_messages_only(
    clerk: Membership, shop: Receiver
) -> None:
    page = (Path(__file__).resolve().parents[2] / "docs/webhooks.md").read_text("utf-8")
    printed: dict[str, Any] = {}
    exec(page.partition("```python\n")[2].partition("```")[0], printed)  # noqa: S102 - our own page
    printed["time"] = SimpleNamespace(time=NOON.timestamp)
    _endpoint, secret = an_endpoint(clerk, shop.url)
    opened(clerk)
    deliver(NOON)

    (got,) = shop.got
    assert printed["is_ours"](secret, got.headers, got.body)
    assert not printed["is_ours"](secret, got.headers, got.body + b" ")
    printed["time"] = SimpleNamespace(time=lambda: NOON.timestamp() + 301)
    assert not printed["is_ours"](secret, got.headers, got.body)
