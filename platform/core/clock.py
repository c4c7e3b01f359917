"""The clock of the doors: views, tasks and commands ask it once and pass the time on.

``BONDPOOL_CLOCK_FILE`` names a file with an ISO time that counts instead of the machine's
clock. The demo gives it to its workers, so that the papers of a past quarter carry the
days of that quarter. Nobody sets it in production.
"""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from django.utils import timezone


def now() -> datetime:
    """The time, aware."""
    told = os.environ.get("BONDPOOL_CLOCK_FILE")
    if told:
        return datetime.fromisoformat(Path(told).read_text().strip())
    return timezone.now()
