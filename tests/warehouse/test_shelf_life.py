"""How much of its life a sale must leave, and how long goods may lie in bond."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from accounts.models import Company, Role, User
from catalog.models import Product
from core.errors import DomainError
from core.walls import inside, platform_wide
from notices.models import Notice
from tests.factories.accounts import (
    MembershipFactory,
    PlatformCompanyFactory,
    SellerFactory,
    UserFactory,
    WarehouseOperatorFactory,
)
from tests.factories.warehouse import SELLS, an_incoming_order, received_stock
from tests.warehouse.browsing import signed_in, text_of
from tests.warehouse.selling import nothing_was_sold, on_hand
from warehouse.days import day_of
from warehouse.models import BondedWarehouse, BondLimit, Holding, RetailUpload, ShelfMinimum
from warehouse.queries.shelf_life import bond_limit_of, minimums_of, wasted_by_owner
from warehouse.queries.uploads import ReadFile, foresee
from warehouse.rules.fulfilling import TooShortLived
from warehouse.rules.retail import ProductUnknown
from warehouse.rules.shelf_life import BondLimitWrong, Minimums, ShelfDaysWrong, ShopOrProduct
from warehouse.rules.waiting import ReasonMissing
from warehouse.services import accept_orders, remind, set_bond_limit, set_minimum

pytestmark = pytest.mark.django_db
TODAY = SELLS.date()


@pytest.fixture(autouse=True)
def _platform() -> Iterator[None]:
    with platform_wide():
        yield


@pytest.fixture
def who() -> User:
    return UserFactory.create()


def minimum(seller: Company, days: int | None, who: User, **of: Any) -> None:
    set_minimum(seller=seller, days=days, set_by=who, now=SELLS - timedelta(days=1), **of)


def told(event: str, seller: Company) -> list[dict[str, Any]]:
    rows = Notice.objects.filter(event=event, company=seller).order_by("pk")
    return [one.facts for one in rows]


def test_a_shop_that_wants_more_life_gets_the_later_lot(
    milk: Product, anna: Company, who: User
) -> None:
    received_stock({anna: 5}, product=milk, expires_on=TODAY + timedelta(days=100))
    received_stock({anna: 5}, product=milk, expires_on=TODAY + timedelta(days=400))
    minimum(anna, 180, who, channel="tmall")
    orders = [
        replace(an_incoming_order("MILK", 2, number="T-1"), channel="tmall"),
        replace(an_incoming_order("MILK", 4, number="T-2"), channel="tmall"),
        replace(an_incoming_order("MILK", 1, number="T-3"), channel="own"),
    ]

    strict, refused, lax = accept_orders(seller=anna, orders=orders, now=SELLS)

    assert (strict.outcome, lax.outcome, on_hand(anna)) == ("accepted", "accepted", [4, 3])
    assert isinstance(refused.refusal, TooShortLived)
    assert refused.refusal.facts == {
        "line": 1,
        "product": "MILK",
        "wanted": 4,
        "available": 3,
        "short_lived": 5,
        "least_days": 180,
    }


def test_a_product_of_too_short_a_life_is_refused_and_nothing_written(
    milk: Product, anna: Company, who: User
) -> None:
    received_stock({anna: 5}, product=milk, expires_on=TODAY + timedelta(days=89))
    minimum(anna, 90, who)

    (result,) = accept_orders(seller=anna, orders=[an_incoming_order("MILK", 1)], now=SELLS)

    assert isinstance(result.refusal, TooShortLived)
    assert nothing_was_sold()
    minimum(anna, None, who)
    (again,) = accept_orders(seller=anna, orders=[an_incoming_order("MILK", 1)], now=SELLS)
    assert again.outcome == "accepted"


def test_the_preview_of_a_file_knows_of_the_minimum(
    milk: Product, anna: Company, who: User
) -> None:
    received_stock({anna: 10}, product=milk, expires_on=TODAY + timedelta(days=89))
    set_minimum(seller=anna, days=90, set_by=who, now=SELLS)
    upload = RetailUpload(seller=anna)
    read = ReadFile([an_incoming_order("MILK", 1)], 1, [], 0)

    (told,) = foresee(upload, read, now=SELLS)

    assert isinstance(told.refusal, TooShortLived)


def test_the_last_that_was_set_counts(milk: Product, anna: Company, who: User) -> None:
    for days, of in (
        (60, {}),
        (90, {}),
        (120, {"sku": "MILK"}),
        (180, {"channel": "tmall"}),
        (None, {"channel": "tmall"}),
        (90, {}),
    ):
        minimum(anna, days, who, **of)

    assert minimums_of(anna) == Minimums(90, {"MILK": 120}, {})
    # The same again wrote nothing.
    assert ShelfMinimum.objects.count() == 5


@pytest.mark.parametrize(
    ("days", "of", "refusal"),
    [
        (0, {}, ShelfDaysWrong),
        (3_651, {}, ShelfDaysWrong),
        (30, {"channel": "tmall", "sku": "MILK"}, ShopOrProduct),
        (30, {"sku": "NONE"}, ProductUnknown),
    ],
)
def test_a_minimum_that_cannot_be_is_refused(
    milk: Product, anna: Company, who: User, days: int, of: dict[str, str], refusal: Any
) -> None:
    with pytest.raises(refusal):
        minimum(anna, days, who, **of)

    assert not ShelfMinimum.objects.exists()


def test_a_seller_hears_before_the_last_day_once_at_each_threshold(
    milk: Product, anna: Company, who: User
) -> None:
    received_stock({anna: 7}, product=milk, expires_on=TODAY + timedelta(days=130))
    minimum(anna, 90, who)
    minimum(anna, 100, who, channel="tmall")

    # The last day is in 40 days, in that shop in 30.
    for days in (0, 9, 10, 22, 23, 33, 34):
        remind(now=SELLS + timedelta(days=days))

    last, shop = TODAY + timedelta(days=40), TODAY + timedelta(days=30)
    assert [
        (one["days"], one["channel"], one["first_on"]) for one in told("stock.last_sale", anna)
    ] == [
        (30, "tmall", f"{shop}"),
        (30, "—", f"{last}"),
        (7, "tmall", f"{shop}"),
        (7, "—", f"{last}"),
    ]
    assert told("stock.last_sale", anna)[0] == {
        "days": 30,
        "lots": 1,
        "units": 7,
        "first_on": f"{shop}",
        "channel": "tmall",
    }


def test_a_minimum_set_late_is_told_of_at_the_nearest_threshold(
    milk: Product, anna: Company, who: User
) -> None:
    received_stock({anna: 7}, product=milk, expires_on=TODAY + timedelta(days=100))
    remind(now=SELLS)
    set_minimum(seller=anna, days=95, set_by=who, now=SELLS + timedelta(hours=1))

    remind(now=SELLS + timedelta(days=1))

    assert [one["days"] for one in told("stock.last_sale", anna)] == [7]


def test_what_may_not_be_sold_any_more_goes_to_waste(
    milk: Product, anna: Company, who: User
) -> None:
    received_stock({anna: 100}, product=milk, expires_on=TODAY + timedelta(days=99))
    accept_orders(seller=anna, orders=[an_incoming_order("MILK", 10)], now=SELLS)
    # Ten in 90 days are eleven in 99; until 90 days before, in ten days, one.
    assert wasted_by_owner(today=TODAY, now=SELLS) == {anna.pk: 79}
    minimum(anna, 90, who)

    assert wasted_by_owner(today=TODAY, now=SELLS) == {anna.pk: 89}


def test_a_warehouse_sets_how_long_goods_may_lie_there(
    milk: Product, anna: Company, who: User
) -> None:
    received_stock({anna: 7}, product=milk, expires_on=None)
    house = BondedWarehouse.objects.get()
    remind(now=SELLS)
    assert bond_limit_of(house) == 730

    set_bond_limit(
        house=house, days=60, reason=" Permit  4711 ", set_by=who, now=SELLS + timedelta(hours=1)
    )
    set_bond_limit(house=house, days=60, reason="Again", set_by=who, now=SELLS)

    limit = BondLimit.objects.get()
    assert (limit.days, limit.reason, limit.keeper) == (60, "Permit 4711", house.operator)
    received_at = Holding.objects.get().received_at
    assert received_at
    received_on = day_of(received_at)
    ends_on = received_on + timedelta(days=60)
    left = (ends_on - TODAY).days
    for day in (1, left - 30, left - 29, left, left + 1):
        remind(now=SELLS + timedelta(days=day))
    heard = told("stock.time_in_bond", anna)
    assert [one["days"] for one in heard] == [60, 30, 0]
    assert heard[0] == {"days": 60, "lots": 1, "units": 7, "first_on": f"{ends_on}"}


@pytest.mark.parametrize(
    ("days", "reason", "refusal"),
    [(29, "x", BondLimitWrong), (3_651, "x", BondLimitWrong), (60, " ", ReasonMissing)],
)
def test_a_limit_that_cannot_be_is_refused(
    milk: Product, anna: Company, who: User, days: int, reason: str, refusal: type[DomainError]
) -> None:
    received_stock({anna: 1}, product=milk)

    with pytest.raises(refusal):
        set_bond_limit(
            house=BondedWarehouse.objects.get(), days=days, reason=reason, set_by=who, now=SELLS
        )

    assert not BondLimit.objects.exists()


def test_the_keeper_sets_its_limit_and_the_seller_its_minimums_on_pages(
    milk: Product, anna: Company
) -> None:
    received_stock({anna: 1}, product=milk)
    house = BondedWarehouse.objects.get()
    keeper, seller = signed_in(house.operator, Role.WAREHOUSE), signed_in(anna, Role.SELLER)

    keeper.post(f"/warehouse/limits/{house.code}/", {"days": "365", "reason": "Permit 4711"})
    refused = keeper.post(f"/warehouse/limits/{house.code}/", {"days": "3", "reason": ""})
    seller.post("/stock/minimums/", {"channel": "tmall", "product": "", "days": "180"})

    assert (bond_limit_of(house), refused.status_code) == (365, 422)
    operator = signed_in(PlatformCompanyFactory.create(), Role.OPERATOR)
    operator.post(f"/warehouse/limits/{house.code}/", {"days": "700", "reason": "GACC 12/2026"})
    assert bond_limit_of(house) == 700
    stranger = signed_in(WarehouseOperatorFactory.create(), Role.WAREHOUSE)
    told = {"days": "90", "reason": "mine"}
    assert stranger.post(f"/warehouse/limits/{house.code}/", told).status_code == 404
    assert bond_limit_of(house) == 700
    assert "Permit 4711" in text_of(keeper.get(f"/warehouse/limits/{house.code}/"))
    assert "<bdi>tmall</bdi>" in text_of(seller.get("/stock/minimums/"))
    assert minimums_of(anna).by_channel == {"tmall": 180}
    other = MembershipFactory.create(company=SellerFactory.create(), role=Role.SELLER)
    with inside(other.company.pk):
        assert not ShelfMinimum.objects.exists()
