"""A caller's minute: shared by all workers, exact to the request."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings as house

from rest import limits
from rest.refusals import TooMany
from tests.rest.conftest import Hire, Robot
from tests.walls.world import World


def test_the_request_after_the_last_one_is_429_for_any_number_of_threads(broker: str) -> None:
    def ask(_n: int) -> bool:
        try:
            limits.count("token:1", 100)
        except TooMany:
            return False
        return True

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
    assert third.json()["code"] == "rest.too_many_requests"
    assert other.get("me").status_code == 200


def test_guessing_tokens_is_slowed_down(db: None, settings: object) -> None:
    settings.BONDPOOL_API_FAILURES = 3  # type: ignore[attr-defined]

    statuses = [Robot("bp_guess").get("me").status_code for _ in range(5)]

    assert statuses == [401, 401, 401, 429, 429]


def test_a_counter_that_is_away_turns_nobody_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(house, "CELERY_BROKER_URL", "redis://127.0.0.1:9/0")
    limits._client.cache_clear()

    assert [limits.count("token:1", 1).remaining for _ in range(3)] == [1, 1, 1]
    limits.check_failures("127.0.0.1")
