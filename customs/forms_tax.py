"""What a parcel holds whose tax is asked."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.money import Money
from customs.queries.quota import digest_of
from customs.queries.tax_estimates import MOST_UNITS, Asked
from customs.rules.tax_file import GENERAL_TRADE
from warehouse.rules.retail import HIGHEST_PRICE_MINOR
from web.forms import PlainSelect

#: Rows of the page; over the API a parcel may have more.
ROWS = 5
_DEAREST = HIGHEST_PRICE_MINOR // 100


def _yuan(**more: Any) -> forms.DecimalField:
    return forms.DecimalField(
        min_value=0,
        max_value=_DEAREST,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        **more,
    )


class TaxForm(forms.Form):
    """Rows of goods, what stands beside them, and the day."""

    regime = forms.ChoiceField(
        label=_("Import as"),
        choices=[("", _("retail import")), (GENERAL_TRADE, _("general trade"))],
        required=False,
        widget=PlainSelect,
        help_text=_("In general trade duty and both taxes are due in full; no limit is asked."),
    )
    freight = _yuan(label=_("Freight paid by the consumer (CNY)"), required=False)
    insurance = _yuan(label=_("Insurance (CNY)"), required=False)
    used = _yuan(
        label=_("Already ordered by this buyer this year (CNY)"),
        required=False,
        help_text=_("All shops together count towards the limit of a person and year."),
    )
    buyer = forms.CharField(
        label=_("Identity number of the buyer"),
        max_length=24,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("Then what the lists of all sellers hold of this buyer's year counts as well."),
    )
    day = forms.DateField(
        label=_("By the law of"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for row in range(1, ROWS + 1):
            first = row == 1
            self.fields[f"goods_{row}"] = forms.CharField(
                label=_("SKU or tariff code"),
                max_length=64,
                required=first,
                widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
            )
            self.fields[f"quantity_{row}"] = forms.IntegerField(
                label=_("Units"),
                min_value=1,
                max_value=MOST_UNITS,
                required=first,
                widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            )
            self.fields[f"price_{row}"] = _yuan(label=_("Price each (CNY)"), required=first)
            self.fields[f"holds_{row}"] = forms.CharField(
                label=_("A unit holds"),
                max_length=40,
                required=False,
                widget=forms.TextInput(
                    attrs={"autocomplete": "off", "placeholder": "30毫升", "spellcheck": "false"}
                ),
            )
            self.fields[f"origin_{row}"] = forms.RegexField(
                r"^[A-Za-z]{3}$",
                label=_("Proof of origin from"),
                required=False,
                error_messages={"invalid": _("A country has three letters, such as NZL.")},
                widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
            )

    @property
    def rows(self) -> list[list[forms.BoundField]]:
        """The rows' fields: goods, units, price, what a unit holds, whose proof is at hand."""
        return [
            [self[f"{name}_{row}"] for name in ("goods", "quantity", "price", "holds", "origin")]
            for row in range(1, ROWS + 1)
        ]

    @property
    def others(self) -> list[forms.BoundField]:
        """What stands beneath the rows."""
        return [self[name] for name in ("regime", "freight", "insurance", "used", "buyer", "day")]

    def clean(self) -> dict[str, Any] | None:
        """A row that names goods says how many and at what price as well."""
        cleaned = self.cleaned_data
        for row in range(2, ROWS + 1):
            names = [f"{name}_{row}" for name in ("goods", "quantity", "price")]
            told = [*names, f"holds_{row}", f"origin_{row}"]
            if any(cleaned.get(name) not in (None, "") for name in told):
                for name in names:
                    if cleaned.get(name) in (None, "") and name not in self.errors:
                        self.add_error(name, self.fields[name].error_messages["required"])
        return cleaned

    def asked(self) -> tuple[list[int], list[Asked]]:
        """The numbers of the rows that are filled in, and what they ask."""
        told = self.cleaned_data
        rows = [row for row in range(1, ROWS + 1) if told.get(f"goods_{row}")]
        return rows, [
            Asked(
                told[f"goods_{row}"].strip(),
                told[f"quantity_{row}"],
                Money.of(told[f"price_{row}"], "CNY").minor,
                told[f"origin_{row}"].upper(),
                holds=told[f"holds_{row}"].strip(),
            )
            for row in rows
        ]

    def fen(self, name: str) -> int:
        """An amount beneath the rows; nothing told is zero."""
        value = self.cleaned_data[name]
        return Money.of(value, "CNY").minor if value is not None else 0

    def is_retail(self) -> bool:
        return not self.cleaned_data["regime"]

    def digest(self) -> str:
        """The hash of the buyer asked after; empty where there is none. Raises what
        :func:`digest_of` raises."""
        told = self.cleaned_data["buyer"].strip()
        return digest_of(told) if told else ""

    def day_asked(self) -> date:
        day: date = self.cleaned_data["day"]
        return day
