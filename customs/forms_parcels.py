"""The forms of parcels' numbers: one parcel's, and a file of many."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from customs.rules.platforms import Platform
from warehouse.forms import UploadForm, amount_field


def _number(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=60,
        required=False,
        help_text=help_text,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class ParcelForm(forms.Form):
    """What customs asks for beside an order; what is emptied is not told any more."""

    waybill = _number(_("Waybill"), _("The carrier's number of the parcel."))
    payment = _number(
        _("Serial number of the payment"), _("As the payment company gave it for this order.")
    )
    paid = amount_field(
        _("Paid in all (CNY)"), told=_("As the payment says; left empty, what was told stays.")
    )

    collected_tax = amount_field(
        _("Tax the shop took (CNY)"), told=_("Part of it; left empty, what was told stays.")
    )
    platform = forms.ChoiceField(
        label=_("Platform"),
        required=False,
        help_text=_("On which the order was placed; that of its shop's channel unless chosen."),
    )

    def __init__(self, *args: Any, platforms: Sequence[Platform], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = {one.code: f"{one.name} ({one.code})" for one in platforms}
        field = self.fields["platform"]
        field.choices = [("", _("As its channel says")), *codes.items()]  # type: ignore[attr-defined]


class ParcelFileForm(UploadForm):
    """A file of them."""
