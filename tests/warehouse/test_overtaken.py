"""What a shop cancels before it comes is not taken when it comes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from accounts.models import Company
from catalog.models import Product
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
from warehouse.models import Channel, RetailOrder
from warehouse.rules.arriving import Told, changed_at, is_overtaken

__all__ = ["at_noon"]

NINE, TEN = (f"2026-08-01T{hour}:00:00" for hour in ("09", "10"))


def test_by_the_shops_times_or_else_the_first_that_comes_is_overtaken() -> None:
    hour = timedelta(hours=1)
    for told_at, came_since, is_so in (
        (SELLS - hour, True, True),
        (SELLS, False, True),
        (SELLS + hour, False, False),
        (None, False, True),
        (None, True, False),
    ):
        assert is_overtaken(told_at, gave_up_at=SELLS, came_since=came_since) == is_so


def test_a_moment_that_is_not_understood_is_none() -> None:
    at = datetime(2026, 8, 1, 9, tzinfo=UTC)
    for told, moment in (
        (NINE, at),
        ("2026-08-01T17:00:00+08:00", at),
        ("soon", None),
        (7, None),
        ("0001-01-01T00:00:00", None),
    ):
        assert changed_at(Told({"at": told}), "at") == moment
    assert changed_at(Told({}), "at") is None


def send(channel: Channel, secret: str, kind: str, uid: str, order: dict[str, Any]) -> None:
    body = as_json(order)
    if kind == "shopify":
        heads = by_shopify(secret, body, uid=uid, topic="orders/updated")
    else:
        heads = by_woocommerce(secret, body, uid=uid, topic="order.updated")
    assert post(channel, body, heads).status_code == 202


@pytest.mark.django_db
@pytest.mark.usefixtures("at_noon")
@pytest.mark.parametrize("kind", ["woocommerce", "shopify"])
def test_a_cancellation_that_overtakes_its_order_stops_it(
    anna: Company, milk: Product, kind: str
) -> None:
    received_stock({anna: 10}, product=milk)
    channel, secret = a_channel(anna, kind)
    if kind == "shopify":
        order = shopify_order("1", updated_at=NINE)
        over = shopify_order("1", updated_at=TEN, financial_status="voided")
        again = shopify_order("1", updated_at="2026-08-01T11:00:00Z")
    else:
        order = woocommerce_order("1", date_modified_gmt=NINE)
        over = woocommerce_order("1", date_modified_gmt=TEN, status="cancelled")
        again = woocommerce_order("1", date_modified_gmt="2026-08-01T11:00:00")
    send(channel, secret, kind, "d-1", over)
    send(channel, secret, kind, "d-2", order)

    assert [one for _state, one in work()] == [["nothing_to_cancel"], ["cancelled_before"]]
    assert not RetailOrder.objects.exists()
    # What the shop changed after that is meant.
    send(channel, secret, kind, "d-3", again)
    assert work()[-1] == ("done", ["accepted"])


@pytest.mark.django_db
@pytest.mark.usefixtures("at_noon")
def test_where_no_times_are_told_the_first_is_stopped_and_the_next_is_meant(
    anna: Company, milk: Product
) -> None:
    received_stock({anna: 10}, product=milk)
    channel, secret = a_channel(anna)
    for uid, told in enumerate(
        (
            {"cancel": ["T-1"]},
            {"orders": [own_order("T-1"), own_order("T-2")]},
            own_order("T-1", buyer_name="李四"),
        )
    ):
        body = as_json(told)
        post(channel, body, signed(secret, body, at=SELLS, uid=f"msg-{uid}"))

    assert [sorted(one) for _state, one in work()] == [
        ["nothing_to_cancel"],
        ["accepted", "cancelled_before"],
        ["accepted"],
    ]
    assert on_hand(anna) == [8]
