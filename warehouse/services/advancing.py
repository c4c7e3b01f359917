"""Orders go from one stage of their way to the next, and their goods with them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from core.copying import among_keys
from traceability.models import Evidence
from traceability.rules import Fact, gtin_key, lot_key, quantity, retail_key
from warehouse.models import LIES_AS, Lot, Reservation, ReservationState, RetailOrder
from warehouse.queries.retail import BUYER_FIELDS
from warehouse.rules import order_way, posting
from warehouse.rules.order_way import STATUS, Stage
from warehouse.rules.posting import Kind, Leg, Posting, Status
from warehouse.services.posting import post

_STATES = {status: state for state, status in LIES_AS.items()}

Held = Mapping[int, Sequence[Reservation]]


def locked(orders: Iterable[int]) -> list[RetailOrder]:
    """These orders (ids), locked in pk order and without their buyers."""
    found = RetailOrder.objects.filter(among_keys("pk", sorted(orders)))
    return list(found.defer(*BUYER_FIELDS).order_by("pk").select_for_update(of=("self",)))


def held_by(orders: Sequence[RetailOrder]) -> dict[int, list[Reservation]]:
    """What lies in the warehouse for each of these orders (id), with lot and product."""
    found: dict[int, list[Reservation]] = defaultdict(list)
    reserved = Reservation.objects.filter(
        among_keys("line__order_id", [order.pk for order in orders]), state__in=LIES_AS
    ).select_related("line", "holding__lot__product", "holding__lot__warehouse")
    for one in reserved.order_by("pk"):
        found[one.line.order_id].append(one)
    return dict(found)


def advance(
    orders: Sequence[RetailOrder],
    after: Stage,
    *,
    key: str,
    kind: Kind,
    now: datetime,
    by: int | None = None,
) -> dict[int, list[Reservation]]:
    """Bring locked orders to the next stage with what is held for them, in few statements.

    ``key`` begins the posting of each (``release`` for ``release:RO-2026-000017``), ``by`` is who
    did it (id). Gives back what was held for each, as it was before.

    Raises StageDoesNotFollow, naming the order; then nothing has been written.
    """
    for order in orders:
        order_way.check_follows(order.state, after, order=order.number)
    held = held_by(orders)
    if after not in STATUS:
        move(orders, held, None, key=key, kind=kind, now=now, by=by)
    else:
        moving = [one for one in orders if STATUS[Stage(one.state)] != STATUS[after]]
        move(moving, held, STATUS[after], key=key, kind=kind, now=now, by=by)
    keys = [order.pk for order in orders]
    RetailOrder.objects.filter(among_keys("pk", keys)).update(state=after.value)
    for order in orders:
        order.state = after.value
    return held


def move(
    orders: Sequence[RetailOrder],
    held: Held,
    after: Status | None,
    *,
    key: str,
    kind: Kind,
    now: datetime,
    by: int | None = None,
) -> None:
    """What is held for these orders comes into another status where it lies; ``after`` None gives
    it to the carriers. The reservations say so."""
    moving = [order for order in orders if held.get(order.pk)]
    post(
        postings=[
            posting_of(order, held[order.pk], after, key=key, kind=kind, now=now, by=by)
            for order in moving
        ],
        now=now,
    )
    if after is None:
        state = ReservationState.SHIPPED
    else:
        state = _STATES.get(after, ReservationState.RETURNED)
    keys = [one.pk for order in moving for one in held[order.pk]]
    Reservation.objects.filter(among_keys("pk", keys)).update(state=state)


def posting_of(
    order: RetailOrder,
    reserved: Sequence[Reservation],
    after: Status | None,
    *,
    key: str,
    kind: Kind,
    now: datetime,
    by: int | None = None,
) -> Posting:
    """What brings all that is reserved for an order into another status; see :func:`move`."""
    return Posting(
        key=f"{key}:{order.number}",
        kind=kind,
        document=order.number,
        owner=order.seller_id,
        keeper=reserved[0].holding.keeper_id,
        moved_at=now,
        legs=[leg for one in reserved for leg in _legs(one, after)],
        by=by,
    )


def _legs(one: Reservation, after: Status | None) -> tuple[Leg, ...]:
    lies = one.holding
    if after is None:
        return posting.shipped(lies.lot_id, lies.location_id, one.quantity)
    before = LIES_AS[ReservationState(one.state)]
    return posting.changed(lies.lot_id, lies.location_id, one.quantity, before=before, after=after)


def fact_of(
    order: str,
    parts: Iterable[tuple[Lot, int]],
    *,
    biz_step: str,
    disposition: str,
    now: datetime,
    evidence: Evidence = Evidence.DECLARED,
    asserted_by: int | None = None,
    documents: tuple[tuple[str, str], ...] = (),
) -> Fact:
    """What happened to the goods of an order (its number), told by the warehouse or another (id).

    ``parts`` are units of lots; nothing about the buyer, nothing about the price.
    """
    lots: dict[int, Lot] = {}
    units = Counter[int]()
    for lot, part in parts:
        lots[lot.pk] = lot
        units[lot.pk] += part
    warehouse = next(iter(lots.values())).warehouse
    keys = [retail_key(order)]
    for lot in lots.values():
        keys += [gtin_key(lot.product.gtin), lot_key(lot.product.gtin, lot.number)]
    return Fact(
        event_type="ObjectEvent",
        action="OBSERVE",
        biz_step=biz_step,
        disposition=disposition,
        event_time=now,
        asserted_by=warehouse.operator_id if asserted_by is None else asserted_by,
        evidence=evidence,
        biz_location=warehouse.code,
        keys=tuple(dict.fromkeys(keys)),
        quantities=tuple(
            quantity(lots[pk].product.gtin, part, lots[pk].number) for pk, part in units.items()
        ),
        documents=documents,
        details={"place_zh": warehouse.name_zh, "place_en": warehouse.name_en},
    )


def parts_of(held: Sequence[Reservation]) -> list[tuple[Lot, int]]:
    """Units of lots, for :func:`fact_of`."""
    return [(one.holding.lot, one.quantity) for one in held]
