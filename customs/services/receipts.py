"""What comes back from the authority, from the folder to the effect, in one go."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from core.faults import each_of
from customs.services.effects import work_effects
from customs.services.matching import match_due
from customs.services.receipt_folders import read_folders
from customs.services.receipt_queues import read_queues


def work_receipts(*, now: Callable[[], datetime]) -> None:
    """Read the gateways' folders and queues, match what is new or waits, and do what follows,
    whatever of it fails. Safe to run any number of times. Call platform-wide."""

    def done(step: Callable[[], object]) -> int:
        step()
        return 1

    each_of(
        [
            lambda: read_folders(now=now),
            lambda: read_queues(now=now),
            lambda: match_due(now=now()),
            lambda: work_effects(now=now()),
        ],
        done,
    )
