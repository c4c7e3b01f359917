"""What a shop sends: kept, worked off once, told to the seller where it was not taken."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client

from accounts.models import Company
from catalog.models import Product
from tests.factories.warehouse import SELLS, received_stock
from tests.warehouse.selling import on_hand
from tests.warehouse.sending import (
    as_json,
    by_woocommerce,
    own_order,
    signed,
    woocommerce_order,
)
from tests.warehouse.shops import a_channel, at_noon, post, work
from warehouse import services
from warehouse.models import Channel, ChannelDelivery, RetailOrder
from warehouse.rules.channels import (
    ChannelKindUnknown,
    ChannelNameTaken,
    SecretsTooMany,
    TooManyChannels,
)

__all__ = ["at_noon"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]


def test_a_signed_order_is_kept_then_taken_and_its_contents_forgotten(
    anna: Company, milk: Product
) -> None:
    received_stock({anna: 10}, product=milk)
    channel, secret = a_channel(anna)
    body = as_json(own_order())

    answer = post(channel, body, signed(secret, body, at=SELLS))

    kept = ChannelDelivery.objects.get()
    assert (answer.status_code, answer.json()) == (202, {"delivery": kept.uid, "state": "queued"})
    assert (kept.body, kept.delivery_id) == (body.decode(), "msg-1")
    assert answer["RateLimit-Policy"] == '"minute";q=600;w=60'
    assert not RetailOrder.objects.exists()
    assert work() == [("done", ["accepted"])]
    order = RetailOrder.objects.get()
    assert (order.channel, order.channel_order_number, order.buyer_name) == ("shop", "T-1", "张三")
    kept.refresh_from_db()
    assert (kept.body, kept.order_numbers) == ("", ["T-1"])
    assert on_hand(anna) == [9]


def test_what_comes_again_is_known_and_another_content_under_its_id_is_refused(
    anna: Company, milk: Product
) -> None:
    received_stock({anna: 10}, product=milk)
    channel, secret = a_channel(anna)
    body, other = as_json(own_order()), as_json(own_order("T-2"))
    post(channel, body, signed(secret, body, at=SELLS))
    work()

    again = post(channel, body, signed(secret, body, at=SELLS))
    differs = post(channel, other, signed(secret, other, at=SELLS))
    under_a_new_id = post(channel, body, signed(secret, body, at=SELLS, uid="msg-2"))

    assert (again.status_code, again.json()["state"]) == (200, "done")
    assert (differs.status_code, differs.json()["code"]) == (409, "warehouse.delivery_differs")
    assert under_a_new_id.status_code == 202
    assert work() == [("done", ["accepted"]), ("done", ["already_taken"])]
    assert on_hand(anna) == [9]


def test_a_caught_body_of_a_shop_under_another_id_is_no_new_delivery(
    anna: Company, milk: Product
) -> None:
    received_stock({anna: 10}, product=milk)
    channel, secret = a_channel(anna, "woocommerce")
    body = as_json(woocommerce_order())
    assert post(channel, body, by_woocommerce(secret, body)).status_code == 202
    work()
    services.cancel_order(order=RetailOrder.objects.get(), now=SELLS)

    again = post(channel, body, by_woocommerce(secret, body, uid="another"))

    assert again.status_code == 200
    assert work() == [("done", ["accepted"])]
    assert on_hand(anna) == [10]


def test_nothing_is_written_for_a_stranger(anna: Company, milk: Product) -> None:
    channel, secret = a_channel(anna)
    off, off_secret = a_channel(anna, name="off")
    services.switch_channel(channel=off, on=False)
    closed, its_secret = a_channel(
        Company.objects.create(
            code="SUSP", name_zh="a", name_en="a", kinds=["seller"], status="suspended"
        )
    )
    nobody = Channel(uid=uuid4())
    body = as_json(own_order())
    old = SELLS - timedelta(minutes=6)

    answers = [
        post(channel, body, signed("whsec_" + "A" * 44, body, at=SELLS)),
        post(channel, body + b" ", signed(secret, body, at=SELLS)),
        post(channel, body, {}),
        post(nobody, body, signed(secret, body, at=SELLS)),
        post(off, body, signed(off_secret, body, at=SELLS)),
        post(closed, body, signed(its_secret, body, at=SELLS)),
        post(channel, body, signed(secret, body, at=old)),
    ]

    assert [one.status_code for one in answers] == [401] * 7
    assert {one["Content-Type"] for one in answers} == {"application/problem+json"}
    codes = [one.json()["code"] for one in answers]
    assert codes == ["warehouse.delivery_not_signed"] * 6 + ["warehouse.delivery_too_old"]
    assert not ChannelDelivery.objects.exists()


def test_what_is_signed_and_no_json_or_too_large_is_refused(anna: Company) -> None:
    channel, secret = a_channel(anna)
    large = b'"' + b"x" * (2 * 1024 * 1024) + b'"'

    answers = [
        post(channel, body, signed(secret, body, at=SELLS))
        for body in (b"{", b'{"a": 1, "a": 2}', b'"\xff"', b"[" * 30 + b"]" * 30, large)
    ]

    assert [one.status_code for one in answers] == [400, 400, 400, 400, 413]
    assert Client().get(f"/api/v1/channels/{channel.uid}/orders").status_code == 405
    assert not ChannelDelivery.objects.exists()


def test_a_thousand_bad_signatures_are_slowed_down(
    anna: Company, broker: str, settings: Any
) -> None:
    settings.BONDPOOL_API_FAILURES = 3
    channel, secret = a_channel(anna)
    body = as_json(own_order())

    codes = [post(channel, body, {}).status_code for _at in range(5)]
    good = post(channel, body, signed(secret, body, at=SELLS))

    assert codes == [401, 401, 401, 429, 429]
    assert good.status_code == 202


def test_a_shop_that_sends_too_fast_waits(anna: Company, broker: str, settings: Any) -> None:
    settings.BONDPOOL_API_PER_MINUTE = 1
    channel, secret = a_channel(anna)
    first, second = as_json(own_order()), as_json(own_order("T-2"))
    post(channel, first, signed(secret, first, at=SELLS))

    late = post(channel, second, signed(secret, second, at=SELLS, uid="msg-2"))

    assert (late.status_code, "Retry-After" in late) == (429, True)
    assert ChannelDelivery.objects.count() == 1


def test_woocommerce_tries_the_address_first_and_nothing_is_written(anna: Company) -> None:
    channel, _secret = a_channel(anna, "woocommerce")

    answer = post(channel, b"webhook_id=3", {}, kind="application/x-www-form-urlencoded")

    assert answer.status_code == 200
    assert not ChannelDelivery.objects.exists()


def test_an_older_secret_is_taken_for_a_day(anna: Company) -> None:
    channel, older = a_channel(anna)
    newer = services.rotate_channel(channel=channel, now=SELLS - timedelta(hours=23))
    body, later = as_json(own_order()), as_json(own_order("T-2"))

    assert post(channel, body, signed(older, body, at=SELLS)).status_code == 202
    Channel.objects.update(previous_until=SELLS)
    gone = post(channel, later, signed(older, later, at=SELLS, uid="msg-2"))
    assert gone.status_code == 401
    assert post(channel, later, signed(newer, later, at=SELLS, uid="msg-2")).status_code == 202


def test_names_numbers_and_secrets_of_channels_have_their_bounds(anna: Company) -> None:
    channel, secret = a_channel(anna)

    with pytest.raises(ChannelNameTaken):
        a_channel(anna)
    with pytest.raises(ChannelKindUnknown):
        a_channel(anna, "magento", name="other")
    for _at in range(4):
        services.rotate_channel(channel=channel, now=SELLS)
    with pytest.raises(SecretsTooMany):
        services.rotate_channel(channel=channel, now=SELLS)
    for at in range(19):
        a_channel(anna, name=f"shop {at}")
    with pytest.raises(TooManyChannels):
        a_channel(anna, name="one more")
    assert Channel.objects.count() == 20
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(one::text, ' ') FROM warehouse_channel AS one")
        assert secret not in cursor.fetchone()[0]


def test_a_program_sends_an_order_to_a_real_server(
    anna: Company, milk: Product, live_server: Any
) -> None:
    """As docs/channels.md shows it."""
    received_stock({anna: 10}, product=milk)
    channel, secret = a_channel(anna)
    body = as_json([own_order("T-1"), own_order("T-2")])
    request = urllib.request.Request(  # noqa: S310 - loopback
        f"{live_server.url}/api/v1/channels/{channel.uid}/orders",
        data=body,
        headers={"Content-Type": "application/json", **signed(secret, body, at=SELLS)},
    )

    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
        told = (answer.status, json.load(answer)["state"])
    request.data = body + b" "
    with pytest.raises(urllib.error.HTTPError, match="401"):
        urllib.request.urlopen(request, timeout=10)  # noqa: S310

    assert told == (202, "queued")
    assert work() == [("done", ["accepted", "accepted"])]
