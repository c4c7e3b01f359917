"""What a seller can sell now, and what of it changed since a shop asked last."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from accounts.models import Company, Role, User
from catalog.models import Product
from core.listing import BadListing
from core.walls import inside, platform_wide
from tests.factories.accounts import SellerFactory, UserFactory
from tests.factories.catalog import ProductFactory
from tests.factories.warehouse import SELLS, an_incoming_order, received_stock
from tests.warehouse.browsing import signed_in, text_of
from warehouse.models import BondedWarehouse, Holding, RetailOrder
from warehouse.queries.to_sell import CHANGED_SINCE, OVERLAP, ToSell, to_sell
from warehouse.services import (
    accept_orders,
    call_off_count,
    cancel_order,
    set_minimum,
    start_count,
)

pytestmark = pytest.mark.django_db
TODAY = SELLS.date()
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _platform() -> Iterator[None]:
    with platform_wide():
        yield


@pytest.fixture
def who() -> User:
    return UserFactory.create()


def units(owner: Company, *, after: timedelta = timedelta(), channel: str = "") -> dict[str, int]:
    rows = to_sell(owner, now=SELLS + after, channel=channel).rows
    return {one.sku: one.units for one in rows}


def changed(owner: Company, *, since: timedelta, now: timedelta) -> list[str]:
    asked = to_sell(owner, now=SELLS + now, since=SELLS + since)
    return [one.sku for one in asked.rows if one.changed_at >= SELLS + since]


def test_what_is_promised_expired_or_of_too_short_a_life_cannot_be_sold(
    milk: Product, anna: Company, who: User
) -> None:
    ProductFactory.create(sku="TEA")
    received_stock({anna: 5, SellerFactory.create(): 50}, product=milk, expires_on=TODAY)
    received_stock({anna: 7}, product=milk, expires_on=TODAY + timedelta(days=30))
    received_stock({anna: 11}, product=milk, expires_on=None)
    accept_orders(seller=anna, orders=[an_incoming_order("MILK", 2)], now=SELLS)
    set_minimum(seller=anna, channel="tmall", days=31, set_by=who, now=SELLS)

    (row,) = to_sell(anna, now=SELLS).rows

    assert (row.units, row.houses) == (16, ((BondedWarehouse.objects.get().code, 16),))
    assert units(anna, channel="tmall") == {"MILK": 11}
    # On the last day but one, on the last, and on the day of its expiry.
    assert units(anna, after=timedelta(days=29)) == {"MILK": 16}
    assert units(anna, after=timedelta(days=30)) == {"MILK": 11}
    with inside(anna.pk):
        assert units(anna) == {"MILK": 16}


def test_a_shop_hears_of_what_changed_and_of_nothing_else(milk: Product, anna: Company) -> None:
    ProductFactory.create(sku="TEA")
    received_stock({anna: 5}, product=milk, now=SELLS - 2 * HOUR)
    received_stock({anna: 5}, product=Product.objects.get(sku="TEA"), now=SELLS - 2 * HOUR)

    assert changed(anna, since=-HOUR, now=HOUR) == []
    accept_orders(seller=anna, orders=[an_incoming_order("MILK", 5)], now=SELLS)

    assert changed(anna, since=-HOUR, now=HOUR) == ["MILK"]
    assert units(anna) == {"MILK": 0, "TEA": 5}
    assert changed(anna, since=HOUR, now=2 * HOUR) == []
    cancel_order(order=RetailOrder.objects.get(), now=SELLS + 2 * HOUR)
    assert changed(anna, since=HOUR, now=3 * HOUR) == ["MILK"]


def test_time_a_count_and_a_minimum_change_what_can_be_sold(
    milk: Product, anna: Company, who: User
) -> None:
    received_stock({anna: 5}, product=milk, expires_on=TODAY + timedelta(days=10))
    house = BondedWarehouse.objects.select_related("operator").get()
    days = timedelta(days=1)
    # It expires on the tenth day, and is sold until the day before.
    assert changed(anna, since=8 * days, now=9 * days) == []
    assert changed(anna, since=9 * days, now=10 * days) == ["MILK"]
    assert changed(anna, since=10 * days, now=11 * days) == []

    count = start_count(
        house=house,
        keeper=house.operator,
        subject="MILK",
        freezes=True,
        started_by=who,
        now=SELLS + HOUR,
    )
    assert changed(anna, since=HOUR, now=HOUR) == ["MILK"]
    assert units(anna) == {"MILK": 0}
    call_off_count(count=count, keeper=house.operator, now=SELLS + 2 * HOUR)
    assert changed(anna, since=2 * HOUR, now=2 * HOUR) == ["MILK"]
    assert units(anna) == {"MILK": 5}

    set_minimum(seller=anna, sku="MILK", days=11, set_by=who, now=SELLS + 3 * HOUR)
    assert changed(anna, since=3 * HOUR, now=3 * HOUR) == ["MILK"]
    assert units(anna) == {"MILK": 0}


def test_a_moment_without_a_zone_is_refused() -> None:
    asked = SELLS.isoformat()

    assert CHANGED_SINCE.since({"changed_since": [asked]}) == SELLS - OVERLAP
    assert CHANGED_SINCE.since({}) is None
    for wrong in ("2026-08-01T03:00:00", "yesterday", "0001-01-01T00:00:00Z"):
        with pytest.raises(BadListing) as refused:
            CHANGED_SINCE.since({"changed_since": [wrong]})
        assert refused.value.code == "core.bad_moment"


def test_the_seller_reads_and_takes_it_as_a_file(milk: Product, anna: Company) -> None:
    received_stock({anna: 7}, product=milk, expires_on=None)
    code = BondedWarehouse.objects.get().code

    assert f"{code} 7" in text_of(signed_in(anna, Role.SELLER).get("/stock/to-sell/"))
    row = to_sell(anna, now=SELLS).rows[0]
    moment = Holding.objects.get().changed_at
    assert moment
    assert row == ToSell(milk.pk, "MILK", milk.name, 7, ((code, 7),), moment)
    assert replace(row, houses=()).by_house == ""
