"""A count that makes goods stand still, while orders come in from everywhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connections, transaction

from accounts.models import Company
from core.errors import DomainError
from core.walls import inside, platform_wide
from tests.factories.accounts import SellerFactory, UserFactory
from tests.factories.catalog import ProductFactory
from tests.factories.warehouse import SELLS, an_incoming_order, received_stock
from tests.warehouse.leaving import sold
from tests.warehouse.selling import on_hand
from tests.warehouse.waiting_rooms import await_one_who_waits
from warehouse.models import BondedWarehouse, Holding, StockCount
from warehouse.queries.proving import prove_stock
from warehouse.rules.counting import CountedAlready
from warehouse.rules.posting import Status
from warehouse.services import (
    accept_orders,
    call_off_count,
    mark_listed,
    release_orders,
    start_count,
)

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 8


@pytest.fixture
def anna() -> Company:
    with platform_wide():
        return SellerFactory.create()


@pytest.fixture(autouse=True)
def _proved() -> Iterator[None]:
    yield
    with platform_wide():
        assert prove_stock() == []


def test_while_one_lot_is_counted_orders_go_through_from_the_other(anna: Company) -> None:
    """Two start a count of the first lot, six sell: whatever was reserved before the count began
    is the order's, and from then on all comes from the second."""
    with platform_wide():
        product = ProductFactory.create(sku="MILK")
        received_stock({anna: 10}, product=product)
        house = BondedWarehouse.objects.select_related("operator").get()
        first = Holding.objects.select_related("lot").get()
        received_stock({anna: 10}, product=product)
        clerk = UserFactory.create()
    gate = Barrier(THREADS)

    def act(n: int) -> str:
        try:
            gate.wait(timeout=30)
            if n < 2:
                with inside(first.keeper_id, keeper=True):
                    start_count(
                        house=house,
                        keeper=house.operator,
                        subject=first.lot.number,
                        freezes=True,
                        started_by=clerk,
                        now=SELLS,
                    )
                    return "begun"
            with inside(anna.pk):
                order = an_incoming_order("MILK", 1, number=f"T-{n}")
                return accept_orders(seller=anna, orders=[order], now=SELLS)[0].outcome.value
        except DomainError as refused:
            return refused.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(THREADS) as pool:
        told = Counter(pool.map(act, range(THREADS)))

    assert told == {"begun": 1, CountedAlready.code: 1, "accepted": 6}
    with platform_wide():
        before = on_hand(anna)
        assert sum(before) == 14
        (order,) = accept_orders(
            seller=anna, orders=[an_incoming_order("MILK", 1, number="T-99")], now=SELLS
        )
        assert order.outcome == "accepted"
        assert on_hand(anna) == [before[0], before[1] - 1], "the first stands still"
        call_off_count(count=StockCount.objects.get(), keeper=house.operator, now=SELLS)
        accept_orders(seller=anna, orders=[an_incoming_order("MILK", 1, number="T-100")], now=SELLS)
        assert sum(on_hand(anna)) == 12


def test_who_ends_a_count_and_who_posts_lock_in_one_order(anna: Company) -> None:
    """What came set aside is older than what was freed of it; the free one is locked first all the
    same: who waits for it holds nothing that whoever posts will ask for."""
    with platform_wide():
        received_stock({anna: 10}, now=SELLS, expires_on=SELLS.date() - timedelta(days=1))
        house = BondedWarehouse.objects.select_related("operator").get()
        older = Holding.objects.select_related("lot").get()
        clerk = UserFactory.create()
        free = Holding.objects.create(
            lot=older.lot,
            owner=anna,
            location_id=older.location_id,
            status=Status.AVAILABLE,
            keeper_id=older.keeper_id,
        )
        count = start_count(
            house=house,
            keeper=house.operator,
            subject=older.lot.number,
            freezes=True,
            started_by=clerk,
            now=SELLS,
        )

        with ThreadPoolExecutor(1) as pool:
            with transaction.atomic():
                Holding.objects.select_for_update().get(pk=free.pk)
                ending = pool.submit(_ended, count, house)
                await_one_who_waits()
                assert Holding.objects.select_for_update(nowait=True).get(pk=older.pk).frozen_by
            ending.result()
        assert not Holding.objects.exclude(frozen_by=None).exists()


def test_what_is_opened_while_a_count_ends_moves_again_with_the_rest(anna: Company) -> None:
    """An order is released on the frozen shelf: its units lie in a row that whoever ends the count
    has not seen when it began to wait."""
    with platform_wide():
        milk = ProductFactory.create(sku="MILK")
        received_stock({anna: 10}, product=milk)
        house = BondedWarehouse.objects.select_related("operator").get()
        (order,) = sold(anna, milk, [3])
        mark_listed(orders=[order.pk])
        count = start_count(
            house=house,
            keeper=house.operator,
            subject="MILK",
            freezes=True,
            started_by=UserFactory.create(),
            now=SELLS,
        )

        with ThreadPoolExecutor(1) as pool:
            with transaction.atomic():
                release_orders(orders=[order.pk], lists={order.pk: "RL-1"}, now=SELLS)
                ending = pool.submit(_ended, count, house)
                await_one_who_waits()
            ending.result()
        assert Holding.objects.get(status=Status.RELEASED).on_hand == 3
        assert not Holding.objects.exclude(frozen_by=None).exists()


def _ended(count: StockCount, house: BondedWarehouse) -> None:
    try:
        with platform_wide():
            call_off_count(count=count, keeper=house.operator, now=SELLS)
    finally:
        connections.close_all()
