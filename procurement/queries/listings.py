"""The lists of procurement, for its pages and its API."""

from __future__ import annotations

from dataclasses import replace

from django.db.models import Q
from django.db.models.functions import Now, TruncDate
from django.utils.translation import gettext_lazy as _

from catalog.queries import (
    PRODUCTS,
    companies_named,
    company_keys,
    product_keys,
    products_named,
    supplier_keys,
    suppliers_named,
)
from core.filters import Choice, Choices, Code, Days, Flag, Numbers
from core.listing import Listing, Related, Search, Sort, Total
from procurement.models import (
    Mapped,
    OrderState,
    PoolRound,
    Pricing,
    RoundState,
    ShipmentState,
)
from procurement.queries import forecasts


def _quarters() -> list[tuple[str, str]]:
    found = PoolRound.objects.order_by("-code").values_list("code", flat=True)[:40]
    return [(code, code) for code in found]


ROUNDS = Listing(
    name="rounds",
    sorts={"quarter": "code", "cutoff_at": "cutoff_at"},
    default="-quarter",
    search=Search(prefix=("code",), hint=_("Quarter, such as 2026-Q3")),
    filters=(
        Choice(name="state", path="state", choices=RoundState.choices, label=_("Status")),
        Days(name="cutoff", path="cutoff_at", label=_("Cut-off")),
    ),
)

#: For who sees what all sellers want together.
POOL_ROUNDS = replace(
    ROUNDS,
    totals=(
        Total("lines", "lines", added=forecasts.sums_of),
        Total("units", "units", added=forecasts.sums_of),
    ),
)

OFFERS = Listing(
    name="offers",
    sorts={
        "supplier": "supplier__company__code",
        "product": "product__sku",
        "minimum": "minimum_quantity",
        "lead_time": "lead_time_days",
        "valid_from": "valid_from",
        "valid_to": Sort("valid_to", nullable=True),
    },
    default="supplier",
    search=Search(
        related=(Related("product", products_named), Related("supplier", suppliers_named)),
        hint=_("Supplier, SKU or name"),
    ),
    filters=(
        Code(name="supplier", path="supplier", find=supplier_keys, label=_("Supplier")),
        Code(name="product", path="product", find=product_keys, label=_("SKU")),
        Code(name="incoterm", path="incoterm", label=_("Incoterm")),
        Code(name="currency", path="currency", label=_("Currency")),
        Choices(name="pricing", path="pricing", choices=Pricing.choices, label=_("A price counts")),
        Days(name="valid_from", path="valid_from", is_moment=False, label=_("Valid from")),
        Days(name="valid_to", path="valid_to", is_moment=False, label=_("Valid until")),
        Numbers(name="lead_time", path="lead_time_days", label=_("Lead time")),
    ),
)

ORDERS = Listing(
    name="orders",
    sorts={
        "number": "number",
        "quarter": "round__code",
        "supplier": "supplier__company__code",
        "state": "state",
        "amount": "amount_minor",
        "placed_at": Sort("placed_at", nullable=True),
        "promised_on": Sort("promised_on", nullable=True),
    },
    default="-number",
    search=Search(
        prefix=("number",),
        related=(Related("supplier", suppliers_named),),
        hint=_("Order number or supplier"),
    ),
    filters=(
        Choices(name="state", path="state", choices=OrderState.choices, label=_("Status")),
        Choice(name="quarter", path="round__code", choices=_quarters, label=_("Quarter")),
        Code(name="supplier", path="supplier", find=supplier_keys, label=_("Supplier")),
        Code(name="buyer", path="buyer", find=company_keys, label=_("Importer")),
        Code(name="currency", path="currency", label=_("Currency")),
        Days(name="placed", path="placed_at", label=_("Placed")),
        Days(name="promised", path="promised_on", is_moment=False, label=_("Promised for")),
        Flag(
            name="late",
            when=Q(state=OrderState.PLACED, promised_on__lt=TruncDate(Now())),
            label=_("Overdue"),
        ),
    ),
    totals=(Total("amount", "amount_minor", currency="currency"),),
)

SHIPMENTS = Listing(
    name="shipments",
    sorts={
        "number": "number",
        "expected_on": "expected_on",
        "departed_at": "departed_at",
        "packages": "packages",
    },
    default="-departed_at",
    search=Search(
        prefix=("number", "bill_of_lading"),
        related=(Related("order__supplier", suppliers_named),),
        hint=_("Shipment, bill of lading or supplier"),
    ),
    filters=(
        Choices(name="state", path="state", choices=ShipmentState.choices, label=_("State")),
        Code(name="order", path="order__number", label=_("Order")),
        Code(name="supplier", path="order__supplier", find=supplier_keys, label=_("Supplier")),
        Days(name="expected", path="expected_on", is_moment=False, label=_("Expected")),
    ),
    totals=(Total("packages", "packages"),),
)

#: What sellers filed for a round; of one seller, its versions.
FILINGS = Listing(
    name="filings",
    sorts={
        "seller": "seller__code",
        "filed_at": "filed_at",
        "version": "version",
        "units": "units",
    },
    default="seller",
    search=Search(related=(Related("seller", companies_named),), hint=_("Seller")),
    filters=(
        Code(name="seller", path="seller", find=company_keys, label=_("Seller")),
        Days(name="filed", path="filed_at", label=_("Filed")),
    ),
    totals=(
        Total("products", "products"),
        Total("units", "units"),
        Total("less", "less"),
        Total("more", "more"),
    ),
)
VERSIONS = replace(FILINGS, name="forecast-versions", default="-version", search=None)

