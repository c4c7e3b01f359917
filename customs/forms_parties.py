"""The forms of who stands on messages to customs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from customs.models import ItemRecord, RetailParties, SupervisionMode
from customs.rules.platforms import Platform, PlatformIncomplete, as_lines, read_lines, restored
from customs.services.parties import PartiesTold
from warehouse.forms_serving import HouseField
from warehouse.models import BondedWarehouse


def _code(label: Any, *, most: int = 18, required: bool = True, help_text: Any = "") -> Any:
    return forms.CharField(
        label=label,
        max_length=most,
        required=required,
        help_text=help_text,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


def _name(label: Any, *, required: bool = True) -> forms.CharField:
    return forms.CharField(label=label, max_length=100, required=required)


class PartiesForm(forms.Form):
    """Platform, shop, carrier and payment company, and who declares."""

    ebp_code = _code(
        _("Customs code of the platform"), help_text=_("The shop's platform: 10 or 18 characters.")
    )
    ebp_name = _name(_("Name of the platform"))
    platforms = forms.CharField(
        label=_("Further platforms"),
        required=False,
        max_length=8_000,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        help_text=_(
            "One a line: the shop's channel, the platform's customs code and its name, with commas "
            "between. Orders of all other channels go under the platform above."
        ),
    )
    ebc_code = _code(_("Customs code of the e-commerce company"))
    ebc_name = _name(_("Name of the e-commerce company"))
    assure_code = _code(
        _("Guarantor of the tax"), most=30, help_text=_("Whose guarantee stands for the tax.")
    )
    logistics_code = _code(_("Customs code of the carrier"))
    logistics_name = _name(_("Name of the carrier"))
    waybill_prefix = _code(
        _("Waybills begin with"),
        most=12,
        required=False,
        help_text=_("Where the carrier left a range of numbers; nine digits follow."),
    )
    pay_code = _code(_("Customs code of the payment company"), required=False)
    pay_name = _name(_("Name of the payment company"), required=False)
    sends_payments = forms.BooleanField(
        label=_("Tell customs of payments as well"),
        required=False,
        help_text=_("Only where the payment company leaves it to us."),
    )
    agent = _code(
        _("Code of the importer that declares"),
        most=32,
        help_text=_("Its code on this platform. It has to agree once."),
    )
    is_automatic = forms.BooleanField(
        label=_("Declare by itself"),
        required=False,
        initial=True,
        help_text=_("As soon as a list is drawn and nothing is missing."),
    )

    def clean_platforms(self) -> tuple[Platform, ...]:
        try:
            return tuple(read_lines(self.cleaned_data["platforms"]))
        except PlatformIncomplete as refusal:
            raise forms.ValidationError(gettext(refusal.rule())) from refusal

    @property
    def told(self) -> PartiesTold:
        return PartiesTold(**{name: self.cleaned_data[name] for name in PartiesTold.__slots__})


def as_told(parties: RetailParties) -> dict[str, Any]:
    """What the form begins with."""
    told = {name: getattr(parties, name) for name in PartiesTold.__slots__}
    return told | {
        "agent": parties.agent.code,
        "platforms": as_lines(restored(parties.platforms)),
    }


class HouseAtCustomsForm(forms.Form):
    """What customs asks of a warehouse on each parcel."""

    port_code = _code(
        _("Customs office of the port"), most=4, help_text=_("Four digits, such as 3104.")
    )
    traf_mode = _code(
        _("Transport out of the zone"),
        most=1,
        help_text=_("W logistics centre, Y bonded port area; ask your zone."),
    )
    site_code = _code(_("Supervised site"), most=10, required=False)
    item_record = forms.ChoiceField(
        label=_("Record number of goods in the list"),
        required=False,
        choices=[("", _("as before")), *ItemRecord.choices],
        help_text=_("itemRecordNo of a retail list: the item as a rule; ask your zone."),
    )
    mode = forms.ChoiceField(
        label=_("Mode in and out of bond"),
        required=False,
        choices=[("", _("as before")), *SupervisionMode.choices],
        help_text=_(
            "1239 in districts outside the pilot of cross-border retail only. From today on."
        ),
    )

    def __init__(self, *args: Any, houses: Sequence[BondedWarehouse], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["house"] = HouseField(houses)
        self.order_fields(["house"])
