"""An endpoint can be removed: its place is free, nothing is sent to it, and its log stays."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import Membership
from notices import services
from notices.models import DeliveryState, WebhookEndpoint, WhyDisabled
from notices.receiver import Answer
from notices.rules import EndpointEnded, TooManyEndpoints
from notices.services.delivering import _claim, _note
from notices.services.endpoints import MOST_ENDPOINTS
from tests.notices.conftest import NOON
from tests.notices.hooking import an_endpoint, deliver, only, opened
from tests.notices.receiving import Receiver

pytestmark = pytest.mark.django_db


def test_who_removes_one_of_ten_may_add_another(clerk: Membership, shop: Receiver) -> None:
    made = [an_endpoint(clerk, shop.url)[0] for _ in range(MOST_ENDPOINTS)]
    services.disable_endpoint(endpoint=made[0], now=NOON)
    with pytest.raises(TooManyEndpoints):
        an_endpoint(clerk, shop.url)

    services.end_endpoint(endpoint=made[0], now=NOON)
    an_endpoint(clerk, shop.url)

    with pytest.raises(TooManyEndpoints):
        an_endpoint(clerk, shop.url)
    assert WebhookEndpoint.objects.count() == MOST_ENDPOINTS + 1


def test_what_waits_is_given_up_and_what_happens_later_is_not_told(
    clerk: Membership, shop: Receiver
) -> None:
    endpoint, _secret = an_endpoint(clerk, shop.url)
    opened(clerk)

    ended = services.end_endpoint(endpoint=endpoint, now=NOON)
    again = services.end_endpoint(endpoint=endpoint, now=NOON + timedelta(days=1))

    assert (ended.is_enabled, ended.disabled_because) == (False, WhyDisabled.ENDED)
    assert again.disabled_at == ended.disabled_at == NOON
    assert deliver(NOON) == 0
    assert shop.got == []
    assert only().state == DeliveryState.FAILED
    opened(clerk, "2026-Q4")
    assert only().state == DeliveryState.FAILED


def test_what_has_ended_is_never_on_again(clerk: Membership, shop: Receiver) -> None:
    endpoint, _secret = an_endpoint(clerk, shop.url)
    message = opened(clerk)
    services.end_endpoint(endpoint=endpoint, now=NOON)
    before = WebhookEndpoint.objects.values().get()

    for act in (
        lambda: services.enable_endpoint(endpoint=endpoint),
        lambda: services.ping(endpoint=endpoint, now=NOON),
        lambda: services.rotate_secret(endpoint=endpoint, now=NOON),
        lambda: services.replay(delivery=message, now=NOON),
        lambda: services.replay_failed(endpoint=endpoint, since=NOON, now=NOON),
        lambda: services.change_endpoint(
            endpoint=endpoint,
            role=clerk.role,
            url=shop.url,
            events=["round.closed"],
            description="",
        ),
    ):
        with pytest.raises(EndpointEnded):
            act()

    assert services.disable_endpoint(endpoint=endpoint, now=NOON).has_ended
    assert WebhookEndpoint.objects.values().get() == before
    assert only().state == DeliveryState.FAILED


def test_a_message_on_its_way_does_not_wake_what_was_removed(
    clerk: Membership, shop: Receiver
) -> None:
    endpoint, _secret = an_endpoint(clerk, shop.url)
    opened(clerk)
    (message,) = _claim(NOON)
    services.end_endpoint(endpoint=endpoint, now=NOON)

    assert _note(message, Answer(status=410, snippet="", error="", took_ms=3), NOON) == 0

    assert only().state == DeliveryState.FAILED
    assert WebhookEndpoint.objects.get().disabled_because == WhyDisabled.ENDED
