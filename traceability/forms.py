from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from traceability.rules import MOST_LABELS


class CodeForm(forms.Form):
    """A code typed by hand: lenient in spelling, strict in meaning."""

    code = forms.CharField(
        label=_("Item code"),
        max_length=300,
        help_text=_("The 16 letters and figures below the QR code. Spaces do not matter."),
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "placeholder": "7KX2 9MBD 4QFT R8ZA",
            }
        ),
    )


class LabelForm(forms.Form):
    """How many labels of which lot."""

    gtin = forms.CharField(max_length=14)
    lot_number = forms.CharField(max_length=20)
    count = forms.IntegerField(label=_("Labels"), min_value=1, max_value=MOST_LABELS)
    next = forms.CharField(max_length=300, required=False)
