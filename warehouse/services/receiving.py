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
from procurement.services import Missing, mark_received
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
from warehouse.rules.posting import Kind, Leg, Posting, Status
from warehouse.rules.receiving import Found
from warehouse.services import telling_arrivals as telling
from warehouse.services.claims import open_claim
from warehouse.services.counting_in import arrival_facts, seen_of, share_out
from warehouse.services.houses import gate_of
from warehouse.services.posting import post
from warehouse.services.serials import check_received, keep_received


@transaction.atomic
def receive(
    *,
    shipment: Shipment,
    warehouse: BondedWarehouse,
    counts: Mapping[int, int],
    received_by: User,
    now: datetime,
    found: Mapping[int, Found] | None = None,
) -> Receipt:
    """Book the count of a cleared shipment; ``counts`` are units by shipment line id, and
    ``found`` what else the gate saw of a line.

    Each line that brought anything becomes a lot. What is missing is borne by the round's rule
    for a shortage, the platform's surplus first, and so is what is damaged, of which each part
    has its owner; every owner's part is written beside what it was entitled to. What came over
    the notice, within the supplier's tolerance or the house's, is the platform's. What is damaged
    is claimed of the supplier, and what has expired on its way is not to be sold.

    Raises ShipmentNotCleared, ClearedForAnother, AlreadyReceived, CountIncomplete,
    NotOnShipment, NotACount, CountOverNotice, MoreDamagedThanCounted, WrongBatch,
    ProducedAfterExpiry, WrongSerial, SerialSeenTwice, SerialsMissing or SharesDoNotAddUp; then
    nothing has been written.
    """
    # Every owner's part is written, and the order's state: more than the gate's own walls show.
    with platform_wide():
        return _receive(shipment, warehouse, counts, found or {}, received_by, now)


def _receive(
    shipment: Shipment,
    warehouse: BondedWarehouse,
    counts: Mapping[int, int],
    found: Mapping[int, Found],
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
    announced = {line.pk: line.quantity for line in lines}
    over = rules.tolerance(
        house=warehouse.over_percent, supplier=shipment.order.supplier.over_percent
    )
    rules.check_counts(announced, counts, over_percent=over)
    seen = {line.pk: seen_of(line, found.get(line.pk, rules.AS_ANNOUNCED)) for line in lines}
    rules.check_all_found(counts, {**found, **seen}, day_of(now))
    serials = check_received(lines, counts, seen)
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
            damaged=seen[line.pk].damaged,
            over=max(counts[line.pk] - line.quantity, 0),
        )
        for line in lines
    )
    keep_received(counted, lines, serials)
    shares = share_out(shipment, counted, entitled, now)
    ReceiptShare.objects.bulk_create(shares, batch_size=5_000)
    lots = _open_lots(receipt, counted, seen, year)
    _book(receipt, lots, shares, now)
    mark_received(shipment=shipment, missing=_missing(lines, counted, shares), now=now)
    record(*arrival_facts(receipt, list(lots.values()), now), now=now)
    claim = open_claim(receipt, counted, lots, now)
    telling.tell_received(receipt, counted, shares, now)
    telling.tell_unsellable(receipt, lots, shares, now)
    if claim is not None:
        telling.tell_claim(claim, now)
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


def _open_lots(
    receipt: Receipt, counted: Sequence[ReceiptLine], seen: Mapping[int, Found], year: int
) -> dict[int, Lot]:
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
            batch=seen[line.shipment_line_id].batch or "",
            produced_on=seen[line.shipment_line_id].produced_on,
            expires_on=seen[line.shipment_line_id].expires_on,
            received_at=receipt.received_at,
        )
        for number, line in zip(numbers, arrived, strict=True)
    )
    return {lot.receipt_line_id: lot for lot in lots}


def _book(
    receipt: Receipt, lots: Mapping[int, Lot], shares: Sequence[ReceiptShare], now: datetime
) -> None:
    """Every owner's part of every lot lies at the gate: its own to sell, unless it came damaged
    or expired."""
    gate, today = gate_of(receipt.warehouse), day_of(now)

    def legs(share: ReceiptShare) -> list[Leg]:
        lot = lots[share.receipt_line_id]
        parts = {
            rules.arrives_as(lot.expires_on, today): share.received - share.damaged,
            Status.DAMAGED: share.damaged,
        }
        return [
            leg
            for status, units in parts.items()
            if units
            for leg in posting.received(lot.pk, gate.pk, units, status=status)
        ]

    post(
        postings=[
            Posting(
                key=f"receipt-line:{share.receipt_line_id}:owner:{share.owner_id}",
                kind=Kind.RECEIVED,
                document=receipt.number,
                owner=share.owner_id,
                keeper=receipt.warehouse.operator_id,
                moved_at=receipt.received_at,
                legs=legs(share),
                by=receipt.received_by_id,
            )
            for share in shares
            if share.received
        ],
        now=now,
    )
