"""The pages of a warehouse and of a seller's stock: who sees what, and what a count does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Company, Role
from catalog.models import Product
from core.walls import platform_wide
from procurement.models import ShipmentState
from tests.factories.accounts import PlatformCompanyFactory, SellerFactory, WarehouseOperatorFactory
from tests.factories.procurement import ShipmentFactory
from tests.factories.warehouse import BondedWarehouseFactory, a_cleared_shipment, received_stock
from tests.walls.looked import Looked
from tests.warehouse.browsing import signed_in, text_of
from warehouse.models import Holding, Lot, Receipt, StockMovement

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _platform() -> Iterator[None]:
    with platform_wide():
        yield


WAREHOUSE_PAGES = (
    "warehouse_shipments",
    "warehouse_receipts",
    "warehouse_lots",
    "warehouse_stock",
    "warehouse_movements",
)
SELLER_PAGES = ("my_stock", "retail_orders", "retail_new", "retail_upload_new")


@pytest.mark.parametrize("name", WAREHOUSE_PAGES)
def test_warehouse_pages_are_there_for_the_warehouse_and_not_for_a_seller(
    name: str, milk: Product, anna: Company, operator: Company
) -> None:
    received_stock(
        {anna: 5}, product=milk, warehouse=BondedWarehouseFactory.create(operator=operator)
    )

    assert signed_in(operator, Role.WAREHOUSE).get(reverse(name)).status_code == 200
    assert signed_in(anna, Role.SELLER).get(reverse(name)).status_code == 404
    assert Client().get(reverse(name)).status_code in {302, 404}


@pytest.mark.parametrize("name", SELLER_PAGES)
def test_seller_pages_are_there_for_a_seller_and_not_for_the_warehouse(
    name: str, milk: Product, anna: Company, operator: Company
) -> None:
    received_stock({anna: 5}, product=milk)

    assert signed_in(anna, Role.SELLER).get(reverse(name)).status_code == 200
    assert signed_in(operator, Role.WAREHOUSE).get(reverse(name)).status_code == 404


def test_a_count_is_blind_then_compared_then_booked(
    milk: Product, anna: Company, operator: Company
) -> None:
    BondedWarehouseFactory.create(operator=operator)
    line = a_cleared_shipment({anna: 4711}, product=milk, bound_for=operator)
    client = signed_in(operator, Role.WAREHOUSE)
    address = reverse("warehouse_count", args=[line.shipment.number])

    asked = text_of(client.get(address))
    assert "Milk powder" in asked
    assert Looked(["4,711", "4711"]).found_in(asked) == []

    house = BondedWarehouseFactory._meta.model.objects.get()
    told = {"warehouse": house.pk, f"line_{line.pk}": "4700"}
    compared = text_of(client.post(address, told | {"step": "review"}))
    assert "4,711" in compared
    assert "11 units are missing" in compared
    assert not Receipt.objects.exists(), "nothing is booked by looking"

    corrected = text_of(client.post(address, told | {"step": "correct"}))
    assert 'value="4700"' in corrected

    booked = client.post(address, told | {"step": "book"})
    receipt = Receipt.objects.get()
    assert booked.headers["Location"] == reverse("warehouse_receipt", args=[receipt.number])
    assert Holding.objects.get().on_hand == 4700
    assert "4,711" in text_of(client.get(booked.headers["Location"]))
    again = client.get(address)
    assert again.headers["Location"] == booked.headers["Location"]


@pytest.mark.parametrize("day", ["0028-03-31", "9999-12-31"])
def test_a_day_that_cannot_stand_on_goods_is_not_taken(
    day: str, milk: Product, anna: Company, operator: Company
) -> None:
    house = BondedWarehouseFactory.create(operator=operator)
    line = a_cleared_shipment({anna: 10}, product=milk, bound_for=operator)

    answer = signed_in(operator, Role.WAREHOUSE).post(
        reverse("warehouse_count", args=[line.shipment.number]),
        {"warehouse": house.pk, f"line_{line.pk}": 10, f"expires_{line.pk}": day, "step": "book"},
    )

    assert "is-invalid" in text_of(answer)
    assert not Receipt.objects.exists()


@pytest.mark.parametrize("wrong", ["", "-1", "1.5", "many", "4712"])
def test_a_wrong_count_comes_back_with_its_reason_and_books_nothing(
    wrong: str, milk: Product, anna: Company, operator: Company
) -> None:
    house = BondedWarehouseFactory.create(operator=operator)
    line = a_cleared_shipment({anna: 4711}, product=milk, bound_for=operator)

    answer = signed_in(operator, Role.WAREHOUSE).post(
        reverse("warehouse_count", args=[line.shipment.number]),
        {"warehouse": house.pk, f"line_{line.pk}": wrong, "step": "book"},
    )

    assert answer.status_code == 200
    assert "is-invalid" in text_of(answer)
    assert not Receipt.objects.exists()
    assert not StockMovement.objects.exists()


def test_a_shipment_that_is_not_cleared_cannot_be_counted(operator: Company) -> None:
    BondedWarehouseFactory.create(operator=operator)
    shipment = ShipmentFactory.create(state=ShipmentState.SHIPPED, bound_for=operator)

    answer = signed_in(operator, Role.WAREHOUSE).get(
        reverse("warehouse_count", args=[shipment.number])
    )

    assert answer.status_code == 404


@pytest.mark.parametrize("state", [ShipmentState.SHIPPED, ShipmentState.CLEARED])
@pytest.mark.parametrize("is_named", [True, False])
def test_a_warehouse_sees_no_shipment_that_is_not_bound_for_it(
    milk: Product, anna: Company, operator: Company, state: ShipmentState, is_named: bool
) -> None:
    BondedWarehouseFactory.create(operator=operator)
    another = WarehouseOperatorFactory.create() if is_named else None
    shipment = ShipmentFactory.create(state=state, vessel="FAR STAR", bound_for=another)
    a_cleared_shipment({anna: 4711}, product=milk, shipment=shipment)
    client = signed_in(operator, Role.WAREHOUSE)

    seen = text_of(client.get(reverse("warehouse_shipments")))
    counted = client.get(reverse("warehouse_count", args=[shipment.number]))

    assert shipment.number not in seen
    assert "FAR STAR" not in seen
    assert counted.status_code == 404


def test_a_warehouse_does_not_see_the_lots_of_another(
    milk: Product, anna: Company, operator: Company
) -> None:
    house = BondedWarehouseFactory.create(operator=operator)
    receipt = received_stock({anna: 5}, product=milk, warehouse=house)
    lot = receipt.lines.get().lot
    other = signed_in(WarehouseOperatorFactory.create(), Role.WAREHOUSE)

    assert other.get(reverse("warehouse_lot", args=[lot.number])).status_code == 404
    assert other.get(reverse("warehouse_receipt", args=[receipt.number])).status_code == 404
    assert lot.number not in text_of(other.get(reverse("warehouse_lots")))
    mine = text_of(
        signed_in(operator, Role.WAREHOUSE).get(reverse("warehouse_lot", args=[lot.number]))
    )
    assert anna.name_en in mine
    assert "lot%3A" in mine, "the trace is found by the lot's key"


def test_a_seller_sees_its_own_stock_and_nothing_of_another(milk: Product, anna: Company) -> None:
    bert = SellerFactory.create()
    received_stock({anna: 1234, bert: 777}, product=milk, counted=2000)

    page = text_of(signed_in(anna, Role.SELLER).get(reverse("my_stock")))

    # Two newcomers may claim 240 units each: above a third of its wish each gets the same, until
    # the smaller one has all of its own. So the larger one bears all 11 that are missing.
    assert "1,223" in page
    assert Looked(["777"]).found_in(page) == []
    assert bert.name_en not in page
    assert bert.code not in page


def test_the_history_of_a_lot_is_for_its_keeper_and_the_operator(
    milk: Product, anna: Company, operator: Company
) -> None:
    house = BondedWarehouseFactory.create(operator=operator)
    line = a_cleared_shipment({anna: 5}, product=milk, bound_for=operator)
    keeper = signed_in(operator, Role.WAREHOUSE)
    told = {"warehouse": house.pk, f"line_{line.pk}": "5", "step": "book"}
    keeper.post(reverse("warehouse_count", args=[line.shipment.number]), told)
    lot = Lot.objects.get()
    history = f"/audit/warehouse.lot/{lot.pk}/"
    staff = signed_in(PlatformCompanyFactory.create(), Role.OPERATOR)

    page = text_of(keeper.get(reverse("warehouse_lot", args=[lot.number])))

    person = operator.memberships.get().user.email
    card = page.partition('id="history"')[2]
    assert person in card, "who received it"
    assert "127.0.0.1" in card, "and from where"
    assert lot.receipt_line.receipt.number in card
    assert "#" not in card, "no row is called by its key"
    assert person in text_of(staff.get(reverse("warehouse_lot", args=[lot.number])))
    assert keeper.get(history).status_code == staff.get(history).status_code == 200
    strange = WarehouseOperatorFactory.create()
    assert signed_in(strange, Role.WAREHOUSE).get(history).status_code == 404
    assert signed_in(anna, Role.SELLER).get(history).status_code == 404
