"""Several people at one warehouse let orders leave: each order once, with its goods."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections, transaction

from accounts.models import Company
from core.walls import platform_wide
from tests.factories.accounts import SellerFactory, UserFactory
from tests.factories.catalog import ProductFactory
from tests.factories.warehouse import received_stock
from tests.warehouse.leaving import LEAVES, a_carrier, packed, picked, released
from tests.warehouse.test_races import all_at_once
from tests.warehouse.waiting_rooms import await_one_who_waits
from warehouse.models import BondedWarehouse, HandedParcel, PickWaveOrder, RetailOrder
from warehouse.queries.proving import prove_stock
from warehouse.rules.picking import NothingToPick
from warehouse.services import hand_over, make_wave

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def orders() -> list[RetailOrder]:
    """Three released orders."""
    with platform_wide():
        anna: Company = SellerFactory.create()
        product = ProductFactory.create()
        received_stock({anna: 9}, product=product)
        return released(anna, product, [1, 2, 3])


def _apart(act: Callable[[], None]) -> None:
    """In a thread with a connection of its own."""
    try:
        with platform_wide():
            act()
    finally:
        connections.close_all()


def test_an_order_is_put_on_one_list_whoever_makes_them(orders: list[RetailOrder]) -> None:
    with platform_wide():
        house, clerk = BondedWarehouse.objects.get(), UserFactory.create()

    def make(_n: int) -> str:
        with platform_wide():
            try:
                return str(make_wave(house=house, most=2, made_by=clerk, now=LEAVES).orders)
            except NothingToPick as refusal:
                return refusal.code

    assert all_at_once(make) == {"2": 1, "1": 1, "warehouse.nothing_to_pick": 18}
    with platform_wide():
        waits = PickWaveOrder.objects.order_by("order_id").values_list("order_id", flat=True)
        assert list(waits) == [order.pk for order in orders]


def test_what_is_packed_while_a_carrier_takes_the_others_waits_for_the_next(
    orders: list[RetailOrder],
) -> None:
    with platform_wide():
        house, clerk, carrier = BondedWarehouse.objects.get(), UserFactory.create(), a_carrier()
        picked(orders, clerk)
        packed(orders[:2], clerk)

    def give() -> None:
        hand_over(carrier=carrier, house=house, handed_by=clerk, now=LEAVES)

    with platform_wide(), ThreadPoolExecutor(2) as pool:
        with transaction.atomic():
            RetailOrder.objects.select_for_update().get(pk=orders[0].pk)
            giving = pool.submit(_apart, give)
            await_one_who_waits()
            pool.submit(_apart, lambda: packed(orders[2:], clerk)).result()
        giving.result()

        states = list(RetailOrder.objects.order_by("pk").values_list("state", flat=True))
        assert states == ["handed_over", "handed_over", "packed"]
        gone = HandedParcel.objects.order_by("pk").values_list("parcel__order_id", flat=True)
        assert list(gone) == [orders[0].pk, orders[1].pk]
        give()
        assert not RetailOrder.objects.exclude(state="handed_over").exists()
        assert prove_stock() == []
