"""Orders of one buyer become one: their goods are another order's from one moment to the next."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import Company, User
from core.copying import among_keys
from core.queue import ring
from traceability.services import record
from warehouse.models import (
    MissingState,
    Reservation,
    ReservationState,
    RetailMerge,
    RetailMissing,
    RetailOrder,
    RetailOrderLine,
    RetailOrderState,
)
from warehouse.queries.merged import into_numbers
from warehouse.rules import merging as rules
from warehouse.rules import retail
from warehouse.rules.fulfilling import Take
from warehouse.rules.posting import Kind, Status
from warehouse.rules.retail import IncomingLine, IncomingOrder
from warehouse.rules.waiting import check_unpaid_until
from warehouse.services import telling
from warehouse.services.advancing import held_by, posting_of
from warehouse.services.order_rows import Written, set_aside, whole, write_parcels


@dataclass(frozen=True, slots=True)
class NewOrder:
    """What the shop says of the order that takes the place of others: its own number, when it was
    placed (aware), its freight (CNY minor units) and, where it is not paid yet, until when.

    ``receiver_of`` is the number of the order whose name, telephone and address hold; empty where
    all say the same. ``collected_tax_minor`` and ``paid_minor`` are what the shop took for it; left
    out, they are the sums of what was told of the orders (``rules.merging.told_of_all``).
    """

    order_number: str
    placed_at: datetime
    freight_minor: int = 0
    unpaid_until: datetime | None = None
    receiver_of: str = ""
    collected_tax_minor: int | None = None
    paid_minor: int | None = None


def lock_to_merge(*, seller: Company, numbers: Sequence[str]) -> list[RetailOrder]:
    """These orders of a seller, locked in pk order, with their buyers. Raises OrderNotYours."""
    wanted = {number.strip().upper() for number in numbers}
    rows = RetailOrder.objects.filter(among_keys("number", sorted(wanted), "text"), seller=seller)
    found = list(rows.order_by("pk").select_for_update(of=("self",)))
    for number in sorted(wanted - {one.number for one in found}):
        raise rules.OrderNotYours(field="orders", order=number[:32])
    return found


@transaction.atomic
def merge_orders(
    *,
    held: Sequence[RetailOrder],
    told: NewOrder,
    merged_by: User,
    now: datetime,
    lists: Mapping[int, str],
) -> RetailOrder:
    """Let one new order take the place of several of one buyer, all or none.

    ``held`` are locked by :func:`lock_to_merge`; ``lists`` are the numbers of their retail lists
    (by order id), which customs voids in the same transaction: its door is
    ``customs.services.merge_orders``. The new order has all their lines and the very lots that
    were reserved for them, which nobody else could have had in between; its own retail list
    follows as of any other.

    Raises what ``rules.merging`` and ``rules.retail.faults`` raise, UnpaidInThePast,
    UnpaidTooLong, BeingCounted or OrderTakenMeanwhile; then nothing has been written.
    """
    lines = _lines(held)
    reserved = held_by(held)
    orders = _as_rules(held, lines, reserved, lists)
    rules.check_mergeable(orders, now=now)
    seller = held[0].seller
    incoming, at = _incoming(held, orders, told)
    products = {line.product.sku: line.product_id for several in lines.values() for line in several}
    for fault in retail.faults(incoming, products=products, now=now):
        raise fault
    check_unpaid_until(incoming.unpaid_until, now)
    _check_number(seller, incoming)
    (written,) = write_parcels(
        seller,
        [whole(incoming, _takes(held, reserved, at))],
        products,
        {one.holding_id: one.holding for several in reserved.values() for one in several},
        now,
        frees=[
            posting_of(
                one, reserved[one.pk], Status.AVAILABLE, key="merge", kind=Kind.RETURNED, now=now
            )
            for one in held
        ],
    )
    _close(held, written, merged_by, now)
    ring("customs.retail_lists")
    record(set_aside(written, now), now=now)
    telling.tell_merged(held, written.order, now)
    made: RetailOrder = RetailOrder.objects.get(pk=written.order.pk)
    return made


def _lines(held: Sequence[RetailOrder]) -> Mapping[int, Sequence[RetailOrderLine]]:
    found: dict[int, list[RetailOrderLine]] = defaultdict(list)
    rows = RetailOrderLine.objects.filter(among_keys("order_id", [one.pk for one in held]))
    for line in rows.select_related("product").order_by("order_id", "position"):
        found[line.order_id].append(line)
    return found


def _as_rules(
    held: Sequence[RetailOrder],
    lines: Mapping[int, Sequence[RetailOrderLine]],
    reserved: Mapping[int, Sequence[Reservation]],
    lists: Mapping[int, str],
) -> list[rules.Merging]:
    keys = [one.pk for one in held]
    parted = set(RetailOrder.objects.filter(first__in=keys).values_list("first_id", flat=True))
    waiting = RetailMissing.objects.filter(order__in=keys, state=MissingState.WAITING)
    parted |= set(waiting.values_list("order_id", flat=True))
    into = into_numbers(held)
    return [
        rules.Merging(
            number=one.number,
            state=one.state,
            channel=one.channel,
            buyer=one.buyer_id_digest,
            house=reserved[one.pk][0].holding.lot.warehouse_id if one.pk in reserved else 0,
            receiver=(
                *(one.buyer_name, one.buyer_telephone, one.consignee_address),
                *(one.consignee_name, one.consignee_telephone),
            ),
            lines={
                line.position: IncomingLine(line.product.sku, line.quantity, line.unit_price_minor)
                for line in lines[one.pk]
            },
            holds=one.holds,
            is_parted=one.first_id is not None or one.pk in parted,
            unpaid_until=one.unpaid_until,
            into=into.get(one.pk, ""),
            listed=lists.get(one.pk, ""),
        )
        for one in held
    ]


def _incoming(
    held: Sequence[RetailOrder], orders: Sequence[rules.Merging], told: NewOrder
) -> tuple[IncomingOrder, Mapping[tuple[str, int], int]]:
    goes_to = held[rules.receiver_among(orders, told.receiver_of.strip().upper())]
    lines, at = rules.joined(orders)
    order = IncomingOrder(
        channel=goes_to.channel,
        order_number=told.order_number,
        placed_at=told.placed_at,
        buyer_name=goes_to.buyer_name,
        buyer_id_number=goes_to.buyer_id_number,
        buyer_telephone=goes_to.buyer_telephone,
        consignee_address=goes_to.consignee_address,
        consignee_name=goes_to.consignee_name,
        consignee_telephone=goes_to.consignee_telephone,
        freight_minor=told.freight_minor,
        insurance_minor=sum(one.insurance_minor for one in held),
        discount_minor=sum(one.discount_minor for one in held),
        collected_tax_minor=_told(
            told.collected_tax_minor, [it.collected_tax_minor for it in held]
        ),
        paid_minor=_told(
            told.paid_minor,
            [it.paid_minor for it in held],
            more=told.freight_minor - sum(it.freight_minor for it in held),
        ),
        lines=lines,
        unpaid_until=told.unpaid_until,
    )
    return retail.tidy(order), at


def _told(told: int | None, of_each: Sequence[int | None], *, more: int = 0) -> int | None:
    return rules.told_of_all(of_each, more=more) if told is None else told


def _check_number(seller: Company, incoming: IncomingOrder) -> None:
    """The payment names this number, so it is no other order's. Raises ShopNumberKnown."""
    known = RetailOrder.objects.filter(
        seller=seller, channel=incoming.channel, channel_order_number=incoming.order_number
    ).exclude(state=RetailOrderState.CANCELLED)
    number = known.values_list("number", flat=True).first()
    if number is not None:
        raise rules.ShopNumberKnown(field="order_number", order=number)


def _takes(
    held: Sequence[RetailOrder],
    reserved: Mapping[int, Sequence[Reservation]],
    at: Mapping[tuple[str, int], int],
) -> tuple[tuple[int, Take], ...]:
    units = Counter[tuple[int, int]]()
    lots: dict[int, int] = {}
    for order in held:
        for one in reserved[order.pk]:
            units[at[order.number, one.line.position], one.holding_id] += one.quantity
            lots[one.holding_id] = one.holding.lot_id
    return tuple(
        (position, Take(holding, lots[holding], number))
        for (position, holding), number in sorted(units.items())
    )


def _close(held: Sequence[RetailOrder], written: Written, by: User, now: datetime) -> None:
    keys = [one.pk for one in held]
    Reservation.objects.filter(line__order__in=keys, state=ReservationState.HELD).update(
        state=ReservationState.RETURNED
    )
    RetailOrder.objects.filter(pk__in=keys).update(state=RetailOrderState.MERGED)
    RetailMerge.objects.bulk_create(
        RetailMerge(
            order=one,
            into_id=written.order.pk,
            seller_id=one.seller_id,
            merged_at=now,
            merged_by=by,
        )
        for one in held
    )
