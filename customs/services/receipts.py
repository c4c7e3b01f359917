"""What comes back from the authority, from the folder to the effect, in one go."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from customs.services.effects import work_effects
from customs.services.matching import match_due
from customs.services.receipt_folders import read_folders
from customs.services.receipt_queues import read_queues


def work_receipts(*, now: Callable[[], datetime]) -> None:
    """Read the gateways' folders and queues, match what is new or waits, and do what follows. Safe
    to run any number of times. Call platform-wide."""
    read_folders(now=now)
    read_queues(now=now)
    match_due(now=now())
    work_effects(now=now())
