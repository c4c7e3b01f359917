"""Which orders could go as one parcel, and the pages on which a seller merges them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import Company, Role
from catalog.models import Product
from core.clock import now
from core.walls import platform_wide
from customs.models import RetailList
from customs.rules.releasing import RetailListVoided
from customs.services import draw_retail_lists, merge_orders, release_lists
from tests.factories.accounts import SellerFactory, UserFactory
from tests.factories.catalog import ProductFactory
from tests.factories.customs import TariffRateFactory
from tests.factories.warehouse import ID_NUMBERS, SELLS, an_incoming_order, received_stock
from tests.warehouse.browsing import signed_in, text_of
from tests.warehouse.leaving import picked
from warehouse.models import RetailOrder
from warehouse.queries.merging import go_with, parcels_to_be
from warehouse.queries.proving import prove_stock
from warehouse.rules.merging import LOOKED_BACK, ListReleased
from warehouse.rules.retail import IncomingOrder
from warehouse.services import NewOrder, accept_orders, hold_order

pytestmark = pytest.mark.django_db

ELSEWHERE = "上海市浦东新区示例路 2 号"


@pytest.fixture(autouse=True)
def _proved() -> Iterator[None]:
    with platform_wide():
        yield
        assert prove_stock() == []


@pytest.fixture
def milk() -> Product:
    TariffRateFactory.create()
    return ProductFactory.create(sku="MILK")


@pytest.fixture
def anna(milk: Product) -> Company:
    seller: Company = SellerFactory.create()
    received_stock({seller: 30}, product=milk)
    return seller


def order(number: str, buyer: int = 1, channel: str = "shop") -> IncomingOrder:
    told = an_incoming_order("MILK", 1, number=number, price_minor=10_000)
    return replace(told, buyer_id_number=ID_NUMBERS[buyer], channel=channel, freight_minor=700)


def sold(seller: Company, *orders: IncomingOrder) -> list[str]:
    return [one.number for one in accept_orders(seller=seller, orders=orders, now=SELLS)]


def test_each_buyer_with_several_waiting_orders_is_one_row(anna: Company) -> None:
    other: Company = SellerFactory.create()
    a, b, alone = sold(anna, order("A-1"), order("B-1", 0), order("C-1", 1, "other"))
    draw_retail_lists(now=SELLS)
    later, held, unpaid = sold(
        anna,
        order("A-2"),
        order("A-3"),
        replace(order("B-2", 0), unpaid_until=SELLS + timedelta(hours=1)),
    )
    hold_order(
        number=held, company=anna, reason="Not now", acted_by=UserFactory.create(), now=SELLS
    )

    found = parcels_to_be(anna, SELLS)

    assert [(one.number, one.numbers, one.goods_minor) for one in found] == [
        (b, [b, unpaid], 20_000),
        (a, [a, later], 20_000),
    ]
    in_time = SELLS + timedelta(hours=1)
    assert [one.number for one in parcels_to_be(anna, in_time)] == [a]
    assert parcels_to_be(anna, SELLS + LOOKED_BACK).exists()
    assert not parcels_to_be(anna, SELLS + LOOKED_BACK + timedelta(seconds=1)).exists()
    assert not parcels_to_be(other, SELLS).exists()
    by_number = {one.number: one for one in RetailOrder.objects.select_related("seller")}
    assert [one.number for one in go_with(by_number[later], SELLS)] == [a, later]
    assert go_with(by_number[alone], SELLS) == []
    assert go_with(by_number[held], SELLS) == []


def test_of_more_than_one_act_takes_the_asked_order_is_kept_beside_the_oldest(
    anna: Company,
) -> None:
    numbers = sold(anna, *(order(f"A-{n}") for n in range(22)))
    asked = RetailOrder.objects.select_related("seller").get(number=numbers[-1])

    found = go_with(asked, SELLS)

    assert [one.number for one in found] == [*numbers[:19], numbers[-1]]


def test_a_seller_merges_two_orders_on_their_page(anna: Company) -> None:
    today = now()
    told = [order("A-1"), order("A-2"), replace(order("A-3"), consignee_address=ELSEWHERE)]
    results = accept_orders(
        seller=anna, orders=[replace(one, placed_at=today) for one in told], now=today
    )
    first, second, moved = (one.number for one in results)
    browser = signed_in(anna, Role.SELLER)
    there = reverse("retail_merge", args=[second])

    assert f"{first}, {second}, {moved}" in text_of(browser.get(reverse("mergeable_orders")))
    assert there in text_of(browser.get(reverse("retail_order", args=[second])))
    page = text_of(browser.get(there))
    assert ELSEWHERE not in page, "the buyer stays masked"
    assert "receiver_of" in page
    typed = {"order_number": "M-1", "placed_at": "2026-08-01T12:00", "freight": "8.00"}
    wrong = browser.post(there, {**typed, "orders": [first, moved]})
    assert (wrong.status_code, RetailOrder.objects.count()) == (422, 3)
    assert "These orders go to different receivers" in text_of(wrong)
    done = browser.post(there, {**typed, "orders": [first]})

    made = RetailOrder.objects.get(channel_order_number="M-1")
    assert (done.status_code, done["Location"]) == (
        302,
        reverse("retail_order", args=[made.number]),
    )
    page = text_of(browser.get(done["Location"]))
    assert "It took the place of these orders" in page
    assert first in page
    old = text_of(browser.get(reverse("retail_order", args=[first])))
    assert "Merged into another order" in old
    assert made.number in old
    assert "Cancel the order" not in old
    nothing = text_of(browser.get(reverse("retail_merge", args=[first])))
    assert "No other order goes with this one" in nothing


def test_a_stranger_finds_none_of_it(anna: Company) -> None:
    first, second = sold(anna, order("A-1"), order("A-2"))
    stranger = signed_in(SellerFactory.create(), Role.SELLER)

    there = reverse("retail_merge", args=[first])
    assert stranger.get(there).status_code == 404
    assert stranger.post(there, {"orders": [second]}).status_code == 404
    assert first not in text_of(stranger.get(reverse("mergeable_orders")))


def test_what_a_wave_has_picked_is_not_merged_and_what_is_merged_is_not_released(
    anna: Company,
) -> None:
    clerk = UserFactory.create()
    sold(anna, *(order(f"R-{n}") for n in range(4)))
    draw_retail_lists(now=SELLS)
    first, second, third, fourth = RetailOrder.objects.order_by("pk")
    drawn = dict(RetailList.objects.values_list("order_id", "number"))
    release_lists(numbers=[drawn[first.pk]], released_at=SELLS, recorded_by=clerk, now=SELLS)
    first.refresh_from_db()
    picked([first], clerk)

    def merge(*orders: RetailOrder) -> None:
        merge_orders(
            seller=anna,
            numbers=[one.number for one in orders],
            told=NewOrder("N-1", SELLS),
            merged_by=clerk,
            now=SELLS,
        )

    with pytest.raises(ListReleased):
        merge(first, second)
    merge(third, fourth)
    with pytest.raises(RetailListVoided):
        release_lists(numbers=[drawn[third.pk]], released_at=SELLS, recorded_by=clerk, now=SELLS)
