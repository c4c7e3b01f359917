"""Orders of one buyer become one with a number and a payment of its own, and nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from accounts.models import Company, User
from catalog.models import Product
from core.errors import DomainError
from core.walls import platform_wide
from customs.models import RetailList, RetailVoid
from customs.queries import quota_differences, used_in_year
from customs.rules.retail_tax import OverOrderLimit, OverYearLimit
from customs.services import (
    cancel_order,
    draw_retail_lists,
    keep_tax_rules,
    merge_orders,
    release_lists,
)
from notices.models import Notice
from tests.factories.accounts import SellerFactory, UserFactory
from tests.factories.catalog import ProductFactory
from tests.factories.customs import TariffRateFactory
from tests.factories.warehouse import (
    ID_NUMBERS,
    SELLS,
    BondedWarehouseFactory,
    an_incoming_order,
    received_stock,
)
from tests.warehouse.selling import on_hand
from warehouse.models import (
    BuyerErasure,
    Holding,
    Reservation,
    RetailMerge,
    RetailOrder,
    StockPosting,
)
from warehouse.queries.proving import prove_stock
from warehouse.rules.erasing import ErasedWithAnother, NotEndedYet
from warehouse.rules.merging import (
    BuyersDiffer,
    HeldFromMerging,
    InSeveralParcels,
    ListReleased,
    OrderNotYours,
    PastMerging,
    ReceiverNotAmong,
    ReceiversDiffer,
    ShopNumberKnown,
    TooFewToMerge,
)
from warehouse.rules.order_way import OrderMerged
from warehouse.rules.parting import Shortage, Terms
from warehouse.rules.retail import FieldEmpty, IncomingLine, IncomingOrder
from warehouse.rules.waiting import NotPaidInTime
from warehouse.services import (
    NewOrder,
    accept_orders,
    cancel_orders,
    confirm_payment,
    erase_buyer,
    hold_order,
    set_terms,
)

pytestmark = pytest.mark.django_db

NOW = SELLS + timedelta(hours=1)
NEW = NewOrder("M-1", SELLS, freight_minor=800)


@pytest.fixture(autouse=True)
def _proved(_django_db_helper: None) -> Iterator[None]:
    with platform_wide():
        yield
        assert prove_stock() == []
        assert quota_differences(2026) == {}


@pytest.fixture
def milk() -> Product:
    TariffRateFactory.create()
    return ProductFactory.create(sku="MILK")


@pytest.fixture
def tea() -> Product:
    return ProductFactory.create(sku="TEA")


@pytest.fixture
def anna(milk: Product, tea: Product) -> Company:
    """A seller with two lots of milk, of 3 and of 9, and 10 of tea."""
    seller: Company = SellerFactory.create()
    received_stock({seller: 3}, product=milk, expires_on=date(2027, 1, 1))
    received_stock({seller: 9}, product=milk, expires_on=date(2028, 1, 1))
    received_stock({seller: 10}, product=tea)
    return seller


@pytest.fixture
def clerk() -> User:
    return UserFactory.create()


def sold(seller: Company, *orders: IncomingOrder) -> list[str]:
    results = accept_orders(seller=seller, orders=orders, now=SELLS)
    assert [one.refusal for one in results] == [None] * len(orders)
    return [one.number for one in results]


def two(seller: Company) -> list[str]:
    """Two of milk and one of tea at one price, then two of milk at that and one at another."""
    first = an_incoming_order("MILK", 2, number="A-1", price_minor=10_000)
    second = an_incoming_order("MILK", 2, number="A-2", price_minor=10_000)
    tea, dearer = IncomingLine("TEA", 1, 5_000), IncomingLine("MILK", 1, 11_000)
    return sold(
        seller,
        replace(first, lines=(*first.lines, tea), freight_minor=500),
        replace(second, lines=(dearer, *second.lines), freight_minor=500),
    )


def merged(seller: Company, numbers: list[str], by: User, told: NewOrder = NEW) -> RetailOrder:
    return merge_orders(seller=seller, numbers=numbers, told=told, merged_by=by, now=NOW)


def kept() -> list[object]:
    """Everything a refused merge could have left."""
    return [
        list(RetailOrder.objects.order_by("pk").values_list("number", "state")),
        list(Reservation.objects.order_by("pk").values_list("pk", "quantity", "state")),
        list(Holding.objects.order_by("pk").values_list("pk", "on_hand", "changed_at")),
        StockPosting.objects.count(),
        RetailMerge.objects.count(),
        RetailVoid.objects.count(),
        Notice.objects.filter(event="retail.merged").count(),
    ]


def refused(
    refusal: type[DomainError],
    seller: Company,
    numbers: list[str],
    by: User,
    told: NewOrder = NEW,
) -> DomainError:
    before = kept()
    with pytest.raises(refusal) as raised:
        merged(seller, numbers, by, told)
    assert kept() == before
    return raised.value


def test_the_new_order_has_their_lines_and_the_very_lots_that_were_theirs(
    anna: Company, clerk: User
) -> None:
    numbers = two(anna)
    free = list(Holding.objects.filter(status="available").values_list("on_hand", "changed_at"))
    lots = sorted(Reservation.objects.values_list("holding", "quantity"))

    made = merged(anna, numbers, clerk)

    assert (made.channel_order_number, made.state, made.freight_minor) == ("M-1", "allocated", 800)
    assert (made.buyer_name, made.buyer_id_number) == ("张三", ID_NUMBERS[1])
    lines = made.lines.order_by("position")
    assert list(lines.values_list("product__sku", "quantity", "unit_price_minor")) == [
        ("MILK", 4, 10_000),
        ("TEA", 1, 5_000),
        ("MILK", 1, 11_000),
    ]
    old = RetailOrder.objects.filter(number__in=numbers)
    assert set(old.values_list("state", flat=True)) == {"merged"}
    told = RetailMerge.objects.order_by("pk")
    assert [one.order.number for one in told] == numbers
    assert {(one.into_id, one.merged_at, one.merged_by) for one in told} == {(made.pk, NOW, clerk)}
    assert sum(units for _holding, units in lots) == 6
    held = Reservation.objects.filter(state="held")
    by_holding = {pk: 0 for pk, _units in lots}
    for holding, units in held.values_list("holding", "quantity"):
        by_holding[holding] += units
    was = {pk: sum(n for one, n in lots if one == pk) for pk in by_holding}
    assert by_holding == was
    assert set(held.values_list("line__order", flat=True)) == {made.pk}
    # The balances were not so much as written to: there was no moment in which it was free.
    assert free == list(
        Holding.objects.filter(status="available").values_list("on_hand", "changed_at")
    )
    booked = StockPosting.objects.filter(booked_at=NOW).order_by("key")
    assert list(booked.values_list("key", "kind")) == [
        *((f"merge:{number}", "returned") for number in numbers),
        (f"reserve:{made.number}", "reserved"),
    ]
    notice = Notice.objects.get(event="retail.merged")
    assert notice.facts["number"] == made.number
    assert notice.facts["orders"] == 2


def test_drawn_lists_are_voided_and_the_new_one_counts_in_the_buyers_year(
    anna: Company, milk: Product, clerk: User
) -> None:
    numbers = sold(
        anna, *(an_incoming_order("MILK", 1, number=f"A-{n}", price_minor=100_000) for n in (1, 2))
    )
    draw_retail_lists(now=SELLS)
    digest = RetailOrder.objects.latest("pk").buyer_id_digest

    made = merged(anna, numbers, clerk)
    draw_retail_lists(now=NOW)

    assert RetailVoid.objects.filter(voided_at=NOW, voided_by=clerk).count() == 2
    standing = RetailList.objects.get(void__isnull=True)
    assert (standing.order_id, standing.dutiable_minor) == (made.pk, 200_800)
    assert used_in_year({digest}, 2026) == {digest: 200_800}


def test_the_limit_for_one_order_holds_for_the_new_one(
    anna: Company, milk: Product, clerk: User
) -> None:
    numbers = sold(
        anna, *(an_incoming_order("MILK", 1, number=f"A-{n}", price_minor=250_000) for n in (1, 2))
    )
    draw_retail_lists(now=SELLS)

    refusal = refused(OverOrderLimit, anna, numbers, clerk, NewOrder("M-1", SELLS, 1))

    assert refusal.facts == {"order": "CNY 5000.01", "limit": "CNY 5000.00"}
    made = merged(anna, numbers, clerk, NewOrder("M-1", SELLS))
    assert made.state == "allocated"


def test_what_is_left_of_the_buyers_year_holds_for_the_new_one(
    anna: Company, milk: Product, clerk: User
) -> None:
    """Lists that are voided use nothing of it; those of another seller do."""
    keep_tax_rules()
    other = SellerFactory.create()
    received_stock({other: 6}, product=milk)
    sold(
        other,
        *(an_incoming_order("MILK", 1, number=f"O-{n}", price_minor=480_000) for n in range(5)),
    )
    numbers = sold(
        anna, *(an_incoming_order("MILK", 1, number=f"A-{n}", price_minor=100_000) for n in (1, 2))
    )
    draw_retail_lists(now=SELLS)

    refusal = refused(OverYearLimit, anna, numbers, clerk, NewOrder("M-1", SELLS, 1))

    assert refusal.facts["used"] == "CNY 24000.00"
    assert merged(anna, numbers, clerk, NewOrder("M-1", SELLS)).state == "allocated"


def test_what_stands_in_the_way_is_said_and_nothing_is_written(
    anna: Company, tea: Product, clerk: User
) -> None:
    numbers = two(anna)
    other = replace(an_incoming_order("TEA", 1, number="B-1"), buyer_id_number=ID_NUMBERS[0])
    unpaid = an_incoming_order("TEA", 1, number="U-1", unpaid_until=NOW)
    (buyer,) = sold(anna, other)
    (late,) = sold(anna, unpaid)
    (elsewhere,) = sold(
        anna, replace(an_incoming_order("TEA", 1, number="E-1"), consignee_address="上海市 2 号")
    )
    set_terms(seller=anna, terms=Terms(Shortage.BACK_ORDER, 9), set_by=clerk, now=SELLS)
    (short,) = sold(anna, an_incoming_order("TEA", 9, number="S-1"))
    stranger: Company = SellerFactory.create()

    first = numbers[0]
    for refusal, others in (
        (TooFewToMerge, []),
        (TooFewToMerge, [f" {first.lower()} "]),
        (OrderNotYours, ["RO-2026-000999"]),
        (BuyersDiffer, [buyer]),
        (NotPaidInTime, [late]),
        (ReceiversDiffer, [elsewhere]),
        (InSeveralParcels, [short]),
    ):
        refused(refusal, anna, [first, *others], clerk)
    refused(OrderNotYours, stranger, numbers, clerk)
    refused(ReceiverNotAmong, anna, numbers, clerk, replace(NEW, receiver_of=elsewhere))
    refused(FieldEmpty, anna, numbers, clerk, replace(NEW, order_number=" "))
    for known in ("A-1", "B-1"):
        refused(ShopNumberKnown, anna, numbers, clerk, replace(NEW, order_number=known))
    made = merged(anna, [first, elsewhere], clerk, replace(NEW, receiver_of=elsewhere.lower()))
    assert made.consignee_address == "上海市 2 号"


def test_a_held_a_released_and_another_houses_order_stay_by_themselves(
    anna: Company, milk: Product, clerk: User
) -> None:
    (first,) = sold(anna, an_incoming_order("MILK", 1, number="A-1"))
    draw_retail_lists(now=SELLS)
    (second,) = sold(anna, an_incoming_order("MILK", 1, number="A-2"))
    drawn = RetailList.objects.get()
    release_lists(numbers=[drawn.number], released_at=SELLS, recorded_by=clerk, now=SELLS)
    refusal = refused(ListReleased, anna, [first, second], clerk)
    assert refusal.facts == {"order": first, "list": drawn.number}

    cancel_order(order=RetailOrder.objects.get(number=first), by=clerk, now=SELLS)
    refused(PastMerging, anna, [first, second], clerk)
    received_stock({anna: 99}, product=milk, warehouse=BondedWarehouseFactory.create())
    (third,) = sold(anna, an_incoming_order("MILK", 50, number="A-3", price_minor=100))
    refused(BuyersDiffer, anna, [second, third], clerk)
    (fourth,) = sold(anna, an_incoming_order("MILK", 1, number="A-4"))
    hold_order(number=fourth, company=anna, reason="Not now", acted_by=clerk, now=SELLS)
    refused(HeldFromMerging, anna, [second, fourth], clerk)


def test_an_old_number_is_known_and_is_neither_cancelled_nor_paid_nor_merged_again(
    anna: Company, clerk: User
) -> None:
    first = an_incoming_order("MILK", 2, number="A-1")
    second = an_incoming_order("MILK", 1, number="A-2", unpaid_until=SELLS + timedelta(days=1))
    numbers = sold(anna, first, second)
    made = merged(anna, numbers, clerk)

    again = accept_orders(seller=anna, orders=[first, second], now=NOW)

    assert [(one.outcome, one.number) for one in again] == [
        ("already_taken", number) for number in numbers
    ]
    old = RetailOrder.objects.get(number=numbers[1])
    before = kept()
    with pytest.raises(OrderMerged) as raised:
        cancel_order(order=old, by=clerk, now=NOW)
    assert raised.value.facts == {"into": made.number}
    with pytest.raises(OrderMerged) as raised:
        confirm_payment(order=old, now=NOW)
    assert raised.value.facts == {"into": made.number}
    assert kept() == before
    refusal = refused(OrderMerged, anna, numbers, clerk, replace(NEW, order_number="M-2"))
    assert refusal.facts == {"order": numbers[0], "into": made.number}


def test_once_the_new_order_is_cancelled_all_of_it_is_free_and_the_old_ones_may_come_again(
    anna: Company, clerk: User
) -> None:
    numbers = two(anna)
    made = merged(anna, numbers, clerk)
    (third,) = sold(anna, an_incoming_order("TEA", 1, number="A-3"))
    last = merged(anna, [made.number, third], clerk, replace(NEW, order_number="M-2"))
    draw_retail_lists(now=NOW)

    cancel_order(order=last, by=clerk, now=NOW)

    assert (sum(on_hand(anna)), sum(on_hand(anna, "reserved"))) == (22, 0)
    assert not RetailList.objects.filter(void__isnull=True).exists()
    states = RetailOrder.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["merged", "merged", "merged", "merged", "cancelled"]
    (again,) = sold(anna, an_incoming_order("MILK", 1, number="A-1"))
    assert RetailOrder.objects.get(number=again).state == "allocated"
    (twice,) = accept_orders(
        seller=anna, orders=[an_incoming_order("MILK", 1, number="A-1")], now=NOW
    )
    assert (twice.outcome, twice.number) == ("already_taken", again)


def test_the_buyer_is_forgotten_in_all_of_them_at_once(anna: Company, clerk: User) -> None:
    numbers = two(anna)
    made = merged(anna, numbers, clerk)
    with pytest.raises(ErasedWithAnother) as raised:
        erase_buyer(number=numbers[0], reason="letter 7", by=clerk, now=NOW)
    assert raised.value.facts == {"order": numbers[0], "into": made.number}
    with pytest.raises(NotEndedYet):
        erase_buyer(number=made.number, reason="letter 7", by=clerk, now=NOW)
    assert not RetailOrder.objects.filter(buyer_erased_at__isnull=False).exists()

    cancel_orders(orders=[made], now=NOW)
    erase_buyer(number=made.number, reason="letter 7", by=clerk, now=NOW)

    assert BuyerErasure.objects.count() == 3
    left = RetailOrder.objects.values_list(
        *("buyer_name", "buyer_id_digest", "consignee_address"),
        *("consignee_name", "consignee_telephone"),
    )
    assert set(left) == {("", "", "", "", "")}
