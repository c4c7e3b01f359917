"""However much one company has to be told, the others are told in their turn."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from accounts.models import Membership
from core.walls import platform_wide
from notices.models import DeliveryState, WebhookDelivery, WebhookEndpoint
from notices.services import add_endpoint, deliver_due, delivering, ping
from notices.services.delivering import _claim
from tests.notices.conftest import NOON
from tests.notices.receiving import Receiver

pytestmark = pytest.mark.django_db


def with_messages(member: Membership, url: str, many: int) -> WebhookEndpoint:
    endpoint, _secret = add_endpoint(
        company=member.company,
        role=member.role,
        url=url,
        events=["round.opened"],
        created_by=member.user,
        now=NOON,
    )
    for _n in range(many):
        ping(endpoint=endpoint, now=NOON)
    return endpoint


def companies_of(claimed: list[WebhookDelivery]) -> list[int]:
    return sorted(one.company_id for one in claimed)


def test_ten_endpoints_of_one_company_have_two_of_the_eight_places(
    clerk: Membership, neighbour: Membership
) -> None:
    for n in range(10):
        with_messages(clerk, f"https://shop.example.test/{n}", 2)
    with_messages(neighbour, "https://next.example.test/", 1)

    first = _claim(NOON)
    second = _claim(NOON, beside=first)

    assert companies_of(first) == sorted([clerk.company_id] * 2 + [neighbour.company_id])
    assert second == [], "its two places are taken"


def test_who_was_called_longest_ago_is_called_next(clerk: Membership) -> None:
    endpoints = [with_messages(clerk, f"https://shop.example.test/{n}", 5) for n in range(4)]
    called = []
    for minute in range(4):
        at = NOON + timedelta(minutes=minute)
        claimed = _claim(at)
        called.append(sorted(one.endpoint_id for one in claimed))
        WebhookDelivery.objects.filter(pk__in=[one.pk for one in claimed]).update(
            state=DeliveryState.DELIVERED, delivered_at=at
        )

    pairs = [[endpoints[0].pk, endpoints[1].pk], [endpoints[2].pk, endpoints[3].pk]]
    assert called == pairs * 2


def test_an_endpoint_that_is_being_called_is_called_by_no_other_worker(clerk: Membership) -> None:
    with_messages(clerk, "https://shop.example.test/", 3)

    assert len(_claim(NOON)) == 1
    assert _claim(NOON + timedelta(seconds=119)) == []
    assert len(_claim(NOON + timedelta(seconds=121))) == 1, "its lease is over"


def test_a_receiver_that_takes_its_time_holds_up_itself_alone(
    clerk: Membership, neighbour: Membership, shop: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = with_messages(clerk, "https://slow.example.test/", 1)
    with_messages(neighbour, shop.url, 3)
    call, may_go = delivering._call, threading.Event()

    def waiting(delivery: WebhookDelivery, at: object) -> object:
        if delivery.endpoint_id == slow.pk:
            assert may_go.wait(timeout=60), "the others' messages are through before"
            delivery.endpoint.url = shop.url
        elif len(shop.got) == 2:
            may_go.set()
        return call(delivery, at)  # type: ignore[arg-type]

    monkeypatch.setattr(delivering, "_call", waiting)

    with platform_wide():
        assert deliver_due(now=lambda: NOON) == 4
