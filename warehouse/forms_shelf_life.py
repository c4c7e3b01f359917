"""Forms of how long goods may lie in bond and how much of their life a sale must leave."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from warehouse.rules.retail import LONGEST
from warehouse.rules.shelf_life import LONGEST_LIMIT, LONGEST_MINIMUM, SHORTEST_LIMIT
from warehouse.rules.waiting import LONGEST_REASON


class BondLimitForm(forms.Form):
    """How long goods may lie in bond in a warehouse."""

    days = forms.IntegerField(
        label=_("Days in bond"),
        min_value=SHORTEST_LIMIT,
        max_value=LONGEST_LIMIT,
        help_text=_("From the receipt of a lot; owners hear 90, 60 and 30 days before, and then."),
    )
    reason = forms.CharField(
        label=_("Why"), max_length=LONGEST_REASON, help_text=_("Such as the number of a permit.")
    )


class ShelfMinimumForm(forms.Form):
    """What of its life a sale must leave: of a shop, of a product, or of all."""

    channel = forms.CharField(
        label=_("Shop"),
        max_length=LONGEST["channel"],
        required=False,
        help_text=_("As its orders name it. It comes before what is set for a product."),
    )
    product = forms.CharField(
        label=_("SKU"),
        max_length=40,
        required=False,
        help_text=_("For one product in all other shops. Without both it is for all else."),
    )
    days = forms.IntegerField(
        label=_("Days that must be left"),
        min_value=1,
        max_value=LONGEST_MINIMUM,
        required=False,
        help_text=_("On the day of the order. Empty: no longer set."),
    )
