"""Each consumer's order gets exactly one retail list, or its stock back with the reason."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.db import connection
from django.test import Client

from accounts.models import Company, Role
from catalog.models import Product
from core.walls import inside, platform_wide
from customs.models import (
    ProductElements,
    RetailList,
    RetailListLine,
    RetailRefusal,
    RetailTaxRule,
)
from customs.queries import quota_differences, refusals_to_answer
from customs.queries.contents import lacking
from customs.queries.retail import lists_of, refusals_of
from customs.queries.tax_estimates import Asked, ContentsUnknown, estimate
from customs.rules.retail_tax import OverOrderLimit
from customs.services import DrawnLists, draw_retail_lists
from tests.factories.accounts import MembershipFactory, SellerFactory, UserFactory
from tests.factories.catalog import ProductFactory
from tests.factories.customs import TariffRateFactory
from tests.factories.warehouse import ID_NUMBERS, SELLS, an_incoming_order, received_stock
from traceability.models import TraceEvent
from warehouse.models import Holding, RetailOrder, RetailOrderState
from warehouse.queries.retail import BUYER_FIELDS
from warehouse.services import accept_orders

pytestmark = pytest.mark.django_db

DRAWS = datetime(2026, 8, 1, 4, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _wide(_django_db_helper: None) -> Iterator[None]:
    with platform_wide():
        yield
        assert quota_differences(2026) == {}


@pytest.fixture
def milk() -> Product:
    TariffRateFactory.create()
    return ProductFactory.create()


@pytest.fixture
def seller() -> Company:
    return SellerFactory.create()


@pytest.fixture
def stocked(milk: Product, seller: Company) -> Company:
    """A seller with 100 tins."""
    received_stock({seller: 100}, product=milk)
    return seller


def sell(seller: Company, product: Product, *orders: tuple[int, int], buyer: int = 1) -> None:
    """Orders of (units, fen each)."""

    results = accept_orders(
        seller=seller,
        orders=[
            replace(
                an_incoming_order(
                    product.sku,
                    units,
                    number=f"T-{RetailOrder.objects.count() + n}",
                    price_minor=fen,
                ),
                buyer_id_number=ID_NUMBERS[buyer],
            )
            for n, (units, fen) in enumerate(orders)
        ],
        now=SELLS,
    )
    assert [result.refusal for result in results] == [None] * len(orders)


def on_hand() -> int:
    free = Holding.objects.filter(status="available")
    return sum(free.values_list("on_hand", flat=True))


def test_every_order_gets_exactly_one_list_with_its_tax(stocked: Company, milk: Product) -> None:
    sell(stocked, milk, (1, 50_000), (3, 19_900))

    first = draw_retail_lists(now=DRAWS)
    again = draw_retail_lists(now=DRAWS)

    assert (first, again) == (DrawnLists(drawn=2), DrawnLists())
    one, three = RetailList.objects.order_by("pk")
    assert (one.number, three.number) == ("RL-2026-000001", "RL-2026-000002")
    assert (one.dutiable_minor, one.tax_minor, one.regime) == (50_000, 4_550, "cbec_within")
    assert (three.dutiable_minor, three.vat_minor, three.duty_minor) == (59_700, 5_433, 0)
    assert one.tax_rule.source == "财关税〔2018〕49号"
    assert RetailListLine.objects.get(retail_list=three).hs_code == "1901101010"
    assert set(RetailOrder.objects.values_list("state", flat=True)) == {RetailOrderState.LISTED}
    told = TraceEvent.objects.filter(biz_step="retail_selling")
    assert [event.documents for event in told.order_by("pk")] == [
        [["cn-retail-import-list", "RL-2026-000001"]],
        [["cn-retail-import-list", "RL-2026-000002"]],
    ]


def test_an_order_over_the_limit_gives_its_stock_back_and_says_why(
    stocked: Company, milk: Product
) -> None:
    sell(stocked, milk, (2, 250_001), (1, 10_000))

    drawn = draw_retail_lists(now=DRAWS)

    assert drawn == DrawnLists(drawn=1, refused=1)
    refusal = RetailRefusal.objects.get()
    assert refusal.rule == "customs.over_order_limit"
    assert refusal.facts == {"order": "CNY 5000.02", "limit": "CNY 5000.00"}
    assert refusal.order.state == RetailOrderState.CANCELLED
    assert refusal.order.refusal == {
        "code": "customs.over_order_limit",
        "rule": OverOrderLimit.rule(),
        "facts": refusal.facts,
    }
    assert RetailOrder.objects.get(state=RetailOrderState.LISTED).refusal == {}
    assert not RetailList.objects.filter(order=refusal.order)
    assert on_hand() == 99


def test_a_refusal_is_pointed_out_for_two_weeks_or_until_the_order_comes_again(
    stocked: Company, milk: Product
) -> None:
    sell(stocked, milk, (2, 250_001), (2, 250_001))
    draw_retail_lists(now=DRAWS)
    assert refusals_to_answer(DRAWS).count() == 2

    again = an_incoming_order(milk.sku, 1, number="T-0", price_minor=100)
    accept_orders(seller=stocked, orders=[again], now=DRAWS)

    (left,) = refusals_to_answer(DRAWS + timedelta(days=14))
    assert left.order.channel_order_number == "T-1"
    assert not refusals_to_answer(DRAWS + timedelta(days=14, seconds=1)).exists()


def test_the_year_of_a_buyer_counts_over_all_sellers(stocked: Company, milk: Product) -> None:
    other = SellerFactory.create()
    received_stock({other: 100}, product=milk)
    sell(stocked, milk, *[(1, 500_000)] * 5)
    sell(other, milk, (1, 100_000))
    draw_retail_lists(now=DRAWS)
    sell(other, milk, (1, 1), buyer=0)

    sell(other, milk, (1, 1))
    drawn = draw_retail_lists(now=DRAWS)

    assert drawn == DrawnLists(drawn=1, refused=1)
    assert RetailRefusal.objects.get().rule == "customs.over_year_limit"
    assert RetailRefusal.objects.get().facts["used"] == "CNY 26000.00"


def test_a_new_year_in_china_is_a_new_allowance(stocked: Company, milk: Product) -> None:
    sell(stocked, milk, *[(1, 500_000)] * 5, (1, 100_000))
    # 16:30 in London on New Year's Eve is already the new year in Ningbo.
    draw_retail_lists(now=datetime(2026, 12, 31, 15, 59, tzinfo=UTC))
    sell(stocked, milk, (1, 500_000))

    drawn = draw_retail_lists(now=datetime(2026, 12, 31, 16, 0, tzinfo=UTC))

    assert drawn == DrawnLists(drawn=1)
    assert RetailList.objects.filter(number="RL-2027-000001").exists()


def test_goods_off_the_positive_list_come_back(stocked: Company, milk: Product) -> None:
    TariffRateFactory.create(valid_from=date(2026, 7, 1), on_positive_list=False)
    sell(stocked, milk, (4, 10_000))

    assert draw_retail_lists(now=DRAWS) == DrawnLists(refused=1)

    assert RetailRefusal.objects.get().rule == "customs.not_on_positive_list"
    assert on_hand() == 100


def test_an_order_without_a_rate_waits_and_the_others_go(stocked: Company, milk: Product) -> None:
    unrated = ProductFactory.create(hs_code="3304990039")
    received_stock({stocked: 10}, product=unrated)
    sell(stocked, unrated, (1, 10_000))
    sell(stocked, milk, (1, 10_000))

    assert draw_retail_lists(now=DRAWS) == DrawnLists(drawn=1, waiting=1)
    TariffRateFactory.create(
        hs_code="3304990039", vat_rate=Decimal("0.13"), consumption_tax_rate=Decimal("0.15")
    )
    assert draw_retail_lists(now=DRAWS) == DrawnLists(drawn=1)

    assert RetailList.objects.get(number="RL-2026-000002").consumption_tax_minor == 1_235


def test_what_a_unit_holds_is_told_in_one_place_and_believed_in_all(
    seller: Company, client: Client
) -> None:
    beer = ProductFactory.create(
        sku="BEER", hs_code="2203000000", specification="整箱", net_weight_g=340
    )
    TariffRateFactory.create(
        hs_code=beer.hs_code,
        consumption_tax_specific=Decimal("0.22"),
        consumption_tax_unit="095",
    )
    received_stock({seller: 10}, product=beer)
    sell(seller, beer, (1, 1_000))
    ask = partial(
        estimate,
        [Asked("BEER", 1, 1_000)],
        freight=0,
        insurance=0,
        used_this_year=0,
        day=date(2026, 8, 1),
    )
    client.force_login(MembershipFactory.create(company=seller, role=Role.SELLER).user)
    client.cookies["django_language"] = "en"

    assert draw_retail_lists(now=DRAWS) == DrawnLists(waiting=1)
    with pytest.raises(ContentsUnknown):
        ask()
    (lacks,) = lacking(date(2026, 8, 1))
    assert (lacks.product, lacks.orders) == (beer, 1)
    page = client.get("/retail-lists/").content.decode()
    assert "nobody says how much a unit holds" in page
    assert "BEER" in page
    ProductElements.objects.create(
        product=beer,
        hs_code=beer.hs_code,
        names=[],
        values=[],
        content_ml=330,
        made_at=DRAWS,
        made_by=UserFactory.create(),
    )

    assert draw_retail_lists(now=DRAWS) == DrawnLists(drawn=1)
    assert lacking(date(2026, 8, 1)) == []
    # 0.33 litres of 0.22 yuan, of which seventy percent are due.
    assert RetailListLine.objects.get().consumption_tax_minor == 5
    assert ask().worked.tax.consumption_tax == 5


def test_the_rate_in_force_on_the_day_counts(stocked: Company, milk: Product) -> None:
    TariffRateFactory.create(valid_from=date(2026, 8, 1), vat_rate=Decimal("0.09"))
    TariffRateFactory.create(valid_from=date(2026, 8, 2), vat_rate=Decimal("0.50"))
    sell(stocked, milk, (1, 10_000))

    draw_retail_lists(now=DRAWS)

    assert RetailList.objects.get().vat_minor == 630


def test_the_rules_by_law_are_kept_once(stocked: Company, milk: Product) -> None:
    sell(stocked, milk, (1, 100), (1, 100))
    draw_retail_lists(now=DRAWS)
    draw_retail_lists(now=DRAWS)

    rules = RetailTaxRule.objects.order_by("valid_from")
    assert [(str(rule.valid_from), rule.order_limit_minor) for rule in rules] == [
        ("2016-04-08", 200_000),
        ("2019-01-01", 500_000),
    ]


def test_a_seller_sees_its_own_lists_only(stocked: Company, milk: Product) -> None:
    other = SellerFactory.create()
    sell(stocked, milk, (1, 10_000), (2, 250_001))
    draw_retail_lists(now=DRAWS)

    with inside(other.pk):
        assert not RetailList.objects.all()
        assert not RetailRefusal.objects.all()
        with connection.cursor() as cursor:
            for table in ("retaillist", "retaillistline", "retailrefusal"):
                cursor.execute(f"SELECT count(*) FROM customs_{table}")  # noqa: S608
                assert cursor.fetchone() == (0,), table
    with inside(stocked.pk):
        assert RetailList.objects.count() == 1
        assert RetailRefusal.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_draw_each_list_once_and_keep_the_year(stocked: Company, milk: Product) -> None:
    sell(stocked, milk, *[(1, 500_000)] * 8)
    both = threading.Barrier(2)

    def draw() -> None:
        try:
            with platform_wide():
                both.wait()
                draw_retail_lists(now=DRAWS)
        finally:
            connection.close()

    workers = [threading.Thread(target=draw) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert RetailList.objects.count() == 5
    assert RetailRefusal.objects.count() == 3
    assert sum(RetailList.objects.values_list("dutiable_minor", flat=True)) == 2_500_000
    assert on_hand() == 95


def test_the_lists_of_customs_do_not_decipher_the_buyers() -> None:
    for found in (lists_of(), refusals_of()):
        sql = str(found.query)
        assert '"channel_order_number"' in sql
        assert not [name for name in BUYER_FIELDS if f'"{name}"' in sql]
