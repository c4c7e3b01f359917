"""Consumers' orders reserve stock of the seller's own holdings, and give it back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from accounts.models import Company
from catalog.models import Product
from core.copying import insert_rows
from core.errors import DomainError
from core.fields import encrypted
from core.numbers import next_numbers
from core.queue import ring
from traceability.services import record
from warehouse.days import day_of
from warehouse.models import (
    Holding,
    Reservation,
    ReservationState,
    RetailOrder,
    RetailOrderLine,
    RetailOrderState,
)
from warehouse.queries.retail import known_orders, shelves_of, stock_for
from warehouse.rules import order_way, posting
from warehouse.rules import retail as rules
from warehouse.rules.posting import Kind, Leg, Place, Posting, Status
from warehouse.rules.retail import Decision, IncomingOrder, Outcome, Taken
from warehouse.services import telling
from warehouse.services.advancing import fact_of, held_by, move
from warehouse.services.posting import post


@dataclass(frozen=True, slots=True)
class OrderResult:
    """What became of one incoming order: our number, or the refusal."""

    order: IncomingOrder
    outcome: Outcome
    number: str = ""
    refusal: DomainError | None = None


@transaction.atomic
def accept_orders(
    *, seller: Company, orders: Sequence[IncomingOrder], now: datetime
) -> list[OrderResult]:
    """Take a batch of consumers' orders and reserve their lots, first expired first.

    Every order is all or nothing, from the seller's own holdings; the results stand in the
    order given. An order that was taken before is recognised by seller, channel and number.

    Raises TooManyOrders or OrderTakenMeanwhile; then nothing has been written. A single
    order that cannot be served is refused in its result, and writes nothing either.
    """
    if len(orders) > rules.MOST_ORDERS:
        raise rules.TooManyOrders(orders=len(orders), limit=rules.MOST_ORDERS)
    tidied = [rules.tidy(order) for order in orders]
    products = _products(line.sku for order in tidied for line in order.lines)
    # The locks come before the look-up of what was taken before: of two callers with the
    # same orders, the second waits here and then sees the first one's.
    holdings = list(stock_for(seller, products).select_for_update(of=("self",)))
    known, numbers = known_orders(seller, tidied)
    decisions = rules.decide(
        tidied,
        known=known,
        products=products.keys(),
        shelves=shelves_of(holdings),
        today=day_of(now),
        now=now,
    )
    accepted = [one for one in decisions if one.outcome is Outcome.ACCEPTED]
    shelves = {holding.pk: holding for holding in holdings}
    rows = _write(seller, accepted, products, shelves, now)
    numbers |= {row.order.channel_key: row.order.number for row in rows}
    if rows:
        ring("customs.retail_lists")
        record(
            *(
                fact_of(
                    row.order.number,
                    [(held.lot, units) for held, units in row.reserved],
                    biz_step="reserving",
                    disposition="reserved",
                    now=now,
                )
                for row in rows
            ),
            now=now,
        )
    refused = [one for one in decisions if one.outcome is Outcome.REFUSED]
    telling.tell_taken(seller, [row.order for row in rows], refused, now)
    return [
        OrderResult(
            one.order,
            one.outcome,
            "" if one.refusal else numbers[one.order.key],
            one.refusal,
        )
        for one in decisions
    ]


@transaction.atomic
def cancel_order(*, order: RetailOrder, now: datetime) -> RetailOrder:
    """Take an order back before its retail list is drawn; the stock returns to its lots.

    One with a list is cancelled by customs, which voids it (``customs.services.cancel_order``).
    Raises OrderCancelled, OrderHandedOver or RetailListDrawn; then nothing has been written.
    """
    (cancelled,) = cancel_orders(orders=[order], now=now)
    telling.tell_cancelled([cancelled], now)
    return cancelled


@transaction.atomic
def cancel_orders(
    *,
    orders: Sequence[RetailOrder],
    now: datetime,
    refusals: Mapping[int, DomainError] | None = None,
    voided: Collection[int] = (),
) -> list[RetailOrder]:
    """Take several orders back, all or none; see :func:`cancel_order`. ``refusals`` says of an
    order (id) why it may not leave; ``voided`` are orders (ids) whose retail list customs voids
    in the same transaction.

    The holdings of all of them are locked together, as in :func:`accept_orders`: locked order by
    order, the two could wait for each other.
    """
    wanted = [order.pk for order in orders]
    held = list(RetailOrder.objects.select_for_update().filter(pk__in=wanted).order_by("pk"))
    for order in held:
        order_way.check_cancellable(order.state, is_voided=order.pk in voided)
    back = Status.AVAILABLE
    move(held, held_by(held), back, key="return", kind=Kind.RETURNED, now=now)
    for order in held:
        _note_cancelled(order, (refusals or {}).get(order.pk))
    return held


def _note_cancelled(order: RetailOrder, refusal: DomainError | None) -> None:
    order.state = RetailOrderState.CANCELLED
    if refusal is not None:
        facts = {name: str(value) for name, value in refusal.facts.items()}
        order.refusal = {"code": refusal.code, "rule": refusal.rule(), "facts": facts}
    order.save(update_fields=["state", "refusal"])


@transaction.atomic
def mark_listed(*, orders: Iterable[int]) -> list[int]:
    """Note that customs has drawn the retail lists of these orders (ids).

    Returns the ids that were still waiting for one; an order that was cancelled or listed in
    the meantime is left as it is, and no list may be kept for it. Call it before writing lists.
    """
    waiting = list(
        RetailOrder.objects.select_for_update()
        .filter(pk__in=list(orders), state=RetailOrderState.ALLOCATED)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    RetailOrder.objects.filter(pk__in=waiting).update(state=RetailOrderState.LISTED)
    return waiting


def _products(skus: Iterable[str]) -> dict[str, Product]:
    return {product.sku: product for product in Product.objects.filter(sku__in=set(skus))}


@dataclass(frozen=True, slots=True)
class _Written:
    """An order as it was written, with what was reserved for it."""

    order: Taken
    reserved: list[tuple[Holding, int]]


def _write(
    seller: Company,
    accepted: Sequence[Decision],
    products: Mapping[str, Product],
    shelves: Mapping[int, Holding],
    now: datetime,
) -> list[_Written]:
    """Orders, lines, movements and reservations, each table in one statement."""
    rows = _write_orders(seller, accepted, now)
    lines = _write_lines(seller, rows, accepted, products)
    planned = [
        (lines[row.pk, position], shelves[take.holding], take.quantity)
        for row, one in zip(rows, accepted, strict=True)
        for position, take in one.takes
    ]
    written = [
        _Written(row, [(shelves[take.holding], take.quantity) for _position, take in one.takes])
        for row, one in zip(rows, accepted, strict=True)
    ]
    holdings = post(
        postings=[
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
        ],
        now=now,
    )
    insert_rows(
        Reservation,
        {
            "line_id": [line for line, _shelf, _units in planned],
            "seller_id": [seller.pk] * len(planned),
            "holding_id": [
                holdings[Place(shelf.lot_id, seller.pk, shelf.location_id, Status.RESERVED)]
                for _line, shelf, _units in planned
            ],
            "quantity": [units for _line, _shelf, units in planned],
            "state": [ReservationState.HELD.value] * len(planned),
        },
    )
    return written


def _write_lines(
    seller: Company,
    rows: Sequence[Taken],
    accepted: Sequence[Decision],
    products: Mapping[str, Product],
) -> dict[tuple[int, int], int]:
    """The ids of the lines by order (id) and position."""
    lines = [
        (row.pk, position, line)
        for row, one in zip(rows, accepted, strict=True)
        for position, line in enumerate(one.order.lines, start=1)
    ]
    found = insert_rows(
        RetailOrderLine,
        {
            "order_id": [order for order, _position, _line in lines],
            "seller_id": [seller.pk] * len(lines),
            "position": [position for _order, position, _line in lines],
            "product_id": [products[line.sku].pk for _order, _position, line in lines],
            "quantity": [line.quantity for _order, _position, line in lines],
            "unit_price_minor": [line.unit_price_minor for _order, _position, line in lines],
        },
        returning=("order_id", "position", "id"),
    )
    return {(order, position): pk for order, position, pk in found}


def _reserved(shelf: Holding, units: int) -> tuple[Leg, ...]:
    return posting.changed(
        shelf.lot_id,
        shelf.location_id,
        units,
        before=Status.AVAILABLE,
        after=Status.RESERVED,
    )


def _write_orders(seller: Company, accepted: Sequence[Decision], now: datetime) -> list[Taken]:
    key = settings.BONDPOOL_DIGEST_KEY.encode()
    numbers = next_numbers("RO", day_of(now).year, len(accepted))
    orders = [one.order for one in accepted]
    found = insert_rows(
        RetailOrder,
        {
            "number": numbers,
            "seller_id": [seller.pk] * len(orders),
            "channel": [one.channel for one in orders],
            "channel_order_number": [one.order_number for one in orders],
            "placed_at": [one.placed_at for one in orders],
            "accepted_at": [now] * len(orders),
            "state": [RetailOrderState.ALLOCATED.value] * len(orders),
            "buyer_name": [encrypted(one.buyer_name) for one in orders],
            "buyer_id_number": [encrypted(one.buyer_id_number) for one in orders],
            "buyer_id_digest": [rules.digest(one.buyer_id_number, key) for one in orders],
            "buyer_telephone": [
                encrypted(one.buyer_telephone) if one.buyer_telephone else "" for one in orders
            ],
            "consignee_address": [encrypted(one.consignee_address) for one in orders],
            "freight_minor": [one.freight_minor for one in orders],
            "refusal": ["{}"] * len(orders),
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
