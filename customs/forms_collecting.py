"""Choosing the lists of a month that are declared together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class DrawForm(forms.Form):
    """Lists by their references; which may be chosen is known when the page is shown."""

    def __init__(self, *args: Any, choices: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lists"] = forms.MultipleChoiceField(
            label=_("Lists"), choices=[(one, one) for one in choices]
        )
