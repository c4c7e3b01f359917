"""The doors' clock is the machine's, unless a story says otherwise."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core import clock


def test_the_clock_is_the_machines_and_aware() -> None:
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_a_story_sets_the_clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = tmp_path / "clock"
    told.write_text("2026-07-01T09:00:00+08:00\n")
    monkeypatch.setenv("BONDPOOL_CLOCK_FILE", str(told))

    assert clock.now() == datetime(2026, 7, 1, 1, tzinfo=UTC)
