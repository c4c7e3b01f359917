"""Notices and webhooks for programs: the same as the pages, behind the same walls."""

from __future__ import annotations

from typing import Any

import pytest

from core.walls import platform_wide
from notices.models import NoticeCopy, WebhookDelivery, WebhookEndpoint
from rest.models import StoredAnswer
from tests.rest.conftest import Hire, hire, sign_in, story_time, world
from tests.walls.world import World

__all__ = ["hire", "sign_in", "story_time", "world"]

pytestmark = pytest.mark.django_db

NEW = {"url": "https://new.example.test/hook", "events": ["stock.short"], "description": "ERP"}


@pytest.fixture(autouse=True)
def _wide() -> None:
    """The calls put up their own walls."""


def test_a_program_reads_what_its_person_was_told(world: World, hire: Hire) -> None:
    answer = hire("seller").get("notices?kind=money")

    assert answer.status_code == 200
    told, stored = sorted(answer.json()["data"], key=lambda one: one["event"])
    assert stored["path"] == f"/storage/bills/{world.storage_bill.number}/"
    assert (told["event"], told["path"], told["read_at"]) == ("charge.due", "/charges/", None)
    assert told["title"].startswith(f"Your part of batch {world.batch.number} is CNY\u00a0")
    assert told["facts"]["number"] == world.batch.number
    assert told["subject"] == world.batch.number


def test_a_program_marks_as_read(world: World, hire: Hire) -> None:
    robot = hire("seller")
    newest, oldest = (
        robot.get(f"notices?limit=1&sort={sort}").json()["data"][0]
        for sort in ("-told_at", "told_at")
    )

    assert robot.post("notices/read", {"up_to": oldest["id"]}).json() == {"read": 1}
    assert robot.post("notices/read", {"up_to": newest["id"]}).json() == {"read": 18}
    assert robot.post("notices/read", {"up_to": newest["id"]}).json() == {"read": 0}
    assert robot.get("notices?read=no").json()["data"] == []
    with platform_wide():
        others = NoticeCopy.objects.exclude(membership__user=world.people["seller"])
        assert not others.filter(read_at__isnull=False).exists()


def test_a_wrong_body_marks_nothing(world: World, hire: Hire) -> None:
    robot = hire("seller")
    wrong: list[dict[str, Any]] = [{}, {"up_to": "1"}, {"up_to": -1}, {"up_to": 10**30}, {"x": 1}]

    assert {robot.post("notices/read", body).status_code for body in wrong} <= {400, 422}

    with platform_wide():
        assert not NoticeCopy.objects.filter(read_at__isnull=False).exists()


def test_an_endpoint_is_made_once_per_key_and_its_secret_is_kept_nowhere_else(
    world: World, hire: Hire
) -> None:
    robot = hire("seller")

    made = robot.post("webhooks", NEW, idempotency_key="one")
    again = robot.post("webhooks", NEW, idempotency_key="one")
    secret = robot.post(f"webhooks/{made.json()['uid']}/secret")

    assert (made.status_code, again.json()) == (201, made.json())
    with platform_wide():
        (endpoint,) = WebhookEndpoint.objects.filter(url=NEW["url"])
        assert secret.json() == {"secret": endpoint.secret}
        kept = b"".join(bytes(one.body) for one in StoredAnswer.objects.all())
    assert endpoint.company == world.seller
    assert b"whsec_" not in kept
    assert "whsec_" not in robot.get("webhooks").text


def test_an_endpoint_is_changed_under_its_etag(world: World, hire: Hire) -> None:
    robot, path = hire("seller"), f"webhooks/{world.endpoint.uid}"
    etag = robot.get(path).headers["ETag"]

    changed = robot("PUT", path, NEW, if_match=etag)
    stale = robot("PUT", path, {**NEW, "url": "https://late.example.test/"}, if_match=etag)
    off = robot.post(f"{path}/disable", if_match=changed.headers["ETag"])
    on = robot.post(f"{path}/enable", if_match=off.headers["ETag"])

    assert (changed.status_code, changed.json()["url"]) == (200, NEW["url"])
    assert stale.status_code == 412
    assert (off.json()["enabled"], off.json()["disabled_because"]) == (False, "person")
    assert on.json()["enabled"] is True
    with platform_wide():
        assert WebhookEndpoint.objects.get(pk=world.endpoint.pk).url == NEW["url"]


