"""The field of the count into which a scanner writes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.days import can_be_meant
from core.errors import InputError
from procurement.models import ShipmentLine
from warehouse.queries.serials import is_known
from warehouse.rules import scanning as rules
from warehouse.rules.scanning import CountedLine
from warehouse.rules.serials import SerialSeenTwice, read_serials


class ScanForm(forms.Form):
    """A code, and the count it is scanned into, of which nothing needs to be right yet."""

    scan = forms.CharField(
        label=gettext_lazy("Scan a barcode"), max_length=rules.LONGEST, required=False
    )
    adds = forms.BooleanField(label=gettext_lazy("Each scan adds one unit"), required=False)

    #: The line that was found, and how it stands now.
    line: ShipmentLine | None = None
    taken: CountedLine | None = None

    def __init__(self, told: Mapping[str, Any], lines: Sequence[ShipmentLine], today: date) -> None:
        super().__init__(told)
        self._told = {name: str(value) for name, value in told.items()}
        self._lines = {line.pk: line for line in lines}
        self._today = today

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or self.cleaned_data
        if found.get("scan"):
            try:
                said = rules.read(found["scan"], today=self._today)
                lines = [self._counted(line) for line in self._lines.values()]
                self.taken = rules.take(said, lines, adds=found["adds"])
                self.line = self._lines[self.taken.line]
                self._keep(said.serial)
            except InputError as error:
                self.add_error("scan", _(error.rule()))
        return found

    def _keep(self, serial: str) -> None:
        """The serial number goes to the others of its line. Raises SerialSeenTwice."""
        if self.line is None or not serial or not self.line.order_line.product.keeps_serials:
            return
        name, product = f"serials_{self.line.pk}", self.line.order_line.product
        before = read_serials(self._told.get(name, ""))
        if serial in before or is_known(product, serial):
            self.taken = self.line = None
            raise SerialSeenTwice(serial=serial)
        self._told[name] = "\n".join([*before, serial])

    def count(self) -> dict[str, str]:
        """The values of the count's fields after the scan, those of a refused one unchanged."""
        values = {
            name: value
            for name, value in self._told.items()
            if name not in ("csrfmiddlewaretoken", "step", *self.fields)
        }
        one = self.taken
        if one is not None:
            told = {
                "line": "" if one.counted is None else str(one.counted),
                "batch": one.batch,
                "produced": str(one.produced_on or ""),
                "expires": str(one.expires_on or ""),
            }
            values |= {f"{name}_{one.line}": value for name, value in told.items() if value}
        return values

    def _counted(self, line: ShipmentLine) -> CountedLine:
        """What cannot be read yet is not there; the count says so when it is compared."""
        told = {
            name: self._told.get(f"{name}_{line.pk}", "").strip()
            for name in ("line", "batch", "produced", "expires")
        }
        counted = told["line"]
        return CountedLine(
            line=line.pk,
            gtin=line.order_line.product.gtin.zfill(14),
            counted=int(counted) if counted.isdecimal() and len(counted) < 8 else None,
            batch=told["batch"],
            produced_on=_day(told["produced"]),
            expires_on=_day(told["expires"]),
        )


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if can_be_meant(day) else None
