"""Looks at the clock: each is taken once, however often the bell rings."""

from __future__ import annotations

from datetime import datetime

from notices.models import Reminder


def once(name: str, key: str, *, now: datetime) -> bool:
    """Whether this look is still to be taken; from then on it is. Call inside a transaction:
    rolled back, it is to be taken again."""
    if Reminder.objects.filter(name=name, key=key).exists():
        return False
    _row, is_new = Reminder.objects.get_or_create(name=name, key=key, defaults={"taken_at": now})
    return is_new
