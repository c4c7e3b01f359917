"""What shops sent is worked off once, and told to the seller where it was not taken."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from accounts.models import Company
from catalog.models import Product
from customs.models import RetailVoid
from customs.services import draw_retail_lists
from customs.tasks import work_channels
from notices.models import Notice
from procurement.services import map_own_sku
from tests.factories.accounts import UserFactory
from tests.factories.customs import TariffRateFactory
from tests.factories.warehouse import SELLS, received_stock
from tests.warehouse.selling import on_hand
from tests.warehouse.sending import (
    as_json,
    by_shopify,
    by_woocommerce,
    own_order,
    shopify_order,
    signed,
    woocommerce_order,
)
from tests.warehouse.shops import a_channel, at_noon, post, work
from warehouse import services
from warehouse.models import ChannelDelivery, RetailOrder, RetailOrderState
from warehouse.rules.channels import (
    DeliveryForgotten,
    DeliveryUnderWay,
)
from warehouse.rules.merging import ShopNumberKnown

__all__ = ["at_noon"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]


def test_a_shops_own_sku_is_mended_and_the_delivery_tried_again(
    anna: Company, milk: Product
) -> None:
    received_stock({anna: 10}, product=milk)
    channel, secret = a_channel(anna, "woocommerce")
    line = {"sku": "OUR-MILK", "quantity": 2, "total": "100.00"}
    body = as_json(woocommerce_order(line_items=[line]))
    post(channel, body, by_woocommerce(secret, body))

    assert work() == [("refused", ["refused"])]
    kept = ChannelDelivery.objects.get()
    (told,) = kept.outcomes
    assert (told["order_number"], told["code"], told["field"], told["facts"]["product"]) == (
        "727",
        "warehouse.product_unknown",
        "product",
        "OUR-MILK",
    )
    notice = Notice.objects.get(event="channel.refused")
    assert (notice.company_id, notice.facts) == (
        anna.pk,
        {"shop": "shop", "delivery": kept.uid, "orders": 1},
    )
    assert not Notice.objects.filter(event="retail.refused").exists()
    map_own_sku(seller=anna, own_sku="OUR-MILK", product=milk, by=UserFactory.create(), now=SELLS)
    services.retry_delivery(delivery=kept, now=SELLS)
    assert work() == [("done", ["accepted"])]
    with pytest.raises(DeliveryUnderWay):
        services.retry_delivery(delivery=kept, now=SELLS)
    assert on_hand(anna) == [8]


def test_what_a_shop_cancelled_is_cancelled_as_long_as_it_may_be(
    anna: Company, milk: Product
) -> None:
    received_stock({anna: 10}, product=milk)
    channel, secret = a_channel(anna, "woocommerce")
    for uid, order in enumerate(
        (
            woocommerce_order("1"),
            woocommerce_order("2"),
            woocommerce_order("1", status="cancelled"),
            woocommerce_order("3", status="cancelled"),
        )
    ):
        body = as_json(order)
        post(channel, body, by_woocommerce(secret, body, uid=f"d-{uid}", topic="order.updated"))
    assert work() == [
        ("done", ["accepted"]),
        ("done", ["accepted"]),
        ("done", ["cancelled"]),
        ("done", ["nothing_to_cancel"]),
    ]
    assert on_hand(anna) == [7]
    left = RetailOrder.objects.exclude(state=RetailOrderState.CANCELLED)
    services.mark_listed(orders=left.values_list("pk", flat=True))
    body = as_json(woocommerce_order("2", status="refunded"))
    post(channel, body, by_woocommerce(secret, body, uid="d-9", topic="order.updated"))

    assert work()[-1] == ("refused", ["not_cancelled"])
    (told,) = ChannelDelivery.objects.get(delivery_id="d-9").outcomes
    assert (told["code"], told["number"]) == ("warehouse.retail_list_drawn", left.get().number)
    assert Notice.objects.filter(event="channel.refused").count() == 1
    assert on_hand(anna) == [7]


def test_what_was_merged_and_is_then_cancelled_by_the_shop_names_the_order_it_went_into(
    anna: Company, milk: Product
) -> None:
    """Its refund is the shop's own end of the merge, so it is no trouble."""
    received_stock({anna: 10}, product=milk)
    channel, secret = a_channel(anna, "woocommerce")
    for uid, order in enumerate((woocommerce_order("1"), woocommerce_order("2"))):
        body = as_json(order)
        post(channel, body, by_woocommerce(secret, body, uid=f"d-{uid}", topic="order.updated"))
    work()
    numbers = list(RetailOrder.objects.order_by("pk").values_list("number", flat=True))
    made = services.merge_orders(
        held=services.lock_to_merge(seller=anna, numbers=numbers),
        told=services.NewOrder("3", SELLS),
        merged_by=UserFactory.create(),
        now=SELLS,
        lists={},
    )
    body = as_json(woocommerce_order("1", status="refunded"))
    post(channel, body, by_woocommerce(secret, body, uid="d-9", topic="order.updated"))

    assert work()[-1] == ("done", ["merged"])
    (told,) = ChannelDelivery.objects.get(delivery_id="d-9").outcomes
    assert told["number"] == made.number
    assert not Notice.objects.filter(event="channel.refused").exists()
    assert on_hand(anna) == [10 - sum(made.lines.values_list("quantity", flat=True))]


