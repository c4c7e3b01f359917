"""The form of what suppliers ask; what it means is the services' business."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from catalog.models import Product, TradingPartner
from catalog.rules import CURRENCIES
from core.days import DayField
from core.errors import NotExact
from core.money import Money, exponent
from procurement.models import (
    ContainerKind,
    FreightTerms,
    Incoterm,
    Multiple,
    Pricing,
    SupplierOffer,
)
from procurement.rules.offering import MOST_BREAKS
from procurement.services import NewContainer, NewOffer

_CURRENCIES = [(code, code) for code in CURRENCIES]
#: Empty rows for more prices than there are.
_SPARE = 3
_LEAST_ROWS = 5


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _whole(label: Any, **other: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=10**12, **other)


class SupplierChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A supplier by code and name in the reader's language."""

    def label_from_instance(self, partner: TradingPartner) -> str:
        return f"{partner.company.code} {partner.company.name}"


def _suppliers() -> QuerySet[TradingPartner]:
    return TradingPartner.objects.select_related("company").order_by("company__code")


class PriceRowForm(forms.Form):
    """From how many packs on a pack costs what; a row of which nothing is filled in is none."""

    from_packs = _whole(_("From packs"), required=False)
    price = forms.DecimalField(
        label=_("Price per pack"), required=False, max_digits=13, decimal_places=4, min_value=0
    )

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if (told.get("from_packs") is None) != (told.get("price") is None) and not self.errors:
            raise forms.ValidationError(_("A price has a number of packs from which it counts."))
        return told


class OfferForm(forms.Form):
    """One supplier's terms for one product. ``offer`` is the one that is changed: its product,
    supplier, currency, incoterm and first day stay."""

    sku = forms.CharField(label=_("SKU"), max_length=64)
    supplier = SupplierChoice(label=_("Supplier"), queryset=TradingPartner.objects.none())
    currency = forms.ChoiceField(label=_("Currency"), choices=_CURRENCIES)
    incoterm = forms.ChoiceField(label=_("Incoterm"), choices=Incoterm.choices, initial="FOB")
    valid_from = DayField(label=_("Valid from"), widget=_day())
    valid_to = DayField(label=_("Valid until"), widget=_day(), required=False)
    supplier_code = forms.CharField(
        label=_("Supplier's article number"), max_length=64, required=False
    )
    pack_quantity = _whole(_("Units per pack"))
    packs_per_layer = _whole(_("Packs per layer"), required=False)
    layers_per_pallet = _whole(_("Layers per pallet"), required=False)
    multiple = forms.ChoiceField(label=_("Ordered in"), choices=Multiple.choices)
    minimum_quantity = _whole(_("Minimum (units)"), required=False)
    capacity = _whole(
        _("Capacity (units)"), required=False, help_text=_("Left empty: whatever is ordered.")
    )
    lead_time_days = _whole(_("Lead time (days)"), initial=30)
    pricing = forms.ChoiceField(label=_("A price counts"), choices=Pricing.choices)
    seen = forms.CharField(max_length=16, required=False, widget=forms.HiddenInput)

    _FIXED = ("sku", "supplier", "currency", "incoterm", "valid_from")

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        offer: SupplierOffer | None = None,
        seen: str = "",
    ) -> None:
        super().__init__(data, initial=_initial(offer, seen) if offer else None)
        self.offer = offer
        steps = _steps(offer) if offer else []
        if offer:
            for name in self._FIXED:
                del self.fields[name]
        else:
            self.fields["supplier"].queryset = _suppliers()  # type: ignore[attr-defined]
        rows = max(_LEAST_ROWS, len(steps) + _SPARE)
        if data is not None:
            rows = min(MOST_BREAKS, sum(1 for name in data if name.endswith("-from_packs")))
        empty: list[dict[str, Any]] = [{} for _row in range(rows - len(steps))]
        self.prices = [
            PriceRowForm(data, prefix=f"p{at}", initial=step)
            for at, step in enumerate([*steps, *empty][:rows])
        ]

    def is_valid(self) -> bool:
        # All of it, so that everything that is wrong is told at once.
        return all([super().is_valid(), *(row.is_valid() for row in self.prices)])

    def clean_sku(self) -> str:
        sku: str = self.cleaned_data["sku"]
        self.product = Product.objects.filter(sku=sku).first()
        if self.product is None:
            raise forms.ValidationError(_("The catalogue has no product of this SKU."))
        return sku

    def terms(self) -> NewOffer | None:
        """The cleaned fields as a service takes them; None where a price is none of the currency,
        which then stands beside it."""
        told = {
            name: value for name, value in self.cleaned_data.items() if name not in {"sku", "seen"}
        }
        for name in ("packs_per_layer", "layers_per_pallet", "minimum_quantity"):
            told[name] = told[name] or 0
        if self.offer:
            told |= {
                "product": self.offer.product,
                "supplier": self.offer.supplier,
                "currency": self.offer.currency,
                "incoterm": self.offer.incoterm,
                "valid_from": self.offer.valid_from,
            }
        else:
            told["product"] = self.product
        breaks = []
        for row in self.prices:
            start, price = row.cleaned_data.get("from_packs"), row.cleaned_data.get("price")
            if start is None or price is None:
                continue
            try:
                breaks.append((start, Money.of(price, told["currency"]).minor))
            except NotExact:
                row.add_error("price", _("The currency has no such small amount."))
        if any(row.errors for row in self.prices):
            return None
        return NewOffer(**told, breaks=breaks)


