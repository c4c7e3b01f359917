"""Goods that come back: into quarantine, their tax given back, their order returned."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse

from accounts.models import Company, Role, User
from catalog.models import Product
from core.walls import platform_wide
from customs.models import RetailGiveBack, RetailList
from customs.queries import quota_differences, used_in_year
from customs.queries.retail import tax_parts
from customs.services import (
    announce_return,
    draw_retail_lists,
    receive_return,
    release_lists,
)
from notices.models import Notice
from tests.factories.accounts import SellerFactory, UserFactory, WarehouseOperatorFactory
from tests.factories.catalog import ProductFactory
from tests.factories.customs import TariffRateFactory
from tests.factories.warehouse import SELLS, an_incoming_order, received_stock
from tests.warehouse.browsing import signed_in, text_of
from tests.warehouse.selling import on_hand
from traceability.models import TraceEvent
from warehouse.models import (
    Reservation,
    RetailOrder,
    RetailReturn,
    RetailReturned,
    StockMovement,
)
from warehouse.queries.proving import prove_stock
from warehouse.rules import returning as rules
from warehouse.rules.order_way import Stage
from warehouse.rules.posting import Kind
from warehouse.services import accept_orders, refuse_return
from warehouse.services.advancing import advance, locked

pytestmark = pytest.mark.django_db

LATER = SELLS + timedelta(days=20)


@pytest.fixture(autouse=True)
def _platform() -> Iterator[None]:
    with platform_wide():
        yield
        assert prove_stock() == []
        assert quota_differences(2026) == {}


@pytest.fixture
def clerk() -> User:
    return UserFactory.create()


@pytest.fixture
def seller() -> Company:
    return SellerFactory.create()


def gone(seller: Company, units: int = 3) -> RetailOrder:
    """An order that the carrier has; its list is released."""
    TariffRateFactory.create()
    product: Product = ProductFactory.create(sku="MILK")
    received_stock({seller: 2}, product=product, expires_on=date(2027, 1, 1))
    received_stock({seller: 5}, product=product, expires_on=date(2028, 1, 1))
    accept_orders(seller=seller, orders=[an_incoming_order("MILK", units)], now=SELLS)
    draw_retail_lists(now=SELLS)
    order = RetailOrder.objects.get()
    release_lists(
        numbers=[order.retail_list.number],
        released_at=SELLS,
        recorded_by=UserFactory.create(),
        now=SELLS,
    )
    for stage, key, kind in (
        (Stage.PICKED, "pick", Kind.CHANGED),
        (Stage.PACKED, "pack", Kind.CHANGED),
        (Stage.HANDED_OVER, "ship", Kind.SHIPPED),
    ):
        advance(locked([order.pk]), stage, key=key, kind=kind, now=SELLS)
    order.refresh_from_db()
    return order


def keeper_of(order: RetailOrder) -> Company:
    return reserved(order)[0].holding.keeper


def reserved(order: RetailOrder) -> list[Reservation]:
    return list(Reservation.objects.filter(line__order=order).order_by("pk"))


def announced(order: RetailOrder, clerk: User, units: int, now: datetime = LATER) -> RetailReturn:
    return announce_return(
        order=order, units={1: units}, reason="Broken", announced_by=clerk, now=now
    )


def came(back: RetailReturn, clerk: User, counts: list[int], now: datetime = LATER) -> RetailReturn:
    order = back.order
    return receive_return(
        back=back,
        keeper=keeper_of(order),
        counted={one.pk: n for one, n in zip(reserved(order), counts, strict=True)},
        received_by=clerk,
        now=now,
    )


def test_a_part_comes_back_and_then_the_rest(seller: Company, clerk: User) -> None:
    order = gone(seller)
    drawn = RetailList.objects.get()
    first = announced(order, clerk, 2)
    assert (first.comes_until, first.keeper_id) == (date(2026, 9, 15), keeper_of(order).pk)

    came(first, clerk, [1, 1])

    order.refresh_from_db()
    assert order.state == "handed_over"
    assert on_hand(seller, "quarantine") == [1, 1]
    given = RetailGiveBack.objects.get()
    assert given.tax_minor == sum(
        total * 2 // 3 for total in (drawn.duty_minor, drawn.consumption_tax_minor, drawn.vat_minor)
    )
    page = text_of(signed_in(seller, Role.SELLER).get(reverse("retail_list", args=[drawn.number])))
    assert "Given back for returns" in page
    assert first.number in page
    came(announced(order, clerk, 1), clerk, [1, 0])
    order.refresh_from_db()
    assert order.state == "returned"
    assert on_hand(seller, "quarantine") == [2, 1]
    assert sum(RetailGiveBack.objects.values_list("tax_minor", flat=True)) == drawn.tax_minor
    assert used_in_year({order.buyer_id_digest}, 2026) == {order.buyer_id_digest: 0}
    assert set(tax_parts().values()) == {0}
    legs = StockMovement.objects.filter(kind="sent_back", account="consumer")
    assert sum(legs.values_list("quantity", flat=True)) == -3
    facts = TraceEvent.objects.filter(biz_step="receiving", disposition="returned")
    assert facts.count() == 2
    with pytest.raises(rules.NotGoneYet):
        announced(order, clerk, 1)


def test_a_return_is_taken_in_once(seller: Company, clerk: User) -> None:
    order = gone(seller)
    back = announced(order, clerk, 2)
    came(back, clerk, [2, 0])

    with pytest.raises(rules.ReturnEnded):
        came(back, clerk, [0, 1])
    with pytest.raises(rules.MoreThanWent):
        announced(order, clerk, 2)

    assert RetailReturned.objects.count() == 1
    assert on_hand(seller, "quarantine") == [2]


def test_more_than_announced_is_not_taken_in_and_nothing_is_written(
    seller: Company, clerk: User
) -> None:
    back = announced(gone(seller), clerk, 1)

    with pytest.raises(rules.CountOverReturn):
        came(back, clerk, [1, 1])

    back.refresh_from_db()
    assert back.state == "announced"
    assert not StockMovement.objects.filter(kind="sent_back").exists()
    assert not RetailGiveBack.objects.exists()


def test_what_comes_too_late_is_refused_in_words_and_leaves_a_trace(
    seller: Company, clerk: User
) -> None:
    order = gone(seller)
    back = announced(order, clerk, 1)

    found = came(back, clerk, [1, 0], now=SELLS + timedelta(days=46))

    assert (found.state, found.refusal["code"]) == ("refused", "warehouse.came_too_late")
    assert not StockMovement.objects.filter(kind="sent_back").exists()
    assert not RetailGiveBack.objects.exists()
    assert TraceEvent.objects.filter(disposition="non_conformant").count() == 1
    assert Notice.objects.get(event="return.refused").company_id == seller.pk


def test_what_is_not_of_the_order_is_refused_with_its_reason(seller: Company, clerk: User) -> None:
    order = gone(seller)
    back = announced(order, clerk, 1)
    with pytest.raises(RetailReturn.DoesNotExist):
        refuse_return(
            back=back,
            keeper=WarehouseOperatorFactory.create(),
            reason="x",
            refused_by=clerk,
            now=LATER,
        )
    with pytest.raises(rules.ReturnReasonMissing):
        refuse_return(back=back, keeper=keeper_of(order), reason=" ", refused_by=clerk, now=LATER)
    back.refresh_from_db()
    assert (back.state, back.refusal) == ("announced", {})

    found = refuse_return(
        back=back, keeper=keeper_of(order), reason="Another brand", refused_by=clerk, now=LATER
    )

    assert found.refusal["facts"] == {"reason": "Another brand"}
    assert announced(order, clerk, 3).number == "RT-2026-000002", "it did not come: it still may"


def test_after_thirty_days_nothing_is_announced_and_nothing_written(
    seller: Company, clerk: User
) -> None:
    order = gone(seller)

    with pytest.raises(rules.ReturnTooLate):
        announced(order, clerk, 1, now=SELLS + timedelta(days=31))

    assert not RetailReturn.objects.exists()


def test_the_pages_of_a_seller_and_of_a_warehouse(seller: Company, clerk: User) -> None:
    order = gone(seller)
    back = announced(order, clerk, 1)
    shop, gate = signed_in(seller, Role.SELLER), signed_in(keeper_of(order), Role.WAREHOUSE)

    late = shop.post(reverse("retail_return", args=[order.number]), {"reason": "x", "line_1": "1"})
    assert late.status_code == 409, "the clock of the page is months behind the release"
    assert back.number in text_of(shop.get(reverse("my_returns")))
    there = reverse("warehouse_return", args=[back.number])
    assert "Broken" in text_of(gate.get(there))
    assert back.number in text_of(gate.get(reverse("warehouse_returns")))
    gate.post(reverse("warehouse_return_refuse", args=[back.number]), {"reason": "torn"})
    assert "torn" in text_of(gate.get(there))
    other = signed_in(WarehouseOperatorFactory.create(), Role.WAREHOUSE)
    assert other.get(there).status_code == 404
