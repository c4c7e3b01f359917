"""The way out of a warehouse through its pages: wave, list, packing, manifest, numbers, events."""

from __future__ import annotations

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pypdf import PdfReader

from accounts.models import Company, Role
from catalog.models import Product
from core.walls import platform_wide
from tests.factories.accounts import MembershipFactory
from tests.factories.warehouse import received_stock
from tests.warehouse.leaving import released
from warehouse.models import (
    BondedWarehouse,
    Carrier,
    HandOver,
    ManifestAccess,
    Parcel,
    PickWave,
    RetailOrder,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def orders(milk: Product, anna: Company) -> list[RetailOrder]:
    with platform_wide():
        received_stock({anna: 9}, product=milk)
        return released(anna, milk, [2, 3])


@pytest.fixture
def keeper(orders: list[RetailOrder]) -> Client:
    with platform_wide():
        house = BondedWarehouse.objects.get()
        clerk = MembershipFactory.create(company=house.operator, role=Role.WAREHOUSE)
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(clerk.user)
    return client


def test_two_orders_leave_by_the_pages_of_the_warehouse(
    keeper: Client, orders: list[RetailOrder], anna: Company, milk: Product
) -> None:
    with platform_wide():
        house = BondedWarehouse.objects.get()
        wave_form = {"house": house.pk, "most": 30, "numbers": ""}
    refused = keeper.post("/warehouse/waves/", {**wave_form, "numbers": "RO-9"})
    made = keeper.post("/warehouse/waves/", wave_form, follow=True)
    with platform_wide():
        wave = PickWave.objects.get()
    address = f"/warehouse/waves/{wave.number}/"
    paper = keeper.get(f"{address}list.pdf")
    text = PdfReader(io.BytesIO(paper.content)).pages[0].extract_text()
    (field,) = re.findall(r'name="(found_\d+_\d+)"', made.content.decode())
    too_many = keeper.post(address, {field: 6})
    confirmed = keeper.post(address, {field: 4}, follow=True)

    assert (refused.status_code, "RO-9" in refused.content.decode()) == (422, True)
    assert ("拣货单" in text, wave.number in text) == (True, True)
    assert (too_many.status_code, confirmed.status_code) == (422, 200)
    assert "搁置" in keeper.get("/warehouse/waves/").content.decode()
    again = keeper.post(f"/warehouse/orders/{orders[1].number}/again/", follow=True)
    assert again.status_code == 200

    light = {"house": house.pk, "order": orders[0].number, "weights": "1", "package": "box"}
    assert keeper.post("/warehouse/packing/", light).status_code == 422
    assert keeper.post("/warehouse/packing/", {**light, "weights": "1.5"}).status_code == 422
    heavy = {**light, "weights": f"{milk.gross_weight_g}, {milk.gross_weight_g}"}
    assert keeper.post("/warehouse/packing/", heavy).status_code == 302

    carrier = {"code": "SF", "name": "顺丰示例"}
    assert keeper.post("/warehouse/carriers/", {**carrier, "code": "sf"}).status_code == 422
    assert keeper.post("/warehouse/carriers/", carrier).status_code == 302
    assert keeper.post("/warehouse/carriers/", carrier).status_code == 422
    with platform_wide():
        chosen = Carrier.objects.get()
    give = {"house": house.pk, "carrier": chosen.pk, "parcels": ""}
    assert keeper.post("/warehouse/hand-overs/", give).status_code == 302
    with platform_wide():
        gone = HandOver.objects.get()
        first, second = Parcel.objects.order_by("pk")
    there = f"/warehouse/hand-overs/{gone.number}/"
    assert first.number in keeper.get(f"{there}manifest.csv").content.decode()
    told = keeper.get(f"{there}manifest.json").json()
    assert (told["number"], told["parcels"][0]["parcel"]) == (gone.number, first.number)
    assert told["parcels"][0]["address"] == "浙江省杭州市西湖区示例路 1 号"
    assert keeper.get(f"{there}manifest.xml").status_code == 404
    with platform_wide():
        taken = ManifestAccess.objects.order_by("pk").values_list("number", "kind", "parcels")
        assert list(taken) == [(gone.number, "csv", 2), (gone.number, "json", 2)]

    wrong = _sent(f"parcel,tracking_number\n{first.number},!\n")
    page = keeper.post(f"{there}tracking/", {"file": wrong})
    assert (page.status_code, "第 2 行" in page.content.decode()) == (422, True)
    numbers = _sent(f"parcel,tracking_number\n{first.number},SF1001\n{second.number},SF1002\n")
    assert keeper.post(f"{there}tracking/", {"file": numbers}).status_code == 302
    at = gone.handed_at.isoformat(timespec="minutes")
    events = _sent(f"parcel,kind,happened_at\nSF1001,delivered,{at}\nSF1002,in_transit,{at}\n")
    assert keeper.post(f"{there}events/", {"file": events}).status_code == 302

    with platform_wide():
        reader = MembershipFactory.create(company=anna, role=Role.SELLER)
    seller = Client(headers={"accept-language": "en"})
    seller.force_login(reader.user)
    order = seller.get(f"/retail-orders/{orders[0].number}/").content.decode()
    assert ("SF1001" in order, "顺丰示例" in order, first.number in order) == (True, True, True)


def _sent(text: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("told.csv", text.encode(), "text/csv")
