from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from warehouse.rules.erasing import NoReasonGiven


class EraseForm(forms.Form):
    number = forms.CharField(label=_("Number of the retail order"), max_length=32)
    reason = forms.CharField(
        label=_("By which request"),
        max_length=NoReasonGiven.longest,
        help_text=_("The number of a letter or a ticket; no name and no number of a person."),
    )
