"""A truck and what is on it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from customs.rules.passing import MOST_KILOGRAMS, LoadWrong, Truck, grams_of

_WEIGHT: dict[str, Any] = {"max_digits": 12, "decimal_places": 3, "max_value": MOST_KILOGRAMS}


class TruckForm(forms.Form):
    """A truck as it stands at the gate."""

    vehicle_number = forms.CharField(label=_("Licence plate"), max_length=32)
    vehicle_kg = forms.DecimalField(
        label=_("Weight of the empty truck (kg)"), min_value=1, **_WEIGHT
    )
    frame_number = forms.CharField(label=_("Trailer frame"), max_length=32, required=False)
    frame_kg = forms.DecimalField(
        label=_("Weight of the frame (kg)"), min_value=0, required=False, **_WEIGHT
    )
    container_number = forms.CharField(label=_("Container"), max_length=32, required=False)
    container_kg = forms.DecimalField(
        label=_("Weight of the empty container (kg)"), min_value=0, required=False, **_WEIGHT
    )

    @property
    def truck(self) -> Truck:
        """Raises TruckWrong."""
        told = self.cleaned_data
        grams = {
            name: grams_of(told[name], name) if told[name] is not None else 0
            for name in ("vehicle_kg", "frame_kg", "container_kg")
        }
        return Truck(
            told["vehicle_number"].strip().upper(),
            grams["vehicle_kg"],
            told["frame_number"].strip(),
            grams["frame_kg"],
            told["container_number"].strip(),
            grams["container_kg"],
        )


class PassForm(TruckForm):
    """One truck's pass; without lines it carries all that is left of the list."""

    packages = forms.IntegerField(
        label=_("Packages on it"),
        min_value=1,
        max_value=1_000_000,
        required=False,
        help_text=_("Empty: all that no other truck has."),
    )
    gross_kg = forms.DecimalField(
        label=_("Goods weighed, with packing (kg)"),
        min_value=0,
        required=False,
        help_text=_("Empty: by the declaration."),
        **_WEIGHT,
    )
    lines = forms.CharField(
        label=_("Only part of the goods"),
        max_length=20_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_(
            "A row for each line of the list: its number and how much, 1 600. Empty: the rest."
        ),
    )

    @property
    def gross(self) -> int | None:
        """Grams. Raises TruckWrong."""
        told = self.cleaned_data["gross_kg"]
        return None if told is None else grams_of(told, "gross_kg")

    @property
    def wanted(self) -> list[tuple[int, int]]:
        """Line and quantity. Raises LoadWrong for a row that has not these two."""
        return [_row(row) for row in self.cleaned_data["lines"].splitlines() if row.strip()]


#: Digits of a line's number or quantity: what a database column holds.
_DIGITS = 9


def _row(text: str) -> tuple[int, int]:
    parts = text.split()
    if len(parts) != 2 or not all(
        one.isascii() and one.isdigit() and len(one) <= _DIGITS for one in parts
    ):
        raise LoadWrong(line=text.strip()[:40])
    return int(parts[0]), int(parts[1])
