"""Waybills and payments come by file and by page: whole, or each wrong cell is named."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.translation import override

from accounts.models import Company, Role
from core.sheets import RowError, write_xlsx
from core.walls import platform_wide
from customs.models import OutgoingMessage, ParcelPapers
from customs.rules.parcel_file import (
    KnownOrder,
    NothingTold,
    ParcelFileWrong,
    ParcelOrderMissing,
    ParcelOrderOfSeveralShops,
    ParcelOrderUnknown,
    ParcelRepeated,
    WaybillRepeated,
    names_in,
    orders_of_rows,
    read_rows,
)
from customs.rules.parties import ParcelToldAlready, SerialWrong, WaybillTaken
from customs.services.parcel_files import tell_papers_of_file
from customs.services.parties import tell_papers
from tests.factories.accounts import MembershipFactory, PlatformCompanyFactory, SellerFactory
from tests.factories.catalog import ProductFactory
from tests.factories.messages import OutgoingElementFactory
from tests.factories.warehouse import SELLS, an_incoming_order, received_stock
from warehouse.models import RetailOrder
from warehouse.rules.retail import PriceOutOfRange
from warehouse.rules.retail_file import NotAnAmount
from warehouse.services import accept_orders

KNOWN = [
    KnownOrder(1, "RO-1", "tmall", "T-1"),
    KnownOrder(2, "RO-2", "tmall", "T-1-2"),
    KnownOrder(3, "RO-3", "jd", "T-1"),
    KnownOrder(4, "RO-4", "jd", "J-4"),
]


def meant(*cells: dict[str, str]) -> tuple[dict[int, int], list[tuple[int, str, type]]]:
    """Row numbers by order, and what is wrong."""
    rows, faults = read_rows(enumerate(cells, start=2))
    found, unclear = orders_of_rows(rows, KNOWN)
    wrong = [(one.row, one.field, type(one.error)) for one in (*faults, *unclear)]
    return {pk: row.number for pk, row in found.items()}, wrong


def test_a_row_means_an_order_by_our_number_or_by_the_shops() -> None:
    assert meant(
        {"order": "RO-1", "waybill": "A"},
        {"order": "T-1-2", "payment": "P"},
        {"order": "T-1", "channel": "jd", "waybill": "C"},
        {"order": "J-4", "waybill": "D"},
    ) == ({1: 2, 2: 3, 3: 4, 4: 5}, [])


@pytest.mark.parametrize(
    ("cells", "wrong"),
    [
        ({"order": "", "waybill": "A"}, (2, "order", ParcelOrderMissing)),
        ({"order": "T-9", "waybill": "A"}, (2, "order", ParcelOrderUnknown)),
        ({"order": "J-4", "channel": "tmall", "waybill": "A"}, (2, "order", ParcelOrderUnknown)),
        ({"order": "T-1", "waybill": "A"}, (2, "order", ParcelOrderOfSeveralShops)),
        ({"order": "J-4"}, (2, "waybill", NothingTold)),
        ({"order": "J-4", "waybill": "A B"}, (2, "waybill", SerialWrong)),
        ({"order": "J-4", "payment": "付"}, (2, "payment", SerialWrong)),
        ({"order": "J-4", "paid": "12,00"}, (2, "paid", NotAnAmount)),
        ({"order": "J-4", "paid": "-1"}, (2, "paid", PriceOutOfRange)),
    ],
)
def test_a_wrong_cell_is_named(cells: dict[str, str], wrong: tuple[int, str, type]) -> None:
    assert meant(cells) == ({}, [wrong])


def test_of_two_rows_of_one_parcel_or_one_waybill_the_later_is_wrong() -> None:
    assert meant(
        {"order": "J-4", "waybill": "A"},
        {"order": "RO-4", "waybill": "B"},
        {"order": "RO-1", "waybill": "A"},
    ) == ({4: 2}, [(3, "order", ParcelRepeated), (4, "waybill", WaybillRepeated)])


def test_a_second_parcel_is_looked_for_under_the_shops_number_as_well() -> None:
    rows, _faults = read_rows([(2, {"order": "T-1-2", "waybill": "A"})])

    assert names_in(rows) == {"T-1-2", "T-1"}


@pytest.fixture
def wide() -> Iterator[None]:
    with platform_wide(), override("en"):
        PlatformCompanyFactory.create()
        yield


@pytest.fixture
def anna() -> Company:
    return SellerFactory.create()


@pytest.fixture
def orders(wide: None, anna: Company) -> list[RetailOrder]:
    """T-1 to T-3."""
    product = ProductFactory.create()
    received_stock({anna: 9}, product=product)
    accept_orders(
        seller=anna,
        orders=[an_incoming_order(product.sku, number=f"T-{n}") for n in (1, 2, 3)],
        now=SELLS,
    )
    return list(RetailOrder.objects.order_by("pk"))


def kept() -> list[tuple[str, str, str]]:
    rows = ParcelPapers.objects.order_by("order_id")
    return list(rows.values_list("order__channel_order_number", "waybill", "payment"))


@pytest.mark.django_db
def test_a_file_tells_of_all_its_parcels_and_what_is_empty_stays(
    anna: Company, orders: list[RetailOrder]
) -> None:
    tell_papers(order=orders[0], waybill="OLD", payment="PAY-1", now=SELLS)
    told = write_xlsx(
        ["waybill", "order", "payment"],
        [["SF1", "T-1", ""], ["", orders[1].number, "PAY-2"]],
    )

    assert tell_papers_of_file(seller=anna, file_name="a.xlsx", content=told, now=SELLS) == 2
    assert kept() == [("T-1", "SF1", "PAY-1"), ("T-2", "", "PAY-2")]


@pytest.mark.django_db
def test_a_file_tells_what_was_paid_and_what_is_empty_stays(
    anna: Company, orders: list[RetailOrder]
) -> None:
    RetailOrder.objects.filter(pk=orders[1].pk).update(paid_minor=7)
    rows = b"order,payment,paid\nT-1,,434.22\nT-2,PAY-2,\nT-3,PAY-3,0\n"

    assert tell_papers_of_file(seller=anna, file_name="a.csv", content=rows, now=SELLS) == 3

    paid = RetailOrder.objects.order_by("pk").values_list("paid_minor", flat=True)
    assert list(paid) == [43_422, 7, 0]


@pytest.mark.django_db
def test_two_parcels_change_their_waybills_with_each_other(
    anna: Company, orders: list[RetailOrder]
) -> None:
    for order, bill in zip(orders, ("A", "B"), strict=False):
        tell_papers(order=order, waybill=bill, payment="", now=SELLS)

    tell_papers_of_file(
        seller=anna, file_name="a.csv", content=b"order,waybill\nT-1,B\nT-2,A\n", now=SELLS
    )

    assert kept() == [("T-1", "B", ""), ("T-2", "A", "")]


@pytest.mark.django_db
def test_a_file_with_a_wrong_row_changes_nothing_and_each_is_named(
    anna: Company, orders: list[RetailOrder]
) -> None:
    tell_papers(order=orders[2], waybill="HERS", payment="", now=SELLS)
    OutgoingElementFactory.create(key="T-1", retail_order=orders[0], message__seller=anna)
    rows = b"order,waybill\nT-1,SF1\nT-2,HERS\nT-9,SF9\nT-3,=1\n"

    with pytest.raises(ParcelFileWrong) as refused:
        tell_papers_of_file(seller=anna, file_name="a.csv", content=rows, now=SELLS)

    assert refused.value.facts["count"] == 4
    assert refused.value.facts["rows"] == [
        RowError(2, "order", ParcelToldAlready.rule()),
        RowError(3, "waybill", WaybillTaken.rule()),
        RowError(4, "order", ParcelOrderUnknown.rule()),
        RowError(5, "waybill", "A formula; send the value instead."),
    ]
    assert kept() == [("T-3", "HERS", "")]


@pytest.mark.django_db
def test_a_file_tells_those_numbers_otherwise_that_stand_in_what_came_back(
    anna: Company, orders: list[RetailOrder]
) -> None:
    for order, bill in zip(orders[:2], ("A", "B"), strict=True):
        tell_papers(order=order, waybill=bill, payment="P", now=SELLS)
        OutgoingElementFactory.create(
            key=bill, retail_order=order, message__seller=anna, message__kind="CEB511"
        )
    OutgoingMessage.objects.filter(elements__key="A").update(state="failed")

    for rows, refused in ((b"T-2,C,\n", 2), (b"T-1,C,Q\n", 2), (b"T-1,A,P\n", 2)):
        with pytest.raises(ParcelFileWrong) as wrong:
            tell_papers_of_file(
                seller=anna,
                file_name="a.csv",
                content=b"order,waybill,payment\n" + rows,
                now=SELLS,
            )
        assert wrong.value.facts["rows"] == [RowError(refused, "order", ParcelToldAlready.rule())]
    assert kept() == [("T-1", "A", "P"), ("T-2", "B", "P")]
    tell_papers_of_file(
        seller=anna, file_name="a.csv", content=b"order,waybill\nT-1,C\n", now=SELLS
    )

    assert kept() == [("T-1", "C", "P"), ("T-2", "B", "P")]


@pytest.mark.django_db
def test_another_sellers_order_is_nobodys(orders: list[RetailOrder]) -> None:
    with pytest.raises(ParcelFileWrong) as refused:
        tell_papers_of_file(
            seller=SellerFactory.create(),
            file_name="a.csv",
            content=f"order,waybill\n{orders[0].number},SF1\n".encode(),
            now=SELLS,
        )

    assert refused.value.facts["rows"] == [RowError(2, "order", ParcelOrderUnknown.rule())]
    assert kept() == []


@pytest.mark.django_db
def test_the_pages_take_one_parcel_and_a_file(anna: Company, orders: list[RetailOrder]) -> None:
    person = MembershipFactory.create(company=anna, role=Role.SELLER).user
    client = Client(headers={"accept": "text/html", "accept-language": "en"})
    client.force_login(person)
    page = f"/customs/parcels/{orders[0].number}/"

    def send(text: bytes) -> str:
        file = SimpleUploadedFile("parcels.csv", text)
        return client.post("/customs/parcels/", {"file": file}, follow=True).content.decode()

    assert "up to 60 letters" in client.post(page, {"waybill": "S F"}).content.decode()
    numbers = {"waybill": "SF1", "payment": "P1", "paid": "434.22"}
    assert client.post(page, numbers).status_code == 302
    assert RetailOrder.objects.get(pk=orders[0].pk).paid_minor == 43_422
    assert 'value="434.22"' in client.get(page).content.decode()
    body = send(b"order,waybill\nT-2,SF1\nT-9,SF2\n")
    assert re.findall(r'<td class="text-end">(\d+)</td><td><code>(\w+)</code>', body) == [
        ("2", "waybill"),
        ("3", "order"),
    ]
    assert kept() == [("T-1", "SF1", "P1")]

    assert "The numbers of 2 parcels are kept." in send(b"order,payment\nT-1,P2\nT-2,P3\n")
    assert kept() == [("T-1", "SF1", "P2"), ("T-2", "", "P3")]

    OutgoingElementFactory.create(key="T-1", retail_order=orders[0], message__seller=anna)
    told = client.get(page).content.decode()
    assert "its numbers stay" in told
    assert '<form method="post" data-once><div' not in told