def _initial(offer: SupplierOffer, seen: str) -> dict[str, Any]:
    names = (
        *("supplier_code", "pack_quantity", "packs_per_layer", "layers_per_pallet", "multiple"),
        *("minimum_quantity", "capacity", "lead_time_days", "pricing", "valid_to"),
    )
    return {name: getattr(offer, name) for name in names} | {"seen": seen}


def _steps(offer: SupplierOffer) -> Sequence[dict[str, Any]]:
    return [
        {
            "from_packs": step.from_packs,
            "price": Money(step.pack_price_minor, offer.currency).amount,
        }
        for step in sorted(offer.breaks.all(), key=lambda step: step.from_packs)
    ]


class EndForm(forms.Form):
    ends_on = DayField(label=_("Holds until"), widget=_day())
    seen = forms.CharField(max_length=16, required=False, widget=forms.HiddenInput)


class OfferFileForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV (UTF-8 or GB18030) or XLSX, at most 20 MB and 20,000 rows."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )


def _yuan(label: Any, *, help_text: Any = "") -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        required=False,
        min_value=0,
        max_digits=12,
        decimal_places=2,
        help_text=help_text,
    )


class ContainerForm(forms.Form):
    """What one kind of container costs and holds; without a price it is not offered."""

    price = _yuan(_("Price (CNY)"))
    volume = forms.DecimalField(
        label=_("Holds (m³)"), required=False, min_value=0, max_digits=9, decimal_places=3
    )
    weight = _whole(_("Holds (kg)"), required=False)

    def __init__(
        self, data: Mapping[str, Any] | None, *, kind: str, initial: dict[str, Any]
    ) -> None:
        super().__init__(data, prefix=f"c{kind}", initial=initial)
        self.kind = ContainerKind(kind)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        # What usually goes into a container stands there already; without a price it is none.
        has_price = told.get("price") is not None
        if has_price and not (told.get("volume") and told.get("weight")) and not self.errors:
            raise forms.ValidationError(_("A container has a price, cubic metres and kilograms."))
        return told

    def container(self) -> NewContainer | None:
        told = self.cleaned_data
        if told.get("price") is None:
            return None
        return NewContainer(
            kind=self.kind.value,
            price_minor=Money.of(told["price"], "CNY").minor,
            volume_cm3=int(told["volume"] * 1_000_000),
            weight_g=told["weight"] * 1000,
        )


