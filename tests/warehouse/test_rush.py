"""Everybody wants the last units at once: 10,000 orders of the last 1,000 from 50 connections in
``make slow``, a twentieth of them from 20 in ``make test``."""

from __future__ import annotations

import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from core.walls import inside, platform_wide
from tests.factories.accounts import SellerFactory
from tests.factories.catalog import ProductFactory
from tests.factories.warehouse import SELLS, an_incoming_order, received_stock
from tests.warehouse.selling import on_hand
from warehouse.models import Reservation, RetailOrder
from warehouse.queries.proving import prove_stock
from warehouse.rules.fulfilling import NotEnoughStock
from warehouse.services import accept_orders

pytestmark = pytest.mark.django_db(transaction=True)

RUSH = int(os.environ.get("BONDPOOL_RUSH") or 500)
CONNECTIONS = 50 if RUSH >= 10_000 else 20
LAST = RUSH // 10


def test_of_the_last_units_exactly_so_many_are_sold() -> None:
    with platform_wide():
        seller, product = SellerFactory.create(), ProductFactory.create()
        # Three lots, so that orders meet at the border of two.
        parts = [LAST // 3, LAST // 3, LAST - 2 * (LAST // 3)]
        for units in parts:
            received_stock({seller: units}, product=product)
    gate = Barrier(CONNECTIONS)

    def buy(hand: int) -> Counter[str]:
        told = Counter[str]()
        try:
            with inside(seller.pk):
                gate.wait(timeout=60)
                for n in range(hand, RUSH, CONNECTIONS):
                    order = an_incoming_order(product.sku, 1, number=f"T-{n}")
                    (result,) = accept_orders(seller=seller, orders=[order], now=SELLS)
                    told[result.refusal.code if result.refusal else result.outcome.value] += 1
        finally:
            connections.close_all()
        return told

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        told = sum(pool.map(buy, range(CONNECTIONS)), Counter[str]())

    assert told == {"accepted": LAST, NotEnoughStock.code: RUSH - LAST}
    with platform_wide():
        assert (sum(on_hand(seller)), sum(on_hand(seller, "reserved"))) == (0, LAST)
        assert RetailOrder.objects.count() == LAST
        assert sum(Reservation.objects.values_list("quantity", flat=True)) == LAST
        assert prove_stock() == []
