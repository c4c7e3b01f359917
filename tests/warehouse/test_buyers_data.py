"""A buyer's data stands in the clear in no table, log, notice, list, file or answer."""

from __future__ import annotations

import logging

import pytest
from django.db import connection
from django.test import Client

from accounts.models import Company, Role
from catalog.models import Product
from tests.factories.accounts import MembershipFactory, confirm
from tests.factories.warehouse import SELLS, received_stock
from tests.warehouse.sending import as_json, own_order, signed, woocommerce_order
from tests.warehouse.shops import a_channel, at_noon, post
from warehouse.models import ChannelDelivery, RetailOrder
from warehouse.services import (
    accept_upload,
    cancel_order,
    keep_upload,
    retry_delivery,
    work_deliveries,
)
from warehouse.services.uploads import UploadHasFaults

__all__ = ["at_noon"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]

#: As they would stand anywhere; the address from its seventh letter on, which is never shown.
NAME, NUMBER, TELEPHONE, STREET = "金丝雀翠", "360426199101010071", "13912349876", "云栖七弄九号"
CONSIGNEE, THEIRS = "百灵鸟雀", "13798761234"
CANARIES = (NAME, NUMBER, TELEPHONE, STREET, CONSIGNEE, THEIRS)
BUYER = {
    "buyer_name": NAME,
    "buyer_telephone": TELEPHONE,
    "consignee_address": f"浙江省杭州市{STREET}",
    "consignee_name": CONSIGNEE,
    "consignee_telephone": THEIRS,
}
ROWS = (
    "channel,order_number,placed_at,buyer_name,buyer_id_number,buyer_telephone,"
    "consignee_address,product,quantity,unit_price\n"
    f"file,F-1,2026-08-01 11:00,{NAME},{NUMBER},{TELEPHONE},浙江省杭州市{STREET},MILK,1,1.00\n"
)


def in_the_database(words: tuple[str, ...] = CANARIES) -> list[tuple[str, str]]:
    """In which tables which of these stands."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT string_agg(it::text, chr(10)) FROM "{table}" AS it')  # noqa: S608
            text = cursor.fetchone()[0] or ""
            # JSON may write the letters of other scripts as numbers.
            told = (*words, *(one.encode("unicode_escape").decode() for one in words[::3]))
            found += [(table, canary) for canary in told if canary in text]
    return found


def test_a_buyer_leaves_no_trace_in_the_clear(
    anna: Company, milk: Product, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    received_stock({anna: 10}, product=milk)
    person = MembershipFactory.create(company=anna, role=Role.SELLER, is_admin=True).user
    browser = Client(headers={"accept-language": "en"})
    browser.force_login(person)
    confirm(browser)
    channel, secret = a_channel(anna)
    answers = []
    # Taken, refused for each of several reasons, not understood, and one that cannot be worked off.
    for uid, order in enumerate(
        (
            own_order("T-1", **BUYER),
            own_order("T-2", **BUYER, sku="NOBODY-KNOWS"),
            own_order("T-3", **{**BUYER, "buyer_telephone": f"{TELEPHONE}?"}),
            own_order("T-4", **{**BUYER, "buyer_id_number": NUMBER[:-1] + "2"}),
            {**own_order("T-5", **BUYER), "buyer_name": {"full": NAME}},
            own_order("T-6", **{**BUYER, "placed_at": NAME}),
            {**woocommerce_order("T-7"), "buyer_name": NAME},
        )
    ):
        body = as_json(order)
        answers.append(post(channel, body, signed(secret, body, at=SELLS, uid=f"msg-{uid}")))
    broken = as_json(own_order("T-8", **BUYER))[:-1]
    answers.append(post(channel, broken, signed(secret, broken, at=SELLS, uid="msg-9")))
    work_deliveries(now=lambda: SELLS)
    states = [one.state for one in ChannelDelivery.objects.order_by("pk")]
    assert states == ["done", *["refused"] * 6]
    retry_delivery(delivery=ChannelDelivery.objects.get(delivery_id="msg-1"), now=SELLS)
    work_deliveries(now=lambda: SELLS)
    good = keep_upload(
        seller=anna, file_name="a.csv", content=ROWS.encode(), uploaded_by=person, now=SELLS
    )
    accept_upload(upload=good, now=SELLS)
    bad = keep_upload(
        seller=anna,
        file_name="b.csv",
        content=ROWS.replace(NUMBER, NUMBER + "9").encode(),
        uploaded_by=person,
        now=SELLS,
    )
    with pytest.raises(UploadHasFaults):
        accept_upload(upload=bad, now=SELLS)
    first = RetailOrder.objects.get(channel_order_number="T-1")
    cancel_order(order=first, now=SELLS)
    pages = [
        browser.get("/retail-orders/"),
        browser.get(f"/retail-orders/{first.number}/"),
        browser.get(f"/retail-orders/upload/{good.pk}/"),
        browser.get(f"/channels/{channel.uid}/"),
        *(
            browser.get(f"/channels/deliveries/{one.uid}/")
            for one in ChannelDelivery.objects.order_by("pk")
        ),
        browser.get(f"/audit/warehouse.retailorder/{first.pk}/"),
        browser.get("/notices/"),
        browser.post("/lists/retail-orders/file/", {"kind": "csv"}),
    ]
    answers += pages

    told = "".join(b"".join(one).decode("utf-8", "replace") for one in answers)
    assert [one for one in CANARIES if one in told] == []
    assert [one for one in CANARIES if one in caplog.text] == []
    assert {one.status_code for one in pages} == {200}
    assert in_the_database() == []
    assert ("warehouse_retailorder", "T-1") in in_the_database(("T-1",)), "what is there is found"
    # They are there, for whoever has the key.
    first.refresh_from_db()
    assert (first.buyer_name, first.buyer_id_number) == (NAME, NUMBER)
