"""Reading the shared catalogue; it has no owner, so everybody sees it."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from catalog.models import Product

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
