from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client, override_settings

from core.walls import platform_wide
from settlement import forex_gateway
from tests.factories.accounts import confirm
from tests.standing import Standing
from tests.walls.crowd import crowd
from tests.walls.one_wall import ONE_WALL
from tests.walls.walking import undone
from tests.walls.world import SETTLES, World, build

SignIn = Callable[[str], Client]


@pytest.fixture(autouse=True)
def story_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The doors' clock stands after the quarter."""
    file = tmp_path / "clock"
    file.write_text((SETTLES + timedelta(hours=1)).isoformat())
    monkeypatch.setenv("BONDPOOL_CLOCK_FILE", str(file))


@pytest.fixture
def world(standing_world: Standing[World], db: None, settings: object) -> World:
    """A quarter of one seller and one importer, with strangers beside them."""
    settings.FOREX_RATES_URL = "http://127.0.0.1:9/api/"  # type: ignore[attr-defined]
    forex_gateway.circuit.close()
    if standing_world.is_entered:
        return standing_world.fresh()
    with platform_wide():
        return build()


@pytest.fixture
def sign_in(world: World) -> SignIn:
    """A browser of one of the world's people; of nobody for an empty name."""

    def come_in(name: str) -> Client:
        client = Client(headers={"accept-language": "en"})
        if name:
            client.force_login(world.people[name])
            confirm(client)
        return client

    return come_in


@pytest.fixture(params=sorted(ONE_WALL))
def one_wall(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, town: World
) -> Iterator[str]:
    """The town with one of its two walls taken away."""
    with undone():
        ONE_WALL[request.param](monkeypatch)
        yield request.param
        monkeypatch.undo()


@pytest.fixture(scope="module")
def town(
    standing_world: Standing[World],
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[World]:
    """The world and its crowd, met once by a module that asks a great many times.

    Everything is taken back when the module ends; what a test writes, it takes back itself. Not
    to be used beside ``db``, which would close the connection.
    """
    clock = tmp_path_factory.mktemp("town") / "clock"
    clock.write_text((SETTLES + timedelta(hours=1)).isoformat())
    with (
        django_db_blocker.unblock(),
        pytest.MonkeyPatch.context() as patch,
        override_settings(
            FOREX_RATES_URL="http://127.0.0.1:9/api/",
            ACCOUNT_RATE_LIMITS=False,
            BONDPOOL_LOOKUPS_PER_ADDRESS=1_000_000,
            BONDPOOL_LOOKUPS_PER_MINUTE=1_000_000,
            BONDPOOL_API_PER_MINUTE=1_000_000,
            BONDPOOL_API_FAILURES=1_000_000,
        ),
        standing_world.entered(),
        transaction.atomic(),
    ):
        patch.setenv("BONDPOOL_CLOCK_FILE", str(clock))
        forex_gateway.circuit.close()
        made = standing_world.fresh()
        with platform_wide():
            crowd(made)
        yield made
        transaction.set_rollback(True)
