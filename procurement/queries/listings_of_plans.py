"""The lists of what a round's plan comes to."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.queries import companies_named, company_keys
from core.filters import Code, Days, Flag, Numbers
from core.listing import Listing, Related, Search, Total

PLANS = Listing(
    name="round-plans",
    sorts={"number": "number", "landed": "landed_minor"},
    default="-number",
    filters=(Days(name="made", path="made_at", label=_("Planned at")),),
)

BILLS = Listing(
    name="round-bills",
    sorts={
        "owner": "owner__code",
        "units": "units",
        "cut": "cut_minor",
        "paid": "paid_minor",
    },
    default="-paid",
    search=Search(related=(Related("owner", companies_named),), hint=_("Owner")),
    filters=(
        Code(name="owner", path="owner", find=company_keys, label=_("Owner")),
        Flag(name="capped", when=Q(cut_minor__gt=0), label=_("Cut to the cost of going alone")),
        Numbers(name="units", path="units", label=_("Units")),
    ),
    totals=(
        Total("units", "units"),
        Total("goods", "goods_minor", fixed="CNY"),
        Total("freight", "freight_minor", fixed="CNY"),
        Total("fees", "fees_minor", fixed="CNY"),
        Total("shared", "shared_minor", fixed="CNY"),
        Total("cut", "cut_minor", fixed="CNY"),
        Total("added", "added_minor", fixed="CNY"),
        Total("paid", "paid_minor", fixed="CNY"),
        Total("alone", "alone_minor", fixed="CNY"),
    ),
)
