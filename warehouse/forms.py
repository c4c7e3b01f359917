from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.days import MomentField
from core.money import Money
from warehouse.rules.houses import MOST_OVER
from warehouse.rules.retail import (
    HIGHEST_PRICE_MINOR,
    LONGEST,
    MOST_UNITS,
    IncomingLine,
    IncomingOrder,
)
from web.forms import PlainSelect

#: How many lines the form for one order offers; longer orders come as a file.
LINES_OFFERED = 5
_MOMENTS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]


def moment_input() -> dict[str, Any]:
    """How a browser asks for a moment of an order, and what of it is understood."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_MOMENTS[0])
    return {"widget": widget, "input_formats": _MOMENTS}


def freight_field() -> forms.DecimalField:
    return amount_field(_("Freight paid by the consumer (CNY)"))


def amount_field(label: Any, *, told: Any = "") -> forms.DecimalField:
    """An amount of the whole order that may be left out."""
    return forms.DecimalField(
        label=label,
        help_text=told,
        min_value=0,
        max_value=HIGHEST_PRICE_MINOR // 100,
        decimal_places=2,
        required=False,
    )


def unpaid_field() -> MomentField:
    return MomentField(
        label=_("Not paid yet; keep its stock until"),
        required=False,
        help_text=_("Left empty once it is paid; seven days at most."),
        **moment_input(),
    )


class OrderForm(forms.Form):
    """The head of one consumer's order."""

    channel = forms.CharField(
        label=_("Shop"), max_length=LONGEST["channel"], help_text=_("Where it was sold.")
    )
    order_number = forms.CharField(
        label=_("Order number in the shop"), max_length=LONGEST["order_number"]
    )
    placed_at = MomentField(label=_("Placed at"), **moment_input())
    buyer_name = forms.CharField(
        label=_("Buyer"),
        max_length=LONGEST["buyer_name"],
        help_text=_("The name on the identity card; customs checks the two together."),
    )
    buyer_id_number = forms.CharField(label=_("Identity card number"), max_length=18)
    buyer_telephone = forms.CharField(
        label=_("Telephone"), max_length=LONGEST["buyer_telephone"], required=False
    )
    consignee_address = forms.CharField(
        label=_("Delivery address"), max_length=LONGEST["consignee_address"]
    )
    consignee_name = forms.CharField(
        label=_("Receiver, where it is not the buyer"),
        max_length=LONGEST["consignee_name"],
        required=False,
    )
    consignee_telephone = forms.CharField(
        label=_("Receiver's telephone"),
        max_length=LONGEST["consignee_telephone"],
        required=False,
    )
    freight = freight_field()
    insurance = amount_field(_("Insurance paid by the consumer (CNY)"))
    discount = amount_field(
        _("Paid with points or vouchers (CNY)"),
        told=_("Prices are entered before it; the tax is due on them in full."),
    )
    collected_tax = amount_field(
        _("Tax collected by the shop (CNY)"), told=_("Left empty: as it is worked out.")
    )
    paid = amount_field(
        _("Paid in all (CNY)"),
        told=_("As the payment says. Goods + freight + insurance + tax - points or vouchers."),
    )
    unpaid_until = unpaid_field()


class LineForm(forms.Form):
    """One line of an order; an empty one is left out."""

    quantity = forms.IntegerField(
        label=_("Quantity"), min_value=1, max_value=MOST_UNITS, required=False
    )
    unit_price = forms.DecimalField(
        label=_("Unit price without tax (CNY)"),
        min_value=0,
        max_value=HIGHEST_PRICE_MINOR // 100,
        decimal_places=2,
        required=False,
    )

    def __init__(
        self, *args: object, products: Iterable[tuple[str, str]], needed: bool, **kwargs: object
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["product"] = forms.ChoiceField(
            label=_("Product"),
            required=False,
            choices=[("", _("Choose a product")), *products],
            widget=PlainSelect,
        )
        if needed:
            for field in self.fields.values():
                field.required = True

    def clean(self) -> dict[str, object]:
        cleaned: dict[str, object] = super().clean() or self.cleaned_data
        told = [name for name in self.fields if cleaned.get(name) not in (None, "")]
        if told and not self.errors:
            for name in self.fields:
                if name not in told:
                    self.add_error(name, _("This must be filled in."))
        return cleaned


def incoming_order(head: OrderForm, lines: Iterable[LineForm]) -> IncomingOrder:
    """Two valid forms as the order the service takes."""
    told = head.cleaned_data
    return IncomingOrder(
        channel=told["channel"],
        order_number=told["order_number"],
        placed_at=told["placed_at"],
        buyer_name=told["buyer_name"],
        buyer_id_number=told["buyer_id_number"],
        buyer_telephone=told["buyer_telephone"],
        consignee_address=told["consignee_address"],
        consignee_name=told["consignee_name"],
        consignee_telephone=told["consignee_telephone"],
        freight_minor=fen(told["freight"]) or 0,
        insurance_minor=fen(told["insurance"]) or 0,
        discount_minor=fen(told["discount"]) or 0,
        collected_tax_minor=fen(told["collected_tax"]),
        paid_minor=fen(told["paid"]),
        unpaid_until=told["unpaid_until"],
        lines=tuple(
            IncomingLine(
                sku=line.cleaned_data["product"],
                quantity=line.cleaned_data["quantity"],
                unit_price_minor=Money.of(line.cleaned_data["unit_price"], "CNY").minor,
            )
            for line in lines
            if line.cleaned_data.get("product")
        ),
    )


def fen(amount: Decimal | None) -> int | None:
    """CNY as a form has it in minor units; None where nothing was told."""
    return None if amount is None else Money.of(amount, "CNY").minor


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("File (CSV or XLSX)"),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )


class HouseForm(forms.Form):
    """What customs must know of a warehouse; ``seen`` recognises what the page showed."""

    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=200)
    name_en = forms.CharField(label=_("Name in English"), max_length=200)
    customs_district = forms.CharField(
        label=_("Customs district"), max_length=10, help_text=_("Four digits, such as 3104.")
    )
    entry_port = forms.CharField(
        label=_("Port of entry"), max_length=12, help_text=_("Six digits, such as 310901.")
    )
    ledger_number = forms.CharField(
        label=_("Bonded account book"),
        max_length=20,
        help_text=_("Twelve letters and digits; declarations name it."),
    )
    gs1_prefix = forms.CharField(
        label=_("GS1 company prefix of its own"),
        max_length=20,
        required=False,
        help_text=_("Six to twelve digits; without one its pallets have the platform's."),
    )
    seen = forms.CharField(max_length=16, required=False, widget=forms.HiddenInput)


class GateForm(forms.Form):
    """How a house counts at its gate; ``seen`` recognises what the page showed."""

    counts_blind = forms.BooleanField(
        label=_("Who counts does not see what was announced"), required=False
    )
    over_percent = forms.IntegerField(
        label=_("Over the ship notice (%)"),
        min_value=0,
        max_value=MOST_OVER,
        help_text=_("So much more of a line may be received; it is the platform's."),
    )
    seen = forms.CharField(max_length=16, required=False, widget=forms.HiddenInput)


class NewHouseForm(HouseForm):
    code = forms.CharField(
        label=_("Warehouse code"), max_length=16, help_text=_("Short and stable, such as NB1.")
    )

    field_order = ("code",)
