"""The pages on which a seller sells to consumers: one order, a form, a file of orders."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.models import Company, Role
from catalog.models import Product
from core.sheets import read_sheet, write_csv, write_xlsx
from core.walls import platform_wide
from tests.factories.accounts import SellerFactory
from tests.factories.warehouse import ARRIVES, ID_NUMBERS, an_incoming_order, received_stock
from tests.warehouse.browsing import signed_in, text_of
from warehouse.models import Holding, RetailOrder, RetailUpload
from warehouse.rules.retail_file import COLUMNS, OPTIONAL
from warehouse.services import accept_orders

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _platform() -> Iterator[None]:
    with platform_wide():
        yield


def a_taken_order(seller: Company) -> RetailOrder:
    (result,) = accept_orders(seller=seller, orders=[an_incoming_order("MILK")], now=timezone.now())
    return RetailOrder.objects.get(number=result.number)


def test_an_order_page_masks_the_buyer_and_is_404_for_a_stranger(
    milk: Product, anna: Company
) -> None:
    received_stock({anna: 5}, product=milk)
    order = a_taken_order(anna)
    address = reverse("retail_order", args=[order.number])

    page = text_of(signed_in(anna, Role.SELLER).get(address))

    assert "360***********0071" in page
    for secret in (ID_NUMBERS[1], "张三", "13800000000", "示例路"):
        assert secret not in page
    stranger = signed_in(SellerFactory.create(), Role.SELLER)
    assert stranger.get(address).status_code == 404
    assert stranger.post(reverse("retail_cancel", args=[order.number])).status_code == 404
    assert RetailOrder.objects.get().state == "allocated"


def test_a_seller_cancels_an_order(milk: Product, anna: Company) -> None:
    received_stock({anna: 5}, product=milk)
    order = a_taken_order(anna)
    client = signed_in(anna, Role.SELLER)

    client.post(reverse("retail_cancel", args=[order.number]))

    assert Holding.objects.get(status="available").on_hand == 5
    again = client.post(reverse("retail_cancel", args=[order.number]))
    assert again.status_code == 409
    assert "cancelled already" in text_of(again)


FORM = {
    "channel": "shop",
    "order_number": "T-1",
    "placed_at": "2026-08-01T11:00",
    "buyer_name": "张三",
    "buyer_id_number": ID_NUMBERS[1],
    "buyer_telephone": "",
    "consignee_address": "杭州市示例路 1 号",
    "freight": "12.50",
    "line1-product": "MILK",
    "line1-quantity": "2",
    "line1-unit_price": "199.00",
}


def test_one_order_by_the_form(milk: Product, anna: Company) -> None:
    received_stock({anna: 5}, product=milk)
    client = signed_in(anna, Role.SELLER)

    answer = client.post(reverse("retail_new"), FORM)

    order = RetailOrder.objects.get()
    assert answer.headers["Location"] == reverse("retail_order", args=[order.number])
    assert (order.freight_minor, order.lines.get().unit_price_minor) == (1_250, 19_900)
    again = client.post(reverse("retail_new"), FORM)
    assert again.headers["Location"] == answer.headers["Location"]
    assert RetailOrder.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"line1-quantity": "6"}, "own unexpired stock"),
        ({"buyer_id_number": "360426199101010072"}, "resident identity number"),
        ({"line2-product": "MILK"}, "must be filled in"),
        ({"line1-unit_price": "0.001"}, "decimal"),
        ({"line1-product": "BEER"}, "valid choice"),
    ],
)
def test_a_wrong_order_comes_back_with_its_reason_and_sells_nothing(
    change: dict[str, str], told: str, milk: Product, anna: Company
) -> None:
    received_stock({anna: 5}, product=milk)

    answer = signed_in(anna, Role.SELLER).post(reverse("retail_new"), FORM | change)

    assert told in text_of(answer)
    assert not RetailOrder.objects.exists()
    assert Holding.objects.get().on_hand == 5


def a_file(*rows: dict[str, str], kind: str = "csv") -> SimpleUploadedFile:
    columns = [*COLUMNS, *OPTIONAL]
    right = {
        "channel": "shop",
        "placed_at": (ARRIVES + timedelta(days=3)).strftime("%Y-%m-%d %H:%M"),
        "buyer_name": "张三",
        "buyer_id_number": ID_NUMBERS[1],
        "consignee_address": "杭州市示例路 1 号",
        "product": "MILK",
        "quantity": "2",
        "unit_price": "199.00",
    }
    table = [[(right | row).get(column, "") for column in columns] for row in rows]
    write = write_csv if kind == "csv" else write_xlsx
    return SimpleUploadedFile(f"orders.{kind}", write(columns, table))


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_file_is_looked_at_then_taken(kind: str, milk: Product, anna: Company) -> None:
    received_stock({anna: 5}, product=milk)
    client = signed_in(anna, Role.SELLER)
    rows = [{"order_number": f"T-{n}"} for n in (1, 2, 3)]

    sent = client.post(reverse("retail_upload_new"), {"file": a_file(*rows, kind=kind)})
    address = sent.headers["Location"]
    shown = text_of(client.get(address))
    assert "Take 2 orders" in shown
    assert "own unexpired stock" in shown, "the third would be refused, and the page says why"
    assert not RetailOrder.objects.exists()

    client.post(address)
    assert sorted(RetailOrder.objects.values_list("channel_order_number", flat=True)) == [
        "T-1",
        "T-2",
    ]
    assert Holding.objects.get(status="available").on_hand == 1
    kept = RetailUpload.objects.get()
    assert kept.content == "", "the buyers of a taken file are not kept twice"
    assert [one["outcome"] for one in kept.results] == ["accepted", "accepted", "refused"]
    after = text_of(client.get(address))
    assert "RO-" in after
    assert "own unexpired stock" in after
    assert client.post(address).status_code == 409
    assert RetailOrder.objects.count() == 2


def test_a_file_with_wrong_rows_shows_each_and_takes_nothing(milk: Product, anna: Company) -> None:
    received_stock({anna: 5}, product=milk)
    client = signed_in(anna, Role.SELLER)
    sent = client.post(
        reverse("retail_upload_new"),
        {
            "file": a_file(
                {"order_number": "T-1"},
                {"order_number": "T-2", "quantity": "1.5"},
                {"order_number": "T-3", "product": "BEER"},
                {"order_number": "T-4", "quantity": "=1+1"},
            )
        },
    )

    address = sent.headers["Location"]
    page = text_of(client.get(address))
    assert "whole number of units" in page
    assert "no product under this SKU or GTIN" in page
    assert "3 faults" in page
    # The writer has made the formula harmless text; as a count it is wrong all the same.
    refused = client.post(address)
    assert refused.status_code == 422
    assert not RetailOrder.objects.exists()
    assert RetailUpload.objects.get().taken_at is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"a,b\n1,2\n",
        "订单\n".encode("utf-16"),
        b"PK\x03\x04 no archive",
        ",".join(COLUMNS).encode(),
    ],
)
def test_a_file_that_is_no_table_of_orders_is_refused_and_not_kept(
    content: bytes, anna: Company
) -> None:
    answer = signed_in(anna, Role.SELLER).post(
        reverse("retail_upload_new"), {"file": SimpleUploadedFile("orders.csv", content)}
    )

    assert answer.status_code in {200, 422}
    assert not RetailUpload.objects.exists()


def test_another_sellers_file_is_404(milk: Product, anna: Company) -> None:
    received_stock({anna: 5}, product=milk)
    sent = signed_in(anna, Role.SELLER).post(
        reverse("retail_upload_new"), {"file": a_file({"order_number": "T-1"})}
    )
    stranger = signed_in(SellerFactory.create(), Role.SELLER)

    assert stranger.get(sent.headers["Location"]).status_code == 404
    assert stranger.post(sent.headers["Location"]).status_code == 404
    assert not RetailOrder.objects.exists()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_empty_table_has_the_columns_the_reader_wants(kind: str, anna: Company) -> None:
    answer = signed_in(anna, Role.SELLER).get(reverse("retail_template", args=[kind]))

    assert answer.status_code == 200
    filled = a_file({"order_number": "T-1"}, kind=kind).read()
    assert len(read_sheet(f"x.{kind}", filled, columns=COLUMNS, optional=OPTIONAL)) == 1
    if kind == "csv":
        assert answer.content.decode("utf-8-sig").strip().split(",") == [*COLUMNS, *OPTIONAL]
