"""The declaration elements that products have, and those that their codes ask for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef
from django.db.models.functions import JSONObject
from django.http import Http404

from accounts.models import Company
from catalog.models import Product
from customs.models import ProductElements, TariffRate
from customs.queries.reference import tariff_on
from customs.rules.elements import joined, specified
from procurement.models import PurchaseOrderLine


def elements_of(products: Iterable[Product]) -> dict[int, ProductElements]:
    """By product: its newest elements, as far as they are of the code that it has now."""
    return elements_under({one.pk: one.hs_code for one in products})


def elements_under(codes: Mapping[int, str]) -> dict[int, ProductElements]:
    """By product: its newest elements, as far as they are of the code that is named beside it."""
    newest = (
        ProductElements.objects.filter(product__in=list(codes))
        .order_by("product_id", "-pk")
        .distinct("product_id")
    )
    return {one.product_id: one for one in newest if one.hs_code == codes[one.product_id]}


def specification_of(
    product: Product, own: ProductElements | None, rate: TariffRate | None
) -> tuple[str, bool]:
    """What is declared of a product, and whether it is all that ``rate`` asks for."""
    names, values = (own.names, own.values) if own else ((), ())
    return specified(rate.elements if rate else (), (names, values), product.specification)


def ever_kept(product: str) -> ArraySubquery:
    """All elements that were ever kept of the product at a path, for
    :func:`kept_specifications`: within one statement."""
    found = ProductElements.objects.filter(product=OuterRef(product)).order_by("pk")
    return ArraySubquery(found.values(told=JSONObject(values="values", names="names")))


def kept_specifications(
    articles: Iterable[Mapping[str, Any]],
) -> dict[str, list[tuple[str, ...]]]:
    """Each specification that was ever kept of a goods line's articles, with the names of the
    elements for which it was filled in."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for article in articles:
        for one in article["kept"] or ():
            if one["values"]:
                found.setdefault(joined(one["values"]), []).append(tuple(one["names"]))
    return found


def product_of(sku: str, *, bought_by: Company | None = None) -> Product:
    """A product of the catalogue, if it stands on an order of ``bought_by``; Http404 otherwise.

    What one importer says of goods is declared by all who buy them: nobody else says it.
    """
    products = Product.objects.filter(sku=sku)
    if bought_by is not None:
        ordered = PurchaseOrderLine.objects.filter(product=OuterRef("pk"), order__buyer=bought_by)
        products = products.filter(Exists(ordered))
    found = products.first()
    if found is None:
        raise Http404
    return found


def asked_of(product: Product, day: date) -> TariffRate | None:
    """What the tariff says of a product's code on a day."""
    return tariff_on([product.hs_code], day).get(product.hs_code)
