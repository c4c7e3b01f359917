from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from warehouse.models import ChannelKind


class ChannelSecretForm(forms.Form):
    """Only Shopify signs with a secret of its own."""

    secret = forms.CharField(
        label=_("The shop's own secret"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("Shopify shows it under its webhooks. For the others leave it empty."),
    )


class ChannelFieldForm(forms.Form):
    """Where the shop keeps the buyer's identity number."""

    buyer_id_field = forms.CharField(
        label=_("Field of the identity number"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_(
            "WooCommerce: key of the meta field; Shopify: name of the note attribute. Empty for"
            " _buyer_id_number and buyer_id_number."
        ),
    )


class ChannelForm(ChannelFieldForm, ChannelSecretForm):
    name = forms.CharField(
        label=pgettext_lazy("of a thing", "Name"),
        max_length=32,
        help_text=_("Its orders carry it as their shop; it stays as it is."),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=ChannelKind.choices)

    field_order = ("name", "kind", "buyer_id_field", "secret")
