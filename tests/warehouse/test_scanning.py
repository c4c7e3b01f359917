"""The scanner at the gate: what a code fills in, and what it is told when it is refused."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Company, Role
from catalog.models import Product
from core.walls import platform_wide
from procurement.models import ShipmentLine
from tests.factories.warehouse import BondedWarehouseFactory, a_cleared_shipment
from tests.warehouse.browsing import signed_in, text_of
from warehouse.models import BondedWarehouse, Receipt
from warehouse.rules.scanning import check_digit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _platform() -> Iterator[None]:
    with platform_wide():
        yield


@pytest.fixture
def house(operator: Company) -> BondedWarehouse:
    return BondedWarehouseFactory.create(operator=operator)


@pytest.fixture
def line(milk: Product, anna: Company, house: BondedWarehouse) -> ShipmentLine:
    return a_cleared_shipment({anna: 60}, product=milk, bound_for=house.operator)


@pytest.fixture
def keeper(house: BondedWarehouse) -> Client:
    return signed_in(house.operator, Role.WAREHOUSE)


def scanned(keeper: Client, line: ShipmentLine, code: str, **told: object) -> str:
    sent = {"step": "scan", "scan": code, **told}
    return text_of(keeper.post(reverse("warehouse_count", args=[line.shipment.number]), sent))


def test_a_code_fills_batch_days_and_units_of_its_line(
    line: ShipmentLine, keeper: Client, milk: Product
) -> None:
    code = f"]C101{milk.gtin.zfill(14)}1728043010L2604\x1d112601313724"

    page = scanned(keeper, line, code, **{f"damaged_{line.pk}": "2"})

    assert f'name="line_{line.pk}" value="24"' in page
    assert f'name="batch_{line.pk}" value="L2604"' in page
    assert f'name="expires_{line.pk}" value="2028-04-30"' in page
    assert f'name="produced_{line.pk}" value="2026-01-31"' in page
    assert f'name="damaged_{line.pk}" value="2"' in page, "what stood there stays"
    assert "is-invalid" not in page
    assert not Receipt.objects.exists()

    again = scanned(keeper, line, code, **{f"line_{line.pk}": "24"})
    assert f'name="line_{line.pk}" value="48"' in again


def test_each_scan_is_a_unit_where_that_is_chosen(
    line: ShipmentLine, keeper: Client, milk: Product
) -> None:
    page = scanned(keeper, line, milk.gtin, **{f"line_{line.pk}": "7", "adds": "on"})

    assert f'name="line_{line.pk}" value="8"' in page
    assert 'id="scan-adds" checked' in page


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("9520000000010", "The check digit of this code is wrong; scan it again."),
        ("9520000000097", "No line of this shipment has a product of this number."),
        ("395200000000000012", "This code names no article"),
        ("milk", "This is neither an article number nor a GS1 code."),
    ],
)
def test_a_refused_code_says_why_and_leaves_the_count_as_it_is(
    line: ShipmentLine, keeper: Client, code: str, words: str
) -> None:
    if code[:-1].isdigit() and "No line" in words:
        code = code[:-1] + check_digit(code[:-1])

    page = scanned(keeper, line, code, **{f"line_{line.pk}": "7"})

    assert words in page
    assert f'name="line_{line.pk}" value="7"' in page
    assert not Receipt.objects.exists()


def test_enter_without_a_code_compares_the_count(line: ShipmentLine, keeper: Client) -> None:
    told = {"warehouse": BondedWarehouse.objects.get().pk, f"line_{line.pk}": "59"}

    assert "1 unit is missing" in scanned(keeper, line, "", **told)
