from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from warehouse.models import BondedWarehouse, Package
from warehouse.rules.picking import MOST_ORDERS, USUAL_ORDERS, PickLine, Spot
from warehouse.rules.serials import read_serials
from warehouse.services import Packed
from web.forms import PlainSelect

_APART = re.compile(r"[\s,;，；]+")


def numbers_in(text: str) -> list[str]:
    """What stands one after the other in a text, with blanks, commas or line breaks between."""
    return [one for one in _APART.split(text) if one]


class HouseField(forms.TypedChoiceField):
    """One of one's own warehouses; hidden where there is only one."""

    def __init__(self, houses: Sequence[BondedWarehouse]) -> None:
        self.houses = {house.pk: house for house in houses}
        one = len(houses) == 1
        super().__init__(
            label=_("Warehouse"),
            coerce=lambda told: self.houses.get(int(told)),
            choices=[(house.pk, f"{house.code} {house.name}") for house in houses],
            widget=forms.HiddenInput if one else PlainSelect,
            initial=houses[0].pk if one else None,
        )


class WaveForm(forms.Form):
    """How many orders, or which."""

    most = forms.IntegerField(
        label=pgettext_lazy("retail", "Orders"),
        min_value=1,
        max_value=MOST_ORDERS,
        initial=USUAL_ORDERS,
    )
    numbers = forms.CharField(
        label=_("Only these orders"),
        required=False,
        max_length=MOST_ORDERS * 33,
        help_text=_("Numbers, one after the other; left empty, the oldest are taken."),
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, houses: Sequence[BondedWarehouse], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["house"] = HouseField(houses)
        self.order_fields(["house", "most", "numbers"])

    def clean_numbers(self) -> list[str]:
        return numbers_in(self.cleaned_data["numbers"])


class FoundForm(forms.Form):
    """What was found of each line of a list; as it stands there, all of it."""

    def __init__(self, *args: Any, lines: Sequence[PickLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        for line in lines:
            self.fields[self.name_of(line)] = forms.IntegerField(
                label=_("Found"),
                min_value=0,
                max_value=line.units,
                initial=line.units,
                widget=forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            )

    @staticmethod
    def name_of(line: PickLine) -> str:
        return f"found_{line.spot.place}_{line.spot.lot}"

    def rows(self) -> list[tuple[PickLine, Any]]:
        return [(line, self[self.name_of(line)]) for line in self.lines]

    def found(self) -> dict[Spot, int]:
        return {line.spot: self.cleaned_data[self.name_of(line)] for line in self.lines}


class PackForm(forms.Form):
    """An order and the weights of its parcels."""

    order = forms.CharField(
        label=_("Order"),
        max_length=32,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    weights = forms.CharField(
        label=_("Weight of each parcel (g)"),
        max_length=200,
        help_text=_("Whole grams; of several parcels one after the other: 1200 850."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    package = forms.ChoiceField(label=_("Package"), choices=Package.choices, initial=Package.BOX)
    serials = forms.CharField(
        label=_("Serial numbers"),
        required=False,
        max_length=20_000,
        help_text=_(
            "Of units that have them, one after the other; of several parcels those of each on a "
            "line of its own."
        ),
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, houses: Sequence[BondedWarehouse], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["house"] = HouseField(houses)
        self.order_fields(["house", "order", "weights", "package", "serials"])

    def clean_weights(self) -> list[int]:
        told = numbers_in(self.cleaned_data["weights"])
        if not all(one.isascii() and one.isdigit() and len(one) < 7 for one in told):
            raise forms.ValidationError(_("Whole grams only."))
        return [int(one) for one in told]

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or self.cleaned_data
        if self._serials() and "weights" in told and not self._fits(len(told["weights"])):
            wrong = _("Of several parcels the serial numbers of each stand on a line of its own.")
            self.add_error("serials", wrong)
        return told

    def _serials(self) -> list[str]:
        """The lines that say something."""
        return [one for one in self.cleaned_data.get("serials", "").splitlines() if one.strip()]

    def _fits(self, parcels: int) -> bool:
        return parcels == 1 or len(self._serials()) == parcels

    def parcels(self) -> list[Packed]:
        """As they stand on the scales."""
        told = self.cleaned_data
        package, weights, lines = Package(told["package"]), told["weights"], self._serials()
        if len(weights) == 1:
            return [Packed(weights[0], package, read_serials("\n".join(lines)))]
        lines = lines or [""] * len(weights)
        return [
            Packed(weight, package, read_serials(line))
            for weight, line in zip(weights, lines, strict=True)
        ]
