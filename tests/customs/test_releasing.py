"""Released lists let their goods be picked; cancelled orders void their lists."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import Company, Role, User
from catalog.models import Product
from core.walls import inside, platform_wide
from customs.models import RetailList, RetailRelease, RetailVoid
from customs.queries import quota_differences, tax_totals, used_in_year
from customs.rules.releasing import RetailListReleased, RetailListVoided
from customs.services import cancel_order, draw_retail_lists, release_lists
from notices.models import Notice
from tests.factories.accounts import (
    MembershipFactory,
    PlatformCompanyFactory,
    SellerFactory,
    UserFactory,
)
from tests.factories.catalog import ProductFactory
from tests.factories.customs import TariffRateFactory
from tests.factories.warehouse import ID_NUMBERS, SELLS, an_incoming_order, received_stock
from traceability.models import TraceEvent
from warehouse.models import Holding, Reservation, RetailOrder, RetailOrderState, StockPosting
from warehouse.queries.proving import prove_stock
from warehouse.rules.order_way import OrderHandedOver
from warehouse.services import accept_orders

pytestmark = pytest.mark.django_db

DRAWS = datetime(2026, 8, 1, 4, 0, tzinfo=UTC)
GOES = DRAWS + timedelta(hours=2)


@pytest.fixture(autouse=True)
def _wide(_django_db_helper: None) -> Iterator[None]:
    with platform_wide():
        yield
        assert quota_differences(2026) == {}


@pytest.fixture
def clerk() -> User:
    return UserFactory.create()


@pytest.fixture
def seller() -> Company:
    """It has 20 tins and sold three parcels of two, two and one; their lists are drawn."""
    TariffRateFactory.create()
    milk: Product = ProductFactory.create(sku="MILK")
    seller: Company = SellerFactory.create()
    received_stock({seller: 20}, product=milk)
    accept_orders(
        seller=seller,
        orders=[
            replace(
                an_incoming_order("MILK", units, number=f"T-{units}{at}"),
                buyer_id_number=ID_NUMBERS[1],
            )
            for at, units in enumerate((2, 2, 1))
        ],
        now=SELLS,
    )
    draw_retail_lists(now=DRAWS)
    return seller


def lies() -> dict[str, int]:
    held = Holding.objects.exclude(on_hand=0).values_list("status", "on_hand")
    return dict(held)


def test_released_lists_let_their_goods_be_picked_together_and_once(
    seller: Company, clerk: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    lists = list(RetailList.objects.order_by("pk"))
    both = [lists[0].number, lists[1].number]

    made = release_lists(
        numbers=both, reference="CEB622-1", released_at=DRAWS, recorded_by=clerk, now=GOES
    )
    again = release_lists(
        numbers=both, reference="CEB622-1", released_at=DRAWS, recorded_by=clerk, now=GOES
    )

    assert ([one.retail_list.number for one in made], again) == (both, [])
    with django_assert_num_queries(0):
        assert [one.retail_list.order.number for one in made] == [
            *("RO-2026-000001", "RO-2026-000002")
        ]
    assert lies() == {"available": 15, "released": 4, "reserved": 1}
    assert list(RetailOrder.objects.order_by("pk").values_list("state", flat=True)) == [
        *("released", "released", "listed")
    ]
    assert sorted(Reservation.objects.values_list("state", "quantity")) == [
        *(("held", 1), ("released", 2), ("released", 2))
    ]
    posted = StockPosting.objects.filter(key__startswith="release:")
    assert sorted(posted.values_list("key", "kind")) == [
        ("release:RO-2026-000001", "changed"),
        ("release:RO-2026-000002", "changed"),
    ]
    told = TraceEvent.objects.filter(biz_step="inspecting").order_by("pk")
    assert [(one.evidence, one.documents) for one in told] == [
        ("authority", [["cn-retail-import-list", number]]) for number in both
    ]
    assert Notice.objects.get(event="retail.released").facts == {"orders": 2}
    assert prove_stock() == []


def test_a_release_that_is_refused_of_one_list_writes_nothing_of_any(
    seller: Company, clerk: User
) -> None:
    first, second, third = RetailList.objects.select_related("order").order_by("pk")
    release_lists(
        numbers=[first.number], reference="CEB-1", released_at=DRAWS, recorded_by=clerk, now=GOES
    )
    cancel_order(order=second.order, by=clerk, now=GOES)

    for numbers, refusal in (
        ([third.number, second.number], RetailListVoided),
        ([third.number, first.number], RetailListReleased),
    ):
        with pytest.raises(refusal):
            release_lists(
                numbers=numbers, reference="CEB-2", released_at=DRAWS, recorded_by=clerk, now=GOES
            )

    assert RetailRelease.objects.count() == 1
    assert lies() == {"available": 17, "released": 2, "reserved": 1}


@pytest.mark.parametrize("is_released", [False, True])
def test_an_order_cancelled_after_its_list_voids_it_and_gives_the_year_back(
    seller: Company, clerk: User, is_released: bool
) -> None:
    first = RetailList.objects.select_related("order").order_by("pk")[0]
    digest = first.order.buyer_id_digest
    assert used_in_year([digest], 2026) == {digest: 5 * 19_900}
    if is_released:
        release_lists(numbers=[first.number], released_at=DRAWS, recorded_by=clerk, now=GOES)

    with inside(seller.pk):
        cancelled = cancel_order(order=first.order, by=clerk, now=GOES)

    assert cancelled.state == RetailOrderState.CANCELLED
    void = RetailVoid.objects.get()
    assert (void.retail_list, void.voided_at, void.voided_by) == (first, GOES, clerk)
    assert lies() == {"available": 17, "reserved": 3}
    assert used_in_year([digest], 2026) == {digest: 3 * 19_900}
    assert tax_totals()["lists"] == 2
    assert Notice.objects.filter(event="retail.cancelled").count() == 1
    assert prove_stock() == []


def test_what_a_carrier_has_is_not_cancelled_and_its_list_stands(
    seller: Company, clerk: User
) -> None:
    order = RetailOrder.objects.order_by("pk")[0]
    RetailOrder.objects.filter(pk=order.pk).update(state=RetailOrderState.HANDED_OVER)

    with pytest.raises(OrderHandedOver):
        cancel_order(order=order, by=clerk, now=GOES)

    assert not RetailVoid.objects.exists()
    assert lies() == {"available": 15, "reserved": 5}


def test_an_operator_records_a_release_on_the_page_of_a_list_and_a_seller_reads_it(
    seller: Company,
) -> None:
    boss = MembershipFactory.create(company=PlatformCompanyFactory.create(), role=Role.OPERATOR)
    drawn = RetailList.objects.order_by("pk")[0]
    address = f"/retail-lists/{drawn.number}/"
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(boss.user)

    wrong = client.post(f"{address}release/", {"reference": "x" * 41})
    page = client.get(address).content.decode()
    done = client.post(f"{address}release/", {"reference": "CEB622-7"}, follow=True)

    assert (wrong.status_code, "登记放行" in page) == (422, True)
    assert RetailRelease.objects.get().reference == "CEB622-7"
    assert "海关已放行该包裹。" in done.content.decode()
    reader = Client(headers={"accept-language": "en"})
    reader.force_login(MembershipFactory.create(company=seller, role=Role.SELLER).user)
    assert "CEB622-7" in reader.get(address).content.decode()
    assert (
        "Released by customs"
        in reader.get(f"/retail-orders/{drawn.order.number}/").content.decode()
    )
