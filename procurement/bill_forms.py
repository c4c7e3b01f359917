"""The form of a bill that came for an order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from core.days import DayField
from core.money import Money
from procurement.models import PurchaseOrderLine
from procurement.rules.order_bills import KINDS, NewBill
from procurement.rules.sharing import wording
from procurement.rules.sharing.costs import Driver


def kind_name(key: str) -> str:
    return pgettext("cost", wording.KINDS[key])


def driver_name(key: str) -> str:
    return pgettext("driver", wording.DRIVERS[Driver(key)])


class BillForm(forms.Form):
    """What the paper says, in yuan; a credit is negative."""

    kind = forms.ChoiceField(label=_("Kind"))
    line = forms.ChoiceField(
        label=_("Of which line"),
        required=False,
        help_text=_("Empty: of the whole order. A supplier's and an inspection are a line's."),
    )
    amount = forms.DecimalField(
        label=_("Amount in CNY"),
        max_digits=14,
        decimal_places=2,
        help_text=_("A credit is negative."),
    )
    document = forms.CharField(label=_("Number of the bill"), max_length=64)
    billed_on = DayField(
        label=_("Day of the bill"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    driver = forms.ChoiceField(
        label=_("Shared by"),
        required=False,
        help_text=_("Empty: as is usual for its kind, see the table."),
    )

    def __init__(
        self, data: Mapping[str, Any] | None, *, lines: Iterable[PurchaseOrderLine]
    ) -> None:
        super().__init__(data)
        chosen = {
            "kind": [(key, kind_name(key)) for key in KINDS],
            "driver": [("", "–"), *((str(one), driver_name(one)) for one in Driver)],
            "line": [("", "–"), *((str(one.pk), one.product.sku) for one in lines)],
        }
        for name, choices in chosen.items():
            cast(forms.ChoiceField, self.fields[name]).choices = choices

    def bill(self) -> NewBill:
        told = self.cleaned_data
        return NewBill(
            kind=told["kind"],
            amount_minor=Money.of(told["amount"], "CNY").minor,
            document=told["document"],
            billed_on=told["billed_on"],
            line=int(told["line"]) if told["line"] else None,
            driver=told["driver"],
        )
