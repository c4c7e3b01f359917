from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from rest import rules

#: What a scope opens, for who gives it.
SCOPE_WORDS = {
    "home:read": _("Read the start page: every figure of the role"),
    "products:read": _("Read the products"),
    "forecasts:read": _("Read rounds and forecasts"),
    "forecasts:write": _("File forecasts"),
    "deposits:read": _("Read deposits"),
    "deposits:write": _("Note payments of deposits"),
    "accounts:read": _("Read sellers' accounts"),
    "accounts:ask": _("Ask for one's credit back"),
    "accounts:write": _("Note payments of sellers"),
    "stock:read": _("Read stock and movements"),
    "retail:read": _("Read retail orders and lists"),
    "retail:write": _("Send and cancel retail orders"),
    "stock:write": _("Offer goods in bond to other sellers, and accept theirs"),
    "charges:read": _("Read what is charged"),
    "house:read": _("Read waves, counts, pallets, receipts and pictures"),
    "house:write": _(
        "Make and confirm waves, pack, count, make and move pallets, keep and withdraw pictures, "
        "tell serial numbers that changed"
    ),
    "parcels:read": _("Read hand-overs and their parcels"),
    "parcels:write": _("Tell tracking numbers and events of parcels"),
    "tax:ask": _("Ask what a parcel would be taxed"),
    "releases:write": _("Record that customs released retail lists"),
    "reference:read": _("Read proposals of reference data"),
    "reference:write": _("Propose and decide changes of reference data"),
    "receipts:read": _("Read what customs answered"),
    "receipts:write": _("Bring what customs answered"),
    "rounds:read": _("Read rounds as their operator, and sellers' statements"),
    "rounds:write": _("Announce, change, plan and close rounds, and say who must approve orders"),
    "offers:read": _("Read offers and freight terms"),
    "offers:write": _("Enter, change and end offers and freight terms"),
    "orders:read": _("Read combined orders"),
    "orders:approve": _("Approve combined orders"),
    "shipments:read": _("Read shipments"),
    "declarations:read": _("Read declarations and their papers"),
    "declarations:write": _("Draft declarations and record their outcome"),
    "guarantees:read": _("Read guarantees for tax and their months"),
    "guarantees:write": _("Tell guarantees for tax and what was paid of a month"),
    "settlement:read": _("Read payables and batches"),
    "settlement:write": _("Open, price and export batches, enter and close bank accounts"),
    "settlement:approve": _("Approve batches and confirm bank accounts"),
    "notices:read": _("Read notices"),
    "channels:read": _("Read channels and what came by them"),
    "channels:write": _("Change channels and try again what was not taken"),
    "webhooks:read": _("Read webhooks and messages"),
    "webhooks:write": _("Change webhooks and send messages again"),
    "notices:write": _("Mark notices and choose what is told"),
    "jobs:read": _("Read jobs and fetch their files"),
    "jobs:write": _("Start and stop jobs"),
    "company:read": _("Read the company's data"),
    "company:write": _("Change address and contact"),
    "people:read": _("Read who acts for the company"),
    "people:write": _("Invite, change and remove people"),
    "history:read": _("Read the history"),
}


class TokenForm(forms.Form):
    name = forms.CharField(
        label=pgettext_lazy("of a token", "Name"),
        max_length=rules.LONGEST_NAME,
        help_text=_("Which program uses it, so that people know later."),
    )
    days = forms.IntegerField(
        label=_("Days until it expires"), min_value=1, max_value=rules.MOST_DAYS, initial=90
    )
    scopes = forms.MultipleChoiceField(
        label=_("Scopes"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Give it only what the program needs."),
    )

    def __init__(self, *args: Any, role: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scopes"].choices = [  # type: ignore[attr-defined]
            (scope, format_lazy("{} ({})", SCOPE_WORDS[scope], scope))
            for scope in rules.scopes_of(role)
        ]
