"""A buyer's year: reserved with a list, settled with its release, given back with what ends it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum
from django.db.utils import ProgrammingError
from django.urls import reverse

from accounts.models import Company, Role
from catalog.models import Product
from core.walls import platform_wide
from customs.models import PositiveEntry, QuotaEntry, RetailList, RetailRefusal
from customs.queries import quota_differences, used_in_year, year_of_buyer
from customs.queries.quota import digest_of, grams_in_year, used_by_lists
from customs.services import cancel_orders, draw_retail_lists, release_lists
from customs.services.quota import reserve_quota
from tests.customs.test_pages import page, sign_in
from tests.factories.accounts import SellerFactory, UserFactory
from tests.factories.catalog import ProductFactory
from tests.factories.customs import TariffRateFactory
from tests.factories.warehouse import ID_NUMBERS, SELLS, an_incoming_order, received_stock
from warehouse.models import RetailOrder
from warehouse.services import accept_orders

__all__ = ["sign_in"]

pytestmark = pytest.mark.django_db
DAY = SELLS.date()


@pytest.fixture(autouse=True)
def _wide(_django_db_helper: None) -> Iterator[None]:
    with platform_wide():
        yield
        assert quota_differences(2026) == {}


@pytest.fixture
def seller() -> Company:
    made: Company = SellerFactory.create()
    return made


def sold(seller: Company, sku: str, *numbers: str, units: int = 1, price: int = 19_900) -> None:
    orders = [
        replace(an_incoming_order(sku, units, number=one, price_minor=price)) for one in numbers
    ]
    accept_orders(seller=seller, orders=orders, now=SELLS)
    draw_retail_lists(now=SELLS)


def moves(code: str = "") -> list[tuple[str, int, int]]:
    found = QuotaEntry.objects.filter(code=code).order_by("pk")
    return list(found.values_list("move", "reserved", "used"))


def test_a_list_reserves_its_release_settles_and_what_voids_it_gives_all_back(
    seller: Company,
) -> None:
    TariffRateFactory.create()
    received_stock({seller: 9}, product=ProductFactory.create(sku="MILK"))
    sold(seller, "MILK", "T-1", "T-2")
    digest = digest_of(ID_NUMBERS[1])
    released, waiting = RetailList.objects.order_by("pk")

    assert used_in_year([digest], 2026) == {digest: 39_800}
    release_lists(
        numbers=[released.number], released_at=SELLS, recorded_by=UserFactory.create(), now=SELLS
    )
    stands = year_of_buyer(digest, DAY, limit=2_600_000)
    assert (stands.reserved, stands.used, stands.left) == (19_900, 19_900, 2_560_200)
    cancel_orders(
        orders=list(RetailOrder.objects.order_by("pk")), by=None, now=SELLS + timedelta(hours=1)
    )

    assert moves() == [
        ("reserved", 19_900, 0),
        ("reserved", 19_900, 0),
        ("settled", -19_900, 19_900),
        ("voided", 0, -19_900),
        ("voided", -19_900, 0),
    ]
    assert used_in_year([digest], 2026) == {digest: 0}
    assert used_by_lists(2026) == {}
    assert waiting.void.voided_at == SELLS + timedelta(hours=1)


def test_goods_with_a_limit_by_weight_are_counted_in_grams_and_refused_over_it(
    seller: Company,
) -> None:
    TariffRateFactory.create(hs_code="1701991090", vat_rate=Decimal("0.09"))
    PositiveEntry.objects.filter(code="17019910").update(valid_to="2025-12-31")
    PositiveEntry.objects.create(
        code="17019910",
        remarks=["weight_limit"],
        limit_g=2_000,
        valid_from="2026-01-01",
        source="list",
    )
    sugar: Product = ProductFactory.create(
        sku="SUGAR", hs_code="1701991090", specification="1千克/袋"
    )
    received_stock({seller: 9}, product=sugar)
    sold(seller, "SUGAR", "T-1", "T-2", "T-3")
    digest = digest_of(ID_NUMBERS[1])

    refused = RetailRefusal.objects.get()
    assert (refused.rule, refused.facts["used"]) == ("customs.over_weight_limit", "2 kg")
    assert grams_in_year([digest], 2026) == {(digest, "17019910"): 2_000}
    cancel_orders(orders=[RetailOrder.objects.order_by("pk")[0]], by=None, now=SELLS)
    assert grams_in_year([digest], 2026) == {(digest, "17019910"): 1_000}
    sold(seller, "SUGAR", "T-4")
    assert RetailRefusal.objects.count() == 1


def test_the_ledger_is_proved_against_the_lists(
    seller: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    TariffRateFactory.create()
    received_stock({seller: 9}, product=ProductFactory.create(sku="MILK"))
    sold(seller, "MILK", "T-1")
    call_command("prove_quota", "2026")
    assert "The ledger of 2026 agrees" in capsys.readouterr().out
    drawn, digest = RetailList.objects.get(), digest_of(ID_NUMBERS[1])
    extra = QuotaEntry.objects.create(
        buyer=digest,
        year=2025,
        move="settled",
        code="",
        reserved=5,
        used=0,
        retail_list=drawn,
        seller=drawn.seller,
        entered_at=SELLS,
    )

    with pytest.raises(SystemExit):
        call_command("prove_quota", "2025")

    assert f"{digest[:12]}: the ledger says 5 fen, the lists 0" in capsys.readouterr().out
    assert quota_differences(2025) == {digest: (extra.reserved, 0)}


def test_entries_are_only_added_and_a_list_moves_each_way_once(seller: Company) -> None:
    TariffRateFactory.create()
    received_stock({seller: 9}, product=ProductFactory.create(sku="MILK"))
    sold(seller, "MILK", "T-1")
    drawn = RetailList.objects.get()

    with pytest.raises(IntegrityError), transaction.atomic():
        reserve_quota([(drawn, "x", {})], now=SELLS)
    for statement in (
        "UPDATE customs_quotaentry SET used = 0",
        "DELETE FROM customs_quotaentry",
    ):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert QuotaEntry.objects.count() == 1


def test_who_is_erased_is_forgotten_by_the_ledger_too(seller: Company) -> None:
    TariffRateFactory.create()
    received_stock({seller: 9}, product=ProductFactory.create(sku="MILK"))
    sold(seller, "MILK", "T-1", "T-2")
    first = RetailOrder.objects.order_by("pk")[0]

    # As the warehouse's sweep does it.
    RetailOrder.objects.filter(pk=first.pk).update(buyer_id_digest="", buyer_erased_at=SELLS)

    entries = QuotaEntry.objects.order_by("pk")
    assert [bool(one.buyer) for one in entries] == [False, True]
    digest = digest_of(ID_NUMBERS[1])
    assert used_in_year([digest], 2026) == {digest: 19_900}
    assert entries.aggregate(n=Sum("reserved"))["n"] == 39_800


def test_a_seller_sees_what_is_left_of_a_buyers_year_whoever_sold(
    seller: Company, sign_in: object
) -> None:
    TariffRateFactory.create()
    received_stock({seller: 200}, product=ProductFactory.create(sku="MILK"))
    sold(seller, "MILK", "T-1", units=100, price=5_000)
    asked = {
        "goods_1": "MILK",
        "quantity_1": "1",
        "price_1": "50.00",
        "buyer": ID_NUMBERS[1].lower(),
        "day": "2026-09-01",
    }
    client = sign_in(SellerFactory.create(), Role.SELLER)  # type: ignore[operator]

    shown = page(client.post(reverse("tax_estimate"), asked))

    assert "21,000.00" in shown
    assert "T-1" not in shown
    wrong = client.post(reverse("tax_estimate"), asked | {"buyer": "123"})
    assert wrong.status_code == 422
