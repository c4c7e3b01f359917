"""A shop tells again what was paid, and another sum: it is kept while the order waits, and said to
its seller afterwards; orders that become one keep what was told of them all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from accounts.models import Company
from core.walls import platform_wide
from notices.models import Notice
from tests.factories.accounts import PlatformCompanyFactory, SellerFactory, UserFactory
from tests.factories.catalog import ProductFactory
from tests.factories.warehouse import SELLS, an_incoming_order, received_stock
from warehouse.models import RetailOrder
from warehouse.rules.merging import told_of_all
from warehouse.rules.retail import IncomingOrder, Outcome
from warehouse.services import NewOrder, accept_orders, lock_to_merge, mark_listed, merge_orders

FIRST = replace(an_incoming_order("MILK", 1), order_number="T-1")


@pytest.fixture
def anna() -> Iterator[Company]:
    with platform_wide():
        PlatformCompanyFactory.create()
        made = SellerFactory.create()
        received_stock({made: 9}, product=ProductFactory.create(sku="MILK"))
        yield made


def said(
    seller: Company,
    order: IncomingOrder,
    paid_minor: int | None = None,
    collected_tax_minor: int | None = None,
) -> Outcome:
    told = replace(order, paid_minor=paid_minor, collected_tax_minor=collected_tax_minor)
    (found,) = accept_orders(seller=seller, orders=[told], now=SELLS)
    return found.outcome


def amounts() -> tuple[int | None, int | None]:
    order = RetailOrder.objects.get(channel_order_number="T-1")
    return order.paid_minor, order.collected_tax_minor


@pytest.mark.django_db
def test_what_a_shop_tells_later_is_taken_while_the_order_waits(anna: Company) -> None:
    assert said(anna, FIRST, paid_minor=21_711) == Outcome.ACCEPTED

    again = said(anna, FIRST, paid_minor=22_000, collected_tax_minor=1_811)

    assert (again, amounts()) == (Outcome.ALREADY_TAKEN, (22_000, 1_811))
    assert said(anna, FIRST) == Outcome.ALREADY_TAKEN
    assert amounts() == (22_000, 1_811), "who says nothing changes nothing"
    assert said(anna, FIRST, paid_minor=0) == Outcome.ALREADY_TAKEN
    assert amounts() == (0, 1_811)
    assert not Notice.objects.filter(event="retail.amounts_differ").exists()


@pytest.mark.django_db
def test_once_its_list_is_drawn_its_seller_hears_of_it_once(anna: Company) -> None:
    said(anna, FIRST, paid_minor=21_711, collected_tax_minor=1_811)
    mark_listed(orders=RetailOrder.objects.values_list("pk", flat=True))

    assert said(anna, FIRST, paid_minor=21_711, collected_tax_minor=1_811) == "already_taken"
    assert not Notice.objects.filter(event="retail.amounts_differ").exists()
    for _time in range(2):
        assert said(anna, FIRST, paid_minor=22_000) == Outcome.ALREADY_TAKEN

    assert amounts() == (21_711, 1_811)
    notice = Notice.objects.get(event="retail.amounts_differ")
    assert (notice.company, notice.facts) == (anna, {"orders": 1, "first": "T-1"})


@pytest.mark.parametrize(
    ("of_each", "more", "sum_of_all"),
    [
        *(([100, 250], 0, 350), ([100, None], 0, None), ([None, None], 0, None)),
        *(([0, 0], 0, 0), ([100, 250], 50, None), ([100, 250], -50, None)),
    ],
)
def test_together_they_cost_what_was_told_of_each(
    of_each: list[int | None], more: int, sum_of_all: int | None
) -> None:
    assert told_of_all(of_each, more=more) == sum_of_all


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ({}, (42_000, 3_600)),
        ({"paid_minor": 41_000, "collected_tax_minor": 0}, (41_000, 0)),
        ({"freight_minor": 100}, (None, 3_600)),
    ],
)
def test_orders_that_become_one_keep_what_was_paid_and_the_tax(
    anna: Company, told: dict[str, int], kept: tuple[int | None, int]
) -> None:
    second = replace(FIRST, order_number="T-2")
    freight = FIRST.freight_minor
    said(anna, FIRST, paid_minor=21_000, collected_tax_minor=1_800)
    said(anna, second, paid_minor=21_000, collected_tax_minor=1_800)
    numbers = list(RetailOrder.objects.values_list("number", flat=True))
    new = replace(NewOrder("M-1", SELLS, 2 * freight), **told)  # type: ignore[arg-type]

    made = merge_orders(
        held=lock_to_merge(seller=anna, numbers=numbers),
        told=new,
        merged_by=UserFactory.create(),
        now=SELLS,
        lists={},
    )

    assert (made.paid_minor, made.collected_tax_minor) == kept
