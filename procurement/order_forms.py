"""The form of what is agreed about an order; what it means is the services' business."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.rules import CURRENCIES
from core.days import DayField
from core.errors import NotExact
from core.money import Money
from procurement.queries.standing import Standing
from procurement.rules.confirming import Confirmed


class ConfirmForm(forms.Form):
    reference = forms.CharField(
        label=_("The supplier's number of its confirmation"), max_length=64, required=False
    )


class ConfirmLineForm(forms.Form):
    """What the supplier confirms of one line: what left already is included."""

    packs = forms.IntegerField(label=_("Packs"), min_value=0, max_value=10**9)
    price = forms.DecimalField(
        label=_("Price per pack"), min_value=0, max_digits=13, decimal_places=4
    )
    promised_on = DayField(
        label=_("Promised for"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(
        self, data: Mapping[str, Any] | None, *, standing: Standing, currency: str
    ) -> None:
        terms = standing.terms
        initial = {
            "packs": standing.packs,
            "price": Money(terms.pack_price_minor, currency).amount,
            "promised_on": terms.promised_on,
        }
        super().__init__(data, prefix=f"line{standing.line.pk}", initial=initial)
        self.standing, self.line, self.currency = standing, standing.line, currency

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("price") is not None:
            try:
                told["pack_price_minor"] = Money.of(told["price"], self.currency).minor
            except NotExact:
                self.add_error("price", _("The currency has no such small amount."))
        return told

    def confirmed(self) -> Confirmed:
        told = self.cleaned_data
        return Confirmed(
            packs=told["packs"],
            pack_price_minor=told["pack_price_minor"],
            promised_on=told["promised_on"],
        )


class DecideForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=500, required=False)


class CancelForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )


class CancelLineForm(forms.Form):
    """How many open units of one line are cancelled."""

    quantity = forms.IntegerField(
        label=_("Units to cancel"),
        min_value=0,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "units"}),
    )

    def __init__(self, data: Mapping[str, Any] | None, *, standing: Standing) -> None:
        super().__init__(data, prefix=f"line{standing.line.pk}")
        self.standing, self.line = standing, standing.line


class LimitForm(forms.Form):
    currency = forms.ChoiceField(
        label=_("Currency"), choices=[(code, code) for code in CURRENCIES], initial="CNY"
    )
    amount = forms.DecimalField(
        label=_("One person approves up to"),
        required=False,
        min_value=0,
        max_digits=14,
        decimal_places=2,
        help_text=_("Left empty: the limit of this currency is taken away."),
    )

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        told["amount_minor"] = None
        if told.get("amount") is not None and told.get("currency"):
            try:
                told["amount_minor"] = Money.of(told["amount"], told["currency"]).minor
            except NotExact:
                self.add_error("amount", _("The currency has no such small amount."))
        return told

    def limit(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("currency", "amount_minor")}