def test_what_was_refused_and_then_cancelled_by_the_shop_is_not_taken_by_a_retry(
    anna: Company, milk: Product
) -> None:
    channel, secret = a_channel(anna)
    body, over = as_json(own_order()), as_json({"cancel": ["T-1"]})
    post(channel, body, signed(secret, body, at=SELLS))
    post(channel, over, signed(secret, over, at=SELLS, uid="msg-2"))
    assert work() == [("refused", ["refused"]), ("done", ["nothing_to_cancel"])]
    received_stock({anna: 10}, product=milk)
    services.retry_delivery(delivery=ChannelDelivery.objects.earliest("pk"), now=SELLS)

    assert work()[0] == ("done", ["waiting"])
    assert not RetailOrder.objects.exists()


@pytest.mark.parametrize("hours", [0, 1, 2])
def test_an_order_that_was_merged_before_its_shop_sent_it_is_known_and_is_paid_by_that(
    anna: Company, milk: Product, hours: int
) -> None:
    """Told unpaid for two hours; of two the stock goes back, whoever pays after that."""
    received_stock({anna: 10}, product=milk)
    channel, secret = a_channel(anna, "woocommerce")
    for number in ("1", "2"):
        body = as_json(woocommerce_order(number))
        post(channel, body, by_woocommerce(secret, body, uid=number, topic="order.updated"))
    work()
    until = SELLS + timedelta(hours=2)
    made = services.merge_orders(
        held=services.lock_to_merge(
            seller=anna, numbers=list(RetailOrder.objects.values_list("number", flat=True))
        ),
        told=services.NewOrder("3", SELLS - timedelta(minutes=7), 1_200, until),
        merged_by=UserFactory.create(),
        now=SELLS,
        lists={},
    )
    line = {"sku": "MILK", "quantity": 6, "subtotal": "1200.00", "total": "1000.00"}
    body = as_json(woocommerce_order("3", line_items=[line]))
    post(channel, body, by_woocommerce(secret, body, uid="3", topic="order.updated"))

    at = SELLS + timedelta(hours=hours)
    outcome = ("done", ["already_taken"]) if hours < 2 else ("refused", ["refused"])
    assert work(at)[-1] == outcome
    made.refresh_from_db()
    assert (made.unpaid_until, made.paid_at) == ((None, at) if hours < 2 else (until, None))
    (told,) = ChannelDelivery.objects.get(delivery_id="3").outcomes
    assert (told["number"], told.get("code")) == (
        made.number,
        None if hours < 2 else "warehouse.not_paid_in_time",
    )
    assert (on_hand(anna), RetailOrder.objects.count()) == ([4], 3)


