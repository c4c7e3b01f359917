from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from warehouse.models import ShortageTerms
from warehouse.rules.parting import LONGEST_BACK_ORDER
from warehouse.rules.waiting import LONGEST_REASON


class HoldForm(forms.Form):
    """Why an order is held back."""

    reason = forms.CharField(
        label=_("Why it is held back"), max_length=LONGEST_REASON, help_text=_("In a few words.")
    )


class HouseHoldForm(HoldForm):
    """Which order a warehouse holds back."""

    number = forms.CharField(
        label=_("Retail order"), max_length=32, help_text=_("Its number, such as RO-2026-000017.")
    )

    field_order = ("number",)


class TermsForm(forms.Form):
    """How a seller's orders are taken."""

    shortage = forms.ChoiceField(
        label=_("If not everything is there"), choices=ShortageTerms.choices
    )
    back_order_days = forms.IntegerField(
        label=_("Wait for back-ordered units so many days"),
        min_value=1,
        max_value=LONGEST_BACK_ORDER,
        required=False,
        help_text=_("Only where the rest is back-ordered; 60 at most."),
    )
    may_split = forms.BooleanField(
        label=_("Serve an order from several warehouses where none has it all"),
        required=False,
        help_text=_("Each parcel gets a number, a retail list and its share of the freight."),
    )
