"""How long stock lasts: rules without a database, then what was really drawn and is on its way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.urls import reverse

from accounts.models import Company, Role
from catalog.models import Product
from core.walls import inside, platform_wide
from tests.factories.catalog import ProductFactory
from tests.factories.procurement import ShipmentFactory
from tests.factories.warehouse import (
    ARRIVES,
    SELLS,
    a_cleared_shipment,
    an_incoming_order,
    received_stock,
)
from tests.warehouse.browsing import signed_in, text_of
from warehouse.models import RetailOrder
from warehouse.queries.restocking import Restock, restocks
from warehouse.rules import restocking as rules
from warehouse.rules.restocking import Pace, Standing
from warehouse.services import accept_orders, cancel_order

TODAY = date(2026, 8, 1)
LONG_AGO = date(2025, 1, 1)


def days_ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def a_pace(
    available: int,
    drawn: int,
    *,
    first: date | None = LONG_AGO,
    last: date | None = None,
    arrives: date | None = None,
) -> Pace:
    return Pace(available, drawn, first, last, arrives)


def test_what_was_sold_in_ninety_days_tells_how_long_the_rest_lasts() -> None:
    pace = a_pace(120, 300, last=days_ago(1))

    assert rules.cover_days(pace, TODAY) == 36
    assert rules.runs_out_on(pace, TODAY) == date(2026, 9, 6)
    assert rules.idle_days(pace, TODAY) == 1


def test_young_stock_is_measured_by_the_days_it_has_been_there() -> None:
    assert rules.cover_days(a_pace(120, 30, first=days_ago(10)), TODAY) == 40
    assert rules.cover_days(a_pace(120, 30, first=TODAY), TODAY) == 4


def test_where_nothing_was_sold_nothing_runs_out_and_it_is_idle_since_it_came() -> None:
    pace = a_pace(5, 0, first=days_ago(61))

    assert rules.cover_days(pace, TODAY) is None
    assert rules.runs_out_on(pace, TODAY) is None
    assert rules.idle_days(pace, TODAY) == 61
    assert rules.idle_days(a_pace(0, 0, first=None), TODAY) is None


@pytest.mark.parametrize(
    ("pace", "expected"),
    [
        (a_pace(0, 9, last=days_ago(3)), Standing.OUT),
        (a_pace(0, 0), Standing.WELL),
        (a_pace(89, 90, last=TODAY), Standing.RUNS_OUT),
        (a_pace(90, 90, last=TODAY), Standing.WELL),
        (a_pace(30, 90, last=TODAY, arrives=TODAY + timedelta(days=30)), Standing.WELL),
        (a_pace(30, 90, last=TODAY, arrives=TODAY + timedelta(days=31)), Standing.RUNS_OUT),
        (a_pace(5, 0, last=days_ago(60)), Standing.SLOW),
        (a_pace(5, 0, last=days_ago(59)), Standing.WELL),
        (a_pace(5, 0, first=days_ago(2)), Standing.WELL),
    ],
)
def test_what_a_seller_should_know_first(pace: Pace, expected: Standing) -> None:
    assert rules.standing(pace, TODAY) == expected


@pytest.fixture
def _platform() -> Iterator[None]:
    with platform_wide():
        yield


def by_sku(seller: Company) -> dict[str, Restock]:
    with inside(seller.pk):
        return {one.sku: one for one in restocks(seller, now=SELLS).rows}


@pytest.mark.django_db
@pytest.mark.usefixtures("_platform")
def test_what_was_drawn_and_what_comes_behind_the_walls_of_the_seller(
    milk: Product, anna: Company
) -> None:
    tea = ProductFactory.create(sku="TEA")
    received_stock({anna: 20}, product=milk, now=ARRIVES - timedelta(days=200))
    received_stock({anna: 5}, product=tea, now=ARRIVES - timedelta(days=200))
    for day in (date(2026, 8, 20), date(2026, 9, 20)):
        at_sea = ShipmentFactory.create(expected_on=day)
        a_cleared_shipment({anna: 9}, product=milk, shipment=at_sea)
    early = SELLS - timedelta(days=91)
    for number, units, at in (("A", 2, early), ("B", 3, SELLS), ("C", 4, SELLS)):
        accept_orders(
            seller=anna,
            orders=[replace(an_incoming_order("MILK", units, number=number), placed_at=at)],
            now=at,
        )
    cancel_order(order=RetailOrder.objects.get(channel_order_number="C"), now=SELLS)

    found = by_sku(anna)

    assert (found["MILK"].available, found["MILK"].drawn) == (15, 3)
    assert found["MILK"].cover_days == 450
    assert found["MILK"].arrives_on == date(2026, 8, 20)
    assert (found["TEA"].drawn, found["TEA"].standing) == (0, "slow")
    page = text_of(signed_in(anna, Role.SELLER).get(reverse("restocking")))
    assert "TEA" in page
