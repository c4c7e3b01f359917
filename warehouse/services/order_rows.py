"""The rows of consumers' orders that are taken: parcels, lines, movements, reservations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from accounts.models import Company
from core.copying import insert_rows, send_rows
from core.fields import encrypted
from core.numbers import next_numbers_apart
from core.prepared import Asked
from traceability.rules import Fact
from warehouse.days import day_of
from warehouse.models import (
    Holding,
    Reservation,
    ReservationState,
    RetailOrder,
    RetailOrderLine,
    RetailOrderState,
)
from warehouse.rules import buyers, parting, posting
from warehouse.rules import retail as rules
from warehouse.rules.posting import Kind, Leg, Place, Posting, Status
from warehouse.rules.retail import Decision, IncomingOrder, Taken
from warehouse.services.advancing import fact_of
from warehouse.services.posting import post_within


@dataclass(frozen=True, slots=True)
class Parcel:
    """One parcel to be written: ``part`` of an order, with its fen of freight, insurance and
    discount.

    ``first`` is the id of the order's first parcel, empty of that one itself. ``is_whole``: it is
    all that was ordered, so that what was paid for the order was paid for it.
    """

    order: IncomingOrder
    takes: parting.Part
    freight_minor: int
    part: int = 1
    first: int | None = None
    insurance_minor: int = 0
    discount_minor: int = 0
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """A parcel as it was written, with what was reserved for it."""

    order: Taken
    reserved: list[tuple[Holding, int]]


def parcels_of(decided: Decision) -> list[Parcel]:
    """The parcels in which an order is taken; freight, insurance and discount are shared between
    them to the fen, by what their goods cost."""
    order = decided.order
    if len(decided.parts) == 1:
        return [whole(order, decided.parts[0], is_whole=not decided.missing)]
    units = [parting.units_by_position(part) for part in decided.parts]
    prices = {position: line.unit_price_minor for position, line in enumerate(order.lines, start=1)}
    amounts = zip(
        *(
            parting.shared_freight(amount, units, prices)
            for amount in (order.freight_minor, order.insurance_minor, order.discount_minor)
        ),
        strict=True,
    )
    return [
        Parcel(order, part, freight, number, insurance_minor=insurance, discount_minor=discount)
        for number, (part, (freight, insurance, discount)) in enumerate(
            zip(decided.parts, amounts, strict=True), start=1
        )
    ]


def whole(order: IncomingOrder, takes: parting.Part, *, is_whole: bool = True) -> Parcel:
    """The one parcel of an order, with all its amounts."""
    return Parcel(
        order,
        takes,
        order.freight_minor,
        insurance_minor=order.insurance_minor,
        discount_minor=order.discount_minor,
        is_whole=is_whole,
    )


def write_parcels(
    seller: Company,
    parcels: Sequence[Parcel],
    products: Mapping[str, int],
    shelves: Mapping[int, Holding],
    now: datetime,
    *,
    frees: Sequence[Posting] = (),
) -> list[Written]:
    """Orders, lines, movements and reservations, each table in one statement.

    ``shelves`` are the holdings that are free to be sold, by id, and locked. Or ``frees`` are
    postings that give back what is taken here, booked in one with it: in between nobody has it.
    Raises OrderTakenMeanwhile.
    """
    rows = _write_orders(seller, parcels, now)
    sent = _send_lines(seller, rows, parcels, products)
    written = [
        Written(row, [(shelves[take.holding], take.quantity) for _position, take in one.takes])
        for row, one in zip(rows, parcels, strict=True)
    ]
    holdings = post_within(
        postings=[
            *frees,
            *(
                Posting(
                    key=f"reserve:{one.order.number}",
                    kind=Kind.RESERVED,
                    document=one.order.number,
                    owner=seller.pk,
                    keeper=one.reserved[0][0].keeper_id,
                    moved_at=now,
                    legs=[leg for shelf, units in one.reserved for leg in _reserved(shelf, units)],
                )
                for one in written
            ),
        ],
        now=now,
        holds_free=not frees,
    )
    lines = {(order, position): pk for order, position, pk in sent.rows()}
    planned = [
        (lines[row.pk, position], shelves[take.holding], take.quantity, one.order.unpaid_until)
        for row, one in zip(rows, parcels, strict=True)
        for position, take in one.takes
    ]
    send_rows(
        Reservation,
        {
            "line_id": [line for line, _shelf, _units, _until in planned],
            "seller_id": [seller.pk] * len(planned),
            "holding_id": [
                holdings[Place(shelf.lot_id, seller.pk, shelf.location_id, Status.RESERVED)]
                for _line, shelf, _units, _until in planned
            ],
            "quantity": [units for _line, _shelf, units, _until in planned],
            "state": [ReservationState.HELD.value] * len(planned),
            "expires_at": [until for _line, _shelf, _units, until in planned],
        },
    )
    return written


def _send_lines(
    seller: Company,
    rows: Sequence[Taken],
    parcels: Sequence[Parcel],
    products: Mapping[str, int],
) -> Asked:
    """Order (id), position and id of the lines."""
    lines = [
        (row.pk, position, units, one.order.lines[position - 1])
        for row, one in zip(rows, parcels, strict=True)
        for position, units in parting.units_by_position(one.takes).items()
    ]
    return send_rows(
        RetailOrderLine,
        {
            "order_id": [order for order, _position, _units, _line in lines],
            "seller_id": [seller.pk] * len(lines),
            "position": [position for _order, position, _units, _line in lines],
            "product_id": [products[line.sku] for _order, _position, _units, line in lines],
            "quantity": [units for _order, _position, units, _line in lines],
            "unit_price_minor": [line.unit_price_minor for _o, _position, _units, line in lines],
        },
        returning=("order_id", "position", "id"),
    )


def _reserved(shelf: Holding, units: int) -> tuple[Leg, ...]:
    return posting.changed(
        shelf.lot_id,
        shelf.location_id,
        units,
        before=Status.AVAILABLE,
        after=Status.RESERVED,
    )


def _write_orders(seller: Company, parcels: Sequence[Parcel], now: datetime) -> list[Taken]:
    key = settings.BONDPOOL_DIGEST_KEY.encode()
    numbers = next_numbers_apart("RO", day_of(now).year, len(parcels))
    orders = [one.order for one in parcels]
    found = insert_rows(
        RetailOrder,
        {
            "number": numbers,
            "seller_id": [seller.pk] * len(orders),
            "channel": [one.channel for one in orders],
            "channel_order_number": [one.order_number for one in orders],
            "part": [one.part for one in parcels],
            "first_id": [one.first for one in parcels],
            "placed_at": [one.placed_at for one in orders],
            "accepted_at": [now] * len(orders),
            "state": [RetailOrderState.ALLOCATED.value] * len(orders),
            "buyer_name": [encrypted(one.buyer_name) for one in orders],
            "buyer_id_number": [encrypted(one.buyer_id_number) for one in orders],
            "buyer_id_digest": [buyers.digest(one.buyer_id_number, key) for one in orders],
            "buyer_telephone": [_hidden(one.buyer_telephone) for one in orders],
            "consignee_address": [encrypted(one.consignee_address) for one in orders],
            "consignee_name": [_hidden(one.consignee_name) for one in orders],
            "consignee_telephone": [_hidden(one.consignee_telephone) for one in orders],
            "freight_minor": [one.freight_minor for one in parcels],
            "insurance_minor": [one.insurance_minor for one in parcels],
            "discount_minor": [one.discount_minor for one in parcels],
            "collected_tax_minor": [
                one.order.collected_tax_minor if one.is_whole else None for one in parcels
            ],
            "paid_minor": [one.order.paid_minor if one.is_whole else None for one in parcels],
            "refusal": ["{}"] * len(orders),
            "unpaid_until": [one.unpaid_until for one in orders],
            "holds": [0] * len(orders),
        },
        returning=("number", "id"),
        unless_there=True,
    )
    if len(found) < len(orders):
        # Two callers raced with one order number but no holding in common, so that the
        # locks did not make one wait for the other. The unique key did.
        raise rules.OrderTakenMeanwhile
    ids = dict(found)
    return [
        Taken(ids[number], number, one.channel, one.order_number)
        for number, one in zip(numbers, orders, strict=True)
    ]


def _hidden(text: str) -> str:
    return encrypted(text) if text else ""


def set_aside(written: Written, now: datetime) -> Fact:
    """Goods were set aside for the order; nothing about the buyer, nothing about the price."""
    return fact_of(
        written.order.number,
        [(held.lot, units) for held, units in written.reserved],
        biz_step="reserving",
        disposition="reserved",
        now=now,
    )
