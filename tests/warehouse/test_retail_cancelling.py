"""A cancelled order gives back what it took, once, and stays cancelled."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from accounts.models import Company
from catalog.models import Product
from core.walls import platform_wide
from tests.factories.warehouse import SELLS, an_incoming_order, received_stock
from tests.warehouse.selling import on_hand
from warehouse.models import (
    MovementKind,
    Reservation,
    RetailOrder,
    RetailOrderState,
    StockMovement,
    StockStatus,
)
from warehouse.queries.proving import prove_stock
from warehouse.rules.order_way import OrderCancelled, RetailListDrawn
from warehouse.services import accept_orders, cancel_order, mark_listed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _platform() -> Iterator[None]:
    with platform_wide():
        yield


def test_a_cancelled_order_gives_its_stock_back_by_counter_movements(
    milk: Product, anna: Company
) -> None:
    received_stock({anna: 2}, product=milk, expires_on=date(2027, 1, 1))
    received_stock({anna: 2}, product=milk, expires_on=date(2028, 1, 1))
    accept_orders(seller=anna, orders=[an_incoming_order("MILK", 3)], now=SELLS)

    order = cancel_order(order=RetailOrder.objects.get(), now=SELLS + timedelta(hours=1))

    assert order.state == RetailOrderState.CANCELLED
    assert on_hand(anna) == [2, 2]
    assert on_hand(anna, StockStatus.RESERVED) == [0, 0]
    back = StockMovement.objects.filter(kind=MovementKind.RETURNED).values_list(
        "quantity", "status"
    )
    assert sorted(back) == [(-2, "reserved"), (-1, "reserved"), (1, "available"), (2, "available")]
    assert StockMovement.objects.filter(kind=MovementKind.RESERVED).count() == 4, "facts stay"
    assert set(Reservation.objects.values_list("state", flat=True)) == {"returned"}
    assert prove_stock() == []
    with pytest.raises(OrderCancelled):
        cancel_order(order=order, now=SELLS + timedelta(hours=2))
    assert on_hand(anna) == [2, 2]


def test_an_order_whose_list_is_drawn_stays(milk: Product, anna: Company) -> None:
    received_stock({anna: 2}, product=milk)
    accept_orders(seller=anna, orders=[an_incoming_order("MILK", 1)], now=SELLS)
    order = RetailOrder.objects.get()
    assert mark_listed(orders=[order.pk]) == [order.pk]

    with pytest.raises(RetailListDrawn):
        cancel_order(order=order, now=SELLS)

    assert on_hand(anna) == [1]
    assert not StockMovement.objects.filter(kind=MovementKind.RETURNED).exists()


def test_a_cancelled_order_may_come_again_corrected(milk: Product, anna: Company) -> None:
    received_stock({anna: 4}, product=milk)
    accept_orders(seller=anna, orders=[an_incoming_order("MILK", 3)], now=SELLS)
    cancel_order(order=RetailOrder.objects.get(), now=SELLS)

    (again,) = accept_orders(seller=anna, orders=[an_incoming_order("MILK", 2)], now=SELLS)
    (twice,) = accept_orders(seller=anna, orders=[an_incoming_order("MILK", 2)], now=SELLS)

    assert (again.outcome, again.number) == ("accepted", "RO-2026-000002")
    assert (twice.outcome, twice.number) == ("already_taken", "RO-2026-000002")
    assert on_hand(anna) == [2]
    assert prove_stock() == []


def test_no_list_is_drawn_for_a_cancelled_order(milk: Product, anna: Company) -> None:
    received_stock({anna: 2}, product=milk)
    accept_orders(seller=anna, orders=[an_incoming_order("MILK", 1)], now=SELLS)
    order = cancel_order(order=RetailOrder.objects.get(), now=SELLS)

    assert mark_listed(orders=[order.pk]) == []
