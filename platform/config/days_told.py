"""Days that settings tell, refused in words where they are none."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.core.exceptions import ImproperlyConfigured

SATURDAY = 5


def days_told(name: str, text: str) -> frozenset[date]:
    """The days of a setting, parted by commas: ``2026-10-01,2026-10-02``.

    Raises ImproperlyConfigured with the name of the setting and the word that is no day.
    """
    found = set()
    for word in filter(None, (one.strip() for one in text.split(","))):
        try:
            found.add(date.fromisoformat(word))
        except ValueError as error:
            raise ImproperlyConfigured(
                f"{name}: {word!r} is no day; write 2026-10-01, several parted by commas"
            ) from error
    return frozenset(found)


def worked_weekends(name: str, text: str, *, off: Collection[date]) -> frozenset[date]:
    """Saturdays and Sundays on which people work, to make up for days off.

    Raises ImproperlyConfigured for a day that is no weekend, or that is told as a day off as well.
    """
    found = days_told(name, text)
    for day in sorted(found):
        if day.weekday() < SATURDAY:
            raise ImproperlyConfigured(f"{name}: {day} is no Saturday or Sunday")
        if day in off:
            raise ImproperlyConfigured(f"{name}: {day} is told as a day off as well")
    return found
