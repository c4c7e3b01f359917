"""The form of the bands of forecast credit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.days import DayField
from procurement.rules.crediting import Band, Policy
from procurement.rules.policies import MOST_DEPOSIT, NAMES


class BandForm(forms.Form):
    """What one band begins at, pays and may; percent of what a round sets."""

    from_score = forms.IntegerField(label=_("From score"), min_value=0, max_value=100)
    deposit = forms.IntegerField(label=_("Deposit"), min_value=0, max_value=MOST_DEPOSIT)
    tolerance = forms.IntegerField(label=_("Tolerance of a line"), min_value=0, max_value=100)
    priority = forms.IntegerField(label=_("Weight in a shortage"), min_value=1, max_value=100)


class PolicyForm(forms.Form):
    """Other rules of forecast credit, from a day on."""

    valid_from = DayField(
        label=_("Valid from"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    shrunk_by = forms.IntegerField(
        label=_("Units of the market beside each history"), min_value=0, max_value=10_000
    )
    newcomer_band = forms.ChoiceField(
        label=_("Band of newcomers"), choices=[(name, name) for name in NAMES]
    )
    newcomer_units = forms.IntegerField(
        label=_("Units of a product a newcomer stands for, at most"),
        min_value=0,
        max_value=10**6,
    )

    def __init__(self, data: Mapping[str, Any] | None, *, policy: Policy) -> None:
        names = ("shrunk_by", "newcomer_band", "newcomer_units")
        super().__init__(data, initial={name: getattr(policy, name) for name in names})
        self.bands = [
            (band.name, BandForm(data, prefix=band.name, initial=asdict(band)))
            for band in policy.bands
        ]

    def is_valid(self) -> bool:
        return all([super().is_valid(), *(form.is_valid() for _name, form in self.bands)])

    def policy(self) -> Policy:
        bands = tuple(Band(name=name, **form.cleaned_data) for name, form in self.bands)
        return Policy(**self.cleaned_data, bands=bands)
