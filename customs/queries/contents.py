"""What a unit of a product holds, by all that was told of it; and what of it orders wait for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Min
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.models import Product
from core.walls import platform_wide
from customs.queries.elements import elements_of
from customs.queries.retail import rates_on, waiting_orders
from customs.rules.contents import Contents, contents_of
from warehouse.models import RetailOrderLine

#: Products looked at for one page.
_MOST = 500


def contents_by_product(products: Iterable[Product]) -> dict[int, Contents]:
    """By id: what importers told with the elements counts before the text of the specification."""
    found = {one.pk: one for one in products}
    with platform_wide():
        own = elements_of(found.values())
    return {
        pk: contents_of(
            one.specification,
            one.net_weight_g,
            (own[pk].content_ml or 0) if pk in own else 0,
        )
        for pk, one in found.items()
    }


@dataclass(frozen=True, slots=True)
class Lacking:
    """What a product lacks for which orders wait: how many, and the first of them."""

    product: Product
    why: Promise
    orders: int
    first: str


def lacking(day: date) -> list[Lacking]:
    """Products of waiting orders in scope whose tax cannot be worked out, and why."""
    rows = list(
        RetailOrderLine.objects.filter(order__in=waiting_orders())
        .values("product")
        .annotate(orders=Count("order", distinct=True), first=Min("order__number"))
        .order_by("product")[:_MOST]
    )
    products = Product.objects.in_bulk([row["product"] for row in rows])
    rates = rates_on({one.hs_code for one in products.values()}, day)
    contents = contents_by_product(products.values())
    found = []
    for row in rows:
        product = products[row["product"]]
        rate, why = rates.get(product.hs_code), None
        if rate is None:
            why = _("its code has no rate in the tariff yet")
        elif rate.specific and contents[product.pk].in_unit(rate.specific_unit) is None:
            why = _("its code is taxed by quantity, and nobody says how much a unit holds")
        if why is not None:
            found.append(Lacking(product, why, row["orders"], row["first"]))
    return found
