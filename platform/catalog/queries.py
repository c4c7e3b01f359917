"""Reading the shared catalogue; it has no owner, so everybody sees it."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Company
from catalog.models import Product, Storage, TradingPartner
from core.filters import Choice, Code, Flag, Numbers
from core.listing import Listing, Related, Search, Sort

#: A search of more words is cut: each one is a condition of the query.
MOST_WORDS = 10


def products(*, search: str = "", category: str = "") -> QuerySet[Product]:
    """The catalogue by SKU; ``search`` looks into SKU, GTIN, both names and the brand."""
    found = Product.objects.order_by("sku")
    for word in search.split()[:MOST_WORDS]:
        found = found.filter(
            Q(sku__icontains=word)
            | Q(gtin__startswith=word)
            | Q(name_zh__icontains=word)
            | Q(name_en__icontains=word)
            | Q(brand__icontains=word)
        )
    if category:
        found = found.filter(category=category)
    return found


def categories() -> list[str]:
    """The categories in use, sorted."""
    found = Product.objects.exclude(category="").order_by("category")
    return list(found.values_list("category", flat=True).distinct())


def products_named(words: str) -> QuerySet[Product]:
    """Products that people mean by some words; for searches in tables that name products."""
    return products(search=words).order_by("pk")


def suppliers_named(words: str) -> QuerySet[TradingPartner]:
    """Suppliers by code or a part of either name."""
    return TradingPartner.objects.filter(
        Q(company__code__istartswith=words)
        | Q(company__name_zh__icontains=words)
        | Q(company__name_en__icontains=words)
    ).order_by("pk")


def companies_named(words: str) -> QuerySet[Company]:
    """Companies by code or a part of either name."""
    return Company.objects.filter(
        Q(code__istartswith=words) | Q(name_zh__icontains=words) | Q(name_en__icontains=words)
    ).order_by("pk")


def product_keys(sku: str) -> list[int]:
    """The key of the product with this SKU, for a filter of a large table."""
    return list(Product.objects.filter(sku=sku).values_list("pk", flat=True))


def supplier_keys(code: str) -> list[int]:
    """The key of the supplier with this company code, for a filter of a large table."""
    return list(TradingPartner.objects.filter(company__code=code).values_list("pk", flat=True))


def company_keys(code: str) -> list[int]:
    """The key of the company with this code, for a filter of a large table."""
    return list(Company.objects.filter(code=code).values_list("pk", flat=True))


def _category_choices() -> list[tuple[str, str]]:
    return [(name, name) for name in categories()]


PRODUCTS = Listing(
    name="products",
    sorts={
        "sku": "sku",
        "gtin": "gtin",
        "hs_code": "hs_code",
        "shelf_life": Sort("shelf_life_days", nullable=True),
        "newest": "pk",
    },
    default="sku",
    # The catalogue itself is small: its names may be searched through.
    search=Search(related=(Related("pk", products_named),), hint=_("SKU, name, brand or GTIN")),
    filters=(
        Choice(name="category", path="category", choices=_category_choices, label=_("Category")),
        Choice(name="storage", path="storage", choices=Storage.choices, label=_("Storage")),
        Code(name="hs_code", path="hs_code__startswith", label=_("HS code")),
        Code(name="origin", path="origin", label=_("Origin")),
        Numbers(name="shelf_life", path="shelf_life_days", label=_("Shelf life (days)")),
        Flag(name="expires", when=Q(shelf_life_days__isnull=False), label=_("Expires")),
    ),
)
