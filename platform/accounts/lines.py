"""Fields of forms for what people type on one line: names, streets, telephone numbers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext

from accounts.rules.admitting import tidy_line
from accounts.rules.people import NameIsAnAddress, check_name


class LineField(forms.CharField):
    """One line of text without signs that nobody sees."""

    def to_python(self, value: Any) -> str:
        return tidy_line(super().to_python(value) or "")


class NameField(LineField):
    """What a person or a company is called: it stands in letters to others."""

    def validate(self, value: str) -> None:
        super().validate(value)
        try:
            check_name(value)
        except NameIsAnAddress as error:
            raise forms.ValidationError(gettext(error.rule())) from error
