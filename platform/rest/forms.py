from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rest import rules


class TokenForm(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        max_length=rules.LONGEST_NAME,
        help_text=_("Which program uses it, so that people know later."),
    )
    days = forms.IntegerField(
        label=_("Days until it expires"), min_value=1, max_value=rules.MOST_DAYS, initial=90
    )
    scopes = forms.MultipleChoiceField(
        label=_("Scopes"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Give it only what the program needs."),
    )

    def __init__(self, *args: Any, role: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scopes"].choices = [  # type: ignore[attr-defined]
            (scope, scope) for scope in rules.scopes_of(role)
        ]
