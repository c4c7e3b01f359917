from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from warehouse.models import RetailOrderLine
from warehouse.queries.returning import LotToCount
from warehouse.rules.returning import LONGEST_REASON


class RefusalForm(forms.Form):
    """Why something is not taken in."""

    reason = forms.CharField(label=_("Why"), max_length=LONGEST_REASON)


class ReturnForm(forms.Form):
    """How many units of each line come back."""

    reason = forms.CharField(label=_("Why it comes back"), max_length=LONGEST_REASON)

    def __init__(self, *args: object, lines: Sequence[RetailOrderLine], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.lines = lines
        for line in lines:
            self.fields[f"line_{line.position}"] = forms.IntegerField(
                label=f"{line.product.sku} {line.product.name}",
                min_value=0,
                max_value=line.quantity,
                required=False,
            )

    def units(self) -> dict[int, int]:
        """By line of the order."""
        told = self.cleaned_data
        return {line.position: told[f"line_{line.position}"] or 0 for line in self.lines}


class ArrivalForm(forms.Form):
    """Units of each lot that came back, and the serial numbers of those that left with one."""

    serials = forms.CharField(
        label=_("Serial numbers"),
        required=False,
        max_length=20_000,
        help_text=_("Of units that have them, one after the other."),
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args: object, lots: Sequence[LotToCount], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.lots = lots
        for lot in lots:
            self.fields[f"lot_{lot.reservation}"] = forms.IntegerField(
                label=_("Counted units"), min_value=0, max_value=9_999, required=False
            )

    def counted(self) -> dict[int, int]:
        """By reservation (id)."""
        told = self.cleaned_data
        return {lot.reservation: told[f"lot_{lot.reservation}"] or 0 for lot in self.lots}
