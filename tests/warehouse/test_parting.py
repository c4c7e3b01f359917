"""Orders of which not everything is there, or not in one warehouse: by the seller's terms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.urls import reverse

from accounts.models import Company, Role
from catalog.models import Product
from core.walls import platform_wide
from notices.models import Notice
from tests.factories.accounts import UserFactory
from tests.factories.catalog import ProductFactory
from tests.factories.warehouse import (
    SELLS,
    BondedWarehouseFactory,
    an_incoming_order,
    received_stock,
)
from tests.warehouse.browsing import signed_in, text_of
from tests.warehouse.selling import nothing_was_sold, on_hand
from warehouse.models import RetailMissing, RetailOrder, RetailTerms
from warehouse.queries.parting import worth_beside
from warehouse.queries.proving import prove_stock
from warehouse.rules.fulfilling import NotEnoughStock
from warehouse.rules.parting import BackOrderDaysWrong, Shortage, Terms
from warehouse.rules.retail import DiscountTooHigh, IncomingLine, IncomingOrder, OrderDiffers
from warehouse.services import (
    OrderResult,
    accept_orders,
    cancel_order,
    confirm_payment,
    expire_unpaid,
    serve_back_orders,
    set_terms,
)

pytestmark = pytest.mark.django_db

LATER = SELLS + timedelta(days=3)


@pytest.fixture(autouse=True)
def _platform() -> Iterator[None]:
    with platform_wide():
        yield
        assert prove_stock() == []


@pytest.fixture
def tea() -> Product:
    return ProductFactory.create(sku="TEA", name_en="Tea")


def agreed(seller: Company, shortage: Shortage, days: int = 0, *, may_split: bool = False) -> None:
    terms = Terms(shortage, days, may_split)
    set_terms(seller=seller, terms=terms, set_by=UserFactory.create(), now=SELLS)


def milk_and_tea(milk: int, tea: int) -> IncomingOrder:
    order = an_incoming_order("MILK", milk, price_minor=10_000)
    return replace(
        order, freight_minor=1_001, lines=(*order.lines, IncomingLine("TEA", tea, 5_000))
    )


def taken(seller: Company, order: IncomingOrder) -> OrderResult:
    (result,) = accept_orders(seller=seller, orders=[order], now=SELLS)
    return result


def rows() -> list[tuple[int, list[tuple[int, int]], int]]:
    """Part, lines (position, units) and freight of each parcel."""
    return [
        (
            row.part,
            list(row.lines.order_by("position").values_list("position", "quantity")),
            row.freight_minor,
        )
        for row in RetailOrder.objects.order_by("pk")
    ]


def test_without_terms_a_short_order_is_refused_whole(
    milk: Product, tea: Product, anna: Company
) -> None:
    received_stock({anna: 2}, product=milk)

    result = taken(anna, milk_and_tea(2, 1))

    assert isinstance(result.refusal, NotEnoughStock)
    assert nothing_was_sold()
    assert not RetailMissing.objects.exists()


def test_what_is_there_is_served_and_the_rest_refused(
    milk: Product, tea: Product, anna: Company
) -> None:
    received_stock({anna: 2}, product=milk)
    agreed(anna, Shortage.PART)

    result = taken(anna, milk_and_tea(3, 1))

    assert (result.outcome, result.parts) == ("accepted", (result.number,))
    assert [(one.sku, one.ordered, one.served, one.waits_until) for one in result.missing] == [
        ("MILK", 3, 2, None),
        ("TEA", 1, 0, None),
    ]
    assert rows() == [(1, [(1, 2)], 1_001)]
    kept = RetailMissing.objects.order_by("position").values_list("position", "quantity", "state")
    assert list(kept) == [(1, 1, "refused"), (2, 1, "refused")]
    told = Notice.objects.get(event="retail.part_served")
    assert (told.company_id, told.facts["orders"]) == (anna.pk, 1)
    assert serve_back_orders(now=LATER) == 0
    again = taken(anna, milk_and_tea(3, 1))
    assert (again.outcome, again.number) == ("already_taken", result.number)
    assert isinstance(taken(anna, milk_and_tea(2, 1)).refusal, Exception)


def test_an_order_of_which_nothing_is_there_is_refused_in_any_case(
    milk: Product, anna: Company
) -> None:
    agreed(anna, Shortage.BACK_ORDER, 9)

    result = taken(anna, an_incoming_order("MILK", 3))

    assert isinstance(result.refusal, NotEnoughStock)
    assert nothing_was_sold()


def test_back_ordered_units_go_out_as_a_further_parcel_once_they_are_there(
    milk: Product, tea: Product, anna: Company
) -> None:
    received_stock({anna: 2}, product=milk)
    agreed(anna, Shortage.BACK_ORDER, 9)
    first = taken(anna, milk_and_tea(3, 1))
    assert {one.waits_until for one in first.missing} == {date(2026, 8, 10)}

    received_stock({anna: 5}, product=milk)
    assert serve_back_orders(now=LATER) == 0, "all of it or nothing, in one parcel"
    received_stock({anna: 5}, product=tea)
    assert serve_back_orders(now=LATER) == 1
    assert serve_back_orders(now=LATER) == 0

    assert rows() == [(1, [(1, 2)], 1_001), (2, [(1, 1), (2, 1)], 0)]
    later = RetailOrder.objects.get(part=2)
    assert later.first is not None
    assert (later.first.number, later.state) == (first.number, "allocated")
    assert set(RetailMissing.objects.values_list("state", "served_by")) == {("served", later.pk)}
    assert on_hand(anna) == [0, 4, 4]
    assert Notice.objects.filter(event="retail.served_later").count() == 1
    again = taken(anna, milk_and_tea(3, 1))
    assert (again.outcome, again.number) == ("already_taken", first.number)


def test_what_is_waited_for_too_long_is_given_up(milk: Product, anna: Company) -> None:
    received_stock({anna: 2}, product=milk)
    agreed(anna, Shortage.BACK_ORDER, 9)
    taken(anna, an_incoming_order("MILK", 3))

    serve_back_orders(now=SELLS + timedelta(days=9))
    assert RetailMissing.objects.get().state == "waiting"
    received_stock({anna: 5}, product=milk)
    assert serve_back_orders(now=SELLS + timedelta(days=10)) == 0

    assert RetailMissing.objects.get().state == "lapsed"
    assert on_hand(anna) == [0, 5]
    assert Notice.objects.filter(event="retail.given_up", company=anna).count() == 1


def test_a_cancelled_order_waits_for_nothing_and_an_unpaid_one_not_yet(
    milk: Product, anna: Company
) -> None:
    received_stock({anna: 4}, product=milk)
    agreed(anna, Shortage.BACK_ORDER, 9)
    until = SELLS + timedelta(days=6)
    unpaid = taken(anna, an_incoming_order("MILK", 3, number="U", unpaid_until=until))
    short = taken(anna, an_incoming_order("MILK", 3, number="C"))
    late = an_incoming_order("MILK", 1, number="L", unpaid_until=until)
    assert isinstance(taken(anna, late).refusal, NotEnoughStock)

    cancel_order(order=RetailOrder.objects.get(number=short.number), now=SELLS)
    assert set(RetailMissing.objects.values_list("state", flat=True)) == {"lapsed"}
    taken(anna, an_incoming_order("MILK", 5, number="D", unpaid_until=until))
    received_stock({anna: 9}, product=milk)
    assert serve_back_orders(now=LATER) == 0
    confirm_payment(order=RetailOrder.objects.get(channel_order_number="D"), now=LATER)
    assert serve_back_orders(now=LATER) == 1

    assert RetailOrder.objects.get(part=2).unpaid_until is None
    assert unpaid.missing == ()


def test_an_order_is_split_between_two_warehouses_to_the_fen(
    milk: Product, tea: Product, anna: Company
) -> None:
    received_stock({anna: 2}, product=milk)
    received_stock({anna: 2}, product=tea, warehouse=BondedWarehouseFactory.create())
    agreed(anna, Shortage.REFUSE, may_split=True)

    result = taken(anna, milk_and_tea(2, 1))

    assert rows() == [(1, [(1, 2)], 801), (2, [(2, 1)], 200)]
    first, second = RetailOrder.objects.order_by("part")
    assert result.parts == (first.number, second.number)
    assert second.first_id == first.pk
    assert worth_beside([first, second]) == {first.pk: 5_200, second.pk: 20_801}
    again = taken(anna, milk_and_tea(2, 1))
    assert (again.outcome, again.number) == ("already_taken", first.number)
    # One parcel is taken back: the other stands, and so does the shop's order.
    cancel_order(order=first, now=SELLS)
    assert worth_beside([second]) == {second.pk: 0}
    again = taken(anna, milk_and_tea(2, 1))
    assert (again.outcome, again.number) == ("already_taken", second.number)
    cancel_order(order=second, now=SELLS)
    assert taken(anna, milk_and_tea(2, 1)).outcome == "accepted"


def test_insurance_and_a_voucher_are_shared_and_one_payment_is_of_neither_parcel(
    milk: Product, tea: Product, anna: Company
) -> None:
    """Goods of 200.00 and of 50.00: of 10.01 the first has 8.01, of 3.00 it has 2.40."""
    received_stock({anna: 2}, product=milk)
    received_stock({anna: 2}, product=tea, warehouse=BondedWarehouseFactory.create())
    agreed(anna, Shortage.REFUSE, may_split=True)
    told = replace(
        milk_and_tea(2, 1),
        insurance_minor=300,
        discount_minor=1_001,
        collected_tax_minor=0,
        paid_minor=25_300,
    )

    taken(anna, told)

    parcels = RetailOrder.objects.order_by("part")
    figures = ("insurance_minor", "discount_minor", "collected_tax_minor", "paid_minor")
    assert list(parcels.values_list(*figures)) == [(240, 801, None, None), (60, 200, None, None)]
    assert worth_beside(list(parcels)) == {parcels[0].pk: 5_260, parcels[1].pk: 21_041}
    assert taken(anna, told).outcome == "already_taken"
    assert isinstance(taken(anna, replace(told, discount_minor=1_000)).refusal, OrderDiffers)


def test_a_voucher_that_is_more_than_what_is_there_is_refused(
    milk: Product, tea: Product, anna: Company
) -> None:
    received_stock({anna: 1}, product=milk)
    agreed(anna, Shortage.PART)

    result = taken(anna, replace(milk_and_tea(2, 1), discount_minor=10_001))

    assert isinstance(result.refusal, DiscountTooHigh)
    assert nothing_was_sold()
    assert taken(anna, replace(milk_and_tea(2, 1), discount_minor=10_000)).outcome == "accepted"


def test_both_parcels_of_an_unpaid_order_are_paid_together_or_run_out(
    milk: Product, tea: Product, anna: Company
) -> None:
    received_stock({anna: 4}, product=milk)
    received_stock({anna: 4}, product=tea, warehouse=BondedWarehouseFactory.create())
    agreed(anna, Shortage.REFUSE, may_split=True)
    until = SELLS + timedelta(hours=1)
    for number in ("A", "B"):
        taken(anna, replace(milk_and_tea(1, 1), order_number=number, unpaid_until=until))

    confirm_payment(order=RetailOrder.objects.get(channel_order_number="A", part=2), now=SELLS)
    assert expire_unpaid(now=until) == 2

    states = RetailOrder.objects.values_list("channel_order_number", "part", "state")
    assert set(states) == {
        ("A", 1, "allocated"),
        ("A", 2, "allocated"),
        ("B", 1, "cancelled"),
        ("B", 2, "cancelled"),
    }


def test_the_same_terms_write_nothing_and_wrong_ones_neither(anna: Company) -> None:
    agreed(anna, Shortage.PART)
    agreed(anna, Shortage.PART)
    with pytest.raises(BackOrderDaysWrong):
        agreed(anna, Shortage.PART, 3)

    assert RetailTerms.objects.count() == 1


def test_the_pages_of_terms_and_of_a_short_order(milk: Product, anna: Company) -> None:
    received_stock({anna: 2}, product=milk)
    client = signed_in(anna, Role.SELLER)

    wrong = client.post(reverse("retail_terms"), {"shortage": "back_order"})
    assert wrong.status_code == 422
    told = {"shortage": "back_order", "back_order_days": "14", "may_split": "on"}
    assert client.post(reverse("retail_terms"), told).status_code == 302
    assert "serve what is there, back-order the rest" in text_of(
        client.get(reverse("retail_terms"))
    )
    result = taken(anna, an_incoming_order("MILK", 3))

    page = text_of(client.get(reverse("retail_order", args=[result.number])))
    assert "back-ordered" in page
    assert "2026-08-15" in page
