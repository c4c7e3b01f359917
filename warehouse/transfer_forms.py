"""The form of an offer of goods in bond to another seller."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from core.days import DayField
from core.money import Money
from warehouse.models import FeePayer
from warehouse.rules.transferring import (
    HIGHEST_PRICE_MINOR,
    LONGEST_REMARK,
    MOST_UNITS,
    FeeBy,
    Offer,
)
from web.forms import PlainSelect


class OfferForm(forms.Form):
    taker = forms.CharField(
        label=_("To whom"),
        max_length=32,
        help_text=_("The company code of another admitted seller; ask your partner for it."),
    )
    units = forms.IntegerField(label=_("Units"), min_value=1, max_value=MOST_UNITS)
    price = forms.DecimalField(
        label=_("Price a unit (CNY)"),
        min_value=0,
        max_value=HIGHEST_PRICE_MINOR // 100,
        decimal_places=2,
        help_text=_("Both accounts with the platform settle it; nothing for what is given away."),
    )
    valid_until = DayField(
        label=_("Valid until"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Until then the units are set aside and sold to nobody else."),
    )
    fee_by = forms.ChoiceField(
        label=_("Fee of the warehouse"),
        choices=FeePayer.choices,
        initial=FeePayer.GIVER,
        required=False,
        help_text=_("By its tariff on the day of acceptance, with the bill of the month."),
    )
    remark = forms.CharField(
        label=_("Remark for customs"),
        max_length=LONGEST_REMARK,
        required=False,
        help_text=_("It goes into the account book beside the change of owner."),
    )
    book = forms.CharField(
        label=_("Other account book"),
        max_length=12,
        required=False,
        help_text=_("Leave it empty: the goods stay under the book of their warehouse."),
    )

    field_order = ("lot", "taker", "units", "price", "valid_until", "fee_by", "remark", "book")

    def __init__(
        self, *args: object, lots: Iterable[tuple[str, str]], last: date, **kwargs: object
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["lot"] = forms.ChoiceField(
            label=_("Lot"), choices=[("", _("Choose a lot")), *lots], widget=PlainSelect
        )
        self.fields["valid_until"].initial = last
        self.order_fields(self.field_order)

    def offer(self) -> Offer:
        """A valid form as the service takes it."""
        told = self.cleaned_data
        return Offer(
            units=told["units"],
            price_minor=Money.of(told["price"], "CNY").minor,
            valid_until=told["valid_until"],
            remark=told["remark"].strip(),
            book=told["book"].strip(),
            fee_by=FeeBy(told["fee_by"] or FeeBy.GIVER),
        )
