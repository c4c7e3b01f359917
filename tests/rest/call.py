"""How an operation of the API is asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.walls.world import World


@dataclass(frozen=True)
class Call:
    """``who`` may call it; ``is_owned``: it names a row that another company must not find.

    ``has``: those of them who have such a row, where not all do.
    """

    method: str
    path: str
    who: tuple[str, ...]
    body: Callable[[World], Any] | None = None
    is_owned: bool = False
    is_file: bool = False
    has: tuple[str, ...] = ()
