"""What was told of one parcel beside its order, and whether it went to customs."""

from __future__ import annotations

from core.walls import platform_wide
from customs.models import ParcelPapers, RetailList
from customs.queries.retelling import may_mend
from warehouse.models import RetailOrder


def papers_of_order(order: RetailOrder) -> ParcelPapers | None:
    """Waybill and payment, once its seller or a range told them."""
    found: ParcelPapers | None = ParcelPapers.objects.filter(order=order.pk).first()
    return found


def list_of_order(order: RetailOrder) -> RetailList | None:
    """Its newest list, once one was drawn."""
    found: RetailList | None = RetailList.objects.filter(order=order.pk).order_by("-pk").first()
    return found


def is_with_customs(order: RetailOrder) -> bool:
    """Whether it was told: from then on its numbers stay, but for those that came back."""
    with platform_wide():
        mended = may_mend([order.pk]).get(order.pk)
    return mended is not None and not mended
