"""The forms of a gateway."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from customs.models import Gateway, GatewayKind, SignerKind
from customs.rules.gateways import HIGHEST_RATE
from customs.services.gateways import GatewayTold
from web.forms import PlainSelect


def _plain(**more: Any) -> forms.TextInput:
    return forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", **more})


class GatewayForm(forms.Form):
    """How a gateway is addressed, and how much it lets through."""

    cop_code = forms.CharField(
        label=_("Customs code of the transmitting company"),
        max_length=18,
        help_text=_("The same as at the client: 10 or 18 characters."),
        widget=_plain(),
    )
    cop_name = forms.CharField(label=_("Name of the transmitting company"), max_length=100)
    dxp_id = forms.CharField(
        label=_("Exchange user number (dxpId)"),
        max_length=30,
        help_text=_("Given by the e-port."),
        widget=_plain(),
    )
    sender_id = forms.CharField(
        label=_("Sender on the envelope"),
        max_length=16,
        help_text=_("Usually the exchange user number again."),
        widget=_plain(),
    )
    receiver_ids = forms.CharField(
        label=_("Receivers on the envelope"),
        max_length=100,
        help_text=_("One to five, with spaces between."),
        widget=_plain(),
    )
    kind = forms.ChoiceField(label=_("Way"), choices=GatewayKind.choices, widget=PlainSelect)
    signer = forms.ChoiceField(
        label=_("Who signs"),
        choices=SignerKind.choices,
        help_text=_("Keys and addresses are set by whoever runs the system, never here."),
        widget=PlainSelect,
    )
    per_minute = forms.IntegerField(
        label=_("Documents a minute"),
        min_value=1,
        max_value=HIGHEST_RATE,
        initial=250,
        help_text=_("A card signs about 250."),
    )
    is_open = forms.BooleanField(
        label=pgettext_lazy("gateway", "Open"),
        required=False,
        initial=True,
        help_text=_("Through a closed one nothing leaves; its messages wait."),
    )

    def clean_receiver_ids(self) -> list[str]:
        return str(self.cleaned_data["receiver_ids"]).split()

    @property
    def told(self) -> GatewayTold:
        names = GatewayTold.__slots__
        return GatewayTold(**{name: self.cleaned_data[name] for name in names})


class NewGatewayForm(GatewayForm):
    """The same, with the code by which its folders are called."""

    code = forms.CharField(
        label=pgettext_lazy("gateway", "Code"),
        max_length=32,
        help_text=_("Small letters, digits and hyphens; its folders are called so."),
        widget=_plain(),
    )
    field_order = ("code",)


def as_it_is(gateway: Gateway) -> dict[str, Any]:
    """What the form begins with."""
    told = {name: getattr(gateway, name) for name in GatewayTold.__slots__}
    return told | {"receiver_ids": " ".join(gateway.receiver_ids)}
