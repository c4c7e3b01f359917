"""What the API tells of orders and shipments, and takes of invoices."""

from __future__ import annotations

from datetime import date, datetime

from ninja import Schema
from pydantic import Field

from core.models import WorkState
from procurement.models import OrderState, OrderStep, ShipmentState
from rest.fields import Body, Day, one_of


class OrderHead(Schema):
    """A pooled order to one supplier."""

    number: str = Field(examples=["PO-2026-000001"])
    round: str = Field(examples=["2026-Q3"])
    quarter: str = Field(examples=["2026-Q3"])
    supplier: str = Field(examples=["SUP01"])
    buyer: str = Field(description="The importer of record", examples=["IMPORTER-01"])
    state: str = Field(json_schema_extra=one_of(*OrderState.values), examples=["placed"])
    currency: str = Field(examples=["EUR"])
    incoterm: str = Field(examples=["FOB"])
    amount_minor: int = Field(description="As it was ordered", examples=[1250000])
    placed_at: datetime | None = Field(examples=["2026-06-22T02:00:00Z"])
    promised_on: date | None = Field(
        description="The first day on which goods that have not left were promised",
        examples=["2026-08-05"],
    )


class OrderLine(Schema):
    """One product of an order, as it stands after what was agreed and cancelled."""

    position: int = Field(examples=[1])
    sku: str = Field(examples=["MILK-900"])
    supplier_code: str = Field(description="The supplier's own number", examples=["A-4711"])
    packs: int = Field(examples=[200])
    pack_quantity: int = Field(examples=[6])
    quantity: int = Field(examples=[1200])
    ordered_quantity: int = Field(description="As it was ordered", examples=[1200])
    shipped_quantity: int = Field(examples=[600])
    open_quantity: int = Field(examples=[600])
    promised_on: date | None = Field(examples=["2026-08-05"])
    base_pack_price_minor: int = Field(description="Of the first pack", examples=[6600])
    pack_price_minor: int = Field(examples=[6000])
    amount_minor: int = Field(examples=[1200000])


class OrderStepOut(Schema):
    """One step in the life of an order."""

    step: str = Field(json_schema_extra=one_of(*OrderStep.values), examples=["placed"])
    happened_at: datetime = Field(examples=["2026-06-22T02:00:00Z"])
    document: str = Field(description="What it is about", examples=["ASN-2026-000001"])
    reason: str = Field(examples=[""])


class ConfirmedLine(Schema):
    """What a supplier confirms of a line, what has left included."""

    sku: str = Field(examples=["MILK-900"])
    packs: int = Field(examples=[150])
    pack_price_minor: int = Field(examples=[6000])
    promised_on: date | None = Field(examples=["2026-09-01"])


class ConfirmationOut(Schema):
    """What a supplier said to an order; `is_accepted` is null until it is decided."""

    position: int = Field(examples=[1])
    reference: str = Field(description="The supplier's number", examples=["AB-1"])
    is_change: bool = Field(examples=[True])
    is_accepted: bool | None = Field(examples=[None])
    decided_at: datetime | None = Field(examples=[None])
    reason: str = Field(examples=[""])
    lines: list[ConfirmedLine]


class Paper(Schema):
    """A paper of an order; `path` is null until it is made."""

    number: str = Field(examples=["DOC-2026-000001"])
    kind: str = Field(examples=["order"])
    language: str = Field(examples=["en"])
    state: str = Field(json_schema_extra=one_of(*WorkState.values), examples=["ready"])
    sha256: str = Field(
        description="Of the file; empty until it is made",
        examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
    )
    trouble: str = Field(description="Why it could not be made", examples=[""])
    path: str | None = Field(examples=["/api/v1/orders/PO-2026-000001/papers/DOC-2026-000001"])


class OrderChangeOut(Schema):
    """A change of a placed order as a UBL document, beside its paper."""

    sequence: int = Field(examples=[1])
    number: str = Field(description="Of the UBL document", examples=["PO-2026-000001-1"])
    document: str = Field(
        description="The supplier's confirmation, or our cancellation", examples=["AB-1"]
    )
    made_at: datetime = Field(examples=["2026-07-01T00:00:00Z"])
    kind: str = Field(
        json_schema_extra=one_of("OrderChange", "OrderCancellation"), examples=["OrderChange"]
    )
    path: str = Field(examples=["/api/v1/orders/PO-2026-000001/changes/1.xml"])


class OrderOut(OrderHead):
    """An order with its lines, papers and shipments."""

    departure_port: str = Field(examples=["Hamburg"])
    shipments: list[str] = Field(examples=[["SHP-2026-000001"]])
    standing_minor: int = Field(
        description="What the lines come to as they stand", examples=[1200000]
    )
    lines: list[OrderLine]
    papers: list[Paper]
    changes: list[OrderChangeOut] = Field(description="The first one first")
    confirmations: list[ConfirmationOut]
    events: list[OrderStepOut]


class ShipmentHead(Schema):
    """Goods on their way; weights in grams."""

    number: str = Field(examples=["SHP-2026-000001"])
    order_number: str = Field(examples=["PO-2026-000001"])
    state: str = Field(json_schema_extra=one_of(*ShipmentState.values), examples=["shipped"])
    vessel: str = Field(examples=["EVER EXAMPLE"])
    voyage: str = Field(examples=["012E"])
    bill_of_lading: str = Field(examples=["EXBL1234567"])
    departed_at: datetime = Field(examples=["2026-07-01T00:00:00Z"])
    expected_on: date = Field(examples=["2026-07-20"])
    packages: int = Field(examples=[200])
    gross_weight_g: int = Field(examples=[1260000])
    net_weight_g: int = Field(examples=[1080000])
    invoice_number: str = Field(description="Empty until it is booked", examples=[""])


class ShipmentLine(Schema):
    """Units of one batch."""

    sku: str = Field(examples=["MILK-900"])
    quantity: int = Field(examples=[1200])
    amount_minor: int = Field(description="In the order's currency", examples=[1200000])
    batch: str = Field(examples=["L2604"])
    produced_on: date | None = Field(examples=["2026-04-02"])
    expires_on: date | None = Field(examples=["2028-04-01"])


class ShipmentOut(ShipmentHead):
    """A shipment with what it carries and what its way costs."""

    supplier: str = Field(examples=["SUP01"])
    freight_minor: int = Field(examples=[45000])
    insurance_minor: int = Field(examples=[0])
    freight_currency: str = Field(examples=["USD"])
    lines: list[ShipmentLine]


class InvoiceIn(Body):
    """The supplier's invoice for a shipment; the amount is what its goods cost."""

    invoice_number: str = Field(min_length=1, max_length=35, examples=["INV-7781"])
    invoiced_on: Day = Field(examples=["2026-08-03"])
    due_on: Day = Field(examples=["2026-10-31"])


class InvoiceOut(Schema):
    """The invoice as it is booked."""

    number: str = Field(examples=["PAB-2026-000001"])
    invoice_number: str = Field(examples=["INV-7781"])
    currency: str = Field(examples=["EUR"])
    amount_minor: int = Field(examples=[1200000])
    due_on: date = Field(examples=["2026-10-31"])
