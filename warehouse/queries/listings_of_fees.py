"""The lists of what storage costs, for their pages and the API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from catalog.queries import companies_named, company_keys, product_keys, products_named
from core.filters import Choices, Code, Days
from core.listing import Listing, Related, Search, Total
from warehouse.models import FeeKind, Lot


def _lots_numbered(words: str) -> QuerySet[Lot]:
    return Lot.objects.filter(number__begins=words.upper()).order_by("pk")


def _lot_keys(number: str) -> list[int]:
    return list(Lot.objects.filter(number=number).values_list("pk", flat=True))


def _in_fen(found: QuerySet[Any]) -> Mapping[str, int]:
    """The exact sum, rounded once."""
    exact = found.order_by().aggregate(exact=Sum("amount"))["exact"] or Decimal(0)
    return {"amount": int(exact.quantize(Decimal(1), ROUND_HALF_UP))}


CHARGES = Listing(
    name="storage-charges",
    sorts={"newest": "pk"},
    default="-newest",
    search=Search(
        related=(
            Related("product", products_named),
            Related("lot", _lots_numbered),
            Related("owner", companies_named),
        ),
        hint=_("Lot, SKU, name or owner"),
    ),
    filters=(
        Choices(name="kind", path="kind", choices=FeeKind.choices, label=_("Charged for")),
        Days(name="day", path="day", is_moment=False, label=_("Day")),
        Days(name="run", path="run_day", is_moment=False, label=_("Charged with")),
        Code(name="lot", path="lot", find=_lot_keys, label=_("Lot")),
        Code(name="pallet", path="pallet", label=_("Pallet")),
        Code(name="product", path="product", find=product_keys, label=_("SKU")),
        Code(name="tariff", path="tariff", label=_("Storage tariff")),
        Code(name="warehouse", path="warehouse__code", label=_("Warehouse")),
        Code(name="owner", path="owner", find=company_keys, label=_("Owner")),
    ),
    totals=(Total("amount", "amount", fixed="CNY", added=_in_fen),),
)

BILLS = Listing(
    name="storage-bills",
    sorts={"number": "number", "month": "month", "amount": "total_minor"},
    default="-number",
    search=Search(
        prefix=("number",),
        related=(Related("owner", companies_named),),
        hint=_("Bill or owner"),
    ),
    filters=(
        Code(name="warehouse", path="warehouse__code", label=_("Warehouse")),
        Code(name="owner", path="owner", find=company_keys, label=_("Owner")),
        Days(name="month", path="month", is_moment=False, label=_("Month")),
    ),
    totals=(Total("amount", "total_minor", fixed="CNY"),),
)

TARIFFS = Listing(
    name="storage-tariffs",
    sorts={"number": "number", "valid_from": "valid_from"},
    default="-valid_from",
    search=Search(prefix=("number", "warehouse__code"), hint=_("Tariff or warehouse")),
    filters=(
        Code(name="warehouse", path="warehouse__code", label=_("Warehouse")),
        Days(name="valid_from", path="valid_from", is_moment=False, label=_("Valid from")),
    ),
)

#: Of one bill.
BILL_CHARGES = replace(
    CHARGES,
    name="storage-bill-charges",
    filters=tuple(one for one in CHARGES.filters if one.name not in {"owner", "warehouse", "run"}),
)
