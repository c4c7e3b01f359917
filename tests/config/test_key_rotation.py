"""A new secret key takes the old one's place without anybody noticing, as long as both are told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.services.people import invitation_token
from core.walls import platform_wide
from notices.services.choosing import DIGEST, stop_token
from tests.accounts.conftest import link_in, sent
from tests.rest.calls import order_body
from tests.rest.conftest import Robot, counters, token_for
from tests.walls.conftest import SignIn, sign_in, story_time, world
from tests.walls.world import World

__all__ = ["counters", "sign_in", "story_time", "world"]

NEW = "a key that was drawn anew and has more than fifty letters, as it should"


@pytest.fixture
def rotate(settings: Any) -> Callable[[], None]:
    """The first call brings the new key, with the old one behind it; the second forgets that."""

    def step() -> None:
        settings.SECRET_KEY_FALLBACKS = [] if settings.SECRET_KEY == NEW else [settings.SECRET_KEY]
        settings.SECRET_KEY = NEW

    return step


def test_who_is_signed_in_stays_so_and_who_stayed_away_signs_in_again(
    world: World, sign_in: SignIn, rotate: Callable[[], None]
) -> None:
    here, away = sign_in("seller"), sign_in("seller")

    rotate()

    assert here.get("/stock/").status_code == 200
    rotate()
    assert here.get("/stock/").status_code == 200
    assert away.get("/stock/").headers["Location"].startswith("/login/")


def _invitation(world: World) -> str:
    return f"/invitation/{invitation_token(world.invitation)}/"


def _stop(world: World) -> str:
    return f"/mail/stop/{stop_token(world.people['seller'].memberships.get().pk, DIGEST)}/"


def _password(world: World) -> str:
    Client().post("/password/reset/", {"email": world.people["seller"].email})
    with platform_wide():
        letters = sent()
    return next(link_in(one) for one in letters if "/password/reset/" in str(one.body))


@pytest.mark.parametrize(
    ("link", "good", "bad"),
    [(_invitation, 200, 404), (_stop, 200, 422), (_password, 302, 200)],
    ids=["an invitation", "no more mails", "a new password"],
)
def test_a_link_that_was_mailed_before_opens_until_the_old_key_is_forgotten(
    world: World,
    rotate: Callable[[], None],
    link: Callable[[World], str],
    good: int,
    bad: int,
) -> None:
    address = link(world)

    rotate()

    assert Client().get(address).status_code == good
    rotate()
    assert Client().get(address).status_code == bad


def test_a_program_notices_nothing(world: World, rotate: Callable[[], None]) -> None:
    robot = Robot(token_for(world.seller, "seller", world.people["seller"]))
    body = order_body(world)
    first = robot.post("retail-orders", body, idempotency_key="1")
    page = robot.get("retail-orders?limit=1").json()["next"]
    tag = robot.get("me")["ETag"]

    rotate()

    again = robot.post("retail-orders", body, idempotency_key="1")
    assert (again["Idempotency-Hit"], again.content) == ("true", first.content)
    assert robot.get(page).status_code == 200
    assert robot.get("me", if_none_match=tag).status_code == 304
    rotate()
    # Tokens and kept answers hang on no key of this kind; a place in a list is asked for anew.
    assert robot.post("retail-orders", body, idempotency_key="1")["Idempotency-Hit"] == "true"
    assert (robot.get(page).status_code, robot.get(page).json()["code"]) == (
        422,
        "core.bad_cursor",
    )
