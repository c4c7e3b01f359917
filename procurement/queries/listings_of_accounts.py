"""The lists of what sellers owe and paid, for their pages and the API."""

from __future__ import annotations

from dataclasses import replace

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.queries import companies_named, company_keys
from core.filters import Choices, Code, Days, Flag, Numbers
from core.listing import Listing, Related, Search, Total
from procurement.models import EntryKind

ENTRIES = Listing(
    name="account-entries",
    sorts={
        "number": "number",
        "value_date": "value_date",
        "amount": "amount_minor",
        "seller": "seller__code",
    },
    default="-number",
    search=Search(
        prefix=("number", "reference"),
        related=(Related("seller", companies_named),),
        hint=_("Number, bank reference or seller"),
    ),
    filters=(
        Choices(name="kind", path="kind", choices=EntryKind.choices, label=_("Entry")),
        Code(name="round", path="round__code", label=_("Round")),
        Code(name="seller", path="seller", find=company_keys, label=_("Seller")),
        Days(name="value_date", path="value_date", is_moment=False, label=_("Day")),
        Numbers(name="amount", path="amount_minor", decimals=2, label=_("Amount")),
    ),
    totals=(Total("amount", "amount_minor", fixed="CNY"),),
)
#: Of one seller.
OWN_ENTRIES = replace(
    ENTRIES,
    name="my-account",
    search=Search(prefix=("number", "reference"), hint=_("Number or bank reference")),
    filters=tuple(one for one in ENTRIES.filters if one.name != "seller"),
)
SELLER_ENTRIES = replace(OWN_ENTRIES, name="seller-entries")

#: Companies, with ``balance_minor`` and ``due_minor``.
ACCOUNTS = Listing(
    name="seller-accounts",
    sorts={"seller": "code", "balance": "balance_minor", "due": "due_minor"},
    default="-balance",
    search=Search(more=lambda words: Q(pk__in=companies_named(words)), hint=_("Seller")),
    filters=(
        Flag(name="owing", when=Q(balance_minor__gt=0), label=_("Owes something")),
        Flag(name="overdue", when=Q(due_minor__gt=0), label=_("Overdue")),
        Flag(name="credit", when=Q(balance_minor__lt=0), label=_("Has a credit")),
    ),
    totals=(Total("balance", "balance_minor", fixed="CNY"),),
)
