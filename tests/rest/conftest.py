from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import Company, User
from core.walls import platform_wide
from rest import rules
from rest.limits import _client
from rest.models import ApiToken
from rest.services import issue_token
from tests.factories.accounts import MembershipFactory
from tests.rest.calls import CALLS, names
from tests.walls.conftest import one_wall, sign_in, story_time, town, world
from tests.walls.world import SETTLES, World

__all__ = ["one_wall", "sign_in", "story_time", "town", "world"]

ROLES = ("seller", "importer", "finance")


class Robot:
    """A program with a token: JSON in, JSON out."""

    def __init__(self, text: str, **headers: str) -> None:
        self.text = text
        self.client = Client(raise_request_exception=False)
        self.headers = {"accept-language": "en", **headers}

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {**self.headers, "authorization": f"Bearer {self.text}", **told}
        kind = sent.pop("content-type", "application/json")
        return self.client.generic(
            method,
            path if path.startswith("/") else f"/api/v1/{path}",
            data=_json(body),
            content_type=kind,
            headers=sent,
        )

    def get(self, path: str, **headers: str) -> Any:
        return self("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self("POST", path, body, **headers)


def _json(body: Any) -> bytes:
    import json

    if body is None:
        return b""
    return body if isinstance(body, bytes) else json.dumps(body).encode()


Hire = Callable[..., Robot]


def token_for(company: Company, role: str, person: User, *scopes: str) -> str:
    with platform_wide():
        _token, text = issue_token(
            company=company,
            role=role,
            created_by=person,
            name="robot",
            scopes=scopes or rules.scopes_of(role),
            days=30,
            now=SETTLES,
        )
    return text


@pytest.fixture
def hire(world: World) -> Hire:
    """A robot of one of the world's people, with all scopes of the role or with some."""

    def take_on(name: str, *scopes: str) -> Robot:
        membership = world.people[name].memberships.get()
        return Robot(token_for(membership.company, membership.role, world.people[name], *scopes))

    return take_on


@pytest.fixture(autouse=True)
def counters(broker: str) -> None:
    """Every test counts from nothing."""
    _client.cache_clear()


@pytest.fixture(scope="module")
def places(town: World) -> dict[str, str]:
    with platform_wide():
        return names(town)


@pytest.fixture(scope="module")
def bodies(town: World) -> dict[str, Any]:
    with platform_wide():
        return {name: call.body(town) if call.body else None for name, call in CALLS.items()}


@pytest.fixture(scope="module")
def robots(town: World) -> dict[str, Robot]:
    """One good token for each role, and one of each kind that opens nothing."""
    made: dict[str, Robot] = {}
    with platform_wide():
        for role in (*ROLES, "warehouse", "operator"):
            person = town.people[role]
            company = person.memberships.get().company
            made[role] = Robot(token_for(company, role, person))
        made["strange seller"] = Robot(token_for(town.stranger, "seller", town.people["stranger"]))
        made["strange importer"] = Robot(
            token_for(town.other_importer, "importer", town.people["other_importer"])
        )
        keeper = town.people["strange warehouse"]
        house = keeper.memberships.get().company
        made["strange warehouse"] = Robot(token_for(house, "warehouse", keeper))
        seller = town.people["seller"]
        leaver = MembershipFactory.create(company=town.seller, role="seller")
        made["left"] = Robot(token_for(town.seller, "seller", leaver.user))
        for kind in ("expired", "revoked"):
            made[kind] = Robot(token_for(town.seller, "seller", seller))
        _token(made["expired"]).update(
            created_at=SETTLES - timedelta(days=9), expires_at=SETTLES - timedelta(days=1)
        )
        _token(made["revoked"]).update(revoked_at=SETTLES, revoked_by=seller)
        # The first use is noted; the clock stands, so no later one is.
        for robot in made.values():
            robot.get("me")
        leaver.ended_at = SETTLES
        leaver.save()
        made["unknown"] = Robot(rules.with_check("0" * 32))
        made["nobody"] = Robot("")
    return made


def _token(robot: Robot) -> Any:
    return ApiToken.objects.filter(digest=rules.digest(robot.text))