#: What goes into a container as carriers publish it, rounded down: m³ and kg.
_USUAL = {"20GP": (28, 21_700), "40GP": (58, 26_500), "40HC": (68, 26_300)}


class FreightForm(forms.Form):
    """What the way from a supplier's port costs from a day on."""

    valid_from = DayField(label=_("Valid from"), widget=_day())
    lcl = _yuan(
        _("Less than a container, per m³ or tonne (CNY)"),
        help_text=_("Whichever of the two is more counts."),
    )
    lcl_minimum = _yuan(_("At least (CNY)"))
    order_fee = _yuan(_("Per order (CNY)"), help_text=_("For example the bank's wire."))
    declaration_fee = _yuan(_("Per declaration (CNY)"))
    line_fee = _yuan(_("Per line of a declaration (CNY)"))
    insurance = forms.DecimalField(
        label=_("Insurance (% of the value)"),
        help_text=_(
            "Not charged of CIF, CIP, DAP, DPU and DDP, where the supplier insures or bears the "
            "risk."
        ),
        required=False,
        min_value=0,
        max_value=100,
        max_digits=7,
        decimal_places=4,
    )

    def __init__(
        self, data: Mapping[str, Any] | None, *, terms: FreightTerms | None, today: date
    ) -> None:
        super().__init__(data, prefix="freight", initial=_freight_initial(terms, today))
        there = {one.kind: one for one in terms.containers.all()} if terms else {}
        self.containers = []
        for kind in ContainerKind.values:
            one = there.get(kind)
            volume, weight = _USUAL[kind]
            initial: dict[str, Any] = {"volume": volume, "weight": weight} if not terms else {}
            if one:
                initial = {
                    "price": Money(one.price_minor, "CNY").amount,
                    "volume": Decimal(one.volume_cm3) / 1_000_000,
                    "weight": one.weight_g // 1000,
                }
            self.containers.append(ContainerForm(data, kind=kind, initial=initial))

    def is_valid(self) -> bool:
        return all([super().is_valid(), *(one.is_valid() for one in self.containers)])

    def terms(self) -> dict[str, Any]:
        """The cleaned fields as ``set_freight`` takes them: fen and millionths."""
        told = self.cleaned_data
        names = ("lcl", "lcl_minimum", "order_fee", "declaration_fee", "line_fee")
        fen = {f"{name}_minor": Money.of(told[name] or 0, "CNY").minor for name in names}
        boxes = [one.container() for one in self.containers]
        return {
            "valid_from": told["valid_from"],
            "insurance_ppm": int((told["insurance"] or 0) * 10_000),
            "containers": [box for box in boxes if box is not None],
            **fen,
        }


def _freight_initial(terms: FreightTerms | None, today: date) -> dict[str, Any]:
    if terms is None:
        return {"valid_from": today}
    names = ("lcl", "lcl_minimum", "order_fee", "declaration_fee", "line_fee")
    told: dict[str, Any] = {
        name: Money(getattr(terms, f"{name}_minor"), "CNY").amount for name in names
    }
    return told | {
        "valid_from": today,
        "insurance": Decimal(terms.insurance_ppm) / 10_000,
    }


class MinimumForm(forms.Form):
    """Below what a supplier takes no order."""

    currency = forms.ChoiceField(label=_("Currency"), choices=_CURRENCIES)
    incoterm = forms.ChoiceField(label=_("Incoterm"), choices=Incoterm.choices, initial="FOB")
    amount = forms.DecimalField(
        label=_("Minimum per order"), min_value=0, max_digits=13, decimal_places=2
    )

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        amount, currency = told.get("amount"), told.get("currency")
        if amount is not None and currency:
            scaled = amount.scaleb(exponent(currency))
            if scaled != scaled.to_integral_value():
                self.add_error("amount", _("The currency has no such small amount."))
        return told

    def minimum(self) -> dict[str, Any]:
        told = self.cleaned_data
        return {
            "currency": told["currency"],
            "incoterm": told["incoterm"],
            "amount_minor": Money.of(told["amount"], told["currency"]).minor,
        }
