"""Consumers' orders take stock out of the seller's own holdings, and give it back."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, connection, transaction

from accounts.models import Company
from catalog.models import Product
from core.errors import DomainError
from core.numbers import next_numbers
from core.queue import ring
from traceability.models import Evidence
from traceability.rules import Fact, gtin_key, lot_key, quantity, retail_key
from traceability.services import record
from warehouse.days import day_of
from warehouse.models import (
    Holding,
    Lot,
    MovementKind,
    Pick,
    RetailOrder,
    RetailOrderLine,
    RetailOrderState,
    StockMovement,
)
from warehouse.queries.retail import known_orders, shelves_of, stock_for
from warehouse.rules import retail as rules
from warehouse.rules.picking import NotEnoughStock
from warehouse.rules.retail import Decision, IncomingOrder, Outcome
from warehouse.services import telling

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
    """Take a batch of consumers' orders and pick their lots, first expired first.

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
    shelves = {holding.lot_id: holding for holding in holdings}
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

    Raises OrderCancelled or RetailListDrawn; then nothing has been written.
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
) -> list[RetailOrder]:
    """Take several orders back, all or none; see :func:`cancel_order`. ``refusals`` says of an
    order (id) why it may not leave.

    Every holding is locked before the first is changed, by pk as in :func:`accept_orders`:
    locked order by order, the two could wait for each other.
    """
    wanted = [order.pk for order in orders]
    held = list(RetailOrder.objects.select_for_update().filter(pk__in=wanted).order_by("pk"))
    for order in held:
        rules.check_cancellable(order.state)
    lots = Pick.objects.filter(line__order__in=held).values("lot")
    sellers = {order.seller_id for order in held}
    shelves = Holding.objects.filter(owner__in=sellers, lot__in=lots).order_by("pk")
    list(shelves.select_for_update(of=("self",)).values_list("pk"))
    for order in held:
        _take_back(order, now, (refusals or {}).get(order.pk))
    return held


def _take_back(order: RetailOrder, now: datetime, refusal: DomainError | None = None) -> None:
    picks = list(
        Pick.objects.filter(line__order=order).select_related("movement").order_by("lot_id")
    )
    back = Counter[int]()
    for pick in picks:
        back[pick.lot_id] += pick.quantity
    held = Holding.objects.filter(owner_id=order.seller_id, lot__in=back)
    moves = {holding.pk: back[holding.lot_id] for holding in held}
    _shift(moves)
    StockMovement.objects.bulk_create(
        StockMovement(
            lot_id=pick.lot_id,
            owner_id=order.seller_id,
            keeper_id=pick.movement.keeper_id,
            kind=MovementKind.RETURNED,
            quantity=pick.quantity,
            document=order.number,
            moved_at=now,
            booked_at=now,
            key=f"return:{pick.movement.key}",
        )
        for pick in picks
    )
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
    """An order as it was written, with what was picked for it."""

    order: RetailOrder
    picks: list[tuple[Lot, int]]

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
    """Orders, lines, movements and picks, each table in one go."""
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
        (row, line_at[row.pk, position], take)
        for row, one in zip(rows, accepted, strict=True)
        for position, take in one.takes
    ]
    wanted = Counter[int]()
    for _row, _line, take in planned:
        wanted[take.holding] -= take.quantity
    _shift(wanted)
    movements = StockMovement.objects.bulk_create(
        StockMovement(
            lot=shelves[take.lot].lot,
            owner=seller,
            keeper_id=shelves[take.lot].keeper_id,
            kind=MovementKind.PICKED,
            quantity=-take.quantity,
            document=row.number,
            moved_at=now,
            booked_at=now,
            key=f"pick:{row.number}:{line.position}:{take.lot}",
        )
        for row, line, take in planned
    )
    Pick.objects.bulk_create(
        Pick(
            line=line,
            seller=seller,
            lot=shelves[take.lot].lot,
            quantity=take.quantity,
            movement=movement,
        )
        for (_row, line, take), movement in zip(planned, movements, strict=True)
    )
    picks: dict[int, list[tuple[Lot, int]]] = defaultdict(list)
    for row, _line, take in planned:
        picks[row.pk].append((shelves[take.lot].lot, take.quantity))
    return [_Written(row, picks[row.pk]) for row in rows]


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


def _shift(changes: Mapping[int, int]) -> None:
    """Add signed units to holdings, by id, in one statement; none may go below zero.

    The locks make the condition hold. It stands here all the same, and the CHECK behind it:
    a caller that forgot the locks must be refused, not believed.
    """
    if not changes:
        return
    table = connection.ops.quote_name(Holding._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} AS held SET on_hand = held.on_hand + change.units "  # noqa: S608 - our own table name
            "FROM unnest(%s::bigint[], %s::integer[]) AS change (id, units) "
            "WHERE held.id = change.id AND held.on_hand + change.units >= 0",
            [list(changes.keys()), list(changes.values())],
        )
        if cursor.rowcount != len(changes):
            raise NotEnoughStock(holdings=len(changes), changed=cursor.rowcount)


def _fact(written: _Written, now: datetime) -> Fact:
    """The order was picked; nothing about the buyer, nothing about the price."""
    lots = {lot.pk: lot for lot, _units in written.picks}
    units = Counter[int]()
    for lot, picked in written.picks:
        units[lot.pk] += picked
    warehouse = written.picks[0][0].warehouse
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
            quantity(lots[pk].product.gtin, picked, lots[pk].number) for pk, picked in units.items()
        ),
        details={"place_zh": warehouse.name_zh, "place_en": warehouse.name_en},
    )
