from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from customs.rules.charges import Kind
from customs.rules.releasing import LONGEST_REFERENCE
from warehouse.models import BondedWarehouse

#: The charges that are told with a draft, by their fields.
CHARGES = {"freight_charge": Kind.FREIGHT, "insurance_charge": Kind.INSURANCE}


class DraftForm(forms.Form):
    """Into which warehouse the goods go."""

    warehouse = forms.TypedChoiceField(label=_("Bonded warehouse"), coerce=int)
    freight_charge = forms.CharField(
        label=_("Freight"),
        required=False,
        max_length=40,
        help_text=_("As on the form: USD/450.00/3; left out, what the supplier's notice says."),
    )
    insurance_charge = forms.CharField(
        label=_("Insurance"),
        required=False,
        max_length=40,
        help_text=_("As on the form: USD/12.00/3, or 0.3/1 for a rate of 0.3 per cent."),
    )

    def __init__(self, *args: Any, warehouses: Sequence[BondedWarehouse], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["warehouse"].choices = [  # type: ignore[attr-defined]
            (one.pk, f"{one.code} · {one.name}") for one in warehouses
        ]


class RedraftForm(DraftForm):
    """The same for a draft in the place of another: as it was, unless somebody says otherwise."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["warehouse"].required = False


class QueueForm(forms.Form):
    language = forms.ChoiceField(
        label=_("Language of the paper"),
        choices=[("zh-hans", _("Chinese")), ("en", _("English"))],
        initial="zh-hans",
    )


class ReleaseForm(forms.Form):
    their_reference = forms.CharField(
        label=_("Customs number"),
        max_length=40,
        help_text=_("18 digits: district, year, 1 for import, and nine more."),
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false"}
        ),
    )


class RejectionForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason that customs gave"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class RetailReleaseForm(forms.Form):
    reference = forms.CharField(
        label=_("Number of the receipt"),
        max_length=LONGEST_REFERENCE,
        required=False,
        help_text=_("As customs gave it; may be left out."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
