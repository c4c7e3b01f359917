"""An order runs out while it is paid, cancelled and listed: one of them has it, once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import Company
from core.errors import DomainError
from core.walls import inside, platform_wide
from tests.factories.accounts import SellerFactory, UserFactory
from tests.factories.catalog import ProductFactory
from tests.factories.warehouse import SELLS, an_incoming_order, received_stock
from tests.warehouse.selling import on_hand
from tests.warehouse.test_races import THREADS, all_at_once
from warehouse.models import Reservation, RetailMissing, RetailOrder
from warehouse.queries.proving import prove_stock
from warehouse.rules.parting import Shortage, Terms
from warehouse.services import (
    accept_orders,
    cancel_order,
    confirm_payment,
    expire_unpaid,
    mark_listed,
    serve_back_orders,
    set_terms,
)

pytestmark = pytest.mark.django_db(transaction=True)

UNTIL = SELLS + timedelta(hours=2)


@pytest.fixture
def anna() -> Company:
    with platform_wide():
        return SellerFactory.create()


def test_running_out_paying_cancelling_listing_and_selling_at_once(anna: Company) -> None:
    """Four orders, five threads at each; two clocks, so that all of it can come true."""
    with platform_wide():
        product = ProductFactory.create()
        received_stock({anna: 12}, product=product)
        orders = [
            an_incoming_order(product.sku, 3, number=f"U-{n}", unpaid_until=UNTIL) for n in range(4)
        ]
        accept_orders(seller=anna, orders=orders, now=SELLS)
        mine = list(RetailOrder.objects.order_by("pk"))

    def act(n: int) -> str:
        order = mine[n % 4]
        match n // 4:
            case 0 | 1:
                with platform_wide():
                    expire_unpaid(now=UNTIL)
                    mark_listed(orders=[order.pk])
                    return "swept"
            case 2:
                with inside(anna.pk):
                    again = an_incoming_order(product.sku, 1, number=f"N-{n}")
                    accept_orders(seller=anna, orders=[again], now=SELLS)
                    return "sold"
            case kind:
                with inside(anna.pk):
                    try:
                        if kind == 3:
                            confirm_payment(order=order, now=UNTIL - timedelta(seconds=1))
                        else:
                            cancel_order(order=order, now=SELLS)
                    except DomainError as refusal:
                        return refusal.code
                    return "done"

    all_at_once(act)

    assert THREADS == 20
    with platform_wide():
        expire_unpaid(now=UNTIL)
        assert prove_stock() == []
        for order in RetailOrder.objects.filter(pk__in=[one.pk for one in mine]):
            held = set(
                Reservation.objects.filter(line__order=order).values_list("state", flat=True)
            )
            if order.state == "cancelled":
                assert held == {"returned"}
            else:
                assert order.paid_at is not None
                assert order.unpaid_until is None
                assert held == {"held"}
        kept = sum(Reservation.objects.filter(state="held").values_list("quantity", flat=True))
        assert sum(on_hand(anna)) + kept == 12
        assert sum(on_hand(anna, "reserved")) == kept


def test_serving_back_orders_cancelling_and_selling_do_not_wait_for_each_other(
    anna: Company,
) -> None:
    with platform_wide():
        product = ProductFactory.create()
        received_stock({anna: 10}, product=product)
        terms = Terms(Shortage.BACK_ORDER, 9)
        set_terms(seller=anna, terms=terms, set_by=UserFactory.create(), now=SELLS)
        orders = [an_incoming_order(product.sku, 1, number=f"F-{n}") for n in range(9)]
        short = [an_incoming_order(product.sku, 3, number="S-1")]
        accept_orders(seller=anna, orders=[*orders, *short], now=SELLS)
        received_stock({anna: 6}, product=product)
        mine = RetailOrder.objects.get(channel_order_number="S-1")

    def act(n: int) -> str:
        match n % 4:
            case 0 | 1:
                with platform_wide():
                    serve_back_orders(now=SELLS)
                    return "looked"
            case 2:
                with inside(anna.pk):
                    order = an_incoming_order(product.sku, 1, number=f"N-{n}")
                    return accept_orders(seller=anna, orders=[order], now=SELLS)[0].outcome.value
            case _:
                with inside(anna.pk):
                    try:
                        return cancel_order(order=mine, now=SELLS).state
                    except DomainError:
                        return "refused"

    found = all_at_once(act)

    assert (found["looked"], found["cancelled"]) == (10, 1)
    with platform_wide():
        assert prove_stock() == []
        later = RetailOrder.objects.filter(part=2).count()
        states = set(RetailMissing.objects.values_list("state", flat=True))
        assert states == ({"served"} if later else {"lapsed"})
