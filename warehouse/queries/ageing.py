"""How long goods lie in bond: what the report says of each product."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Company
from catalog.models import Product
from core.filters import Flag, Numbers
from core.listed import Listed
from core.listing import Listing, Search, Total
from warehouse.queries import stock

#: Days in bond at which the next age of the report begins.
AGES = (31, 61, 91, 181, 366)


@dataclass(frozen=True, slots=True)
class Aged:
    """Units of one product by how long they lie in bond, promised to nobody; ``pk`` its own."""

    pk: int
    sku: str
    name: str
    lots: int
    to_30: int
    to_60: int
    to_90: int
    to_180: int
    to_365: int
    older: int

    @property
    def on_hand(self) -> int:
        """Over all ages."""
        return self.to_30 + self.to_60 + self.to_90 + self.to_180 + self.to_365 + self.older


AGEING = Listing(
    name="ageing",
    sorts={"product": "sku", "on_hand": "on_hand", "older": "older"},
    default="product",
    search=Search(
        more=lambda words: Q(sku__icontains=words) | Q(name__icontains=words),
        hint=_("SKU or name"),
    ),
    filters=(
        Numbers(name="on_hand", path="on_hand", label=_("Units")),
        Flag(name="old", when=Q(older__gt=0), label=_("Over a year old")),
    ),
    totals=tuple(
        Total(name, name)
        for name in ("to_30", "to_60", "to_90", "to_180", "to_365", "older", "on_hand")
    ),
)


def ageing(
    *, now: datetime, owner: Company | None = None, warehouses_of: Company | None = None
) -> Listed:
    """One row a product of what an owner has, or lies in a keeper's warehouses, or anywhere."""
    found = stock.by_age(now=now, owner=owner, warehouses_of=warehouses_of, ages=AGES)
    known = Product.objects.in_bulk([one.product_id for one in found])
    return Listed(
        sorted(
            (
                Aged(
                    one.product_id,
                    known[one.product_id].sku,
                    known[one.product_id].name,
                    one.lots,
                    *one.by_age,
                )
                for one in found
            ),
            key=lambda one: one.pk,
        )
    )
