from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from warehouse.forms_serving import HouseField, numbers_in
from warehouse.models import BondedWarehouse, Carrier
from warehouse.rules.handing import MOST_PARCELS
from web.forms import PlainSelect


class CarrierForm(forms.Form):
    code = forms.CharField(
        label=_("Code"),
        max_length=16,
        help_text=_("Capital letters, digits and hyphens, such as SF or ZTO-NB."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    name = forms.CharField(label=pgettext_lazy("of a thing", "Name"), max_length=100)


class HandOverForm(forms.Form):
    """Which parcels one carrier takes."""

    parcels = forms.CharField(
        label=_("Only these parcels"),
        required=False,
        max_length=MOST_PARCELS * 21,
        help_text=_("Numbers, one after the other; left empty, all that wait leave."),
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(
        self,
        *args: Any,
        houses: Sequence[BondedWarehouse],
        carriers: Sequence[Carrier],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        known = {one.pk: one for one in carriers}
        self.fields["house"] = HouseField(houses)
        self.fields["carrier"] = forms.TypedChoiceField(
            label=_("Carrier"),
            coerce=lambda told: known.get(int(told)),
            choices=[(one.pk, f"{one.code} {one.name}") for one in carriers],
            widget=PlainSelect,
        )
        self.order_fields(["house", "carrier", "parcels"])

    def clean_parcels(self) -> list[str]:
        return numbers_in(self.cleaned_data["parcels"])


class TrackingForm(forms.Form):
    file = forms.FileField(
        label=_("Tracking numbers"),
        help_text=_("CSV or XLSX with the columns parcel and tracking_number."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx"}),
    )


class EventsForm(forms.Form):
    file = forms.FileField(
        label=_("Events"),
        help_text=_(
            "CSV or XLSX with the columns parcel (our number or the carrier's), kind and"
            " happened_at; place and note may be there. Kinds: picked_up, in_transit, delivered,"
            " failed, returned."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx"}),
    )
