from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import Company, User
from core.walls import platform_wide
from rest import rules
from rest.limits import _client
from rest.services import issue_token
from tests.walls.conftest import one_wall, sign_in, story_time, town, world
from tests.walls.world import SETTLES, World

__all__ = ["one_wall", "sign_in", "story_time", "town", "world"]


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
