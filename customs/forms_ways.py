"""On which way a shipment is declared, and that it went in first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from customs.rules.deadlines import Route
from customs.words import ROUTES
from warehouse.models import BondedWarehouse


class WayForm(forms.Form):
    """One of the ways that are open, and the day of arrival once it is known."""

    def __init__(self, *args: Any, ways: Sequence[Route], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["way"] = forms.ChoiceField(
            label=_("Way of declaring"), choices=[(one.value, ROUTES[one.value]) for one in ways]
        )
        self.fields["arrived_on"] = forms.DateField(
            label=_("Arrived on"),
            required=False,
            widget=forms.DateInput(attrs={"type": "date"}),
            help_text=_("Once it is there; until then the day that the supplier announced counts."),
        )


class EntryForm(forms.Form):
    """Into which warehouse a shipment went, and on which pass."""

    def __init__(self, *args: Any, warehouses: Sequence[BondedWarehouse], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["warehouse"] = forms.TypedChoiceField(
            label=_("Bonded warehouse"),
            choices=[(one.pk, one.name) for one in warehouses],
            coerce=int,
        )
        self.fields["pass_number"] = forms.CharField(
            label=_("Number of the pass"),
            max_length=24,
            help_text=_("Customs gave it: 4 to 24 capital letters and digits."),
        )
