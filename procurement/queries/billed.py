"""The bills that really came for orders."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from procurement.models import OrderBill, PurchaseOrder


def bills(order: PurchaseOrder) -> QuerySet[OrderBill]:
    """An order's, newest first; ``is_back`` where it has been taken back."""
    back = OrderBill.objects.filter(reverses=OuterRef("pk"))
    found: QuerySet[OrderBill] = OrderBill.objects.filter(order=order)
    return (
        found.select_related("line__product", "entered_by")
        .annotate(is_back=Exists(back))
        .order_by("-pk")
    )
