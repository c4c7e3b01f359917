"""What an importer states of an entry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from customs.models import EntryStatement, StatementAnswer
from customs.rules.import_set import Coded
from customs.rules.stating import Broker, Told

#: Nobody answers by leaving a choice as it came.
_UNANSWERED = ("", "—")


class StatementForm(forms.Form):
    """Three answers, ports, packing and the broker; ``packings`` are the table's of the day."""

    special_relation = forms.ChoiceField(
        label=_("Are buyer and seller related?"),
        choices=[_UNANSWERED, *StatementAnswer.choices],
        help_text=_("Column 44: family, shares, management or exclusive agency tie them."),
    )
    price_influence = forms.ChoiceField(
        label=_("Did the relation influence the price?"),
        choices=[_UNANSWERED, *StatementAnswer.choices],
        help_text=_("Column 45."),
    )
    royalties = forms.ChoiceField(
        label=_("Are royalties paid to the seller for these goods?"),
        choices=[_UNANSWERED, *StatementAnswer.choices],
        help_text=_("Column 46: directly or indirectly, beside the price."),
    )
    package_kind = forms.ChoiceField(label=_("Kind of packing"))
    departure_port = forms.CharField(
        label=_("Port of departure"),
        max_length=6,
        required=False,
        help_text=_("Its code in customs' table, such as DEU063; its country is column 20."),
    )
    call_port = forms.CharField(
        label=_("Last port abroad"),
        max_length=6,
        required=False,
        help_text=_("Only where the goods change the ship on their way."),
    )
    broker_name = forms.CharField(label=_("Customs broker"), max_length=100, required=False)
    broker_uscc = forms.CharField(
        label=_("Broker's social credit code"), max_length=18, required=False
    )
    broker_customs_code = forms.CharField(
        label=_("Broker's customs registration"), max_length=10, required=False
    )
    for_supplier = forms.BooleanField(
        label=_("The same holds of all shipments of this supplier"), required=False
    )

    def __init__(self, *args: Any, packings: Mapping[str, Coded], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chinese = (get_language() or "").startswith("zh")
        self.fields["package_kind"] = forms.ChoiceField(
            label=_("Kind of packing"),
            choices=[
                _UNANSWERED,
                *((code, f"{code} {one.name(chinese=chinese)}") for code, one in packings.items()),
            ],
        )

    @property
    def told(self) -> Told:
        """As the rules take it."""
        data = self.cleaned_data
        return Told(
            special_relation=data["special_relation"],
            price_influence=data["price_influence"],
            royalties=data["royalties"],
            package_kind=data["package_kind"],
            departure_port=data["departure_port"],
            call_port=data["call_port"],
            broker=Broker(data["broker_name"], data["broker_uscc"], data["broker_customs_code"]),
        )


def as_told(one: EntryStatement | None) -> dict[str, object]:
    """What stands, to begin the form with."""
    if one is None:
        return {}
    return {
        "special_relation": one.special_relation,
        "price_influence": one.price_influence,
        "royalties": one.royalties,
        "package_kind": one.package_kind,
        "departure_port": one.departure_port,
        "call_port": one.call_port,
        "broker_name": one.broker_name,
        "broker_uscc": one.broker_uscc,
        "broker_customs_code": one.broker_customs_code,
    }
