"""The declaration elements that products have, and those that their codes ask for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import Exists, OuterRef
from django.http import Http404

from accounts.models import Company
from catalog.models import Product
from customs.models import Declaration, ProductElements, TariffRate
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


def kept_under(declaration: Declaration) -> dict[int, dict[str, list[tuple[str, ...]]]]:
    """By goods line of a declaration: each specification that was ever kept of its products, with
    the names of the elements for which it was filled in."""
    found: dict[int, dict[str, list[tuple[str, ...]]]] = {}
    rows = declaration.lines.filter(product__elements__isnull=False).values_list(
        "goods_line__position", "product__elements__values", "product__elements__names"
    )
    for place, values, names in rows.order_by("product__elements__pk"):
        if values:
            found.setdefault(place, {}).setdefault(joined(values), []).append(tuple(names))
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
