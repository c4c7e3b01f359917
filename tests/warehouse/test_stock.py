"""Stock is the sum of its movements and never below zero, whatever happens."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Company
from catalog.models import Product
from core.walls import platform_wide
from tests.factories.accounts import SellerFactory
from tests.factories.catalog import ProductFactory
from tests.factories.warehouse import SELLS, an_incoming_order, received_stock
from tests.warehouse.selling import on_hand
from warehouse.models import Holding, Lot, RetailOrder
from warehouse.queries.proving import prove_stock
from warehouse.services import accept_orders, cancel_order

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _platform() -> Iterator[None]:
    with platform_wide():
        yield


def test_the_database_itself_refuses_stock_below_zero(milk: Product, anna: Company) -> None:
    received_stock({anna: 2}, product=milk)

    with pytest.raises(IntegrityError, match="holding_not_negative"), transaction.atomic():
        Holding.objects.update(on_hand=-1)

    assert on_hand(anna) == [2]


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["receive", "sell", "sell", "sell", "cancel", "again"]),
        st.integers(0, 1),
        st.integers(1, 9),
    ),
    min_size=1,
    max_size=12,
)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(STEPS)
def test_stock_is_the_sum_of_its_movements_whatever_happens(
    steps: list[tuple[str, int, int]],
) -> None:
    sellers = [SellerFactory.create(), SellerFactory.create()]
    product = ProductFactory.create()
    expected = {seller.pk: 0 for seller in sellers}
    sold: dict[str, tuple[Company, int]] = {}
    for at, (step, who, units) in enumerate(steps):
        seller = sellers[who]
        if step == "receive":
            received_stock(dict.fromkeys(sellers, units), product=product)
            for one in sellers:
                expected[one.pk] += units
        elif step == "sell":
            order = an_incoming_order(product.sku, units, number=f"T-{at}")
            (result,) = accept_orders(seller=seller, orders=[order], now=SELLS)
            assert (result.outcome == "accepted") == (units <= expected[seller.pk])
            if result.number:
                expected[seller.pk] -= units
                sold[result.number] = (seller, units)
        elif sold and step == "cancel":
            number, (owner, took) = sold.popitem()
            cancel_order(order=RetailOrder.objects.get(number=number), now=SELLS)
            expected[owner.pk] += took
        elif step == "again" and sold:
            number = next(iter(sold))
            row = RetailOrder.objects.get(number=number)
            order = an_incoming_order(product.sku, sold[number][1], number=row.channel_order_number)
            (result,) = accept_orders(seller=row.seller, orders=[order], now=SELLS)
            assert result.outcome == "already_taken"

    for seller in sellers:
        assert sum(on_hand(seller)) == expected[seller.pk]
    assert prove_stock() == []
    assert Lot.objects.filter(product=product).count() == sum(
        step == "receive" for step, *_ in steps
    )
