"""Declaration elements of a product, filings with account books, and what customs grants."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from customs.models import CreditTier
from customs.rules.elements import LONGEST, MOST_CONTENT


class ElementsForm(forms.Form):
    """A field for each element, in the catalogue's order."""

    def __init__(self, *args: Any, names: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = list(names)
        for place, name in enumerate(names, 1):
            self.fields[f"element_{place}"] = forms.CharField(label=name, max_length=LONGEST)
        self.fields["content_ml"] = forms.IntegerField(
            label=_("Content of one unit (ml)"),
            required=False,
            min_value=1,
            max_value=MOST_CONTENT,
            help_text=_("For codes that are counted in litres; may be left out."),
        )

    @property
    def values(self) -> dict[str, str]:
        """What was typed, by the element's name."""
        return {
            name: self.cleaned_data[f"element_{place}"] for place, name in enumerate(self.names, 1)
        }


class FacilitationForm(forms.Form):
    """What customs grants an importer from a day on."""

    valid_from = forms.DateField(
        label=_("Valid from"), widget=forms.DateInput(attrs={"type": "date"})
    )
    tier = forms.ChoiceField(label=_("Credit level"), choices=CreditTier.choices, initial="regular")
    in_advance = forms.BooleanField(label=_("Declare in advance"), required=False)
    two_step = forms.BooleanField(label=_("Two-step declaration"), required=False)
    first_in = forms.BooleanField(label=_("First in, then declare"), required=False)
    collective = forms.BooleanField(label=_("Collective declaration"), required=False)
    summary_tax = forms.BooleanField(label=_("Summary tax"), required=False)
    evidence = forms.CharField(label=_("Paper of customs"), max_length=200)
