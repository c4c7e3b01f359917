"""Orders are merged while they are cancelled, merged otherwise, released and run out: one wins."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections, transaction

from accounts.models import Company, User
from core.errors import DomainError
from core.walls import inside, platform_wide
from customs.models import RetailList
from customs.queries import quota_differences
from customs.services import (
    cancel_order,
    draw_retail_lists,
    keep_tax_rules,
    merge_orders,
    release_lists,
)
from tests.factories.accounts import SellerFactory, UserFactory
from tests.factories.catalog import ProductFactory
from tests.factories.customs import TariffRateFactory
from tests.factories.warehouse import SELLS, an_incoming_order, received_stock
from tests.warehouse.selling import on_hand
from tests.warehouse.test_races import all_at_once
from warehouse.models import Reservation, RetailMerge, RetailOrder
from warehouse.queries.proving import prove_stock
from warehouse.rules.retail import OrderTakenMeanwhile
from warehouse.services import NewOrder, accept_orders, expire_unpaid
from warehouse.services.paying import lock_unpaid_merges

pytestmark = pytest.mark.django_db(transaction=True)

UNTIL = SELLS + timedelta(hours=2)


@pytest.fixture
def clerk() -> User:
    return UserFactory.create()


@pytest.fixture
def anna() -> Company:
    """A seller with six units and five orders of one; nothing more can be sold than is free."""
    with platform_wide():
        TariffRateFactory.create()
        keep_tax_rules()
        seller: Company = SellerFactory.create()
        received_stock({seller: 6}, product=ProductFactory.create(sku="MILK"))
        orders = [
            an_incoming_order("MILK", 1, number=f"R-{n}", price_minor=10_000) for n in range(4)
        ]
        last = an_incoming_order("MILK", 1, number="R-4", price_minor=10_000, unpaid_until=UNTIL)
        accept_orders(seller=seller, orders=[*orders, last], now=SELLS)
        draw_retail_lists(now=SELLS)
    return seller


def test_whoever_comes_first_has_the_orders_and_nobody_buys_their_goods(
    anna: Company, clerk: User
) -> None:
    """Twenty connections: merging by twos that overlap, cancelling, releasing, the sweep, and a
    shop that buys whatever is free for a moment."""
    with platform_wide():
        mine = list(RetailOrder.objects.order_by("pk"))
        lists = list(RetailList.objects.order_by("pk").values_list("number", flat=True))

    def act(n: int) -> str:
        try:
            match n % 5:
                case 0 | 1:
                    with inside(anna.pk):
                        merge_orders(
                            seller=anna,
                            numbers=[mine[n % 4].number, mine[(n + 1 + n // 10) % 4].number],
                            told=NewOrder(f"N-{n}", SELLS),
                            merged_by=clerk,
                            now=SELLS,
                        )
                        return "merged"
                case 2:
                    with inside(anna.pk):
                        cancel_order(order=mine[n % 4], by=clerk, now=SELLS)
                        return "cancelled"
                case 3:
                    with platform_wide():
                        release_lists(
                            numbers=[lists[n % 4]], released_at=SELLS, recorded_by=clerk, now=SELLS
                        )
                        expire_unpaid(now=UNTIL)
                        return "released"
                case _:
                    with inside(anna.pk):
                        order = an_incoming_order("MILK", 2, number=f"B-{n}")
                        (one,) = accept_orders(seller=anna, orders=[order], now=SELLS)
                        return one.outcome.value
        except DomainError as refusal:
            return refusal.code

    found = all_at_once(act)

    with platform_wide():
        assert prove_stock() == []
        assert quota_differences(2026) == {}
        by_state = Counter(RetailOrder.objects.values_list("state", flat=True))
        assert by_state["merged"] == RetailMerge.objects.count() == 2 * found["merged"]
        held = Reservation.objects.filter(state__in=["held", "released"])
        kept = sum(held.values_list("quantity", flat=True))
        assert sum(on_hand(anna)) + kept == 6
        standing = RetailList.objects.filter(void__isnull=True).values_list(
            "order__state", flat=True
        )
        assert set(standing) <= {"listed", "released"}


def test_a_shops_payment_waits_for_nobody_who_is_at_its_order(anna: Company, clerk: User) -> None:
    """It holds stock by then, which whoever cancels the order waits for."""
    with platform_wide():
        numbers = list(RetailOrder.objects.order_by("pk").values_list("number", flat=True)[:2])
        told = NewOrder("N-1", SELLS, unpaid_until=UNTIL)
        made = merge_orders(seller=anna, numbers=numbers, told=told, merged_by=clerk, now=SELLS)

    def pay() -> list[str]:
        try:
            with platform_wide(), transaction.atomic():
                return list(lock_unpaid_merges([*numbers, made.number]))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with platform_wide(), transaction.atomic():
            RetailOrder.objects.select_for_update().get(pk=made.pk)
            with pytest.raises(OrderTakenMeanwhile):
                pool.submit(pay).result(timeout=30)
        assert pool.submit(pay).result(timeout=30) == [made.number]
