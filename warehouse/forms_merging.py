from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from core.days import MomentField
from core.money import Money
from warehouse.forms import amount_field, fen, freight_field, moment_input, unpaid_field
from warehouse.models import RetailOrder
from warehouse.queries.retail import buyer_of
from warehouse.rules.retail import LONGEST
from warehouse.services import NewOrder


class MergeForm(forms.Form):
    """Which orders become one with that of the page, and what the shop says of that one.

    The receiver is asked for only where the orders go to different ones.
    """

    orders = forms.MultipleChoiceField(
        label=_("Becomes one with"), widget=forms.CheckboxSelectMultiple
    )
    order_number = forms.CharField(
        label=_("Number of the new order in the shop"),
        max_length=LONGEST["order_number"],
        help_text=_("Its payment names this number; that of an order it replaces will not do."),
    )
    placed_at = MomentField(label=_("Placed at"), **moment_input())
    freight = freight_field()
    paid = amount_field(
        _("Paid in all (CNY)"),
        told=_("Left empty: what was told of all the orders together, else worked out."),
    )
    collected_tax = amount_field(
        _("Tax the shop took (CNY)"),
        told=_("Left empty: what was told of all the orders together, else worked out."),
    )
    unpaid_until = unpaid_field()
    receiver_of = forms.ChoiceField(
        label=_("Goes to the receiver of"), required=False, widget=forms.RadioSelect
    )

    def __init__(
        self,
        *args: object,
        order: RetailOrder,
        orders: Sequence[RetailOrder],
        **kwargs: object,
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.order = order
        others = [one for one in orders if one.pk != order.pk]
        self.fields["orders"].choices = [  # type: ignore[attr-defined]
            (one.number, f"{one.number} · {one.channel_order_number}") for one in others
        ]
        self.fields["orders"].initial = [one.number for one in others]
        goes_to = {
            (
                *(one.buyer_name, one.buyer_telephone, one.consignee_address),
                *(one.consignee_name, one.consignee_telephone),
            )
            for one in orders
        }
        if len(goes_to) < 2:
            del self.fields["receiver_of"]
            return
        buyers = [(one.number, buyer_of(one)) for one in orders]
        self.fields["receiver_of"].choices = [  # type: ignore[attr-defined]
            (number, f"{number} · {buyer.name} {buyer.telephone} {buyer.address}")
            for number, buyer in buyers
        ]

    def numbers(self) -> list[str]:
        """Of all the orders that become one."""
        return [self.order.number, *self.cleaned_data["orders"]]

    def told(self) -> NewOrder:
        """What a valid form says of the new order."""
        given = self.cleaned_data
        return NewOrder(
            order_number=given["order_number"],
            placed_at=given["placed_at"],
            freight_minor=Money.of(given["freight"] or 0, "CNY").minor,
            unpaid_until=given["unpaid_until"],
            receiver_of=given.get("receiver_of", ""),
            collected_tax_minor=fen(given["collected_tax"]),
            paid_minor=fen(given["paid"]),
        )
