"""Parcels go to a carrier, and what it tells brings their orders to their buyers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from accounts.models import Company
from catalog.models import Product
from core.walls import inside, platform_wide
from notices.models import Notice
from tests.factories.accounts import UserFactory
from tests.factories.warehouse import received_stock
from tests.warehouse.leaving import LEAVES, a_carrier, handed, moment, packed, picked, released
from traceability.models import TraceEvent
from warehouse.carriers import ADAPTERS
from warehouse.models import (
    BondedWarehouse,
    Carrier,
    HandedParcel,
    HandOver,
    Holding,
    ManifestAccess,
    Parcel,
    ParcelEvent,
    RetailOrder,
    StockMovement,
)
from warehouse.queries.handing import manifest_of, parcels_told, waiting_parcels
from warehouse.queries.proving import prove_stock
from warehouse.rules import handing as rules
from warehouse.rules.handing import EventTold, TrackingTold
from warehouse.rules.order_way import OrderHandedOver
from warehouse.services import (
    Packed,
    cancel_orders,
    enter_carrier,
    free_order,
    hand_over,
    hold_order,
    note_events,
    note_tracking,
    pack_order,
    read_events_file,
    read_tracking_file,
    take_manifest,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _wide(_django_db_helper: None) -> Iterator[None]:
    with platform_wide():
        yield


@pytest.fixture
def orders(milk: Product, anna: Company) -> list[RetailOrder]:
    """Two released orders of 2 and 3 units."""
    received_stock({anna: 20}, product=milk)
    return released(anna, milk, [2, 3])


@pytest.fixture
def gone(orders: list[RetailOrder]) -> HandOver:
    return handed(orders)


def states() -> list[str]:
    return list(RetailOrder.objects.order_by("pk").values_list("state", flat=True))


def test_a_carrier_takes_what_waits_and_the_goods_are_with_the_consumer(
    orders: list[RetailOrder], gone: HandOver, milk: Product
) -> None:
    assert (gone.number, gone.parcels, gone.weight_g) == (
        "HO-2026-000001",
        2,
        5 * milk.gross_weight_g,
    )
    assert states() == ["handed_over", "handed_over"]
    assert dict(Holding.objects.exclude(on_hand=0).values_list("status", "on_hand")) == {
        "available": 15
    }
    went = StockMovement.objects.filter(account="consumer").order_by("pk")
    assert list(went.values_list("quantity", "kind", "document")) == [
        (2, "shipped", orders[0].number),
        (3, "shipped", orders[1].number),
    ]
    assert TraceEvent.objects.filter(biz_step="shipping").count() == 2
    assert Notice.objects.get(event="retail.handed_over").facts == {"orders": 2}
    assert prove_stock() == []
    with pytest.raises(OrderHandedOver):
        cancel_orders(orders=[orders[0]], now=LEAVES, voided=[orders[0].pk])
    with pytest.raises(rules.NothingToHandOver):
        hand_over(
            carrier=gone.carrier,
            house=gone.warehouse,
            handed_by=gone.handed_by,
            now=LEAVES,
        )


def test_a_parcel_of_a_cancelled_order_does_not_leave(orders: list[RetailOrder]) -> None:
    clerk = UserFactory.create()
    picked(orders, clerk)
    packed(orders, clerk)
    cancel_orders(orders=[orders[0]], now=LEAVES, voided=[orders[0].pk])
    first, _second = Parcel.objects.order_by("pk")

    with pytest.raises(rules.ParcelNotWaiting):
        hand_over(
            carrier=a_carrier(),
            house=BondedWarehouse.objects.get(),
            parcels=[first.number],
            handed_by=clerk,
            now=LEAVES,
        )

    assert not HandOver.objects.exists()
    assert states() == ["cancelled", "packed"]
    assert prove_stock() == []


def test_a_parcel_of_a_held_order_does_not_leave_before_it_is_let_go(
    orders: list[RetailOrder],
) -> None:
    clerk, house = UserFactory.create(), BondedWarehouse.objects.get()
    picked(orders, clerk)
    packed(orders, clerk)
    held = orders[0]
    holds: dict[str, Any] = {
        "number": held.number,
        "company": held.seller,
        "acted_by": clerk,
        "now": LEAVES,
    }
    hold_order(reason="The buyer moves", **holds)
    leaving: dict[str, Any] = {
        "carrier": a_carrier(),
        "house": house,
        "handed_by": clerk,
        "now": LEAVES,
    }

    with pytest.raises(rules.ParcelNotWaiting):
        hand_over(parcels=[Parcel.objects.get(order=held).number], **leaving)

    assert not HandOver.objects.exists()
    assert waiting_parcels([house]) == {house.pk: 1}
    assert hand_over(**leaving).parcels == 1
    assert states() == ["packed", "handed_over"]
    free_order(**holds)
    assert hand_over(**leaving).parcels == 1
    assert states() == ["handed_over", "handed_over"]
    assert prove_stock() == []


def test_a_manifest_goes_out_as_a_table_or_json_and_comes_back_with_numbers(
    gone: HandOver,
) -> None:
    plain = ADAPTERS["plain"]
    first, second = Parcel.objects.order_by("pk")

    table = plain.manifest_csv(manifest_of(gone, {})).decode("utf-8-sig").splitlines()
    told = json.loads(plain.manifest_json(manifest_of(gone, {})))

    assert table[:2] == [
        "parcel,order,weight_g,package,name,telephone,address,tracking_number",
        f"{first.number},{first.order_number},{first.weight_g},box,,,,",
    ]
    assert (told["number"], [one["parcel"] for one in told["parcels"]]) == (
        gone.number,
        [first.number, second.number],
    )
    filled = "\n".join([table[0], f"{table[1]}SF1001", table[2]]).encode()
    with inside(gone.keeper_id, keeper=True):
        assert read_tracking_file(hand_over=gone, name="back.csv", content=filled) == 1
        assert read_tracking_file(hand_over=gone, name="back.csv", content=filled) == 0
    assert list(HandedParcel.objects.order_by("pk").values_list("tracking_number", flat=True)) == [
        "SF1001",
        "",
    ]


def test_a_file_with_a_wrong_cell_names_it_and_writes_nothing(gone: HandOver) -> None:
    first, second = Parcel.objects.order_by("pk")
    rows = f"{first.number},SF1001\n{second.number},SF1001\nPC-0000-000000,SF1003\n"

    with pytest.raises(rules.RowsWrong) as refused:
        read_tracking_file(
            hand_over=gone, name="n.csv", content=f"parcel,tracking_number\n{rows}".encode()
        )

    wrong = refused.value.facts["rows"]
    assert [(one.row, one.field) for one in wrong] == [  # type: ignore[attr-defined]
        (3, "tracking_number"),
        (4, "parcel"),
    ]
    assert not HandedParcel.objects.exclude(tracking_number="").exists()


def test_a_number_of_another_manifest_of_the_carrier_is_not_taken_twice(
    gone: HandOver, milk: Product, anna: Company
) -> None:
    parcel = Parcel.objects.order_by("pk")[0]
    note_tracking(hand_over=gone, rows=[TrackingTold(1, parcel.number, "SF1001")])
    later = handed(released(anna, milk, [1]))
    (line,) = later.lines.select_related("parcel")

    with pytest.raises(rules.RowsWrong):
        note_tracking(hand_over=later, rows=[TrackingTold(1, line.parcel.number, "SF1001")])

    line.refresh_from_db()
    assert line.tracking_number == ""


def test_events_in_any_order_and_any_number_of_times_deliver_an_order_once(
    orders: list[RetailOrder], gone: HandOver
) -> None:
    first, second = Parcel.objects.order_by("pk")
    note_tracking(hand_over=gone, rows=[TrackingTold(1, first.number, "SF1001")])
    rows = [
        EventTold(1, "SF1001", "delivered", moment(30)),
        EventTold(2, first.number, "picked_up", moment(1)),
        EventTold(3, second.number, "failed", moment(20), "杭州", "nobody there"),
    ]

    with inside(gone.keeper_id, keeper=True):
        new = note_events(carrier=gone.carrier, rows=rows, now=moment(40))
        again = note_events(carrier=gone.carrier, rows=rows[::-1], now=moment(41))

    assert (new, again, ParcelEvent.objects.count()) == (3, 0, 3)
    assert states() == ["delivered", "handed_over"]
    assert Notice.objects.get(event="retail.delivered").facts == {"orders": 1}
    trouble = Notice.objects.get(event="retail.delivery_failed")
    assert trouble.facts == {"number": orders[1].number, "parcel": second.number}
    assert TraceEvent.objects.filter(biz_step="accepting").count() == 1
    assert prove_stock() == []
    with inside(orders[0].seller_id):
        (told,) = parcels_told(orders[0])
    assert (told.carrier, told.tracking_number) == ("Carrier SF", "SF1001")
    assert [one.kind for one in told.events] == ["picked_up", "delivered"]


def test_a_carrier_is_entered_once_for_each_operator(gone: HandOver) -> None:
    keeper = gone.warehouse.operator
    for code, name, refusal in (
        ("SF", "Another", rules.CarrierThere),
        ("sf", "Another", rules.CarrierCodeWrong),
        ("ZTO", " ", rules.CarrierNameWrong),
    ):
        with pytest.raises(refusal):
            enter_carrier(keeper=keeper, code=code, name=name)

    assert list(Carrier.objects.values_list("code", "name")) == [("SF", "Carrier SF")]


def test_wrong_events_are_all_named_and_none_is_written(gone: HandOver) -> None:
    first = Parcel.objects.order_by("pk")[0]
    head = "parcel,kind,happened_at,place\n"
    good = f"{first.number},delivered,2026-08-03 12:00,\n"
    content = f"{head}{good}{first.number},flown,yesterday,\n".encode()

    with pytest.raises(rules.RowsWrong) as refused:
        read_events_file(carrier=gone.carrier, name="e.csv", content=content, now=moment(99))

    wrong = refused.value.facts["rows"]
    assert [(one.row, one.field) for one in wrong] == [  # type: ignore[attr-defined]
        (3, "kind"),
        (3, "happened_at"),
    ]
    assert not ParcelEvent.objects.exists()
    assert states() == ["handed_over", "handed_over"]


def test_an_order_in_two_parcels_is_delivered_with_the_second(
    orders: list[RetailOrder],
) -> None:
    clerk = UserFactory.create()
    picked(orders, clerk)
    line = orders[1].lines.select_related("product").get()
    pack_order(
        house=BondedWarehouse.objects.get(),
        order=orders[1].number,
        parcels=[Packed(line.product.gross_weight_g * 2), Packed(line.product.gross_weight_g)],
        packed_by=clerk,
        now=LEAVES,
    )
    gone = hand_over(
        carrier=a_carrier(), house=BondedWarehouse.objects.get(), handed_by=clerk, now=moment(0)
    )
    first, second = Parcel.objects.order_by("pk")

    note_events(
        carrier=gone.carrier,
        rows=[EventTold(1, second.number, "delivered", moment(5))],
        now=moment(9),
    )
    assert states() == ["picked", "handed_over"]
    note_events(
        carrier=gone.carrier,
        rows=[EventTold(1, first.number, "delivered", moment(6) + timedelta(minutes=1))],
        now=moment(9),
    )
    assert states() == ["picked", "delivered"]


def test_a_manifest_names_the_receivers_to_its_carrier_for_thirty_days(gone: HandOver) -> None:
    by, days = UserFactory.create(), timedelta(days=1)
    erased = Parcel.objects.order_by("pk")[1].order
    RetailOrder.objects.filter(pk=erased.pk).update(
        buyer_name="", buyer_telephone="", consignee_address=""
    )

    def taken(after: timedelta) -> list[tuple[str, str]]:
        now = gone.handed_at + after
        with inside(gone.keeper_id, keeper=True):
            told = take_manifest(hand_over=gone, kind="csv", taken_by=by, now=now)
        return [(one.name, one.address) for one in told.lines]

    assert taken(30 * days) == [("张三", "浙江省杭州市西湖区示例路 1 号"), ("", "")]
    assert taken(31 * days) == [("", ""), ("", "")]
    kept = ManifestAccess.objects.order_by("pk").values_list("keeper", "taken_by", "parcels")
    assert list(kept) == [(gone.keeper_id, by.pk, 2)] * 2
