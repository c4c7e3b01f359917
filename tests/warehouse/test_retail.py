"""Consumers' orders take stock, once, from the seller's own share; on a real database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.conf import settings as django_settings
from django.db import connection

from accounts.models import Company
from catalog.models import Product
from core.walls import inside, platform_wide
from tests.factories.accounts import SellerFactory
from tests.factories.catalog import ProductFactory
from tests.factories.warehouse import ID_NUMBERS, SELLS, an_incoming_order, received_stock
from tests.warehouse.selling import nothing_was_sold, on_hand
from traceability.models import TraceEvent
from warehouse.models import (
    MovementKind,
    Reservation,
    ReservationState,
    RetailOrder,
    RetailOrderLine,
    RetailOrderState,
    StockMovement,
    StockStatus,
)
from warehouse.queries.proving import prove_stock
from warehouse.rules.buyers import IdNumberWrong, digest
from warehouse.rules.fulfilling import NotEnoughStock
from warehouse.rules.retail import IncomingLine, OrderDiffers, TooManyOrders
from warehouse.services import accept_orders

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _platform() -> Iterator[None]:
    with platform_wide():
        yield


def test_an_order_takes_the_oldest_expiry_first(milk: Product, anna: Company) -> None:
    received_stock({anna: 5}, product=milk, expires_on=date(2028, 1, 1))
    received_stock({anna: 5}, product=milk, expires_on=date(2027, 1, 1))
    received_stock({anna: 5}, product=milk, expires_on=None)

    (result,) = accept_orders(seller=anna, orders=[an_incoming_order("MILK", 7)], now=SELLS)

    assert (result.outcome, result.number) == ("accepted", "RO-2026-000001")
    reserved = Reservation.objects.order_by("pk").values_list(
        "holding__expires_on", "quantity", "state"
    )
    assert list(reserved) == [
        (date(2027, 1, 1), 5, ReservationState.HELD),
        (date(2028, 1, 1), 2, ReservationState.HELD),
    ]
    assert on_hand(anna) == [3, 0, 5]
    assert sorted(on_hand(anna, StockStatus.RESERVED)) == [2, 5]
    moves = StockMovement.objects.filter(kind=MovementKind.RESERVED).values_list(
        "quantity", "status", "document"
    )
    assert sorted(moves) == [
        (-5, "available", "RO-2026-000001"),
        (-2, "available", "RO-2026-000001"),
        (2, "reserved", "RO-2026-000001"),
        (5, "reserved", "RO-2026-000001"),
    ]
    assert RetailOrder.objects.get().state == RetailOrderState.ALLOCATED
    assert prove_stock() == []


def test_an_expired_lot_is_never_picked(milk: Product, anna: Company) -> None:
    received_stock({anna: 5}, product=milk, expires_on=SELLS.date())

    (result,) = accept_orders(seller=anna, orders=[an_incoming_order("MILK")], now=SELLS)

    assert isinstance(result.refusal, NotEnoughStock)
    assert result.refusal.facts == {"line": 1, "product": "MILK", "wanted": 1, "available": 0}
    assert nothing_was_sold()


def test_nobody_sells_from_another_sellers_share(milk: Product, anna: Company) -> None:
    bert = SellerFactory.create()
    received_stock({anna: 3, bert: 50}, product=milk)

    (result,) = accept_orders(seller=anna, orders=[an_incoming_order("MILK", 4)], now=SELLS)

    assert isinstance(result.refusal, NotEnoughStock)
    assert (on_hand(anna), on_hand(bert)) == ([3], [50])
    assert nothing_was_sold()


def test_an_order_is_all_or_nothing_and_does_not_hold_up_the_others(
    milk: Product, anna: Company
) -> None:
    ProductFactory.create(sku="SOAP")
    received_stock({anna: 5}, product=milk)
    both = replace(
        an_incoming_order("MILK", number="T-1"),
        lines=(IncomingLine("MILK", 1, 100), IncomingLine("SOAP", 1, 100)),
    )

    results = accept_orders(
        seller=anna, orders=[both, an_incoming_order("MILK", 5, number="T-2")], now=SELLS
    )

    assert [one.outcome for one in results] == ["refused", "accepted"]
    assert on_hand(anna) == [0]
    assert RetailOrder.objects.get().channel_order_number == "T-2"


def test_one_order_of_a_product_in_two_lines_takes_both(milk: Product, anna: Company) -> None:
    received_stock({anna: 5}, product=milk)
    twice = replace(
        an_incoming_order("MILK"),
        lines=(IncomingLine("MILK", 2, 100), IncomingLine("MILK", 3, 90)),
    )

    (result,) = accept_orders(seller=anna, orders=[twice], now=SELLS)

    assert result.outcome == "accepted"
    assert list(Reservation.objects.order_by("pk").values_list("line__position", "quantity")) == [
        (1, 2),
        (2, 3),
    ]
    assert on_hand(anna) == [0]


def test_an_order_sent_twice_is_taken_once(milk: Product, anna: Company) -> None:
    received_stock({anna: 5}, product=milk)
    order = an_incoming_order("MILK", 2)
    (first,) = accept_orders(seller=anna, orders=[order], now=SELLS)

    again, in_one_batch = accept_orders(
        seller=anna, orders=[order, order], now=SELLS + timedelta(days=1)
    )

    assert (again.outcome, again.number) == ("already_taken", first.number)
    assert in_one_batch.number == first.number
    assert on_hand(anna) == [3]
    assert RetailOrder.objects.count() == 1


def test_the_same_number_with_other_content_is_refused(milk: Product, anna: Company) -> None:
    received_stock({anna: 5}, product=milk)
    accept_orders(seller=anna, orders=[an_incoming_order("MILK", 2)], now=SELLS)

    (result,) = accept_orders(seller=anna, orders=[an_incoming_order("MILK", 3)], now=SELLS)

    assert isinstance(result.refusal, OrderDiffers)
    assert on_hand(anna) == [3]
    assert RetailOrderLine.objects.get().quantity == 2


def test_two_sellers_may_use_the_same_order_number(milk: Product, anna: Company) -> None:
    bert = SellerFactory.create()
    received_stock({anna: 5, bert: 5}, product=milk)

    for seller in (anna, bert):
        (result,) = accept_orders(seller=seller, orders=[an_incoming_order("MILK")], now=SELLS)
        assert result.outcome == "accepted"


def test_a_wrong_identity_number_is_refused_and_not_repeated(milk: Product, anna: Company) -> None:
    received_stock({anna: 5}, product=milk)
    wrong = replace(an_incoming_order("MILK"), buyer_id_number="360426199101010072")

    (result,) = accept_orders(seller=anna, orders=[wrong], now=SELLS)

    assert isinstance(result.refusal, IdNumberWrong)
    assert "360426199101010072" not in str(result.refusal)
    assert nothing_was_sold()


def test_more_orders_than_one_batch_may_hold_write_nothing(milk: Product, anna: Company) -> None:
    received_stock({anna: 5}, product=milk)
    many = [an_incoming_order("MILK", number=f"T-{n}") for n in range(1_001)]

    with pytest.raises(TooManyOrders):
        accept_orders(seller=anna, orders=many, now=SELLS)

    assert nothing_was_sold()


def test_the_buyers_data_is_unreadable_in_the_table(milk: Product, anna: Company) -> None:
    received_stock({anna: 5}, product=milk)
    order = an_incoming_order("MILK")

    accept_orders(seller=anna, orders=[order], now=SELLS)

    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(warehouse_retailorder)::text FROM warehouse_retailorder")
        (stored,) = cursor.fetchone()
    for secret in (order.buyer_name, order.buyer_id_number, order.buyer_telephone, "示例路"):
        assert secret not in stored
        assert secret.encode("unicode_escape").decode() not in stored
    row = RetailOrder.objects.get()
    assert row.buyer_id_number == ID_NUMBERS[1]
    assert row.buyer_id_digest == digest(
        ID_NUMBERS[1], django_settings.BONDPOOL_DIGEST_KEY.encode()
    )
    event = TraceEvent.objects.get(biz_step="reserving")
    told = f"{event.keys}{event.details}{event.documents}{event.quantities}"
    assert order.buyer_name not in told
    assert anna.code not in told
    assert order.order_number not in event.keys


def test_an_order_leaves_one_trace_event_with_its_lots(milk: Product, anna: Company) -> None:
    received_stock({anna: 1}, product=milk, expires_on=date(2027, 1, 1))
    received_stock({anna: 1}, product=milk, expires_on=date(2028, 1, 1))

    accept_orders(seller=anna, orders=[an_incoming_order("MILK", 2)], now=SELLS)

    event = TraceEvent.objects.get(biz_step="reserving")
    gtin = milk.gtin.zfill(14)
    assert event.keys == [
        "retail:RO-2026-000001",
        f"gtin:{gtin}",
        f"lot:{gtin}.LOT-2026-000001",
        f"lot:{gtin}.LOT-2026-000002",
    ]


def test_the_workers_are_rung_for_the_retail_lists(
    milk: Product, anna: Company, django_capture_on_commit_callbacks: object
) -> None:
    received_stock({anna: 1}, product=milk)

    with django_capture_on_commit_callbacks() as rung:  # type: ignore[operator]
        accept_orders(seller=anna, orders=[an_incoming_order("MILK", 2)], now=SELLS)
    assert rung == [], "a refused order gives customs nothing to do"
    with django_capture_on_commit_callbacks() as rung:  # type: ignore[operator]
        accept_orders(seller=anna, orders=[an_incoming_order("MILK", 1)], now=SELLS)
    assert len(rung) == 1


def test_a_seller_sells_inside_its_own_wall_and_sees_no_other_orders(
    milk: Product, anna: Company
) -> None:
    bert = SellerFactory.create()
    received_stock({anna: 5, bert: 5}, product=milk)

    with inside(anna.pk):
        (result,) = accept_orders(seller=anna, orders=[an_incoming_order("MILK")], now=SELLS)
        assert result.outcome == "accepted"
    with inside(bert.pk):
        assert not RetailOrder.objects.exists()
        assert not RetailOrderLine.objects.exists()
        assert not Reservation.objects.exists()
        assert not StockMovement.objects.filter(kind=MovementKind.RESERVED).exists()
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM warehouse_retailorder")
            assert cursor.fetchone() == (0,), "the second wall stands without the first"


def test_a_thousand_orders_need_no_more_statements_than_ten(
    milk: Product, anna: Company, django_assert_max_num_queries: object
) -> None:
    received_stock({anna: 2_000}, product=milk)
    orders = [an_incoming_order("MILK", number=f"T-{n}") for n in range(1_000)]

    with django_assert_max_num_queries(40):  # type: ignore[operator]
        results = accept_orders(seller=anna, orders=orders, now=SELLS)

    assert {one.outcome for one in results} == {"accepted"}
    assert on_hand(anna) == [1_000]
    assert prove_stock() == []
