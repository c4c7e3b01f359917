"""The form by which an importer says what a supplier pays for a claim."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.rules.seen import stamp
from core.days import DayField
from core.money import Money, exponent
from warehouse.models import ClaimSettlement, SupplierClaim
from warehouse.rules.settling import LONGEST_REASON


class SettleForm(forms.Form):
    """Of a claim that has a settlement (``last``) a correction, which says why; ``seen`` recognises
    which version the page showed."""

    seen = forms.CharField(max_length=16, required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any = None,
        *,
        claim: SupplierClaim,
        last: ClaimSettlement | None,
        today: date,
    ) -> None:
        super().__init__(data, initial={"seen": stamp(last.version if last else 0)})
        self._currency = claim.currency
        stands = last.amount_minor if last else claim.amount_minor
        self.fields["amount"] = forms.DecimalField(
            label=_("The supplier pays, %(currency)s") % {"currency": claim.currency},
            min_value=0,
            max_digits=14,
            decimal_places=exponent(claim.currency),
            initial=Money(stands, claim.currency).amount,
        )
        self.fields["settled_on"] = DayField(
            label=_("Settled on"),
            initial=last.settled_on if last else today,
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        )
        if last:
            self.fields["reason"] = forms.CharField(label=_("Reason"), max_length=LONGEST_REASON)

    def amount_minor(self) -> int:
        return Money.of(self.cleaned_data["amount"], self._currency).minor
