"""A consumer's order as programs are told of it, by the warehouse and by customs alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import UTC, date, datetime
from typing import Any

from django.utils.translation import gettext
from ninja import Schema
from pydantic import Field

from rest.fields import one_of
from warehouse.models import (
    Lot,
    MissingState,
    Package,
    ParcelEventKind,
    RetailOrder,
    RetailOrderState,
)
from warehouse.queries.handing import parcels_told
from warehouse.queries.merged import into_numbers, merged_from
from warehouse.queries.parting import missing_of, parts_of
from warehouse.queries.retail import buyer_of, reserved_for
from warehouse.rules.retail import IncomingOrder
from warehouse.services.order_rows import Written

#: What an incoming order and a stored one call the same.
_COLUMNS = {field.name for field in RetailOrder._meta.concrete_fields}


class RetailHead(Schema):
    """A consumer's order."""

    number: str = Field(examples=["RO-2026-000001"])
    channel: str = Field(examples=["TMALL-GLOBAL"])
    order_number: str = Field(examples=["2026080100017"])
    state: str = Field(json_schema_extra=one_of(*RetailOrderState.values), examples=["allocated"])
    placed_at: datetime = Field(examples=["2026-08-01T06:05:00Z"])
    accepted_at: datetime = Field(examples=["2026-08-01T06:06:00Z"])
    unpaid_until: datetime | None = Field(
        description="Until then an unpaid order keeps its stock; null once it is paid",
        examples=[None],
    )
    paid_at: datetime | None = Field(
        description="When an order that came unpaid was paid", examples=[None]
    )
    part: int = Field(description="Which parcel of the shop's order this is, from 1", examples=[1])
    is_on_hold: bool = Field(description="Its seller or its warehouse holds it", examples=[False])
    units: int = Field(examples=[2])
    amount_minor: int = Field(description="CNY fen, freight in it", examples=[41000])


class BuyerOut(Schema):
    """The buyer: enough to recognise, not enough to copy."""

    name: str = Field(examples=["张*"])
    id_number: str = Field(examples=["360***********0071"])
    telephone: str = Field(examples=["138****0000"])
    address: str = Field(examples=["浙江省杭州市***"])
    consignee: str = Field(
        description="Who receives the parcel; empty where it is the buyer", examples=[""]
    )
    consignee_telephone: str = Field(examples=[""])


class RetailLineOut(Schema):
    """One line."""

    sku: str = Field(examples=["MILK-900"])
    quantity: int = Field(examples=[2])
    unit_price_minor: int = Field(examples=[19900])


class PickOut(Schema):
    """Units of one lot, what expires first first."""

    sku: str = Field(examples=["MILK-900"])
    lot: str = Field(examples=["LOT-2026-000001"])
    warehouse: str = Field(examples=["NGB01"])
    expires_on: date | None = Field(examples=["2028-04-01"])
    quantity: int = Field(examples=[2])


class ParcelEventOut(Schema):
    """What a carrier told of a parcel."""

    kind: str = Field(json_schema_extra=one_of(*ParcelEventKind.values), examples=["delivered"])
    happened_at: datetime = Field(examples=["2026-08-04T08:20:00Z"])
    place: str = Field(examples=["杭州"])
    note: str = Field(examples=[""])


class ParcelOut(Schema):
    """A parcel of an order, as its carrier follows it."""

    number: str = Field(examples=["PC-2026-000001"])
    package: str = Field(json_schema_extra=one_of(*Package.values), examples=["box"])
    weight_g: int = Field(description="Grams", examples=[1240])
    carrier: str = Field(description="Its name; empty before the hand-over", examples=["SF"])
    tracking_number: str = Field(
        description="Empty before the carrier told it", examples=["SF1234567890"]
    )
    events: list[ParcelEventOut] = Field(description="The earliest first")


class RetailRefusalOut(Schema):
    """Why an order may not leave as retail; its stock is back."""

    code: str = Field(description="The rule", examples=["customs.over_order_limit"])
    detail: str = Field(examples=["One parcel may be worth 5,000 CNY at most."])
    facts: dict[str, str] = Field(examples=[{"limit": "5000.00"}])


class MissingOut(Schema):
    """Units of a line that were not there when the order came."""

    sku: str = Field(examples=["MILK-900"])
    quantity: int = Field(examples=[1])
    state: str = Field(json_schema_extra=one_of(*MissingState.values), examples=["waiting"])
    waits_until: date | None = Field(
        description="The last day on which a back-ordered unit is served", examples=["2026-08-15"]
    )
    served_by: str | None = Field(
        description="The parcel that brings them", examples=["RO-2026-000009"]
    )


