"""Forms by which goods are put away and moved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from warehouse.forms_places import InHouseForm
from warehouse.models import StockStatus
from warehouse.queries.putting import Waiting
from warehouse.rules.pallets import place_code
from warehouse.rules.posting import PROMISED, Status
from warehouse.services import Move

MOST_UNITS = 9_999_999
#: What a scanner writes and a keyboard need not help with.
SCANNED = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
_LARGE = {"class": "form-control form-control-lg", **SCANNED}
_UNITS = {"class": "form-control form-control-lg", "inputmode": "numeric", "autocomplete": "off"}


class MoveForm(InHouseForm):
    """One move; each field is filled by a scan or by hand."""

    lot = forms.CharField(
        label=_("Lot"), max_length=40, widget=forms.TextInput(attrs=_LARGE | {"autofocus": True})
    )
    origin = forms.CharField(
        label=_("From place"), max_length=40, widget=forms.TextInput(attrs=_LARGE)
    )
    destination = forms.CharField(
        label=_("To place"), max_length=40, widget=forms.TextInput(attrs=_LARGE)
    )
    units = forms.IntegerField(
        label=_("Units"),
        min_value=1,
        max_value=MOST_UNITS,
        widget=forms.NumberInput(attrs=_UNITS),
    )
    status = forms.ChoiceField(
        label=_("Status"),
        choices=[one for one in StockStatus.choices if one[0] not in PROMISED],
        initial=StockStatus.AVAILABLE,
    )

    field_order = ("warehouse",)

    def move(self) -> Move:
        told = self.cleaned_data
        return Move(
            lot=told["lot"].strip().upper(),
            status=Status(told["status"]),
            origin=place_code(told["origin"]),
            destination=place_code(told["destination"]),
            units=told["units"],
        )


class PutAwayForm(forms.Form):
    """What waits, each with the suggested place and how many units go there."""

    def __init__(self, *args: Any, waiting: Sequence[Waiting], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.waiting = waiting
        for one in waiting:
            told = one.suggestion
            self.fields[f"go_{one.key}"] = forms.BooleanField(label=_("Put away"), required=False)
            self.fields[f"to_{one.key}"] = forms.CharField(
                label=_("To place"),
                max_length=40,
                required=False,
                initial=told.code if told else "",
                widget=forms.TextInput(attrs=SCANNED),
            )
            self.fields[f"units_{one.key}"] = forms.IntegerField(
                label=_("Units"),
                min_value=1,
                max_value=MOST_UNITS,
                required=False,
                initial=told.units if told else one.units,
                widget=forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            )

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or self.cleaned_data
        chosen = [one for one in self.waiting if told.get(f"go_{one.key}")]
        if not chosen and not self.errors:
            raise forms.ValidationError(_("Choose what is put away."))
        for one in chosen:
            for name in (f"to_{one.key}", f"units_{one.key}"):
                if name not in self.errors and not told.get(name):
                    self.add_error(name, _("This must be filled in."))
        return told

    def rows(self) -> Iterator[tuple[Waiting, Any, Any, Any]]:
        for one in self.waiting:
            yield one, self[f"go_{one.key}"], self[f"to_{one.key}"], self[f"units_{one.key}"]

    def moves(self) -> list[Move]:
        told = self.cleaned_data
        return [
            Move(
                lot=one.lot.number,
                status=Status(one.status),
                origin=one.place.code,
                destination=place_code(told[f"to_{one.key}"]),
                units=told[f"units_{one.key}"],
            )
            for one in self.waiting
            if told.get(f"go_{one.key}")
        ]


class EmptyPlaceForm(forms.Form):
    """Where all that lies at a place goes."""

    destination = forms.CharField(
        label=_("To place"), max_length=40, widget=forms.TextInput(attrs=SCANNED)
    )
