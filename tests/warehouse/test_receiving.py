"""Goods come in: counts, shares, lots, stock and trace, on a real database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.walls import inside, platform_wide
from procurement.models import (
    BillWork,
    MissingShare,
    SharingRun,
    Shipment,
    ShipmentLine,
    ShipmentState,
)
from tests.factories.accounts import PlatformCompanyFactory, SellerFactory, UserFactory
from tests.factories.procurement import ShipmentFactory
from tests.factories.warehouse import (
    ARRIVES,
    BondedWarehouseFactory,
    a_cleared_shipment,
    received_stock,
)
from traceability.models import TraceEvent
from warehouse.models import (
    Holding,
    Lot,
    MovementKind,
    Receipt,
    ReceiptLine,
    ReceiptShare,
    StockMovement,
)
from warehouse.queries.proving import prove_stock
from warehouse.queries.stock import arrivals
from warehouse.rules.receiving import (
    AlreadyReceived,
    ClearedForAnother,
    CountIncomplete,
    CountOverNotice,
    NotOnShipment,
    SharesDoNotAddUp,
    ShipmentNotCleared,
)
from warehouse.services import receive

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _platform() -> Iterator[None]:
    with platform_wide():
        yield


def count(line: ShipmentLine, units: int) -> Receipt:
    house = BondedWarehouseFactory.create()
    Shipment.objects.filter(pk=line.shipment_id).update(bound_for=house.operator)
    return receive(
        shipment=line.shipment,
        warehouse=house,
        counts={line.pk: units},
        received_by=UserFactory.create(),
        now=ARRIVES,
    )


def nothing_was_written() -> bool:
    written = (Receipt, ReceiptLine, ReceiptShare, Lot, Holding, StockMovement, TraceEvent)
    return not any(model.objects.exists() for model in written)


def test_a_short_delivery_is_shared_out_and_becomes_a_lot() -> None:
    anna, bert = SellerFactory.create(), SellerFactory.create()
    platform = PlatformCompanyFactory.create()
    line = a_cleared_shipment({anna: 40, bert: 18, platform: 2})

    receipt = count(line, 55)

    assert receipt.number == "RCV-2026-000001"
    lot = Lot.objects.get()
    assert (lot.number, lot.product, lot.batch) == (
        "LOT-2026-000001",
        line.order_line.product,
        line.batch,
    )
    assert len(lot.number) <= 20
    shares = ReceiptShare.objects.values_list("owner", "entitled", "received")
    # 5 are missing: 2 by the platform's surplus, 3 by the sellers as 40 : 18.
    assert set(shares) == {(anna.pk, 40, 38), (bert.pk, 18, 17), (platform.pk, 2, 0)}
    of_line = ReceiptShare.objects.values_list("receipt", "product")
    assert set(of_line) == {(receipt.pk, lot.product_id)}
    assert dict(Holding.objects.values_list("owner", "on_hand")) == {anna.pk: 38, bert.pk: 17}
    of_lot = Holding.objects.values_list("product", "warehouse", "received_at", "expires_on")
    assert set(of_lot) == {(lot.product_id, lot.warehouse_id, lot.received_at, lot.expires_on)}
    inside = StockMovement.objects.filter(account="stock")
    moves = inside.values_list("owner", "quantity", "kind", "document")
    assert set(moves) == {
        (anna.pk, 38, MovementKind.RECEIVED, receipt.number),
        (bert.pk, 17, MovementKind.RECEIVED, receipt.number),
    }
    assert Shipment.objects.get(pk=line.shipment_id).state == ShipmentState.RECEIVED
    assert prove_stock() == []


def test_what_is_missing_is_borne_by_the_rule_of_the_round_and_written_down() -> None:
    anna, bert = SellerFactory.create(), SellerFactory.create()
    platform = PlatformCompanyFactory.create()
    line = a_cleared_shipment({anna: 40, bert: 10, platform: 2})
    round = line.order_line.order.round
    round.shortage_rule = "uniform"
    round.save()

    count(line, 30)

    # The same for each up to what it had: Bert's ten are whole, Anna bears all that is missing.
    assert dict(Holding.objects.values_list("owner", "on_hand")) == {anna.pk: 20, bert.pk: 10}
    missing = MissingShare.objects.filter(order_line=line.order_line)
    assert dict(missing.values_list("owner", "quantity")) == {anna.pk: 20, platform.pk: 2}
    assert BillWork.objects.get(round=round).cause["what"] == "received"
    assert SharingRun.objects.get(round=round).what == "counted"


def test_each_lot_leaves_two_trace_events_that_name_no_owner() -> None:
    anna = SellerFactory.create()
    receipt = received_stock({anna: 12})

    lot = Lot.objects.select_related("product", "order_line__order").get()
    received, stored = TraceEvent.objects.filter(biz_step__in=["receiving", "storing"]).order_by(
        "pk"
    )

    gtin = lot.product.gtin.zfill(14)
    assert set(received.keys) == {
        f"gtin:{gtin}",
        f"lot:{gtin}.{lot.number}",
        f"po:{lot.order_line.order.number}",
        f"asn:{receipt.shipment.number}",
    }
    assert (received.biz_step, stored.biz_step) == ("receiving", "storing")
    assert received.asserted_by_id == stored.asserted_by_id == receipt.warehouse.operator_id
    told = f"{received.details}{received.documents}{received.quantities}{stored.details}"
    assert anna.code not in told
    assert anna.name_zh not in told


def test_a_line_of_which_nothing_arrived_makes_no_lot() -> None:
    anna = SellerFactory.create()

    receipt = received_stock({anna: 12}, counted=0)

    assert not Lot.objects.exists()
    assert not Holding.objects.exists()
    assert receipt.lines.get().counted == 0
    assert ReceiptShare.objects.get().received == 0
    assert prove_stock() == []


def test_a_shipment_of_several_lines_is_one_receipt() -> None:
    anna, bert = SellerFactory.create(), SellerFactory.create()
    house = BondedWarehouseFactory.create()
    shipment = ShipmentFactory.create(state=ShipmentState.CLEARED, bound_for=house.operator)
    milk = a_cleared_shipment({anna: 6}, shipment=shipment)
    soap = a_cleared_shipment({anna: 3, bert: 3}, shipment=shipment)

    receive(
        shipment=shipment,
        warehouse=house,
        counts={milk.pk: 6, soap.pk: 5},
        received_by=UserFactory.create(),
        now=ARRIVES,
    )

    assert [lot.number for lot in Lot.objects.order_by("pk")] == [
        "LOT-2026-000001",
        "LOT-2026-000002",
    ]
    assert sum(Holding.objects.values_list("on_hand", flat=True)) == 11


@pytest.mark.parametrize("is_named", [True, False])
def test_goods_cleared_for_one_warehouse_are_not_counted_in_another(is_named: bool) -> None:
    line = a_cleared_shipment({SellerFactory.create(): 6})
    mine, other = BondedWarehouseFactory.create(), BondedWarehouseFactory.create()
    if is_named:
        Shipment.objects.filter(pk=line.shipment_id).update(bound_for=mine.operator)

    with pytest.raises(ClearedForAnother):
        receive(
            shipment=line.shipment,
            warehouse=other,
            counts={line.pk: 6},
            received_by=UserFactory.create(),
            now=ARRIVES,
        )

    assert nothing_was_written()
    Shipment.objects.filter(pk=line.shipment_id).update(bound_for=mine.operator)
    receive(
        shipment=line.shipment,
        warehouse=mine,
        counts={line.pk: 6},
        received_by=UserFactory.create(),
        now=ARRIVES,
    )
    assert Lot.objects.get().warehouse == mine


@pytest.mark.parametrize("state", [ShipmentState.SHIPPED, ShipmentState.RECEIVED])
def test_goods_that_customs_has_not_cleared_stay_outside(state: ShipmentState) -> None:
    line = a_cleared_shipment({SellerFactory.create(): 6})
    Shipment.objects.filter(pk=line.shipment_id).update(state=state)

    with pytest.raises(ShipmentNotCleared):
        count(line, 6)

    assert nothing_was_written()


def test_a_shipment_is_counted_once() -> None:
    line = a_cleared_shipment({SellerFactory.create(): 6})
    count(line, 5)
    Shipment.objects.filter(pk=line.shipment_id).update(state=ShipmentState.CLEARED)

    with pytest.raises(AlreadyReceived):
        count(line, 6)

    assert Receipt.objects.count() == 1
    assert Holding.objects.get().on_hand == 5


def test_a_count_over_the_notice_writes_nothing() -> None:
    line = a_cleared_shipment({SellerFactory.create(): 6})

    with pytest.raises(CountOverNotice):
        count(line, 7)

    assert nothing_was_written()
    assert Shipment.objects.get(pk=line.shipment_id).state == ShipmentState.CLEARED


def test_a_count_of_other_lines_writes_nothing() -> None:
    house = BondedWarehouseFactory.create()
    line = a_cleared_shipment({SellerFactory.create(): 6}, bound_for=house.operator)
    counts: list[tuple[dict[int, int], type[Exception]]] = [
        ({}, CountIncomplete),
        ({line.pk: 6, line.pk + 1: 1}, NotOnShipment),
    ]

    for wrong, error in counts:
        with pytest.raises(error):
            receive(
                shipment=line.shipment,
                warehouse=house,
                counts=wrong,
                received_by=UserFactory.create(),
                now=ARRIVES,
            )

    assert nothing_was_written()


def test_a_notice_over_the_shares_writes_nothing() -> None:
    line = a_cleared_shipment({SellerFactory.create(): 6}, announced=7)

    with pytest.raises(SharesDoNotAddUp):
        count(line, 7)

    assert nothing_was_written()


def test_the_database_itself_refuses_a_count_over_the_notice() -> None:
    receipt = received_stock({SellerFactory.create(): 6})
    other = a_cleared_shipment({SellerFactory.create(): 6})

    with (
        pytest.raises(IntegrityError, match="what_is_received_over_the_asn_is_told"),
        transaction.atomic(),
    ):
        ReceiptLine.objects.create(
            receipt=receipt,
            shipment_line=other,
            keeper=receipt.warehouse.operator,
            announced=6,
            counted=7,
        )


def test_a_seller_sees_its_own_part_and_nothing_of_the_others() -> None:
    anna, bert = SellerFactory.create(), SellerFactory.create()
    receipt = received_stock({anna: 40, bert: 20})

    with inside(bert.pk):
        assert [share.receipt.number for share in arrivals(bert)] == [receipt.number]
        assert [holding.on_hand for holding in Holding.objects.all()] == [20]
        assert [share.entitled for share in ReceiptShare.objects.all()] == [20]
        moves = StockMovement.objects.order_by("pk").values_list("account", "quantity")
        assert list(moves) == [("stock", 20), ("supplier", -20)]
    with inside(SellerFactory.create().pk):
        assert not Holding.objects.exists()
        assert not ReceiptShare.objects.exists()
        assert not StockMovement.objects.exists()
        assert not Receipt._base_manager.exists()


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.integers(1, 50), min_size=1, max_size=6), st.integers(0, 5), st.data())
def test_received_is_the_sum_of_the_lots_and_of_the_shares(
    shares: list[int], surplus: int, data: st.DataObject
) -> None:
    owners = {SellerFactory.create(): units for units in shares}
    if surplus:
        owners[PlatformCompanyFactory.create()] = surplus
    counted = data.draw(st.integers(0, sum(owners.values())))

    receipt = received_stock(owners, counted=counted)

    (line,) = receipt.lines.all()
    of_line = ReceiptShare.objects.filter(receipt_line=line)
    assert sum(of_line.values_list("received", flat=True)) == counted
    assert sum(of_line.values_list("entitled", flat=True)) == line.announced
    in_lots = Holding.objects.filter(lot__receipt_line=line).values_list("on_hand", flat=True)
    assert sum(in_lots) == counted
    assert prove_stock() == []
