"""What holds a lock that everybody waits for is done last, right before the commit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Act = Callable[[], object]

_left: ContextVar[list[Act] | None] = ContextVar("left for the end", default=None)


@contextmanager
def left_for_the_end() -> Iterator[list[Act]]:
    """Gives what was left by :func:`at_the_end` inside; the caller does it, in its order, as the
    last of its transaction, or nothing of what happened inside is kept."""
    left: list[Act] = []
    before = _left.set(left)
    try:
        yield left
    finally:
        _left.reset(before)


def at_the_end(act: Act) -> None:
    """Do this right before the commit where somebody sees to that, else now."""
    left = _left.get()
    if left is None:
        act()
    else:
        left.append(act)
