"""How long goods lie in bond: to the day, and to the unit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from accounts.models import Company, Role
from catalog.models import Product
from core.walls import inside, platform_wide
from tests.factories.accounts import SellerFactory
from tests.factories.warehouse import SELLS, an_incoming_order, received_stock
from tests.warehouse.browsing import signed_in, text_of
from warehouse.models import BondedWarehouse
from warehouse.queries.ageing import Aged, ageing
from warehouse.services import accept_orders

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _platform() -> Iterator[None]:
    with platform_wide():
        yield


@pytest.mark.parametrize(
    ("days", "band"),
    [(0, 0), (30, 0), (31, 1), (60, 1), (61, 2), (91, 3), (180, 3), (181, 4), (365, 4), (366, 5)],
)
def test_goods_are_as_old_as_the_days_they_lie_there(
    milk: Product, anna: Company, days: int, band: int
) -> None:
    received_stock({anna: 7}, product=milk, expires_on=None, now=SELLS - timedelta(days=days))

    (row,) = ageing(now=SELLS, owner=anna).rows

    units = [0] * 6
    units[band] = 7
    assert row == Aged(milk.pk, "MILK", milk.name, 1, *units)
    assert row.on_hand == 7


def test_the_report_is_of_ones_own_and_of_what_is_promised_to_nobody(
    milk: Product, anna: Company
) -> None:
    received_stock({anna: 7, SellerFactory.create(): 4}, product=milk)
    accept_orders(seller=anna, orders=[an_incoming_order("MILK", 2)], now=SELLS)

    with inside(anna.pk):
        assert [one.on_hand for one in ageing(now=SELLS, owner=anna).rows] == [5]
    keeper = BondedWarehouse.objects.get().operator
    with inside(keeper.pk, keeper=True):
        assert [one.on_hand for one in ageing(now=SELLS, warehouses_of=keeper).rows] == [9]


def test_seller_and_warehouse_read_it_and_nobody_else(milk: Product, anna: Company) -> None:
    received_stock({anna: 7}, product=milk)
    keeper = BondedWarehouse.objects.get().operator

    assert "MILK" in text_of(signed_in(anna, Role.SELLER).get("/stock/ageing/"))
    assert "MILK" in text_of(signed_in(keeper, Role.WAREHOUSE).get("/warehouse/ageing/"))
    assert signed_in(anna, Role.SELLER).get("/warehouse/ageing/").status_code == 404
    assert signed_in(keeper, Role.WAREHOUSE).get("/stock/ageing/").status_code == 404
