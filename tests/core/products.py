"""A list of products with every kind of sort, search, filter and total, and walks through it."""

from __future__ import annotations

from django.db.models import Q
from django.http import QueryDict

from catalog.models import Product, Storage
from core import listing as lists
from core.filters import Choice, Choices, Code, Flag, Numbers
from core.listing import Listing, Related, Search, Sort, Total, parse, take

PRODUCTS = Listing(
    name="products",
    sorts={
        "sku": "sku",
        "category": "category",
        "life": Sort("shelf_life_days", nullable=True),
        "newest": "pk",
    },
    default="sku",
    search=Search(
        prefix=("sku",),
        exact=("gtin",),
        related=(Related("pk", lambda words: Product.objects.filter(brand__icontains=words)),),
    ),
    filters=(
        Choice(name="storage", path="storage", choices=Storage.choices),
        Choices(name="origin", path="origin", choices=(("DEU", "Germany"), ("NZL", "New Zealand"))),
        Numbers(name="life", path="shelf_life_days"),
        Flag(name="expires", when=Q(shelf_life_days__isnull=False)),
        Code(name="sku", path="sku"),
    ),
    totals=(Total("packs", "pack_quantity"),),
)


def walked(query: str, *, back: bool = False) -> list[Product]:
    """All pages one after the other, from the start, or from the end to the start."""
    page = take(PRODUCTS, Product.objects.all(), parse(PRODUCTS, QueryDict(query)))
    if back:
        while page.next:
            page = asked(f"{query}&after={page.next}")
    rows = list(page.rows)
    while cursor := page.previous if back else page.next:
        page = asked(f"{query}&{'before' if back else 'after'}={cursor}")
        rows = [*page.rows, *rows] if back else [*rows, *page.rows]
    return rows


def asked(query: str) -> lists.Slice[Product]:
    return take(PRODUCTS, Product.objects.all(), parse(PRODUCTS, QueryDict(query)))