class RetailOrderOut(RetailHead):
    """A consumer's order with its lines; the buyer is masked."""

    refusal: RetailRefusalOut | None = Field(
        description="Why customs' rules turned the order down; null unless they did",
        examples=[None],
    )

    freight_minor: int = Field(examples=[1200])
    insurance_minor: int = Field(examples=[0])
    discount_minor: int = Field(description="Paid with points or vouchers", examples=[0])
    collected_tax_minor: int | None = Field(
        description="Tax the shop collected; null where nobody said so", examples=[None]
    )
    paid_minor: int | None = Field(
        description="Paid in all; null where nobody said so", examples=[None]
    )
    buyer: BuyerOut
    lines: list[RetailLineOut]
    picks: list[PickOut] = Field(description="From which lots it is served")
    parts: list[str] = Field(
        description="The numbers of all parcels of the shop's order", examples=[["RO-2026-000001"]]
    )
    missing: list[MissingOut] = Field(description="What was not there of the shop's order")
    parcels: list[ParcelOut] = Field(
        description="Empty before the order is packed; of a merged one those it goes in"
    )
    merged_into: str | None = Field(
        description="The order that took its place and holds its goods", examples=[None]
    )
    merged_from: list[str] = Field(
        description="The orders whose place it took", examples=[["RO-2026-000001"]]
    )


def head_told(order: Any) -> RetailHead:
    """``order`` has the figures of ``queries.retail.orders_of``."""
    return RetailHead(
        number=order.number,
        channel=order.channel,
        order_number=order.channel_order_number,
        state=order.state,
        placed_at=order.placed_at,
        accepted_at=order.accepted_at,
        unpaid_until=order.unpaid_until,
        paid_at=order.paid_at,
        part=order.part,
        is_on_hold=order.holds > 0,
        units=order.units,
        amount_minor=order.amount_minor,
    )


def _refusal(order: RetailOrder) -> RetailRefusalOut | None:
    told = order.refusal
    if not told:
        return None
    return RetailRefusalOut(code=told["code"], detail=gettext(told["rule"]), facts=told["facts"])


def order_told(order: Any) -> RetailOrderOut:
    """The whole order, its buyer masked."""
    lines = order.lines.select_related("product").order_by("position")
    return _told(
        order,
        [(line.product.sku, line.quantity, line.unit_price_minor) for line in lines],
        [(one.lot, one.quantity) for one in reserved_for(order)],
        [one.number for one in parts_of(order)],
        [
            MissingOut(
                sku=one.product.sku,
                quantity=one.quantity,
                state=one.state,
                waits_until=one.waits_until,
                served_by=one.served_by.number if one.served_by else None,
            )
            for one in missing_of(order)
        ],
        _parcels(order),
        into_numbers([order]).get(order.pk),
        merged_from(order),
    )


def _parcels(order: RetailOrder) -> list[ParcelOut]:
    return [
        ParcelOut(
            number=one.parcel.number,
            package=one.parcel.package,
            weight_g=one.parcel.weight_g,
            carrier=one.carrier,
            tracking_number=one.tracking_number,
            events=[
                ParcelEventOut(
                    kind=event.kind,
                    happened_at=event.happened_at,
                    place=event.place,
                    note=event.note,
                )
                for event in one.events
            ],
        )
        for one in parcels_told(order)
    ]


def written_told(taken: IncomingOrder, written: Written, *, now: datetime) -> RetailOrderOut:
    """The same of an order that was written this moment, whole, without asking for it again."""
    names = {field.name for field in fields(taken)} & _COLUMNS
    columns = {name: getattr(taken, name) for name in names}
    # As the database tells it: the ETag covers the words.
    columns |= {
        name: moment.astimezone(UTC)
        for name, moment in columns.items()
        if isinstance(moment, datetime)
    }
    number = written.order.number
    order: Any = RetailOrder(
        number=number, channel_order_number=taken.order_number, accepted_at=now, **columns
    )
    lines = [(line.sku, line.quantity, line.unit_price_minor) for line in taken.lines]
    order.units = sum(units for _sku, units, _price in lines)
    goods = sum(units * price for _sku, units, price in lines)
    order.amount_minor = order.freight_minor + goods
    picks = [(held.lot, units) for held, units in written.reserved]
    return _told(order, lines, picks, [number], [], [], None, [])


def _told(
    order: Any,
    lines: Sequence[tuple[str, int, int]],
    picks: Sequence[tuple[Lot, int]],
    parts: list[str],
    missing: list[MissingOut],
    parcels: list[ParcelOut],
    merged_into: str | None,
    merged_from: list[str],
) -> RetailOrderOut:
    buyer = buyer_of(order)
    return RetailOrderOut(
        **head_told(order).model_dump(),
        refusal=_refusal(order),
        freight_minor=order.freight_minor,
        insurance_minor=order.insurance_minor,
        discount_minor=order.discount_minor,
        collected_tax_minor=order.collected_tax_minor,
        paid_minor=order.paid_minor,
        buyer=BuyerOut(
            name=buyer.name,
            id_number=buyer.id_number,
            telephone=buyer.telephone,
            address=buyer.address,
            consignee=buyer.consignee,
            consignee_telephone=buyer.consignee_telephone,
        ),
        lines=[
            RetailLineOut(sku=sku, quantity=units, unit_price_minor=price)
            for sku, units, price in lines
        ],
        picks=[
            PickOut(
                sku=lot.product.sku,
                lot=lot.number,
                warehouse=lot.warehouse.code,
                expires_on=lot.expires_on,
                quantity=units,
            )
            for lot, units in picks
        ],
        parts=parts,
        missing=missing,
        parcels=parcels,
        merged_into=merged_into,
        merged_from=merged_from,
    )
