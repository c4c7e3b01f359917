"""The two walls taken away, one or both, to see that the other holds and that both do something."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import models

from core import walls
from core.walls import OwnedManager


def no_first_wall(monkeypatch: pytest.MonkeyPatch) -> None:
    """No manager asks for whom; whatever a page forgets to filter is there."""
    monkeypatch.setattr(OwnedManager, "get_queryset", models.Manager.get_queryset)


def no_second_wall(monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL is always told that the platform itself asks, and shows every row."""
    session = walls._session
    monkeypatch.setattr(walls, "_session", lambda _company, facts=None: session("*", facts))


def neither_wall(monkeypatch: pytest.MonkeyPatch) -> None:
    no_first_wall(monkeypatch)
    no_second_wall(monkeypatch)


ONE_WALL: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "row-level security alone": no_first_wall,
    "scoped managers alone": no_second_wall,
}
