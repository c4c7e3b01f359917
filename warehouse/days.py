"""Which day it is in the warehouse."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.timezone import get_default_timezone


def day_of(moment: datetime) -> date:
    """The calendar day where the goods lie, whatever time zone the reader's browser has."""
    return moment.astimezone(get_default_timezone()).date()
