"""The lists of sales, scores and deposits, for their pages and the API."""

from __future__ import annotations

from dataclasses import replace

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.queries import companies_named, company_keys, product_keys, products_named
from core.filters import Choices, Code, Days, Flag, Numbers
from core.listing import Listing, Related, Search, Total

SALES = Listing(
    name="my-sales",
    sorts={"quarter": "quarter", "product": "product__sku", "units": "units"},
    default="-quarter",
    search=Search(related=(Related("product", products_named),), hint=_("SKU, name or GTIN")),
    filters=(
        Code(name="product", path="product", find=product_keys, label=_("SKU")),
        Flag(name="stocked_out", when=Q(is_stocked_out=True), label=_("Ran out of stock")),
        Numbers(name="units", path="units", label=_("Units")),
    ),
    totals=(Total("units", "units"),),
)

#: Rows in memory: what a file of sales says.
SALES_ROWS = Listing(
    name="sales-file-rows",
    sorts={"row": "row", "quarter": "quarter", "product": "sku", "units": "units"},
    default="row",
    search=Search(
        more=lambda words: Q(sku__icontains=words) | Q(name__icontains=words),
        hint=_("SKU or name"),
    ),
    filters=(Numbers(name="units", path="units", label=_("Units")),),
    totals=(Total("units", "units"),),
)
SALES_FAULTS = Listing(
    name="sales-file-faults",
    sorts={"row": "row", "field": "field"},
    default="row",
    search=Search(more=lambda words: Q(field__icontains=words), hint=_("Column")),
    filters=(Numbers(name="row", path="row", label=_("Row")),),
)

SCORES = Listing(
    name="forecast-scores",
    sorts={
        "seller": "seller__code",
        "score": "score",
        "band": "band",
        "error": "wape",
        "bias": "bias",
        "factor": "factor",
    },
    default="-score",
    search=Search(related=(Related("seller", companies_named),), hint=_("Seller")),
    filters=(
        Choices(name="band", path="band", choices=[(b, b) for b in "ABCD"], label=_("Band")),
        Code(name="seller", path="seller", find=company_keys, label=_("Seller")),
        Numbers(name="score", path="score", label=_("Score")),
    ),
)

#: A seller's own, of quarter after quarter.
MY_SCORES = Listing(
    name="my-scores",
    sorts={"made_at": "made_at", "score": "score"},
    default="-made_at",
    filters=(Days(name="made", path="made_at", label=_("Worked out")),),
)

DEPOSITS = Listing(
    name="deposits",
    sorts={
        "number": "number",
        "due_at": "due_at",
        "seller": "seller__code",
        "amount": "amount_minor",
    },
    default="-number",
    search=Search(
        prefix=("number",),
        related=(Related("seller", companies_named),),
        hint=_("Deposit or seller"),
    ),
    filters=(
        Code(name="round", path="round__code", label=_("Round")),
        Code(name="seller", path="seller", find=company_keys, label=_("Seller")),
        Flag(name="open", when=Q(open_minor__gt=0), label=_("Not paid in full")),
        Flag(name="held", when=Q(held_minor__gt=0), label=_("Still with the platform")),
        Days(name="due", path="due_at", label=_("Due")),
    ),
    totals=(
        Total("amount", "amount_minor"),
        Total("paid", "paid_minor"),
        Total("open", "open_minor"),
        Total("held", "held_minor"),
    ),
)
MY_DEPOSITS = replace(
    DEPOSITS,
    name="my-deposits",
    filters=tuple(one for one in DEPOSITS.filters if one.name != "seller"),
)
