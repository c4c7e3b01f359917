"""Looks at the clock: each is taken once, however often the bell rings."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from notices.models import Reminder


def once(name: str, key: str, *, now: datetime) -> bool:
    """Whether this look is still to be taken; from then on it is. Call inside a transaction:
    rolled back, it is to be taken again."""
    if Reminder.objects.filter(name=name, key=key).exists():
        return False
    _row, is_new = Reminder.objects.get_or_create(name=name, key=key, defaults={"taken_at": now})
    return is_new


def is_due(name: str, *, day: date, now: datetime) -> bool:
    """Whether a long look of a day is still to be taken, and nobody began it within this hour.

    Call outside of a transaction. Whoever takes it asks :func:`once` in the transaction that tells
    what was found: one that broke off is due again an hour later.
    """
    if Reminder.objects.filter(name=name, key=f"{day}").exists():
        return False
    with transaction.atomic():
        return once(f"{name}.try", f"{now:%Y-%m-%dT%H}", now=now)
