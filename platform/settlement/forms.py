from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Company
from catalog.rules import CURRENCIES
from core.days import DayField
from settlement.bank_accounts import holders
from settlement.models import Payable, PayableState, Period
from settlement.rules import period_before
from web.forms import PlainSelect

_CURRENCIES = [(code, code) for code in CURRENCIES]


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class OpenBatchesForm(forms.Form):
    """Whose open invoices of which period; offered is the quarter that is over."""

    debtor = forms.ModelChoiceField(
        label=_("Paying company"), queryset=Company.objects.none(), empty_label=None
    )
    period_start = DayField(label=_("Invoices from"), widget=_day())
    period_end = DayField(label=_("to"), widget=_day())

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        start, end = period_before(Period.QUARTER, today)
        kwargs.setdefault("initial", {"period_start": start, "period_end": end})
        super().__init__(*args, **kwargs)
        owing = Payable.objects.filter(state=PayableState.OPEN).values("debtor_id")
        field = self.fields["debtor"]
        field.queryset = Company.objects.filter(pk__in=owing).order_by("code")  # type: ignore[attr-defined]
        field.label_from_instance = lambda company: company.name  # type: ignore[attr-defined]


class PricingDayForm(forms.Form):
    priced_on = DayField(
        label=_("Pricing day"),
        widget=_day(),
        help_text=_(
            "The stored reference rate of this day is used, from the period's end to today."
        ),
    )


class ApprovalForm(forms.Form):
    """When the page was made whose figures are approved."""

    seen = forms.DateTimeField(widget=forms.HiddenInput)


class BankAccountForm(forms.Form):
    """Where a company's money is; whether the numbers can be right, a rule says."""

    company = forms.ModelChoiceField(
        label=_("Company"), queryset=Company.objects.none(), widget=PlainSelect
    )
    currency = forms.ChoiceField(label=_("Currency"), choices=_CURRENCIES, initial="EUR")
    account = forms.CharField(
        label=_("Account number"),
        max_length=60,
        help_text=_("The IBAN where the country has one; spaces do not matter."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    bic = forms.CharField(
        label=_("BIC of the bank"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    bank_name = forms.CharField(label=_("Name of the bank"), max_length=140)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["company"]
        field.queryset = holders()  # type: ignore[attr-defined]
        field.label_from_instance = lambda one: f"{one.code} · {one.name}"  # type: ignore[attr-defined]


class TermsForm(forms.Form):
    """What the bank takes; amounts in yuan, spreads in percent."""

    period = forms.ChoiceField(label=_("Pay every"), choices=Period, initial=Period.QUARTER)
    valid_from = DayField(label=_("Valid from"), widget=_day())
    wire_fee = forms.DecimalField(
        label=_("Fee per wire, CNY"), min_value=Decimal(0), max_digits=9, decimal_places=2
    )
    spread = forms.DecimalField(
        label=_("Spread on the reference rate, %"),
        min_value=Decimal(0),
        max_digits=5,
        decimal_places=3,
    )
    bulk_spread = forms.DecimalField(
        label=_("Spread for large conversions, %"),
        min_value=Decimal(0),
        max_digits=5,
        decimal_places=3,
    )
    bulk_from = forms.DecimalField(
        label=_("Large from, CNY"), min_value=Decimal(0), max_digits=13, decimal_places=2
    )
