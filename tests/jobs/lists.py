"""Retail lists an operator records as released."""

from __future__ import annotations

from collections.abc import Callable

from accounts.models import Membership, Role
from customs.models import RetailList, RetailRelease
from customs.services import cancel_order, draw_retail_lists
from tests.factories.accounts import MembershipFactory, PlatformCompanyFactory, SellerFactory
from tests.factories.catalog import ProductFactory
from tests.factories.customs import TariffRateFactory
from tests.factories.warehouse import SELLS, an_incoming_order, received_stock
from warehouse.services import accept_orders


def scene() -> tuple[Membership, list[int], Callable[[], int]]:
    """Two lists that the authority released, and one whose order was cancelled."""
    seller = SellerFactory.create()
    TariffRateFactory.create()
    received_stock({seller: 9}, product=ProductFactory.create(sku="MILK"))
    accept_orders(
        seller=seller,
        orders=[an_incoming_order("MILK", number=f"T-{at}") for at in range(3)],
        now=SELLS,
    )
    draw_retail_lists(now=SELLS)
    lists = list(RetailList.objects.select_related("order").order_by("pk"))
    cancel_order(order=lists[2].order, by=None, now=SELLS)
    actor = MembershipFactory.create(company=PlatformCompanyFactory.create(), role=Role.OPERATOR)
    return actor, [one.pk for one in lists], lambda: RetailRelease.objects.count()
