"""The form of a storage tariff: amounts in yuan with four decimals."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.days import DayField
from warehouse.models import BondedWarehouse
from warehouse.rules.fees import HIGHEST_RATE, LARGEST_PALLET_CM3, LONGEST_DAYS, Tariff

#: Ages that a form offers; a rule knows how many there may be.
BANDS = 5
_USUAL = (30, 90, 180, 365)


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _rate(label: Any, help_text: Any = "") -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        min_value=Decimal(0),
        max_value=HIGHEST_RATE / 100,
        max_digits=10,
        decimal_places=4,
        required=False,
        help_text=help_text,
    )


class HouseChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A warehouse by code and name in the reader's language."""

    def label_from_instance(self, house: BondedWarehouse) -> str:
        return f"{house.code} {house.name}"


class TariffForm(forms.Form):
    """From which day on, and what for. A rate that is left empty is nothing."""

    warehouse = HouseChoice(
        label=_("Warehouse"), queryset=BondedWarehouse.objects.none(), empty_label=None
    )
    valid_from = DayField(
        label=_("Valid from"),
        widget=_day(),
        help_text=_("Today or later. A tariff without an end ends on the day before."),
    )
    valid_to = DayField(
        label=_("Valid to"),
        widget=_day(),
        required=False,
        help_text=_("Its last day; left empty it holds until the next begins."),
    )
    free_days = forms.IntegerField(
        label=_("Free days"), min_value=0, max_value=LONGEST_DAYS, initial=0
    )

    def __init__(self, data: Any = None, *, houses: QuerySet[BondedWarehouse], **told: Any) -> None:
        super().__init__(data, **told)
        self.fields["warehouse"].queryset = houses  # type: ignore[attr-defined]
        for at in range(1, BANDS + 1):
            if at < BANDS:
                self.fields[f"until_{at}"] = forms.IntegerField(
                    label=_("Up to day %(at)s of age") % {"at": f"({at})"},
                    min_value=1,
                    max_value=LONGEST_DAYS,
                    required=False,
                    initial=_USUAL[at - 1],
                )
            self.fields[f"rate_{at}"] = _rate(_("CNY for a m³ and day (%(at)s)") % {"at": at})
        self.fields["pallet_rate"] = _rate(_("CNY for a pallet and day"))
        self.fields["pallet_cm3"] = forms.IntegerField(
            label=_("cm³ on a pallet"),
            min_value=0,
            max_value=LARGEST_PALLET_CM3,
            required=False,
            help_text=_(
                "A pallet with goods on it is one pallet, which their owners share by volume. "
                "Loose goods count by volume: one that is begun is a whole one, for each lot."
            ),
        )
        self.fields["order_rate"] = _rate(_("CNY for an order handed over"))
        self.fields["order_line_rate"] = _rate(_("CNY for an order line"))
        self.fields["unit_in_rate"] = _rate(_("CNY for a unit handled in"))
        self.fields["transfer_rate"] = _rate(_("CNY for a change of owner"))
        self.fields["unit_given_rate"] = _rate(_("CNY for a unit that changes its owner"))

    def tariff(self) -> Tariff:
        """What was told, in fen; bands whose end was left empty are left out."""
        told = self.cleaned_data
        ends = [told[f"until_{at}"] for at in range(1, BANDS)]
        bands = [(at, end) for at, end in enumerate(ends, 1) if end is not None]
        return Tariff(
            valid_from=told["valid_from"],
            valid_to=told["valid_to"],
            free_days=told["free_days"],
            until_days=tuple(end for _at, end in bands),
            rates=tuple(self._fen(f"rate_{at}") for at in [*(at for at, _end in bands), BANDS]),
            pallet_rate=self._fen("pallet_rate"),
            pallet_cm3=told["pallet_cm3"] or 0,
            order_rate=self._fen("order_rate"),
            order_line_rate=self._fen("order_line_rate"),
            unit_in_rate=self._fen("unit_in_rate"),
            transfer_rate=self._fen("transfer_rate"),
            unit_given_rate=self._fen("unit_given_rate"),
        )

    def _fen(self, field: str) -> Decimal:
        return Decimal(self.cleaned_data[field] or 0) * 100