def test_one_that_its_shop_sent_first_is_cancelled_and_then_the_others_merge_under_its_number(
    anna: Company, milk: Product
) -> None:
    received_stock({anna: 4}, product=milk)
    channel, secret = a_channel(anna)
    lines = [{"sku": "MILK", "quantity": 2, "unit_price_minor": 19_900}]
    body = as_json({"orders": [own_order("1"), own_order("2"), own_order("3", lines=lines)]})
    post(channel, body, signed(secret, body, at=SELLS))
    work()
    first, second, third = RetailOrder.objects.order_by("pk")

    def merge() -> RetailOrder:
        return services.merge_orders(
            held=services.lock_to_merge(seller=anna, numbers=[first.number, second.number]),
            told=services.NewOrder("3", SELLS),
            merged_by=UserFactory.create(),
            now=SELLS,
            lists={},
        )

    with pytest.raises(ShopNumberKnown):
        merge()
    services.cancel_order(order=third, now=SELLS)
    made = merge()

    again = as_json({"orders": [own_order("3", lines=lines)]})
    post(channel, again, signed(secret, again, at=SELLS, uid="msg-2"))
    assert work()[1] == ("done", ["already_taken"])
    (told,) = ChannelDelivery.objects.get(delivery_id="msg-2").outcomes
    assert (told["number"], on_hand(anna)) == (made.number, [2])


def test_what_was_merged_and_then_cancelled_by_the_shop_is_not_taken_by_a_retry(
    anna: Company, milk: Product
) -> None:
    """Not even once the order it went into is cancelled, when its number is free again."""
    received_stock({anna: 10}, product=milk)
    channel, secret = a_channel(anna)
    body = as_json({"orders": [own_order("1"), own_order("2"), own_order("3", sku="TEA")]})
    post(channel, body, signed(secret, body, at=SELLS))
    assert work() == [("refused", ["accepted", "accepted", "refused"])]
    made = services.merge_orders(
        held=services.lock_to_merge(
            seller=anna, numbers=list(RetailOrder.objects.values_list("number", flat=True))
        ),
        told=services.NewOrder("M-1", SELLS),
        merged_by=UserFactory.create(),
        now=SELLS,
        lists={},
    )
    over = as_json({"cancel": ["1"]})
    post(channel, over, signed(secret, over, at=SELLS, uid="msg-2"))
    assert work()[1] == ("done", ["merged"])
    services.cancel_order(order=made, now=SELLS)
    services.retry_delivery(delivery=ChannelDelivery.objects.earliest("pk"), now=SELLS)

    assert work()[0] == ("refused", ["waiting", "accepted", "refused"])
    again = RetailOrder.objects.get(state=RetailOrderState.ALLOCATED)
    assert again.channel_order_number == "2"


def test_the_same_order_by_a_file_and_by_a_shop_is_one(anna: Company, milk: Product) -> None:
    received_stock({anna: 10}, product=milk)
    rows = (
        "channel,order_number,placed_at,buyer_name,buyer_id_number,buyer_telephone,"
        "consignee_address,product,quantity,unit_price\n"
        "shop,T-1,2026-08-01 11:00,张三,360426199101010071,13800000000,"
        "浙江省杭州市西湖区示例路 1 号,MILK,1,199.00\n"
    )
    upload = services.keep_upload(
        seller=anna,
        file_name="orders.csv",
        content=rows.encode(),
        uploaded_by=UserFactory.create(),
        now=SELLS,
    )
    services.accept_upload(upload=upload, now=SELLS)
    channel, secret = a_channel(anna)
    same, other = as_json(own_order()), as_json(own_order(buyer_telephone="13900000000"))
    post(channel, same, signed(secret, same, at=SELLS))
    post(channel, other, signed(secret, other, at=SELLS, uid="msg-2"))

    assert work() == [("done", ["already_taken"]), ("refused", ["refused"])]
    (told,) = ChannelDelivery.objects.get(delivery_id="msg-2").outcomes
    assert told["code"] == "warehouse.order_differs"
    assert on_hand(anna) == [9]


def test_a_batch_takes_what_it_can(anna: Company, milk: Product) -> None:
    received_stock({anna: 1}, product=milk)
    channel, secret = a_channel(anna)
    body = as_json([own_order("T-1"), own_order("T-2"), own_order("T-3", currency="USD")])
    post(channel, body, signed(secret, body, at=SELLS))

    assert work() == [("refused", ["accepted", "refused", "refused"])]
    told = [(one["code"], one["field"]) for one in ChannelDelivery.objects.get().outcomes[1:]]
    assert told[1] == ("warehouse.not_in_cny", "currency")
    assert ChannelDelivery.objects.get().body == body.decode()


