"""The forms of counts: what is counted, what was found, what is decided."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from warehouse.models import BondedWarehouse, CountLine
from warehouse.rules.counting import LONGEST_REMARK, MOST_UNITS, Terms


class StartForm(forms.Form):
    subject = forms.CharField(
        label=_("What is counted"),
        max_length=200,
        help_text=_("SKUs, lot numbers or places, apart by spaces."),
    )
    freezes = forms.BooleanField(
        label=_("It stands still meanwhile"),
        required=False,
        help_text=_("Orders take other lots until the count is over; all else goes on."),
    )

    field_order = ("warehouse", "subject", "freezes")

    def __init__(
        self, *args: object, warehouses: Iterable[BondedWarehouse], **kwargs: object
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        houses = list(warehouses)
        one = len(houses) == 1
        self.fields["warehouse"] = forms.TypedChoiceField(
            label=_("Warehouse"),
            coerce=int,
            choices=[(house.pk, f"{house.code} {house.name}") for house in houses],
            widget=forms.HiddenInput if one else forms.Select,
            initial=houses[0].pk if one else None,
        )
        self.order_fields(self.field_order)


class BlindForm(forms.Form):
    """One empty field a line: who counts sees no figure."""

    def __init__(self, *args: object, lines: Iterable[CountLine], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.lines = list(lines)
        for line in self.lines:
            self.fields[f"line_{line.pk}"] = forms.IntegerField(
                label=_("Counted units"),
                min_value=0,
                max_value=MOST_UNITS,
                widget=forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            )

    def rows(self) -> list[tuple[CountLine, forms.BoundField]]:
        return [(line, self[f"line_{line.pk}"]) for line in self.lines]

    def units(self) -> dict[int, int]:
        """Counted units by line id."""
        return {line.pk: self.cleaned_data[f"line_{line.pk}"] for line in self.lines}


class DecideForm(forms.Form):
    remark = forms.CharField(
        label=_("Reference or remark in the account book"),
        max_length=LONGEST_REMARK,
        required=False,
        help_text=_("Customs must be able to find the differences there."),
    )


class CountTermsForm(forms.Form):
    a_days = forms.IntegerField(label=_("Days between two counts of A"), min_value=1)
    b_days = forms.IntegerField(label=_("Days between two counts of B"), min_value=1)
    c_days = forms.IntegerField(label=_("Days between two counts of C"), min_value=1)
    tolerance = forms.DecimalField(
        label=_("Tolerance (percent)"),
        min_value=0,
        max_value=10,
        decimal_places=2,
        help_text=_("What differs by more is counted again by another person."),
    )

    def terms(self) -> Terms:
        """A valid form as the service takes it."""
        told = self.cleaned_data
        return Terms(told["a_days"], told["b_days"], told["c_days"], int(told["tolerance"] * 100))

    @staticmethod
    def of(terms: Terms) -> dict[str, object]:
        return {
            "a_days": terms.a_days,
            "b_days": terms.b_days,
            "c_days": terms.c_days,
            "tolerance": Decimal(terms.tolerance_bp) / 100,
        }
