from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.rules import CURRENCIES, MOST_OVER_PERCENT


class ImportForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV (UTF-8 or GB18030) or XLSX, at most 20 MB and 20,000 rows."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )


class TermsOfTradeForm(forms.Form):
    """``seen`` recognises what the page showed."""

    currency = forms.ChoiceField(
        label=_("Currency"),
        choices=[(code, code) for code in CURRENCIES],
        help_text=_("What its invoices are written in."),
    )
    departure_port = forms.CharField(
        label=_("Port of departure"), max_length=60, help_text=_("In Latin letters: Hamburg")
    )
    over_percent = forms.IntegerField(
        label=_("Taken over the notice (%)"),
        min_value=0,
        max_value=MOST_OVER_PERCENT,
        required=False,
        help_text=_("So much more than announced is received; empty: as each warehouse says."),
    )
    seen = forms.CharField(max_length=16, required=False, widget=forms.HiddenInput)
