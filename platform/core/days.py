"""Form fields for days and moments that somebody can mean.

A year such as 0001 is a slip of the finger; taken to UTC it lies before what PostgreSQL's
driver can give back, and one such row would close every page that lists it.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

FIRST_YEAR, LAST_YEAR = 2000, 2099


def can_be_meant(day: date) -> bool:
    """Whether a day lies in this century."""
    return FIRST_YEAR <= day.year <= LAST_YEAR


class DayField(forms.DateField):
    """A day of this century."""

    def to_python(self, value: Any) -> date | None:
        day = super().to_python(value)
        if day is not None and not can_be_meant(day):
            raise ValidationError(self.error_messages["invalid"])
        return day


class MomentField(forms.DateTimeField):
    """An aware moment of this century."""

    def to_python(self, value: Any) -> Any:
        try:
            moment = super().to_python(value)
        except OverflowError:
            raise ValidationError(self.error_messages["invalid"]) from None
        if moment is not None and not can_be_meant(moment):
            raise ValidationError(self.error_messages["invalid"])
        return moment
