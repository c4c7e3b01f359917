"""A warehouse enters its tariff on a page; a seller sees what each day cost and why."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from accounts.models import Company, Role
from core.clock import now
from core.walls import platform_wide
from tests.factories.accounts import MembershipFactory, PlatformCompanyFactory, SellerFactory
from tests.factories.fees import a_tariff
from tests.factories.warehouse import BondedWarehouseFactory, received_stock
from warehouse.days import day_of
from warehouse.models import BondedWarehouse, StorageCharge, StorageTariff
from warehouse.services import bill_month, charge_day

pytestmark = pytest.mark.django_db


def client_of(company: Company, role: Role) -> Client:
    client = Client(headers={"accept-language": "en", "accept": "text/html"})
    client.force_login(MembershipFactory.create(company=company, role=role).user)
    return client


@pytest.fixture
def house() -> BondedWarehouse:
    with platform_wide():
        PlatformCompanyFactory.create()
        return BondedWarehouseFactory.create()


def test_a_warehouse_enters_a_tariff_and_reads_what_is_wrong_beside_the_field(
    house: BondedWarehouse,
) -> None:
    client = client_of(house.operator, Role.WAREHOUSE)
    form = {
        "warehouse": house.pk,
        "valid_from": f"{day_of(now())}",
        "free_days": "7",
        "until_1": "30",
        "until_2": "90",
        "rate_1": "1.5",
        "rate_2": "2.0001",
        "rate_5": "3",
        "order_rate": "2.5",
    }

    wrong = client.post("/storage/tariffs/", form | {"until_2": "20"})
    early = client.post("/storage/tariffs/", form | {"valid_from": "2026-01-01"})
    with platform_wide():
        assert not StorageTariff.objects.exists()
    right = client.post("/storage/tariffs/", form)

    assert (wrong.status_code, early.status_code) == (422, 422)
    assert "The bands of age end on rising days" in wrong.content.decode()
    assert "A tariff begins today or later" in early.content.decode()
    assert right.headers["Location"] == "/storage/tariffs/"
    with platform_wide():
        tariff = StorageTariff.objects.get()
        assert tariff.bands == [
            (1, 30, Decimal(150)),
            (31, 90, Decimal("200.01")),
            (91, None, Decimal(300)),
        ]
        assert (tariff.free_days, tariff.order_rate) == (7, Decimal(250))
    page = client.get("/storage/tariffs/").content.decode()
    assert "day 31–90: 2.0001" in page


def test_a_house_of_another_keeper_cannot_be_chosen(house: BondedWarehouse) -> None:
    with platform_wide():
        other = BondedWarehouseFactory.create()

    sent = client_of(house.operator, Role.WAREHOUSE).post(
        "/storage/tariffs/",
        {"warehouse": other.pk, "valid_from": f"{day_of(now())}", "free_days": "0", "rate_5": "1"},
    )

    assert sent.status_code == 422
    with platform_wide():
        assert not StorageTariff.objects.exists()


def test_a_seller_sees_how_a_charge_and_its_bill_were_worked_out(house: BondedWarehouse) -> None:
    day = date(2026, 7, 25)
    with platform_wide():
        anna = SellerFactory.create()
        receipt = received_stock({anna: 5}, warehouse=house)
        a_tariff(house, now=receipt.received_at, begins=day)
        charge_day(warehouse=house, day=day, now=now())
        (bill,) = bill_month(warehouse=house, month=day.replace(day=1), now=now())
        charge = StorageCharge.objects.get()
    client = client_of(anna, Role.SELLER)

    listed = client.get("/storage/charges/").content.decode()
    told = client.get(f"/storage/bills/{bill.number}/").content.decode()
    file = client.post("/lists/storage-charges/file/", {"kind": "csv"}).content.decode("utf-8-sig")

    assert charge.amount == Decimal("1.8")
    assert "5 × 2400 cm³ = 0.012 m³ × 1.5 = 0.018" in listed
    assert bill.number in client.get("/owed/").content.decode()
    assert "0.018" in told
    assert "0.018" in file
