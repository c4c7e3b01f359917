"""Bells of a server: at once, and together when they are rung often."""

from __future__ import annotations

from queue import Empty, SimpleQueue

import pytest

from core.ringing import Ringer


def test_a_bell_is_heard_at_once_and_a_hundred_more_as_one() -> None:
    heard: SimpleQueue[str] = SimpleQueue()
    ringer = Ringer(seconds=0.2)

    ringer.ring("first", heard.put)
    assert heard.get(timeout=5) == "first"
    for _ in range(100):
        ringer.ring("often", heard.put)

    assert heard.get(timeout=5) == "often"
    with pytest.raises(Empty):
        heard.get(timeout=0.3)
