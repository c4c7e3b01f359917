"""Goods come in: one count at the gate, made into lots, shares and stock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from accounts.models import User
from core.numbers import next_number, next_numbers
from core.walls import platform_wide
from procurement.models import PurchaseOrder, Shipment, ShipmentLine, ShipmentState
from procurement.queries.standing import open_before
from procurement.services import Missing, mark_received, share_arrival
from traceability.models import Evidence
from traceability.rules import (
    RECEIPT,
    SHIP_NOTICE,
    Fact,
    gtin_key,
    lot_key,
    order_key,
    quantity,
    shipment_key,
)
from traceability.services import record
from warehouse.days import day_of
from warehouse.models import (
    BondedWarehouse,
    Lot,
    Receipt,
    ReceiptLine,
    ReceiptShare,
)
from warehouse.rules import posting
from warehouse.rules import receiving as rules
from warehouse.rules.posting import Kind, Posting
from warehouse.services import telling
from warehouse.services.houses import gate_of
from warehouse.services.posting import post


@transaction.atomic
def receive(
    *,
    shipment: Shipment,
    warehouse: BondedWarehouse,
    counts: Mapping[int, int],
    received_by: User,
    now: datetime,
) -> Receipt:
    """Book the count of a cleared shipment; ``counts`` are units by shipment line id.

    Each line that brought anything becomes a lot. What is missing is borne by the round's rule
    for a shortage, the platform's surplus first, and every owner's part is written beside what
    it was entitled to.

    Raises ShipmentNotCleared, ClearedForAnother, AlreadyReceived, CountIncomplete,
    NotOnShipment, NotACount, CountOverNotice or SharesDoNotAddUp; then nothing has been
    written.
    """
    # Every owner's part is written, and the order's state: more than the gate's own walls show.
    with platform_wide():
        return _receive(shipment, warehouse, counts, received_by, now)


def _receive(
    shipment: Shipment,
    warehouse: BondedWarehouse,
    counts: Mapping[int, int],
    received_by: User,
    now: datetime,
) -> Receipt:
    # The order first, then its shipment: the order in which procurement locks them.
    PurchaseOrder.objects.select_for_update().get(pk=shipment.order_id)
    shipment = Shipment.objects.select_for_update().get(pk=shipment.pk)
    if Receipt.objects.filter(shipment=shipment).exists():
        raise rules.AlreadyReceived(shipment=shipment.number)
    if shipment.state != ShipmentState.CLEARED:
        raise rules.ShipmentNotCleared(shipment=shipment.number, state=shipment.state)
    if shipment.bound_for_id != warehouse.operator_id:
        raise rules.ClearedForAnother(shipment=shipment.number)
    lines = list(
        shipment.lines.select_related("order_line__product", "order_line__order").order_by("pk")
    )
    rules.check_counts({line.pk: line.quantity for line in lines}, counts)
    entitled = _entitled(lines)

    year = day_of(now).year
    receipt = Receipt.objects.create(
        number=next_number("RCV", year),
        warehouse=warehouse,
        shipment=shipment,
        received_at=now,
        received_by=received_by,
    )
    counted = ReceiptLine.objects.bulk_create(
        ReceiptLine(
            receipt=receipt,
            shipment_line=line,
            keeper_id=warehouse.operator_id,
            announced=line.quantity,
            counted=counts[line.pk],
        )
        for line in lines
    )
    received = share_arrival(
        shipment=shipment,
        counts={line.pk: counts[line.pk] for line in lines},
        entitled={
            key: {one.owner: one.quantity for one in parts} for key, parts in entitled.items()
        },
        now=now,
    )
    shares = [
        ReceiptShare(
            receipt_line=line,
            owner_id=one.owner,
            entitled=one.quantity,
            received=received[line.shipment_line_id][one.owner],
        )
        for line in counted
        for one in entitled[line.shipment_line_id]
        if one.quantity
    ]
    ReceiptShare.objects.bulk_create(shares, batch_size=5_000)
    lots = _open_lots(receipt, counted, year)
    _book(receipt, lots, shares, now)
    mark_received(shipment=shipment, missing=_missing(lines, counted, shares), now=now)
    record(*_facts(receipt, list(lots.values()), now), now=now)
    telling.tell_received(receipt, counted, shares, now)
    return receipt


def _entitled(lines: Sequence[ShipmentLine]) -> dict[int, list[rules.Entitled]]:
    """By shipment line: each owner's part of what the line announced."""
    before = open_before(lines, money=False)
    return {
        line.pk: rules.entitle(
            line.quantity,
            [
                rules.Entitled(owner, part.quantity)
                for owner, part in sorted(before[line.pk].items())
            ],
        )
        for line in lines
    }