def test_messages_are_listed_looked_at_and_sent_again(world: World, hire: Hire) -> None:
    robot, path = hire("seller"), f"webhooks/{world.endpoint.uid}"
    with platform_wide():
        WebhookDelivery.objects.filter(pk=world.message.pk).update(state="failed", attempts=11)

    failed = robot.get(f"{path}/messages?state=failed").json()["data"]
    one = robot.get(f"webhook-messages/{world.message.uid}").json()
    again = robot.post(f"webhook-messages/{world.message.uid}/replay", idempotency_key="a")
    twice = robot.post(f"webhook-messages/{world.message.uid}/replay", idempotency_key="b")
    many = robot.post(f"{path}/replay", {"since": "2026-01-01T00:00:00+08:00"}, idempotency_key="c")
    sent = robot.post(f"{path}/ping", idempotency_key="d")

    assert [row["id"] for row in failed] == [world.message.uid]
    assert one["payload"]["type"] == "webhook.ping"
    assert (again.json()["id"], again.json()["state"]) == (world.message.uid, "pending")
    assert (twice.status_code, twice.json()["code"]) == (409, "notices.delivery_under_way")
    assert many.json() == {"messages": 0}
    assert (sent.status_code, sent.json()["event"]) == (201, "webhook.ping")


def test_anothers_endpoints_and_messages_are_not_there(world: World, hire: Hire) -> None:
    robot, path = hire("stranger"), f"webhooks/{world.endpoint.uid}"
    with platform_wide():
        before = [
            *WebhookEndpoint.objects.order_by("pk").values(),
            *WebhookDelivery.objects.order_by("pk").values(),
        ]

    answers = [
        robot.get(path),
        robot.get(f"{path}/messages"),
        robot("PUT", path, NEW, if_match="*"),
        robot.post(f"{path}/enable", if_match="*"),
        robot.post(f"{path}/disable", if_match="*"),
        robot.post(f"{path}/secret"),
        robot.post(f"{path}/ping", idempotency_key="a"),
        robot.post(f"{path}/replay", {"since": "2026-01-01T00:00:00+08:00"}, idempotency_key="b"),
        robot.get(f"webhook-messages/{world.message.uid}"),
        robot.post(f"webhook-messages/{world.message.uid}/replay", idempotency_key="c"),
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert robot.get("webhooks").json()["data"] == []
    assert "CANARY" not in robot.get("notices").text.upper()
    with platform_wide():
        after = [
            *WebhookEndpoint.objects.order_by("pk").values(),
            *WebhookDelivery.objects.order_by("pk").values(),
        ]
    assert after == before


def test_a_token_without_the_scope_opens_nothing(world: World, hire: Hire) -> None:
    robot = hire("seller", "stock:read")

    assert robot.get("notices").status_code == 403
    assert robot.get("webhooks").status_code == 403
    assert (
        hire("seller", "webhooks:read").post("webhooks", NEW, idempotency_key="a").status_code
        == 403
    )


def test_a_wrong_endpoint_is_a_problem(world: World, hire: Hire) -> None:
    robot = hire("seller")
    wrong: list[dict[str, Any]] = [
        {},
        {**NEW, "url": "https://10.0.0.1/"},
        {**NEW, "url": "http://shop.example.test/"},
        {**NEW, "events": []},
        {**NEW, "events": ["batch.priced"]},
        {**NEW, "secret": "mine"},
    ]

    answers = [robot.post("webhooks", body, idempotency_key=f"{n}") for n, body in enumerate(wrong)]

    assert {answer.status_code for answer in answers} <= {400, 422}
    kinds = {answer.headers["Content-Type"].partition(";")[0] for answer in answers}
    assert kinds == {"application/problem+json"}
    with platform_wide():
        assert WebhookEndpoint.objects.count() == 1
