"""Forms by which goods are put onto pallets, and pallets are moved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from warehouse.forms_moving import MOST_UNITS, SCANNED
from warehouse.queries.putting import Waiting
from warehouse.rules.posting import Status
from warehouse.services import Move


class PalletForm(forms.Form):
    """What goes onto a new pallet: of each of the goods that wait, so many units."""

    def __init__(self, *args: Any, waiting: Sequence[Waiting], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.waiting = waiting
        for one in waiting:
            self.fields[f"units_{one.key}"] = forms.IntegerField(
                label=_("Units"),
                min_value=1,
                max_value=MOST_UNITS,
                required=False,
                widget=forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            )

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not self.goods():
            raise forms.ValidationError(_("Say how many units go onto the pallet."))
        return told

    def rows(self) -> Iterator[tuple[Waiting, Any]]:
        for one in self.waiting:
            yield one, self[f"units_{one.key}"]

    def goods(self) -> list[Move]:
        """Where they go to, nobody knows yet."""
        return [
            Move(one.lot.number, Status(one.status), one.place.code, "", units)
            for one in self.waiting
            if (units := self.cleaned_data.get(f"units_{one.key}"))
        ]

    @property
    def place(self) -> str:
        """Where the pallet stands: where the first of its goods lie."""
        return self.goods()[0].origin


class MovePalletForm(forms.Form):
    place = forms.CharField(
        label=_("To place"), max_length=40, widget=forms.TextInput(attrs=SCANNED)
    )
