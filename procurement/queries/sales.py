"""What sellers sold: of each product and quarter the figure that counts."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import pandas as pd
from django.db import connection
from django.db.models import QuerySet

from accounts.models import Company
from procurement.models import Forecast, ForecastLine, SalesReport, SellerSales
from procurement.rules import quarters as quarters_rule
from procurement.rules import suggesting

#: What was drawn from bond counts before what was reported, and the newest before older ones.
COUNTS = ("-is_from_bond", "-id")


def counting(seller: Company) -> QuerySet[SellerSales]:
    """A seller's figures that count, newest quarter first."""
    newest = (
        SellerSales.objects.filter(seller=seller)
        .order_by("quarter", "product_id", *COUNTS)
        .distinct("quarter", "product_id")
    )
    return (
        SellerSales.objects.filter(seller=seller, pk__in=newest.values("pk"))
        .select_related("product")
        .order_by("-quarter", "product__sku")
    )


def from_bond(quarters: Collection[int]) -> dict[tuple[int, int, int], tuple[int, bool]]:
    """What is known to be drawn from bond in some quarters: units, and whether none was left."""
    rows = (
        SellerSales.objects.filter(quarter__in=quarters, is_from_bond=True)
        .order_by("seller_id", "product_id", "quarter", "-id")
        .distinct("seller_id", "product_id", "quarter")
        .values_list("seller_id", "product_id", "quarter", "units", "is_stocked_out")
    )
    return {
        (seller, product, quarter): (units, out) for seller, product, quarter, units, out in rows
    }


def reports(seller: Company) -> QuerySet[SalesReport]:
    """A seller's files that can still be looked at or were recorded."""
    return SalesReport.objects.filter(seller=seller).defer("content")


def to_fill_in(seller: Company, quarter: int, is_chinese: bool) -> list[tuple[object, ...]]:
    """What a seller forecast for a quarter, for a file of its sales: units are its to fill in."""
    frozen = (
        Forecast.objects.filter(seller=seller, round__quarter=quarters_rule.named(quarter))
        .order_by("round_id", "-version")
        .distinct("round_id")
    )
    rows = (
        ForecastLine.objects.filter(forecast__in=frozen.values("pk"), seller=seller)
        .order_by("product__sku")
        .values_list("product__sku", "product__name_zh" if is_chinese else "product__name_en")
        .distinct()
    )
    return [(quarters_rule.named(quarter), sku, name, "", "") for sku, name in rows]


def came_in_since(moment: datetime) -> bool:
    """Whether any figures were recorded after a moment."""
    return SalesReport.objects.filter(recorded_at__gt=moment).exists()


def frame(newest: int, *, quarters: int = 12) -> pd.DataFrame:
    """What everybody sold in the last quarters up to ``newest``, for suggestions."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT ON (seller_id, product_id, quarter) "
            "seller_id, product_id, quarter, units, is_stocked_out "
            "FROM procurement_sellersales WHERE quarter > %s AND quarter <= %s "
            "ORDER BY seller_id, product_id, quarter, is_from_bond DESC, id DESC",
            [newest - quarters, newest],
        )
        rows = cursor.fetchall()
    return pd.DataFrame(rows, columns=list(suggesting.SALES))
