"""What a guarantee is good for, and that tax of a month was paid."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from customs.rules.guarantees import LONGEST


def _yuan() -> forms.DecimalField:
    return forms.DecimalField(label=_("Amount, yuan"), max_digits=17, decimal_places=2)


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"})


class GuaranteeForm(forms.Form):
    """One guarantee from a day on."""

    assure_code = forms.CharField(
        label=_("Guarantor"),
        max_length=18,
        help_text=_("As on customs' tax bills: 10 or 18 digits and capital letters."),
    )
    amount = _yuan()
    valid_from = forms.DateField(label=_("Valid from"), widget=_day())
    holds = forms.BooleanField(
        label=_("Retail lists whose tax is more than what is free wait"),
        required=False,
        initial=True,
        help_text=_("Customs would refuse them. Without it you are warned, and they are sent."),
    )
    evidence = forms.CharField(label=_("Paper of the guarantee"), max_length=LONGEST)


class TaxPaymentForm(forms.Form):
    """A payment of a month's tax."""

    amount = _yuan()
    paid_on = forms.DateField(label=_("Paid on"), widget=_day())
    evidence = forms.CharField(label=_("Paper of the payment"), max_length=LONGEST)
