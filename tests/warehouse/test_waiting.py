"""Unpaid orders run out or are paid; held ones wait until they are let go on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from accounts.models import Company, Role
from catalog.models import Product
from core.walls import inside, platform_wide
from notices.models import Notice
from tests.factories.accounts import SellerFactory, UserFactory, WarehouseOperatorFactory
from tests.factories.warehouse import SELLS, an_incoming_order, received_stock
from tests.warehouse.browsing import signed_in, text_of
from tests.warehouse.selling import nothing_was_sold, on_hand
from warehouse.models import Holding, Reservation, RetailHold, RetailOrder
from warehouse.queries.proving import prove_stock
from warehouse.rules import waiting as rules
from warehouse.services import (
    accept_orders,
    cancel_order,
    confirm_payment,
    expire_unpaid,
    free_order,
    hold_order,
    mark_listed,
)

pytestmark = pytest.mark.django_db

UNTIL = SELLS + timedelta(hours=2)


@pytest.fixture(autouse=True)
def _platform() -> Iterator[None]:
    with platform_wide():
        yield


def taken(seller: Company, number: str = "T-1", until: datetime | None = UNTIL) -> RetailOrder:
    order = an_incoming_order("MILK", 2, number=number, unpaid_until=until)
    (result,) = accept_orders(seller=seller, orders=[order], now=SELLS)
    assert result.refusal is None
    return RetailOrder.objects.get(number=result.number)


def keeper_of(seller: Company) -> Company:
    return Holding.objects.filter(owner=seller).first().keeper  # type: ignore[union-attr]


def test_an_unpaid_order_keeps_its_stock_and_gets_no_list(milk: Product, anna: Company) -> None:
    received_stock({anna: 5}, product=milk)

    order = taken(anna)

    assert (order.state, order.unpaid_until, order.paid_at) == ("allocated", UNTIL, None)
    assert list(Reservation.objects.values_list("expires_at", flat=True)) == [UNTIL]
    assert (on_hand(anna), on_hand(anna, "reserved")) == ([3], [2])
    assert mark_listed(orders=[order.pk]) == []


def test_paid_in_time_it_goes_on(milk: Product, anna: Company) -> None:
    received_stock({anna: 5}, product=milk)
    order = taken(anna)

    paid = confirm_payment(order=order, now=UNTIL - timedelta(seconds=1))

    assert (paid.unpaid_until, paid.paid_at) == (None, UNTIL - timedelta(seconds=1))
    assert list(Reservation.objects.values_list("expires_at", flat=True)) == [None]
    assert expire_unpaid(now=UNTIL + timedelta(days=9)) == 0
    with pytest.raises(rules.AlreadyPaid):
        confirm_payment(order=order, now=UNTIL)
    assert mark_listed(orders=[order.pk]) == [order.pk]


def test_what_nobody_paid_gives_its_stock_back_and_its_seller_hears(
    milk: Product, anna: Company
) -> None:
    received_stock({anna: 9}, product=milk)
    late, later = taken(anna), taken(anna, "T-2", UNTIL + timedelta(hours=1))

    assert expire_unpaid(now=UNTIL) == 1
    assert expire_unpaid(now=UNTIL) == 0

    late.refresh_from_db()
    assert late.state == "cancelled"
    assert late.refusal == {
        "code": "warehouse.not_paid_in_time",
        "rule": rules.NotPaidInTime.rule(),
        "facts": {"unpaid_until": "2026-08-01 13:00"},
    }
    later.refresh_from_db()
    assert later.state == "allocated"
    assert (on_hand(anna), on_hand(anna, "reserved")) == ([7], [2])
    told = Notice.objects.get(event="retail.unpaid")
    assert (told.company_id, told.facts["orders"]) == (anna.pk, 1)
    assert prove_stock() == []
    with pytest.raises(rules.NotWaitingForPayment):
        confirm_payment(order=late, now=UNTIL)
    # Once paid, the shop sends it again.
    assert taken(anna, "T-1", None).number != late.number


def test_a_payment_after_the_end_is_refused_though_nobody_has_swept(
    milk: Product, anna: Company
) -> None:
    received_stock({anna: 5}, product=milk)
    order = taken(anna)

    with pytest.raises(rules.NotPaidInTime):
        confirm_payment(order=order, now=UNTIL)

    order.refresh_from_db()
    assert (order.unpaid_until, order.paid_at) == (UNTIL, None)


def test_an_end_that_cannot_be_meant_sells_nothing(milk: Product, anna: Company) -> None:
    received_stock({anna: 5}, product=milk)
    orders = [
        an_incoming_order("MILK", number="A", unpaid_until=SELLS),
        an_incoming_order("MILK", number="B", unpaid_until=SELLS + timedelta(days=8)),
    ]

    results = accept_orders(seller=anna, orders=orders, now=SELLS)

    assert [one.refusal.code for one in results if one.refusal] == [
        "warehouse.unpaid_in_the_past",
        "warehouse.unpaid_too_long",
    ]
    assert nothing_was_sold()


def test_the_same_order_sent_again_is_the_same_after_its_end_and_after_it_is_paid(
    milk: Product, anna: Company
) -> None:
    received_stock({anna: 5}, product=milk)
    order = taken(anna)
    again = an_incoming_order("MILK", 2, unpaid_until=UNTIL)

    (unpaid,) = accept_orders(seller=anna, orders=[again], now=UNTIL + timedelta(hours=1))
    confirm_payment(order=order, now=SELLS)
    (paid,) = accept_orders(seller=anna, orders=[an_incoming_order("MILK", 2)], now=UNTIL)

    assert [(one.outcome, one.number) for one in (unpaid, paid)] == [
        ("already_taken", order.number)
    ] * 2


def test_seller_and_warehouse_hold_each_for_itself(milk: Product, anna: Company) -> None:
    received_stock({anna: 5}, product=milk)
    order, clerk, house = taken(anna, until=None), UserFactory.create(), keeper_of(anna)

    for company in (anna, house):
        hold_order(number=order.number, company=company, reason="wet", acted_by=clerk, now=SELLS)
    assert mark_listed(orders=[order.pk]) == []
    free_order(number=order.number, company=anna, acted_by=clerk, now=SELLS)
    assert mark_listed(orders=[order.pk]) == []
    with pytest.raises(rules.NotHeld):
        free_order(number=order.number, company=anna, acted_by=clerk, now=SELLS)
    free_order(number=order.number, company=house, acted_by=clerk, now=SELLS)

    assert mark_listed(orders=[order.pk]) == [order.pk]
    assert list(RetailHold.objects.order_by("pk").values_list("company", "act")) == [
        (anna.pk, "held"),
        (house.pk, "held"),
        (anna.pk, "freed"),
        (house.pk, "freed"),
    ]
    told = Notice.objects.filter(event__in=["retail.held", "retail.let_go"]).order_by("pk")
    assert [(one.company_id, one.event) for one in told] == [
        (anna.pk, "retail.held"),
        (anna.pk, "retail.let_go"),
    ]


def test_nobody_else_holds_an_order_and_nothing_is_written(milk: Product, anna: Company) -> None:
    received_stock({anna: 5}, product=milk)
    order, clerk = taken(anna), UserFactory.create()

    for stranger in (SellerFactory.create(), WarehouseOperatorFactory.create()):
        with pytest.raises(rules.OrderNotInHouse):
            hold_order(
                number=order.number, company=stranger, reason="wet", acted_by=clerk, now=SELLS
            )
        with pytest.raises(rules.OrderNotInHouse):
            free_order(number=order.number, company=stranger, acted_by=clerk, now=SELLS)
    cancel_order(order=order, now=SELLS)
    with pytest.raises(rules.PastHolding):
        hold_order(number=order.number, company=anna, reason="wet", acted_by=clerk, now=SELLS)

    assert not RetailHold.objects.exists()
    order.refresh_from_db()
    assert order.holds == 0


def test_the_pages_of_a_seller_and_of_a_warehouse(milk: Product, anna: Company) -> None:
    received_stock({anna: 5}, product=milk)
    order, house = taken(anna, until=None), keeper_of(anna)
    RetailOrder.objects.update(unpaid_until=SELLS + timedelta(days=4000))
    seller, gate = signed_in(anna, Role.SELLER), signed_in(house, Role.WAREHOUSE)
    there = reverse("retail_order", args=[order.number])

    assert "Confirm the payment" in text_of(seller.get(there))
    seller.post(reverse("retail_confirm", args=[order.number]))
    seller.post(reverse("retail_hold", args=[order.number]), {"reason": "The buyer moves"})
    page = text_of(seller.get(there))
    assert "The buyer moves" in page
    assert "Confirm the payment" not in page
    seller.post(reverse("retail_free", args=[order.number]))
    wrong = gate.post(reverse("warehouse_holds"), {"number": "RO-2026-999999", "reason": "wet"})
    assert wrong.status_code == 422
    assert "No order of this number" in text_of(wrong)
    gate.post(reverse("warehouse_holds"), {"number": order.number, "reason": "The parcel is wet"})
    assert "The parcel is wet" in text_of(gate.get(reverse("warehouse_holds")))
    assert "The parcel is wet" in text_of(seller.get(there))
    gate.post(reverse("warehouse_let_go", args=[order.number]))
    gate.post(reverse("warehouse_holds"), {"number": order.number, "reason": "Wet again"})
    assert gate.post(reverse("warehouse_let_go", args=[order.number])).status_code == 302

    assert order.number not in text_of(gate.get(reverse("warehouse_holds")))
    order.refresh_from_db()
    assert (order.holds, order.unpaid_until) == (0, None)
    with inside(house.pk, keeper=True):
        assert RetailHold.objects.count() == 4, "a warehouse sees its own acts"
