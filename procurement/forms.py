"""The form of the input; what it means is the services' business."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Company, CompanyKind
from catalog.models import Product
from core.days import DayField, MomentField
from core.money import Money
from procurement.models import PurchaseOrderLine
from procurement.rules.forecasting import LARGEST_LINE
from procurement.services import ShippedLine

_MOMENT = "%Y-%m-%dT%H:%M"
_CURRENCIES = [(code, code) for code in ("USD", "EUR", "GBP", "JPY", "AUD", "NZD", "CNY")]


def _moment() -> forms.DateTimeInput:
    return forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_MOMENT)


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ForecastForm(forms.Form):
    """Units for the products shown; the fields are called ``p<product id>``."""

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        products: Iterable[Product],
        current: Mapping[int, int],
    ) -> None:
        super().__init__(data)
        self.products = list(products)
        for product in self.products:
            self.fields[f"p{product.pk}"] = forms.IntegerField(
                label=product.name,
                required=False,
                min_value=0,
                error_messages={
                    "min_value": _("A quantity cannot be negative."),
                    "invalid": _("A quantity is written in digits only."),
                },
                max_value=LARGEST_LINE,
                initial=current.get(product.pk),
                widget=forms.NumberInput(
                    attrs={
                        "inputmode": "numeric",
                        "class": "units",
                        "aria-label": product.sku,
                        "form": "forecast",
                    }
                ),
            )

    @property
    def rows(self) -> list[tuple[Product, forms.BoundField]]:
        """Each product with its field."""
        return [(product, self[f"p{product.pk}"]) for product in self.products]

    def seen(self, newest: int) -> int:
        """The version that the form was fetched with: what was typed changes that one."""
        told = str(self.data.get("seen", ""))
        return int(told) if told.isascii() and told.isdecimal() and len(told) < 10 else newest

    def quantities(self) -> dict[int, int]:
        """Units by product id of the products that were sent; empty means none.

        A product that came onto this page since the form was fetched was not seen, so it is
        left as it was filed.
        """
        sent = [p for p in self.products if f"p{p.pk}" in self.data]
        return {p.pk: self.cleaned_data.get(f"p{p.pk}") or 0 for p in sent}


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV (UTF-8 or GB18030) or XLSX, at most 20 MB and 100,000 rows."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )


class RoundForm(forms.Form):
    quarter = forms.CharField(label=_("Quarter"), max_length=7, help_text=_("For example 2026-Q4."))
    opens_at = MomentField(label=_("Opens"), widget=_moment())
    cutoff_at = MomentField(label=_("Cut-off"), widget=_moment())


class CompanyChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A company by code and name in the reader's language."""

    def label_from_instance(self, company: Company) -> str:
        return f"{company.code} {company.name}"


def _importers() -> QuerySet[Company]:
    return Company.objects.filter(kinds__contains=[CompanyKind.IMPORTER]).order_by("code")


class CloseForm(forms.Form):
    buyer = CompanyChoice(
        label=_("Importer of record"),
        queryset=Company.objects.none(),
        help_text=_("The orders are bought, declared and paid in its name."),
    )

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        importers = _importers()
        # With one importer of record there is nothing to choose.
        super().__init__(data, initial={"buyer": importers[0] if len(importers) == 1 else None})
        self.fields["buyer"].queryset = importers  # type: ignore[attr-defined]


class ShipForm(forms.Form):
    vessel = forms.CharField(label=_("Vessel name"), max_length=60)
    voyage = forms.CharField(label=_("Voyage"), max_length=32)
    bill_of_lading = forms.CharField(label=_("Bill of lading number"), max_length=37)
    departed_at = MomentField(label=_("Departed"), widget=_moment())
    expected_on = DayField(label=_("Expected arrival"), widget=_day())
    packages = forms.IntegerField(
        label=_("Number of packages"),
        required=False,
        min_value=1,
        max_value=1_000_000,
        help_text=_("Left empty: as many as there are packs."),
    )
    freight = forms.DecimalField(
        label=_("Freight"), required=False, min_value=0, max_digits=12, decimal_places=2
    )
    insurance = forms.DecimalField(
        label=_("Insurance"), required=False, min_value=0, max_digits=12, decimal_places=2
    )
    freight_currency = forms.ChoiceField(
        label=_("Currency of freight and insurance"), choices=_CURRENCIES, initial="USD"
    )

    def travel(self) -> dict[str, Any]:
        """The cleaned fields as ``ship_order`` takes them; amounts in minor units."""
        told = dict(self.cleaned_data)
        currency = told["freight_currency"]
        freight, insurance = told.pop("freight") or 0, told.pop("insurance") or 0
        told["freight_minor"] = Money.of(freight, currency).minor
        told["insurance_minor"] = Money.of(insurance, currency).minor
        return told


class ShippedLineForm(forms.Form):
    """One order line that may travel in this shipment."""

    is_shipped = forms.BooleanField(label=_("Ship"), required=False, initial=True)
    batch = forms.CharField(label=_("Production batch"), max_length=20, required=False)
    produced_on = DayField(label=_("Produced"), widget=_day(), required=False)
    expires_on = DayField(label=_("Expires"), widget=_day(), required=False)

    def __init__(self, data: Mapping[str, Any] | None, *, line: PurchaseOrderLine) -> None:
        super().__init__(data, prefix=f"line{line.pk}")
        self.line = line

    def shipped(self) -> ShippedLine | None:
        """The line as ``ship_order`` takes it, when it is to travel."""
        told = dict(self.cleaned_data)
        if not told.pop("is_shipped"):
            return None
        return ShippedLine(order_line_id=self.line.pk, **told)


class InvoiceForm(forms.Form):
    invoice_number = forms.CharField(label=_("Supplier's invoice number"), max_length=35)
    invoiced_on = DayField(label=_("Invoice date"), widget=_day())
    due_on = DayField(label=_("Due date"), widget=_day())
