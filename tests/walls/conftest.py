from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client

from core.walls import platform_wide
from settlement import forex_gateway
from tests.factories.accounts import confirm
from tests.walls.world import SETTLES, World, build

SignIn = Callable[[str], Client]


@pytest.fixture(autouse=True)
def story_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The doors' clock stands after the quarter."""
    file = tmp_path / "clock"
    file.write_text((SETTLES + timedelta(hours=1)).isoformat())
    monkeypatch.setenv("BONDPOOL_CLOCK_FILE", str(file))


@pytest.fixture
def world(db: None, settings: object) -> World:
    """A quarter of one seller and one importer, with strangers beside them."""
    settings.FOREX_RATES_URL = "http://127.0.0.1:9/api/"  # type: ignore[attr-defined]
    forex_gateway.circuit.close()
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
