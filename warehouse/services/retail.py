"""Consumers' orders reserve stock of the seller's own holdings, and give it back."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction

from accounts.models import Company
from catalog.models import Product
from core.copying import among_keys
from core.errors import DomainError
from core.numbers import next_numbers
from core.queue import ring
from traceability.models import Evidence
from traceability.rules import Fact, gtin_key, lot_key, quantity, retail_key
from traceability.services import record
from warehouse.days import day_of
from warehouse.models import (
    LIES_AS,
    Holding,
    Lot,
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
from warehouse.rules.retail import Decision, IncomingOrder, Outcome
from warehouse.services import telling
from warehouse.services.posting import post

_ONCE = "a_shop_order_is_taken_once"


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
    numbers |= {row.channel_key: row.order.number for row in rows}
    if rows:
        ring("customs.retail_lists")
        record(*(_fact(row, now) for row in rows), now=now)
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

    Raises OrderCancelled, OrderHandedOver or RetailListDrawn; then nothing has been written.
    """
    (cancelled,) = cancel_orders(orders=[order], now=now)
    telling.tell_cancelled(cancelled, now)
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
    reserved = Reservation.objects.filter(line__order__in=held, state__in=LIES_AS)
    _give_back(held, reserved.select_related("line", "holding").order_by("pk"), now)
    for order in held:
        _note_cancelled(order, (refusals or {}).get(order.pk))
    return held


def _give_back(
    orders: Sequence[RetailOrder], reserved: Iterable[Reservation], now: datetime
) -> None:
    """What is held for these orders is free again, where it lies."""
    of_order: dict[int, list[Reservation]] = defaultdict(list)
    for one in reserved:
        of_order[one.line.order_id].append(one)
    post(
        postings=[
            Posting(
                key=f"return:{order.number}",
                kind=Kind.RETURNED,
                document=order.number,
                owner=order.seller_id,
                keeper=of_order[order.pk][0].holding.keeper_id,
                moved_at=now,
                legs=[leg for one in of_order[order.pk] for leg in _returned(one)],
            )
            for order in orders
            if order.pk in of_order
        ],
        now=now,
    )
    keys = [one.pk for parts in of_order.values() for one in parts]
    Reservation.objects.filter(among_keys("pk", keys)).update(state=ReservationState.RETURNED)


def _returned(one: Reservation) -> tuple[Leg, ...]:
    held = one.holding
    return posting.changed(
        held.lot_id,
        held.location_id,
        one.quantity,
        before=LIES_AS[ReservationState(one.state)],
        after=Status.AVAILABLE,
    )


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

    order: RetailOrder
    reserved: list[tuple[Lot, int]]

    @property
    def channel_key(self) -> tuple[str, str]:
        return (self.order.channel, self.order.channel_order_number)


def _write(
    seller: Company,
    accepted: Sequence[Decision],
    products: Mapping[str, Product],
    shelves: Mapping[int, Holding],
    now: datetime,
) -> list[_Written]:
    """Orders, lines, movements and reservations, each table in one go."""
    rows = _write_orders(seller, accepted, now)
    lines = RetailOrderLine.objects.bulk_create(
        RetailOrderLine(
            order=row,
            seller=seller,
            position=position,
            product=products[line.sku],
            quantity=line.quantity,
            unit_price_minor=line.unit_price_minor,
        )
        for row, one in zip(rows, accepted, strict=True)
        for position, line in enumerate(one.order.lines, start=1)
    )
    line_at = {(line.order_id, line.position): line for line in lines}
    planned = [
        (row, line_at[row.pk, position], shelves[take.holding], take.quantity)
        for row, one in zip(rows, accepted, strict=True)
        for position, take in one.takes
    ]
    parts: dict[int, list[tuple[Holding, int]]] = defaultdict(list)
    for row, _line, shelf, units in planned:
        parts[row.pk].append((shelf, units))
    holdings = post(
        postings=[
            Posting(
                key=f"reserve:{row.number}",
                kind=Kind.RESERVED,
                document=row.number,
                owner=seller.pk,
                keeper=parts[row.pk][0][0].keeper_id,
                moved_at=now,
                legs=[leg for shelf, units in parts[row.pk] for leg in _reserved(shelf, units)],
            )
            for row in rows
        ],
        now=now,
    )
    Reservation.objects.bulk_create(
        Reservation(
            line=line,
            seller=seller,
            holding_id=holdings[Place(shelf.lot_id, seller.pk, shelf.location_id, Status.RESERVED)],
            quantity=units,
        )
        for _row, line, shelf, units in planned
    )
    return [_Written(row, [(shelf.lot, units) for shelf, units in parts[row.pk]]) for row in rows]


def _reserved(shelf: Holding, units: int) -> tuple[Leg, ...]:
    return posting.changed(
        shelf.lot_id,
        shelf.location_id,
        units,
        before=Status.AVAILABLE,
        after=Status.RESERVED,
    )


def _write_orders(
    seller: Company, accepted: Sequence[Decision], now: datetime
) -> list[RetailOrder]:
    key = settings.BONDPOOL_DIGEST_KEY.encode()
    numbers = next_numbers("RO", day_of(now).year, len(accepted))
    try:
        with transaction.atomic():
            return RetailOrder.objects.bulk_create(
                RetailOrder(
                    number=number,
                    seller=seller,
                    channel=one.order.channel,
                    channel_order_number=one.order.order_number,
                    placed_at=one.order.placed_at,
                    accepted_at=now,
                    buyer_name=one.order.buyer_name,
                    buyer_id_number=one.order.buyer_id_number,
                    buyer_id_digest=rules.digest(one.order.buyer_id_number, key),
                    buyer_telephone=one.order.buyer_telephone,
                    consignee_address=one.order.consignee_address,
                    freight_minor=one.order.freight_minor,
                )
                for number, one in zip(numbers, accepted, strict=True)
            )
    except IntegrityError as error:
        # Two callers raced with one order number but no holding in common, so that the
        # locks did not make one wait for the other. The unique key did.
        if _ONCE in str(error):
            raise rules.OrderTakenMeanwhile from error
        raise


def _fact(written: _Written, now: datetime) -> Fact:
    """Goods were picked out for the order; nothing about the buyer, nothing about the price."""
    lots = {lot.pk: lot for lot, _units in written.reserved}
    units = Counter[int]()
    for lot, part in written.reserved:
        units[lot.pk] += part
    warehouse = written.reserved[0][0].warehouse
    keys = [retail_key(written.order.number)]
    for lot in lots.values():
        keys += [gtin_key(lot.product.gtin), lot_key(lot.product.gtin, lot.number)]
    return Fact(
        event_type="ObjectEvent",
        action="OBSERVE",
        biz_step="picking",
        disposition="in_progress",
        event_time=now,
        asserted_by=warehouse.operator_id,
        evidence=Evidence.DECLARED,
        biz_location=warehouse.code,
        keys=tuple(dict.fromkeys(keys)),
        quantities=tuple(
            quantity(lots[pk].product.gtin, part, lots[pk].number) for pk, part in units.items()
        ),
        details={"place_zh": warehouse.name_zh, "place_en": warehouse.name_en},
    )
