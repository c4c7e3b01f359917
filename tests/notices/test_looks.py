"""Looks at the clock that take long are due again when they broke off."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from notices.models import Reminder
from notices.services import is_due, once

NOW = datetime(2026, 8, 1, 3, 10, tzinfo=UTC)
DAY = date(2026, 8, 1)


@pytest.mark.django_db
def test_a_look_that_broke_off_is_due_again_an_hour_later_and_one_that_told_is_not() -> None:
    assert is_due("a.proof", day=DAY, now=NOW)
    assert not is_due("a.proof", day=DAY, now=NOW + timedelta(minutes=49)), "somebody is at it"
    assert is_due("b.proof", day=DAY, now=NOW)
    assert is_due("a.proof", day=DAY, now=NOW + timedelta(minutes=50))

    assert once("a.proof", f"{DAY}", now=NOW)

    written = Reminder.objects.count()
    assert not is_due("a.proof", day=DAY, now=NOW + timedelta(hours=5))
    assert Reminder.objects.count() == written
    assert is_due("a.proof", day=DAY + timedelta(days=1), now=NOW + timedelta(days=1))
