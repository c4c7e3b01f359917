"""What arrived is shared among its owners, and told to the trace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from accounts.queries.companies import the_platform
from procurement.models import Shipment, ShipmentLine
from procurement.services import share_arrival
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
from warehouse.days import day_of
from warehouse.models import Lot, Receipt, ReceiptLine, ReceiptShare
from warehouse.rules.posting import Status
from warehouse.rules.receiving import Entitled, Found, arrives_as


def seen_of(line: ShipmentLine, found: Found) -> Found:
    """What stands on the goods: what the gate saw, or the ship notice where it saw nothing else."""
    return Found(
        damaged=found.damaged,
        batch=line.batch if found.batch is None else found.batch,
        produced_on=found.produced_on or line.produced_on,
        expires_on=found.expires_on or line.expires_on,
        serials=found.serials,
    )


def share_out(
    shipment: Shipment,
    counted: Sequence[ReceiptLine],
    entitled: Mapping[int, Sequence[Entitled]],
    now: datetime,
) -> list[ReceiptShare]:
    """Every owner's part of every line, unsaved; ``entitled`` by shipment line.

    What is missing is borne by the round's rule, and then, of what each has, so is what is
    damaged: nobody gets more good units than units. What is over is the platform's.
    """
    lines = {line.shipment_line_id: line for line in counted}
    received = share_arrival(
        shipment=shipment,
        counts={key: line.counted - line.over for key, line in lines.items()},
        entitled={
            key: {one.owner: one.quantity for one in parts} for key, parts in entitled.items()
        },
        now=now,
    )
    over = {key: line.over for key, line in lines.items() if line.over}
    if over:
        platform = the_platform()
        for key, units in over.items():
            received[key][platform.pk] = received[key].get(platform.pk, 0) + units
    damaged = {key: line for key, line in lines.items() if line.damaged}
    good = dict(received)
    if damaged:
        good |= share_arrival(
            shipment=shipment,
            counts={key: line.counted - line.damaged for key, line in damaged.items()},
            entitled={key: received[key] for key in damaged},
            now=now,
        )
    parts = {key: {one.owner: one.quantity for one in found} for key, found in entitled.items()}
    return [
        ReceiptShare(
            receipt_line=line,
            owner_id=owner,
            entitled=parts[key].get(owner, 0),
            received=units,
            damaged=units - good[key][owner],
            over=over[key] if key in over and owner == platform.pk else 0,
        )
        for key, line in lines.items()
        for owner, units in sorted(received[key].items())
        if units or parts[key].get(owner)
    ]


def arrival_facts(receipt: Receipt, lots: Sequence[Lot], now: datetime) -> list[Fact]:
    """What arrived and was put away, told by the warehouse; no owners, no shares."""
    shipment = receipt.shipment
    warehouse = receipt.warehouse
    facts: list[Fact] = []
    for lot in lots:
        gtin, line = lot.product.gtin, lot.receipt_line
        details = {"place_zh": warehouse.name_zh, "place_en": warehouse.name_en}
        days = {"produced_on": lot.produced_on, "expires_on": lot.expires_on}
        details |= {name: day.isoformat() for name, day in days.items() if day}
        if lot.batch:
            details["batch"] = lot.batch
        facts.append(
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
                quantities=(quantity(gtin, line.counted, lot.number),),
                documents=((SHIP_NOTICE, shipment.number), (RECEIPT, receipt.number)),
                details=details,
            )
        )
        good = line.counted - line.damaged
        if not good or arrives_as(lot.expires_on, day_of(now)) != Status.AVAILABLE:
            continue
        facts.append(
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
                quantities=(quantity(gtin, good, lot.number),),
                details=details,
            )
        )
    return facts
