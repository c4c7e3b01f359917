"""Released orders are picked in waves and packed into parcels; what is short is put aside."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from accounts.models import Company, User
from catalog.models import Product
from core.walls import inside, platform_wide
from notices.models import Notice
from tests.factories.accounts import UserFactory
from tests.factories.warehouse import BondedWarehouseFactory, received_stock
from tests.warehouse.leaving import LEAVES, packed, picked, released
from traceability.models import TraceEvent
from warehouse.models import (
    BondedWarehouse,
    Holding,
    Parcel,
    PickWave,
    PickWaveOrder,
    RetailOrder,
    StockPosting,
)
from warehouse.queries.proving import prove_stock
from warehouse.queries.serving import (
    aside_in,
    list_of_wave,
    packing_in,
    waiting_in,
)
from warehouse.rules import packing, picking
from warehouse.services import (
    Packed,
    cancel_orders,
    confirm_wave,
    hold_order,
    make_wave,
    pack_order,
    pick_again,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _wide(_django_db_helper: None) -> Iterator[None]:
    with platform_wide():
        yield


@pytest.fixture
def clerk() -> User:
    return UserFactory.create()


@pytest.fixture
def orders(milk: Product, anna: Company) -> list[RetailOrder]:
    """Three released orders of 2, 3 and 1 units."""
    received_stock({anna: 20}, product=milk)
    return released(anna, milk, [2, 3, 1])


def lies() -> dict[str, int]:
    return dict(Holding.objects.exclude(on_hand=0).values_list("status", "on_hand"))


def states() -> list[str]:
    return list(RetailOrder.objects.order_by("pk").values_list("state", flat=True))


def test_the_oldest_orders_are_picked_by_one_list_inside_the_keepers_walls(
    orders: list[RetailOrder], clerk: User
) -> None:
    house = BondedWarehouse.objects.get()
    with inside(house.operator_id, keeper=True):
        wave = make_wave(house=house, most=2, made_by=clerk, now=LEAVES)
        (line,) = list_of_wave(wave)
        done = confirm_wave(wave=wave, found={}, confirmed_by=clerk, now=LEAVES)

    assert (wave.number, wave.orders, wave.units) == ("PW-2026-000001", 2, 5)
    assert (line.place_code, line.sku, line.units) == ("GATE", "MILK", 5)
    assert done.whole == (orders[0].pk, orders[1].pk)
    assert states() == ["picked", "picked", "released"]
    assert lies() == {"available": 14, "picked": 5, "released": 1}
    key = f"pick:{orders[0].number}"
    assert StockPosting.objects.get(key=key).booked_by == clerk
    assert TraceEvent.objects.filter(biz_step="picking").count() == 2
    other = BondedWarehouseFactory.create()
    assert waiting_in([other, house]) == {other.pk: (0, 0), house.pk: (1, 2)}
    assert prove_stock() == []
    with pytest.raises(picking.WaveConfirmed):
        confirm_wave(wave=wave, found={}, confirmed_by=clerk, now=LEAVES)


def test_an_order_with_a_missing_unit_is_put_aside_told_of_and_picked_again(
    orders: list[RetailOrder], clerk: User, anna: Company
) -> None:
    house = BondedWarehouse.objects.get()
    wave = make_wave(house=house, made_by=clerk, now=LEAVES)
    (line,) = list_of_wave(wave)

    confirm_wave(wave=wave, found={line.spot: 4}, confirmed_by=clerk, now=LEAVES)

    assert states() == ["picked", "released", "picked"]
    assert lies() == {"available": 14, "picked": 3, "released": 3}
    (aside,) = aside_in(house.operator)
    assert aside.missing == {
        "place": "GATE",
        "sku": "MILK",
        "lot": line.lot_number,
        "units": 1,
    }
    told = Notice.objects.get(event="retail.put_aside")
    assert told.facts == {"number": orders[1].number, "sku": "MILK", "units": 1}
    assert prove_stock() == []
    with pytest.raises(picking.NothingToPick):
        make_wave(house=house, made_by=clerk, now=LEAVES)
    pick_again(keeper=house.operator, order=orders[1].number, now=LEAVES)
    with pytest.raises(picking.NotAside):
        pick_again(keeper=house.operator, order=orders[1].number, now=LEAVES)
    picked([orders[1]], clerk)
    assert states() == ["picked"] * 3


def test_an_order_cancelled_meanwhile_drops_out_of_its_wave(
    orders: list[RetailOrder], clerk: User
) -> None:
    wave = make_wave(house=BondedWarehouse.objects.get(), made_by=clerk, now=LEAVES)
    cancel_orders(orders=[orders[0]], now=LEAVES, voided=[orders[0].pk])

    (line,) = list_of_wave(wave)
    done = confirm_wave(wave=wave, found={}, confirmed_by=clerk, now=LEAVES)

    assert (line.units, done.whole) == (4, (orders[1].pk, orders[2].pk))
    assert list(PickWaveOrder.objects.order_by("pk").values_list("outcome", flat=True)) == [
        *("dropped", "picked", "picked")
    ]
    assert prove_stock() == []


def test_an_order_held_meanwhile_is_not_on_the_list_of_its_wave_any_more(
    orders: list[RetailOrder], clerk: User
) -> None:
    wave = make_wave(house=BondedWarehouse.objects.get(), made_by=clerk, now=LEAVES)
    hold_order(
        number=orders[0].number,
        company=orders[0].seller,
        reason="The buyer moves",
        acted_by=clerk,
        now=LEAVES,
    )

    (line,) = list_of_wave(wave)
    done = confirm_wave(wave=wave, found={line.spot: line.units}, confirmed_by=clerk, now=LEAVES)

    assert (line.units, done.whole, dict(done.aside)) == (4, (orders[1].pk, orders[2].pk), {})
    assert states() == ["released", "picked", "picked"]
    assert list(PickWaveOrder.objects.order_by("pk").values_list("outcome", flat=True)) == [
        *("dropped", "picked", "picked")
    ]
    assert prove_stock() == []


def test_a_wave_that_cannot_be_is_refused_and_nothing_is_written(
    orders: list[RetailOrder], clerk: User
) -> None:
    house = BondedWarehouse.objects.get()
    for told, refusal in (
        ({"numbers": [orders[0].number, "RO-9"]}, picking.OrderNotToPick),
        ({"most": 201}, picking.WaveTooLarge),
    ):
        with pytest.raises(refusal):
            make_wave(house=house, made_by=clerk, now=LEAVES, **told)
    assert not PickWave.objects.exists()
    wave = make_wave(house=house, made_by=clerk, now=LEAVES)
    (line,) = list_of_wave(wave)
    with pytest.raises(picking.FoundOutOfRange):
        confirm_wave(wave=wave, found={line.spot: 7}, confirmed_by=clerk, now=LEAVES)
    assert states() == ["released"] * 3
    assert PickWave.objects.get().state == "open"


def test_a_picked_order_is_packed_into_weighed_parcels(
    orders: list[RetailOrder], clerk: User, milk: Product
) -> None:
    picked(orders, clerk)
    house = BondedWarehouse.objects.get()
    net, gross = 3 * milk.net_weight_g, 3 * milk.gross_weight_g
    assert [(one.number, one.net_g) for one in packing_in([house], most=2)[house.pk]] == [
        (orders[0].number, 2 * milk.net_weight_g),
        (orders[1].number, net),
    ]
    other = BondedWarehouseFactory.create()
    told = packing_in([other, house], most=1)
    assert {key: [one.number for one in found] for key, found in told.items()} == {
        other.pk: [],
        house.pk: [orders[0].number],
    }
    assert packing_in([], most=1) == {}

    with pytest.raises(packing.ParcelsTooLight):
        pack_order(
            house=house, order=orders[1].number, parcels=[Packed(5)], packed_by=clerk, now=LEAVES
        )
    assert not Parcel.objects.exists()
    with inside(house.operator_id, keeper=True):
        made = pack_order(
            house=house,
            order=orders[1].number,
            parcels=[Packed(gross - 100), Packed(300)],
            packed_by=clerk,
            now=LEAVES,
        )

    assert [(one.number, one.weight_g, one.order_number) for one in made] == [
        ("PC-2026-000001", gross - 100, orders[1].number),
        ("PC-2026-000002", 300, orders[1].number),
    ]
    assert states() == ["picked", "packed", "picked"]
    assert lies() == {"available": 14, "picked": 6}
    assert prove_stock() == []
    with pytest.raises(packing.OrderNotPicked):
        pack_order(
            house=house, order=orders[1].number, parcels=[Packed(9)], packed_by=clerk, now=LEAVES
        )


@pytest.mark.parametrize("stage", ["released", "picked", "packed"])
def test_an_order_cancelled_before_its_hand_over_gives_its_goods_back(
    stage: str, orders: list[RetailOrder], clerk: User
) -> None:
    if stage != "released":
        picked(orders, clerk)
    if stage == "packed":
        packed(orders, clerk)

    cancel_orders(orders=[orders[1]], now=LEAVES, voided=[orders[1].pk])

    assert states() == [stage, "cancelled", stage]
    promised = "picked" if stage == "packed" else stage
    assert lies() == {"available": 17, promised: 3}
    assert prove_stock() == []
