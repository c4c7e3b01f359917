"""The form by which a warehouse puts a unit's serial number right."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from warehouse.forms_moving import SCANNED
from warehouse.models import SerialAct
from warehouse.rules.renumbering import LONGEST_REASON


class SerialChangeForm(forms.Form):
    serial = forms.CharField(
        label=_("Serial number"), max_length=40, widget=forms.TextInput(attrs=SCANNED)
    )
    act = forms.ChoiceField(label=_("What became of it"), choices=SerialAct.choices)
    right = forms.CharField(
        label=_("The right number"),
        max_length=20,
        required=False,
        help_text=_("Only of a number that was mistyped."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    reason = forms.CharField(label=_("Reason"), max_length=LONGEST_REASON)
