"""The form of the input; what it means is the services' business."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Company, CompanyKind
from catalog.models import Product
from catalog.queries import categories
from catalog.templatetags.catalog import category
from core.days import DayField, MomentField
from core.money import Money
from procurement.models import DepositStep, EntryKind, RunKind, ShortageRule
from procurement.queries.standing import Standing
from procurement.rules.ordering import (
    LEAST_PAYMENT_DAYS,
    MOST_PAYMENT_DAYS,
    PAYMENT_DAYS,
    RoundPolicy,
)
from procurement.services import ShippedLine

_MOMENT = "%Y-%m-%dT%H:%M"
_CURRENCIES = [(code, code) for code in ("USD", "EUR", "GBP", "JPY", "AUD", "NZD", "CNY")]


def _moment() -> forms.DateTimeInput:
    return forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_MOMENT)


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class FileForm(forms.Form):
    """A file of a table."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV (UTF-8 or GB18030) or XLSX, at most 20 MB and 100,000 rows."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )


class UploadForm(FileForm):
    """A file, or the rows of a spreadsheet as they are pasted."""

    pasted = forms.CharField(
        label=_("Or rows pasted from a spreadsheet"),
        required=False,
        max_length=2_000_000,
        strip=False,
        help_text=_(
            "Columns: SKU, units, and units less and more where you want; heads may stand."
        ),
        widget=forms.Textarea(attrs={"rows": 6, "class": "number", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].required = False

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        if not self.errors and not told.get("file") and not str(told.get("pasted", "")).strip():
            self.add_error("file", _("Choose a file, or paste rows."))
        return told


class RoundForm(forms.Form):
    quarter = forms.CharField(label=_("Quarter"), max_length=7, help_text=_("For example 2026-Q4."))
    category = forms.ChoiceField(
        label=_("Category"),
        required=False,
        help_text=_("The round of all categories takes what no round of a category takes."),
    )
    opens_at = MomentField(label=_("Opens"), widget=_moment())
    cutoff_at = MomentField(label=_("Cut-off"), widget=_moment())
    fill_until = MomentField(
        label=_("Packs are filled until"),
        required=False,
        widget=_moment(),
        help_text=_("After the cut-off only changes that improve the fill of packs are taken."),
    )
    deposit_percent = forms.IntegerField(
        label=_("Deposit in percent"), required=False, min_value=0, max_value=100
    )
    deposit_due_at = MomentField(
        label=_("Deposit is due"),
        required=False,
        widget=_moment(),
        help_text=_("Shares whose deposit is not paid by then drop out."),
    )
    shortage_rule = forms.ChoiceField(
        label=_("A shortage is split"),
        required=False,
        choices=ShortageRule.choices,
        initial=ShortageRule.UNIFORM_FLOOR,
    )
    tolerance_limit_percent = forms.IntegerField(
        label=_("Tolerance of a line, at most percent of its quantity"),
        required=False,
        min_value=0,
        max_value=100,
        initial=100,
    )
    budget = forms.DecimalField(
        label=_("Budget in CNY"), required=False, min_value=1, max_digits=15, decimal_places=2
    )
    payment_days = forms.IntegerField(
        label=_("Bills are paid within days"),
        required=False,
        min_value=LEAST_PAYMENT_DAYS,
        max_value=MOST_PAYMENT_DAYS,
        initial=PAYMENT_DAYS,
        help_text=_("Of the day on which a bill is made; sellers see it before they file."),
    )
    is_credit_applied = forms.BooleanField(
        label=_("A seller's record discounts what is ordered"), required=False
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, initial: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        self.fields["category"].choices = [  # type: ignore[attr-defined]
            ("", _("All categories")),
            *((name, category(name)) for name in categories()),
        ]

    def announced(self) -> dict[str, Any]:
        """The cleaned fields as ``open_round`` takes them."""
        told = self.cleaned_data
        named = {name: told[name] for name in ("quarter", "category", "opens_at", "cutoff_at")}
        return named | {"policy": self.policy()}

    def policy(self) -> RoundPolicy:
        told = self.cleaned_data
        budget, limit = told["budget"], told["tolerance_limit_percent"]
        return RoundPolicy(
            fill_until=told["fill_until"],
            deposit_due_at=told["deposit_due_at"],
            shortage_rule=told["shortage_rule"] or ShortageRule.UNIFORM_FLOOR,
            is_credit_applied=told["is_credit_applied"],
            deposit_percent=told["deposit_percent"] or 0,
            tolerance_limit_percent=100 if limit is None else limit,
            budget_minor=Money.of(budget, "CNY").minor if budget else None,
            payment_days=told["payment_days"] or PAYMENT_DAYS,
        )


class ChangeRoundForm(RoundForm):
    """How a round is run from now on. What may no longer change stands there and is not taken."""

    seen = forms.CharField(max_length=16, required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        stands: Mapping[str, Any],
        may_change: Collection[str],
        seen: str,
    ) -> None:
        self.stands = stands
        budget = stands["budget_minor"]
        initial = dict(stands) | {"seen": seen}
        initial["budget"] = Money(budget, "CNY").amount if budget else None
        super().__init__(data, initial=initial)
        for name in ("quarter", "category"):
            del self.fields[name]
        for name, field in self.fields.items():
            told = "budget_minor" if name == "budget" else name
            field.disabled = name != "seen" and told not in may_change

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        # The page tells whole minutes: a moment that was not touched stays to the microsecond.
        for name, stood in self.stands.items():
            given = told.get(name)
            if isinstance(stood, datetime) and isinstance(given, datetime):
                same = given.replace(second=0, microsecond=0) == stood.replace(
                    second=0, microsecond=0
                )
                told[name] = stood if same else given
        return told

    def changed(self) -> dict[str, Any]:
        """The cleaned fields as ``change_round`` takes them."""
        told = self.cleaned_data
        named = {name: told[name] for name in ("opens_at", "cutoff_at", "seen")}
        return named | {"policy": self.policy()}


class RoundsForm(RoundForm):
    """The same for several categories at once; which, stands in the list beside it."""

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        del self.fields["category"]

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        getlist = getattr(self.data, "getlist", None)
        picked = [name for name in (getlist("categories") if getlist else []) if name]
        if not picked:
            self.add_error(None, _("Pick at least one category in the list."))
        return {**told, "category": "", "categories": list(dict.fromkeys(picked))[:100]}

    def announced_for(self) -> dict[str, Any]:
        """The cleaned fields as ``open_rounds`` takes them."""
        told = self.announced()
        del told["category"]
        return {**told, "categories": self.cleaned_data["categories"]}


class OwnSkuForm(forms.Form):
    """A seller's own name for a product; the product may be left to an exact code."""

    own_sku = forms.CharField(label=_("Own SKU"), max_length=64)
    product = forms.CharField(
        label=_("SKU of the catalogue"),
        required=False,
        max_length=64,
        help_text=_("May be empty for a GTIN or a supplier's code."),
    )
    likely = forms.CharField(
        label=_("Your name for it"),
        required=False,
        max_length=200,
        help_text=_("Helps to find what is meant."),
    )

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        # The button of a proposal that a person confirms.
        sku = str(self.data.get("confirmed") or told.get("product") or "").strip()[:64]
        found = Product.objects.filter(sku=sku).first() if sku and "\x00" not in sku else None
        if sku and found is None:
            self.add_error("product", _("The catalogue has no such SKU."))
        return {**told, "product": found}


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
    """One order line of which something may travel in this shipment."""

    is_shipped = forms.BooleanField(label=_("Ship"), required=False, initial=True)
    quantity = forms.IntegerField(
        label=_("Units"),
        min_value=1,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "units"}),
    )
    batch = forms.CharField(label=_("Production batch"), max_length=20, required=False)
    produced_on = DayField(label=_("Produced"), widget=_day(), required=False)
    expires_on = DayField(label=_("Expires"), widget=_day(), required=False)

    def __init__(self, data: Mapping[str, Any] | None, *, standing: Standing) -> None:
        initial = {"quantity": standing.open}
        super().__init__(data, prefix=f"line{standing.line.pk}", initial=initial)
        self.line, self.open = standing.line, standing.open

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


class RunForm(forms.Form):
    """What is to be worked out for all sellers, and for which quarter."""

    kind = forms.ChoiceField(choices=RunKind.choices)
    quarter = forms.RegexField(r"^\d{4}-Q[1-4]$")


class DepositStepForm(forms.Form):
    """What the bank booked of a deposit, in yuan."""

    step = forms.ChoiceField(
        label=_("Step"),
        choices=[one for one in DepositStep.choices if one[0] != DepositStep.APPLIED],
    )
    amount = forms.DecimalField(
        label=_("Amount in CNY"), min_value=Decimal("0.01"), max_digits=12, decimal_places=2
    )
    value_date = DayField(label=_("Booked by the bank on"), widget=_day())
    reference = forms.CharField(
        label=_("Bank reference"),
        max_length=64,
        help_text=_("The bank's own number of the line; of a forfeit, its reason."),
    )

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if "amount" in told:
            told["amount_minor"] = Money.of(told["amount"], "CNY").minor
        return told


_BOOKED = {EntryKind.PAYMENT, EntryKind.REFUND}


class AccountStepForm(forms.Form):
    """What the bank booked on a seller's account, in yuan."""

    step = forms.ChoiceField(
        label=_("Step"),
        choices=[one for one in EntryKind.choices if one[0] in _BOOKED],
    )
    amount = forms.DecimalField(
        label=_("Amount in CNY"), min_value=Decimal("0.01"), max_digits=12, decimal_places=2
    )
    value_date = DayField(label=_("Booked by the bank on"), widget=_day())
    reference = forms.CharField(
        label=_("Bank reference"), max_length=64, help_text=_("The bank's own number of the line.")
    )

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if "amount" in told:
            told["amount_minor"] = Money.of(told["amount"], "CNY").minor
        return told
