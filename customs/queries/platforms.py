"""Under which platform an order is told to customs."""

from __future__ import annotations

from collections.abc import Collection

from core.copying import among_keys
from customs.models import MessageKind, OutgoingElement, ParcelPapers, RetailParties
from customs.rules import platforms as rules
from customs.rules.platforms import Platform
from warehouse.models import RetailOrder


def default_of(told: RetailParties) -> Platform:
    """The one of all channels that no other platform has."""
    return Platform(told.ebp_code, told.ebp_name)


def platforms_of(told: RetailParties) -> list[Platform]:
    """The further ones of a seller, by channel."""
    return rules.restored(told.platforms)


def platform_of(told: RetailParties, *, channel: str, code: str) -> Platform:
    """See ``rules.platforms.platform_of``."""
    return rules.platform_of(platforms_of(told), default_of(told), channel=channel, code=code)


def platforms_told(orders: Collection[int]) -> dict[int, str]:
    """By order (id) the customs code of the platform under which customs knows it, as far as we
    told it. Call platform-wide."""
    rows = OutgoingElement.objects.filter(
        among_keys("retail_order", orders, "bigint"),
        kind=MessageKind.ORDER,
        told_anew__isnull=True,
    )
    return {
        order: code_in(giver)
        for order, giver in rows.exclude(giver="").values_list("retail_order", "giver")
    }


def platforms_now(orders: Collection[int]) -> dict[int, str]:
    """By order (id) the customs code of the platform under which it would be told today: the one
    its seller chose, else that of its channel. Call platform-wide."""
    rows = RetailOrder.objects.filter(among_keys("pk", orders, "bigint"))
    found = list(rows.values_list("pk", "seller_id", "channel"))
    parties = {
        one.seller_id: one
        for one in RetailParties.objects.filter(seller__in={seller for _pk, seller, _ in found})
    }
    papers = ParcelPapers.objects.filter(among_keys("order", orders, "bigint"))
    chosen = dict(papers.values_list("order_id", "platform"))
    return {
        pk: platform_of(parties[seller], channel=channel, code=chosen.get(pk, "")).code
        for pk, seller, channel in found
        if seller in parties
    }


def code_in(giver: str) -> str:
    """The platform's code in what an order's number is of: platform and company, with a slash."""
    return giver.partition("/")[0]
