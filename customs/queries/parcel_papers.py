"""What was told of one parcel beside its order, and whether it went to customs."""

from __future__ import annotations

from core.walls import platform_wide
from customs.models import ParcelPapers, RetailList, RetailParties
from customs.queries.platforms import default_of, platform_of, platforms_of, platforms_told
from customs.queries.retelling import may_mend
from customs.rules.platforms import Platform
from warehouse.models import RetailOrder


def papers_of_order(order: RetailOrder) -> ParcelPapers | None:
    """Waybill and payment, once its seller or a range told them."""
    found: ParcelPapers | None = ParcelPapers.objects.filter(order=order.pk).first()
    return found


def platforms_for(order: RetailOrder) -> list[Platform]:
    """The platforms on which its seller sells; none before it told who declares."""
    by = RetailParties.objects.filter(seller=order.seller_id).first()
    return [default_of(by), *platforms_of(by)] if by else []


def platform_for(order: RetailOrder, papers: ParcelPapers | None) -> Platform | None:
    """Under which the order is told, or was; None before its seller told who declares."""
    by = RetailParties.objects.filter(seller=order.seller_id).first()
    if by is None:
        return None
    with platform_wide():
        told = platforms_told([order.pk]).get(order.pk, "")
    chosen = papers.platform if papers else ""
    return platform_of(by, channel=order.channel, code=told or chosen)


def list_of_order(order: RetailOrder) -> RetailList | None:
    """Its newest list, once one was drawn."""
    found: RetailList | None = RetailList.objects.filter(order=order.pk).order_by("-pk").first()
    return found


def is_with_customs(order: RetailOrder) -> bool:
    """Whether it was told: from then on its numbers stay, but for those that came back."""
    with platform_wide():
        mended = may_mend([order.pk]).get(order.pk)
    return mended is not None and not mended
