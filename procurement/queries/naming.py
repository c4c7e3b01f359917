"""What sellers call the products of the catalogue."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from django.db.models import QuerySet

from accounts.models import Company
from catalog.models import Product
from procurement.models import Mapped, SellerSku, SupplierOffer
from procurement.rules import naming
from procurement.rules.forecasting import Wish
from procurement.rules.naming import Named


@dataclass(frozen=True, slots=True)
class Proposed:
    """A product that is likely meant; a person says whether it is."""

    product: Product
    likeness: int


def own_skus(seller: Company) -> QuerySet[SellerSku]:
    """A seller's own names, by name."""
    found: QuerySet[SellerSku] = SellerSku.objects.filter(seller=seller)
    return found.select_related("product", "confirmed_by").order_by("own_sku")


def exact(names: Collection[str]) -> dict[str, tuple[int, Mapped]]:
    """Names that are a GTIN, or one supplier's code for one product, and which product it is."""
    by_code: dict[str, set[int]] = {}
    coded = SupplierOffer.objects.filter(supplier_code__in=[name for name in names if name])
    for code, product in coded.values_list("supplier_code", "product_id"):
        by_code.setdefault(code, set()).add(product)
    found = {
        code: (next(iter(products)), Mapped.SUPPLIER_CODE)
        for code, products in by_code.items()
        if len(products) == 1
    }
    gtins = {name.zfill(14): name for name in names if name.isascii() and name.isdecimal()}
    written = [*gtins, *gtins.values()]
    for gtin, product in Product.objects.filter(gtin__in=written).values_list("gtin", "pk"):
        name = gtins.get(gtin.zfill(14))
        if name is not None:
            found[name] = (product, Mapped.GTIN)
    return found


def meant(seller: Company, names: Collection[str]) -> dict[str, str]:
    """The catalogue's SKU for each name that is none itself, as far as it is known.

    The seller's own mapping first, then a GTIN, then a supplier's code.
    """
    known = set(Product.objects.filter(sku__in=names).values_list("sku", flat=True))
    others = {name for name in names if name and name not in known}
    if not others:
        return {}
    found = dict(
        SellerSku.objects.filter(seller=seller, own_sku__in=others).values_list(
            "own_sku", "product__sku"
        )
    )
    products = {name: product for name, (product, _how) in exact(others - found.keys()).items()}
    skus = dict(Product.objects.filter(pk__in=products.values()).values_list("pk", "sku"))
    return found | {name: skus[product] for name, product in products.items()}


def proposed(text: str, *, most: int = 5) -> list[Proposed]:
    """The products that a name is likely to mean, best first; only proposals."""
    rows = Product.objects.order_by("pk").values_list("pk", "sku", "name_zh", "name_en")
    named = (Named(pk, tuple(name for name in names if name)) for pk, *names in rows.iterator())
    found = naming.proposals(text, named, most=most)
    products = Product.objects.in_bulk([one.product_id for one in found])
    return [Proposed(products[one.product_id], one.likeness) for one in found]


def in_catalogue_words(seller: Company, wishes: Sequence[Wish]) -> list[Wish]:
    """The wishes with the catalogue's SKUs for a seller's own names, GTINs and supplier codes."""
    skus = meant(seller, {wish.sku for wish in wishes})
    if not skus:
        return list(wishes)
    return [replace(wish, sku=skus.get(wish.sku, wish.sku)) for wish in wishes]