def test_a_number_that_is_too_long_is_refused_in_words_beside_the_others(
    anna: Company, milk: Product
) -> None:
    received_stock({anna: 1}, product=milk)
    channel, secret = a_channel(anna)
    body = as_json([own_order("T-1"), own_order("T" * 61)])
    post(channel, body, signed(secret, body, at=SELLS))

    assert work() == [("refused", ["accepted", "refused"])]
    kept = ChannelDelivery.objects.get()
    assert kept.order_numbers == ["T-1", "T" * 60]
    told = kept.outcomes[1]
    assert (told["code"], told["field"]) == ("warehouse.field_too_long", "order_number")


def test_an_order_of_shopify_is_taken(anna: Company, milk: Product) -> None:
    received_stock({anna: 10}, product=milk)
    channel, secret = a_channel(anna, "shopify")
    body = as_json(shopify_order())

    assert post(channel, body, by_shopify(secret, body)).status_code == 202
    assert work() == [("done", ["accepted"])]
    assert on_hand(anna) == [8]


def test_a_worker_that_died_leaves_its_delivery_to_another(
    anna: Company, milk: Product, settings: Any
) -> None:
    received_stock({anna: 10}, product=milk)
    channel, secret = a_channel(anna)
    body = as_json(own_order())
    post(channel, body, signed(secret, body, at=SELLS))
    ChannelDelivery.objects.update(
        state="working", leased_until=SELLS + timedelta(seconds=60), attempts=1
    )

    assert work() == [("working", [])]
    assert work(SELLS + timedelta(seconds=61)) == [("done", ["accepted"])]


def test_what_cannot_be_worked_off_is_given_up_in_the_end_and_told(
    anna: Company, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """A body under a key that is lost."""
    settings.BONDPOOL_MAX_ATTEMPTS = 2
    channel, secret = a_channel(anna)
    body = as_json(own_order())
    post(channel, body, signed(secret, body, at=SELLS))
    ChannelDelivery.objects.update(body="")

    assert work() == [("queued", [])]
    assert work() == [("queued", [])], "not before its time"
    assert work(SELLS + timedelta(minutes=1)) == [("failed", [])]
    kept = ChannelDelivery.objects.get()
    assert kept.last_error == "JSONDecodeError"
    assert Notice.objects.filter(event="channel.refused").count() == 1
    with pytest.raises(DeliveryForgotten):
        services.retry_delivery(delivery=kept, now=SELLS)


def test_what_was_not_taken_is_forgotten_after_a_month(anna: Company) -> None:
    channel, secret = a_channel(anna)
    body = as_json(own_order())
    post(channel, body, signed(secret, body, at=SELLS))
    work()

    assert services.forget_deliveries(now=SELLS + timedelta(days=30)) == 0
    assert services.forget_deliveries(now=SELLS + timedelta(days=30, seconds=1)) == 1
    assert ChannelDelivery.objects.get().body == ""


@pytest.mark.django_db(transaction=True)
def test_a_listed_order_is_cancelled_by_its_shop_and_its_list_is_voided(
    anna: Company, milk: Product
) -> None:
    """By the worker, which stands in customs."""
    received_stock({anna: 10}, product=milk)
    TariffRateFactory.create()
    channel, secret = a_channel(anna)
    body, over = as_json(own_order()), as_json({"cancel": ["T-1"]})
    post(channel, body, signed(secret, body, at=SELLS))
    work_channels()
    draw_retail_lists(now=SELLS)
    assert RetailOrder.objects.get().state == RetailOrderState.LISTED
    post(channel, over, signed(secret, over, at=SELLS, uid="msg-2"))
    work_channels()

    assert ChannelDelivery.objects.latest("pk").outcomes[0]["outcome"] == "cancelled"
    assert RetailOrder.objects.get().state == RetailOrderState.CANCELLED
    assert RetailVoid.objects.count() == 1
    assert on_hand(anna) == [10]
