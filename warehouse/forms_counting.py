"""The count at the gate."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from core.clock import now
from core.days import DayField
from core.errors import InputError
from procurement.models import ShipmentLine
from warehouse.days import day_of
from warehouse.models import BondedWarehouse
from warehouse.rules import receiving as rules
from warehouse.rules.receiving import Found
from warehouse.rules.serials import (
    MOST,
    SerialSeenTwice,
    SerialsMissing,
    WrongSerial,
    check_serials,
    read_serials,
)

_UNITS = {"inputmode": "numeric", "autocomplete": "off"}
_BESIDE = {
    rules.MoreDamagedThanCounted: "damaged",
    rules.WrongBatch: "batch",
    rules.ProducedAfterExpiry: "produced",
    WrongSerial: "serials",
    SerialSeenTwice: "serials",
    SerialsMissing: "serials",
}


class CountForm(forms.Form):
    """One empty field per line: who counts blind does not see what was announced.

    Batch and days stand there as the supplier told them; what is left empty stays so.
    ``over_percent``: what is taken of this supplier over the notice, None as each house says.
    """

    def __init__(
        self,
        *args: Any,
        lines: Sequence[ShipmentLine],
        warehouses: Sequence[BondedWarehouse],
        over_percent: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        self._over_percent = over_percent
        self._warehouses = {house.pk: house for house in warehouses}
        one = len(warehouses) == 1
        self.fields["warehouse"] = forms.TypedChoiceField(
            label=_("Warehouse"),
            coerce=int,
            choices=[(house.pk, f"{house.code} {house.name}") for house in warehouses],
            widget=forms.HiddenInput if one else forms.Select,
            initial=warehouses[0].pk if one else None,
        )
        for line in lines:
            self._add(line)

    def _add(self, line: ShipmentLine) -> None:
        gtin = line.order_line.product.gtin.zfill(14)
        self.fields[f"line_{line.pk}"] = forms.IntegerField(
            label=_("Counted units"),
            min_value=0,
            max_value=9_999_999,
            widget=forms.NumberInput(attrs=_UNITS | {"data-count": gtin}),
        )
        self.fields[f"damaged_{line.pk}"] = forms.IntegerField(
            label=_("Of them damaged"),
            min_value=0,
            max_value=9_999_999,
            required=False,
            widget=forms.NumberInput(attrs=_UNITS),
        )
        self.fields[f"batch_{line.pk}"] = forms.CharField(
            label=_("Maker's batch"),
            max_length=20,
            required=False,
            initial=line.batch,
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
        )
        for name, label, day in (
            ("produced", _("Produced"), line.produced_on),
            ("expires", _("Expires"), line.expires_on),
        ):
            self.fields[f"{name}_{line.pk}"] = DayField(
                label=label,
                required=False,
                initial=day,
                widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            )

        if line.order_line.product.keeps_serials:
            self.fields[f"serials_{line.pk}"] = forms.CharField(
                label=_("Serial numbers"),
                max_length=21 * MOST,
                required=False,
                help_text=_("One for each counted unit: scanned, pasted, or from the file."),
                widget=forms.Textarea(
                    attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false"}
                ),
            )

    @property
    def house(self) -> BondedWarehouse:
        return self._warehouses[self.cleaned_data["warehouse"]]

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or self.cleaned_data
        if "warehouse" not in told:
            return told
        over = rules.tolerance(house=self.house.over_percent, supplier=self._over_percent)
        for line in self.lines:
            counted = told.get(f"line_{line.pk}")
            if counted is None:
                continue
            field = "line"
            try:
                rules.check_count(line.quantity, counted, over_percent=over)
                rules.check_found(counted, self._found(line), day_of(now()))
                check_serials(
                    self._found(line).serials,
                    counted,
                    keeps=line.order_line.product.keeps_serials,
                )
            except InputError as error:
                field = _BESIDE.get(type(error), field)
                told_row = f" ({error.facts['row']})" if "row" in error.facts else ""
                self.add_error(f"{field}_{line.pk}", _(error.rule()) + told_row)
        return told

    def _found(self, line: ShipmentLine) -> Found:
        told = self.cleaned_data
        return Found(
            damaged=told.get(f"damaged_{line.pk}") or 0,
            batch=told.get(f"batch_{line.pk}") or None,
            produced_on=told.get(f"produced_{line.pk}") or line.produced_on,
            expires_on=told.get(f"expires_{line.pk}") or line.expires_on,
            serials=read_serials(told.get(f"serials_{line.pk}") or ""),
        )

    def counts(self) -> dict[int, int]:
        """Counted units by shipment line id."""
        return {line.pk: self.cleaned_data[f"line_{line.pk}"] for line in self.lines}

    def found(self) -> dict[int, Found]:
        """What else was seen, by shipment line id."""
        return {line.pk: self._found(line) for line in self.lines}

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """Each line with its fields: the count, what is damaged, batch and days, serial numbers."""
        names = ("line", "damaged", "batch", "produced", "expires")
        for line in self.lines:
            has = line.order_line.product.keeps_serials
            serials = self[f"serials_{line.pk}"] if has else None
            yield (line, *(self[f"{name}_{line.pk}"] for name in names), serials)


def with_files(
    told: QueryDict, files: Mapping[str, Any], lines: Sequence[ShipmentLine]
) -> QueryDict:
    """What a count was sent with, the serial numbers in its files after those that were typed: a
    file is sent again with each scan, and then they stand there already."""
    sent = told.copy()
    for line in lines:
        file = files.get(f"file_{line.pk}")
        if file is not None:
            name, content = f"serials_{line.pk}", file.read(21 * MOST + 1)
            read = read_serials(content.decode("utf-8-sig", errors="replace"))
            typed = read_serials(sent.get(name, ""))
            there = frozenset(typed)
            sent[name] = "\n".join([*typed, *(one for one in read if one not in there)])
    return sent