def _missing(
    lines: Sequence[ShipmentLine], counted: Sequence[ReceiptLine], shares: Sequence[ReceiptShare]
) -> list[Missing]:
    order_line = {line.pk: line.order_line_id for line in lines}
    of = {line.pk: order_line[line.shipment_line_id] for line in counted}
    return [
        Missing(of[share.receipt_line_id], share.owner_id, share.missing)
        for share in shares
        if share.missing
    ]


def _open_lots(receipt: Receipt, counted: Sequence[ReceiptLine], year: int) -> dict[int, Lot]:
    """A lot for each line that brought anything, by receipt line id."""
    arrived = [line for line in counted if line.counted]
    # "LOT-2026-000017" is 15 of the 20 places a GS1 batch number (AI 10) has.
    numbers = next_numbers("LOT", year, len(arrived))
    lots = Lot.objects.bulk_create(
        Lot(
            number=number,
            warehouse=receipt.warehouse,
            product=line.shipment_line.order_line.product,
            order_line=line.shipment_line.order_line,
            receipt_line=line,
            batch=line.shipment_line.batch,
            produced_on=line.shipment_line.produced_on,
            expires_on=line.shipment_line.expires_on,
            received_at=receipt.received_at,
        )
        for number, line in zip(numbers, arrived, strict=True)
    )
    return {lot.receipt_line_id: lot for lot in lots}


def _book(
    receipt: Receipt, lots: Mapping[int, Lot], shares: Sequence[ReceiptShare], now: datetime
) -> None:
    """Every owner's part of every lot lies at the gate and is its own to sell."""
    gate = gate_of(receipt.warehouse)
    post(
        postings=[
            Posting(
                key=f"receipt-line:{share.receipt_line_id}:owner:{share.owner_id}",
                kind=Kind.RECEIVED,
                document=receipt.number,
                owner=share.owner_id,
                keeper=receipt.warehouse.operator_id,
                moved_at=receipt.received_at,
                legs=posting.received(lots[share.receipt_line_id].pk, gate.pk, share.received),
                by=receipt.received_by_id,
            )
            for share in shares
            if share.received
        ],
        now=now,
    )


def _facts(receipt: Receipt, lots: Sequence[Lot], now: datetime) -> list[Fact]:
    """What arrived and was put away, told by the warehouse; no owners, no shares."""
    shipment = receipt.shipment
    warehouse = receipt.warehouse
    facts: list[Fact] = []
    for lot in lots:
        gtin = lot.product.gtin
        details = {"place_zh": warehouse.name_zh, "place_en": warehouse.name_en}
        days = {"produced_on": lot.produced_on, "expires_on": lot.expires_on}
        details |= {name: day.isoformat() for name, day in days.items() if day}
        if lot.batch:
            details["batch"] = lot.batch
        counted = (quantity(gtin, lot.receipt_line.counted, lot.number),)
        facts += [
            Fact(
                event_type="ObjectEvent",
                action="OBSERVE",
                biz_step="receiving",
                disposition="in_progress",
                event_time=receipt.received_at,
                asserted_by=warehouse.operator_id,
                evidence=Evidence.DOCUMENTED,
                read_point=f"{warehouse.code}/gate",
                biz_location=warehouse.code,
                keys=(
                    gtin_key(gtin),
                    lot_key(gtin, lot.number),
                    order_key(shipment.order.number),
                    shipment_key(shipment.number),
                ),
                quantities=counted,
                documents=((SHIP_NOTICE, shipment.number), (RECEIPT, receipt.number)),
                details=details,
            ),
            Fact(
                event_type="ObjectEvent",
                action="OBSERVE",
                biz_step="storing",
                disposition="sellable_not_accessible",
                event_time=now,
                asserted_by=warehouse.operator_id,
                evidence=Evidence.DECLARED,
                biz_location=warehouse.code,
                keys=(gtin_key(gtin), lot_key(gtin, lot.number)),
                quantities=counted,
                details=details,
            ),
        ]
    return facts
