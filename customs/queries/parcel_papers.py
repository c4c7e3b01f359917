"""What was told of one parcel beside its order, and whether it went to customs."""

from __future__ import annotations

from customs.models import OutgoingElement, ParcelPapers, RetailList
from customs.queries.accepting import may_mend
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
    """Whether it was told: from then on its numbers stay."""
    told = OutgoingElement.objects.filter(retail_order=order.pk).exists()
    return bool(told and not may_mend(order.pk))