FORECAST_LINES = Listing(
    name="forecast-lines",
    sorts={"product": "product__sku", "units": "quantity"},
    default="product",
    search=Search(related=(Related("product", products_named),), hint=_("SKU, name or GTIN")),
    filters=(Numbers(name="units", path="quantity", label=_("Units")),),
    totals=(Total("units", "quantity"), Total("less", "less"), Total("more", "more")),
)

#: Rows in memory: what is wanted of each product, and what a file of forecasts says.
DEMAND = Listing(
    name="demand",
    sorts={"product": "sku", "sellers": "sellers", "units": "units"},
    default="-units",
    search=Search(
        more=lambda words: (
            Q(sku__icontains=words) | Q(name_zh__icontains=words) | Q(name_en__icontains=words)
        ),
        hint=_("SKU or name"),
    ),
    filters=(Numbers(name="units", path="units", label=_("Units")),),
    totals=(Total("units", "units"),),
)
FILE_ROWS = Listing(
    name="forecast-file-rows",
    sorts={"row": "row", "product": "sku", "units": "quantity"},
    default="row",
    search=Search(
        more=lambda words: Q(sku__icontains=words) | Q(name__icontains=words),
        hint=_("SKU or name"),
    ),
    filters=(Numbers(name="units", path="quantity", label=_("Units")),),
    totals=(Total("units", "quantity"), Total("less", "less"), Total("more", "more")),
)
FILE_FAULTS = Listing(
    name="forecast-file-faults",
    #: What is wrong comes first, in the order of the file.
    sorts={"faults": "is_fit", "row": "row", "sku": "sku"},
    default="faults",
    search=Search(more=lambda words: Q(sku__icontains=words), hint=_("SKU or name")),
    filters=(
        Numbers(name="row", path="row", label=_("Row")),
        Flag(name="wrong", when=Q(is_wrong=True), label=_("Only wrong rows")),
    ),
)

#: A page of the form has few enough fields to be there at once; who wants more asks for more.
FORECASTABLE = Listing(
    name="forecastable",
    sorts={"category": "category", "sku": "sku", "units": Sort("wanted", nullable=True)},
    default="category",
    search=PRODUCTS.search,
    filters=(
        PRODUCTS.filters[0],
        Flag(name="wanted", when=Q(wanted__isnull=False), label=_("Already wanted")),
    ),
    totals=(Total("units", "wanted"),),
    limit=40,
)

#: Whose how much of an order; worked out from its shares.
ORDER_OWNERS = Listing(
    name="order-owners",
    sorts={"amount": "amount_minor", "units": "units", "owner": "owner__code"},
    default="-amount",
    search=Search(
        more=lambda words: (
            Q(owner__code__icontains=words)
            | Q(owner__name_zh__icontains=words)
            | Q(owner__name_en__icontains=words)
        ),
        hint=_("Company"),
    ),
    filters=(Numbers(name="units", path="units", label=_("Units")),),
    totals=(
        Total("units", "units"),
        Total("stands", "stands"),
        Total("amount", "amount_minor", currency="currency"),
        Total("ordered", "ordered_minor", currency="currency"),
        Total("alone", "alone_minor", currency="currency"),
        Total("saved", "saved_minor", currency="currency"),
    ),
)

#: Who asked for one line of an order.
LINE_OWNERS = replace(
    ORDER_OWNERS,
    name="line-owners",
    sorts={"ordered": "ordered", "amount": "amount_minor", "owner": "owner__code"},
    default="-ordered",
    filters=(Numbers(name="ordered", path="ordered", label=_("Units")),),
    totals=(
        Total("ordered", "ordered"),
        Total("stands", "stands"),
        Total("shipped", "shipped"),
        Total("amount", "amount_minor", currency="currency"),
    ),
)

OWN_SKUS = Listing(
    name="own-skus",
    sorts={"own_sku": "own_sku", "product": "product__sku"},
    default="own_sku",
    search=Search(
        prefix=("own_sku",),
        related=(Related("product", products_named),),
        hint=_("Own SKU, SKU or name"),
    ),
    filters=(Choice(name="how", path="how", choices=Mapped.choices, label=_("How")),),
)

LATE_WISHES = Listing(
    name="late-wishes",
    sorts={"wished_at": "wished_at", "units": "units"},
    default="-wished_at",
    filters=(
        Days(name="wished", path="wished_at", label=_("Entered")),
        Flag(name="taken", when=Q(taken_as__isnull=False), label=_("Taken into a round")),
    ),
    totals=(Total("units", "units"),),
)

#: Rows in memory: one for each category.
CATEGORIES = Listing(
    name="categories",
    sorts={
        "score": "score",
        "category": "category",
        "units": "units",
        "sellers": "sellers",
        "spoiling": "spoiling_percent",
        "unit_value": "unit_value_minor",
        "pooled": "pooled_percent",
    },
    default="-score",
    search=Search(more=lambda words: Q(category__icontains=words), hint=_("Category")),
    filters=(
        Numbers(name="sellers", path="sellers", label=_("Sellers")),
        Numbers(name="units", path="units", label=_("Units")),
    ),
)
