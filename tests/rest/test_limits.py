"""A caller's minute: shared by all workers, exact to the request."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings as house

from accounts.models import Company
from rest import limits
from tests.rest.conftest import Hire, Robot
from tests.walls.conftest import SignIn
from tests.walls.world import World


def test_the_request_after_the_last_one_is_429_for_any_number_of_threads(broker: str) -> None:
    def ask(_n: int) -> bool:
        return limits.count("token:1", 100).remaining >= 0

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(160)))

    assert answers.count(True) == 100


def test_a_caller_is_told_what_is_left_and_when_to_come_back(
    world: World, hire: Hire, settings: object
) -> None:
    settings.BONDPOOL_API_PER_MINUTE = 2  # type: ignore[attr-defined]
    robot, other = hire("seller"), hire("seller")

    first, second, third = robot.get("me"), robot.get("me"), robot.get("me")

    assert (first.status_code, second.status_code, third.status_code) == (200, 200, 429)
    assert first["RateLimit-Policy"] == '"minute";q=2;w=60'
    assert first["RateLimit"].startswith('"minute";r=1;t=')
    assert 1 <= int(third["Retry-After"]) <= 60
    assert third["RateLimit"] == f'"minute";r=0;t={third["Retry-After"]}'
    assert third.json()["code"] == "rest.too_many_requests"
    assert other.get("me").status_code == 200


def test_what_is_refused_counts_as_well_and_says_what_is_left(
    world: World, hire: Hire, settings: object
) -> None:
    settings.BONDPOOL_API_PER_MINUTE = 6  # type: ignore[attr-defined]
    robot = hire("seller", "home:read", "retail:write")
    path = f"retail-orders/{world.retail_order.number}/cancel"

    answers = [
        robot.get("stock"),
        robot.post("retail-orders", {}),
        robot.post("retail-orders", b"x", idempotency_key="1", content_type="text/plain"),
        robot.post(path),
        robot.post("retail-orders/RO-0/cancel", if_match="*"),
        robot.get("me?bogus=1"),
    ]
    Company.objects.filter(pk=world.seller.pk).update(status="suspended")
    answers.append(robot.post(path, if_match="*"))

    assert [one.status_code for one in answers] == [403, 400, 415, 428, 404, 422, 429]
    left = [one["RateLimit"].split(";")[1] for one in answers]
    assert left == ["r=5", "r=4", "r=3", "r=2", "r=1", "r=0", "r=0"]
    assert {one["RateLimit-Policy"] for one in answers} == {'"minute";q=6;w=60'}


def test_a_suspended_company_has_no_more_requests_than_others(
    world: World, hire: Hire, settings: object
) -> None:
    settings.BONDPOOL_API_PER_MINUTE = 2  # type: ignore[attr-defined]
    robot = hire("seller")
    Company.objects.filter(pk=world.seller.pk).update(status="suspended")

    statuses = [robot.post("actions", {}, idempotency_key="1").status_code for _ in range(3)]

    assert statuses == [409, 409, 429]


def test_a_session_is_counted_before_its_form_is_looked_at(
    world: World, sign_in: SignIn, settings: object
) -> None:
    settings.BONDPOOL_API_PER_MINUTE = 2  # type: ignore[attr-defined]
    client = sign_in("seller")
    client.handler.enforce_csrf_checks = True

    statuses = [
        client.post("/api/v1/retail-orders", {}, content_type="application/json").status_code
        for _ in range(3)
    ]

    assert statuses == [403, 403, 429]


def test_a_request_too_many_asks_the_database_for_its_token_alone(
    world: World, hire: Hire, settings: object, django_assert_max_num_queries: object
) -> None:
    settings.BONDPOOL_API_PER_MINUTE = 1  # type: ignore[attr-defined]
    robot = hire("seller")
    robot.get("me")

    # The wall that is put up and taken down, and the token between them.
    with django_assert_max_num_queries(3):  # type: ignore[operator]
        assert robot.get("me").status_code == 429


def test_guessing_tokens_is_slowed_down(db: None, settings: object) -> None:
    settings.BONDPOOL_API_FAILURES = 3  # type: ignore[attr-defined]

    statuses = [Robot("bp_guess").get("me").status_code for _ in range(5)]

    assert statuses == [401, 401, 401, 429, 429]


def test_a_counter_that_is_away_turns_nobody_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(house, "CELERY_BROKER_URL", "redis://127.0.0.1:9/0")
    limits._client.cache_clear()

    assert [limits.count("token:1", 1).remaining for _ in range(3)] == [1, 1, 1]
    limits.check_failures("127.0.0.1")
