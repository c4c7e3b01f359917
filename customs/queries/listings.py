"""The lists of customs, for its pages and its API."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from catalog.queries import (
    companies_named,
    company_keys,
    supplier_keys,
    suppliers_named,
)
from core.filters import Choice, Choices, Code, Days, Flag
from core.listing import Listing, Related, Search, Sort, Total
from customs.models import DeclarationForm, DeclarationState, TaxRegime
from customs.queries.declarations import FORM_FAILED
from customs.queries.retelling import SOMETHING_IS_BACK

DECLARATIONS = Listing(
    name="declarations",
    sorts={
        "reference": "our_reference",
        "drafted_at": "drafted_at",
        "value": "total_minor",
        "state": "state",
        "lodged_at": Sort("lodged_at", nullable=True),
    },
    default="-drafted_at",
    search=Search(
        prefix=("our_reference", "their_reference", "shipment__number"),
        related=(Related("shipment__order__supplier", suppliers_named),),
        hint=_("Number here or of customs, shipment, supplier"),
    ),
    filters=(
        Choices(name="state", path="state", choices=DeclarationState.choices, label=_("State")),
        Flag(name="failed", when=FORM_FAILED, label=_("Paper failed")),
        Choice(name="form", path="form", choices=DeclarationForm.choices, label=_("Form")),
        Code(name="importer", path="importer", find=company_keys, label=_("Importer")),
        Code(
            name="supplier",
            path="shipment__order__supplier",
            find=supplier_keys,
            label=_("Supplier"),
        ),
        Code(name="shipment", path="shipment__number", label=_("Shipment")),
        Days(name="drafted", path="drafted_at", label=_("Drafted")),
    ),
    totals=(Total("value", "total_minor", currency="currency"),),
)


RETAIL_LISTS = Listing(
    name="retail-lists",
    sorts={"number": "number", "drawn_at": "drawn_at", "tax": "tax_minor"},
    default="-drawn_at",
    search=Search(
        prefix=("number", "order__number", "order__channel_order_number"),
        related=(Related("seller", companies_named),),
        hint=_("List, order or number in the shop"),
    ),
    filters=(
        Choice(name="regime", path="regime", choices=TaxRegime.choices, label=_("Regime")),
        Code(name="seller", path="seller", find=company_keys, label=_("Seller")),
        Code(name="order", path="order__number", label=_("Order")),
        Flag(name="released", when=Q(release__isnull=False), label=_("Released")),
        Flag(name="void", when=Q(void__isnull=False), label=pgettext_lazy("retail list", "Void")),
        Flag(name="back", when=SOMETHING_IS_BACK, label=_("To be told to customs anew")),
        Days(name="drawn", path="drawn_at", label=_("Drawn")),
    ),
    totals=(
        Total("dutiable", "dutiable_minor", fixed="CNY"),
        Total("duty", "duty_minor", fixed="CNY"),
        Total("consumption", "consumption_tax_minor", fixed="CNY"),
        Total("vat", "vat_minor", fixed="CNY"),
        Total("tax", "tax_minor", fixed="CNY"),
    ),
)

DECLARATION_LINES = Listing(
    name="declaration-lines",
    sorts={
        "position": "position",
        "hs_code": "hs_code",
        "name": "name_zh",
        "quantity": "quantity",
        "total": "total_minor",
    },
    default="position",
    search=Search(
        prefix=("hs_code",),
        more=lambda words: Q(name_zh__icontains=words),
        hint=_("HS code or name"),
    ),
    filters=(Code(name="origin", path="origin", label=_("Origin")),),
    totals=(
        Total("quantity", "quantity"),
        Total("total", "total_minor", currency="declaration__currency"),
    ),
)
