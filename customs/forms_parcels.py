"""The forms of parcels' numbers: one parcel's, and a file of many."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

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


class ParcelFileForm(UploadForm):
    """A file of them."""
