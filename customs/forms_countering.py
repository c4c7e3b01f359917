"""Asking customs to amend or withdraw a declaration, and recording what it answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from customs.rules.countering import HEAD, LONGEST
from web.forms import PlainSelect

#: Rows of a form; an amendment of more fields goes over the API.
ROWS = 6

FIELD_WORDS = {
    "packages": _("number of packages"),
    "freight": _("freight"),
    "insurance": _("insurance"),
    "other": _("other charges"),
    "hs_code": _("HS code"),
    "name_zh": _("Chinese name"),
    "specification": _("specification"),
    "origin": _("country of origin"),
}


def place_words(line: int) -> str:
    """``Head of the form`` or ``Line 3``."""
    if line == HEAD:
        return gettext("Head of the form")
    return gettext("Line %(line)s") % {"line": line}


class RequestForm(forms.Form):
    """Why customs is asked."""

    reason = forms.CharField(
        label=_("Reason"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 2})
    )


class AmendmentForm(RequestForm):
    """Up to six fields as they should be."""

    def __init__(self, *args: Any, stands: Mapping[tuple[int, str], str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "—")] + [
            (f"{line}:{field}", _choice(line, field, value))
            for (line, field), value in stands.items()
        ]
        for row in range(1, ROWS + 1):
            self.fields[f"what{row}"] = forms.ChoiceField(
                label=_("What changes"), choices=choices, required=row == 1, widget=PlainSelect
            )
            self.fields[f"value{row}"] = forms.CharField(
                label=_("As it should be"), max_length=510, required=False
            )

    @property
    def wanted(self) -> list[tuple[int, str, str]]:
        """Line, field and new value of each row that was filled in."""
        told = []
        for row in range(1, ROWS + 1):
            what = self.cleaned_data.get(f"what{row}")
            if what:
                line, _colon, field = what.partition(":")
                told.append((int(line), field, self.cleaned_data.get(f"value{row}", "")))
        return told


def _choice(line: int, field: str, value: str) -> str:
    stands = value if len(value) <= 40 else f"{value[:40]}…"
    return f"{place_words(line)}: {FIELD_WORDS[field]} ({stands or '—'})"
