"""Forms of a warehouse's places."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from warehouse.models import BondedWarehouse, Zone


class InHouseForm(forms.Form):
    """For one of the company's warehouses; who has only one is not asked."""

    def __init__(self, *args: Any, houses: Sequence[BondedWarehouse], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._houses = {house.pk: house for house in houses}
        one = len(houses) == 1
        self.fields["warehouse"] = forms.TypedChoiceField(
            label=_("Warehouse"),
            coerce=int,
            required=not one,
            choices=[(house.pk, f"{house.code} {house.name}") for house in houses],
            widget=forms.HiddenInput if one else forms.Select,
            initial=houses[0].pk if one else None,
        )

    @property
    def house(self) -> BondedWarehouse:
        chosen = self.cleaned_data["warehouse"] or next(iter(self._houses))
        return self._houses[chosen]


class CapacityForm(forms.Form):
    """What a place bears; ``seen`` recognises what the page showed."""

    volume_m3 = forms.DecimalField(
        label=_("Volume (m³)"), min_value=0, max_digits=9, decimal_places=3, required=False
    )
    load_kg = forms.DecimalField(
        label=_("Load (kg)"), min_value=0, max_digits=9, decimal_places=3, required=False
    )
    seen = forms.CharField(max_length=16, required=False, widget=forms.HiddenInput)


class NewPlacesForm(InHouseForm):
    """One place, or all between two."""

    first = forms.CharField(
        label=_("Place"), max_length=40, help_text=_("Such as A-01-01; up to 32 characters.")
    )
    last = forms.CharField(
        label=_("Up to"),
        max_length=40,
        required=False,
        help_text=_("Such as A-20-04: all between the two are made. Empty for one place."),
    )
    zone = forms.ChoiceField(label=_("Zone"), choices=Zone.choices, initial=Zone.STORAGE)
    volume_m3 = forms.DecimalField(
        label=_("Volume (m³)"), min_value=0, max_digits=9, decimal_places=3, required=False
    )
    load_kg = forms.DecimalField(
        label=_("Load (kg)"), min_value=0, max_digits=9, decimal_places=3, required=False
    )

    field_order = ("warehouse",)


class PlacesFileForm(InHouseForm):
    file = forms.FileField(
        label=_("File (CSV or XLSX)"),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )
