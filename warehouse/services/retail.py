"""Consumers' orders reserve stock of the seller's own holdings, and give it back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from django.db import transaction

from accounts.models import Company
from core.ending import at_the_end
from core.errors import DomainError
from core.prepared import together
from core.queue import ring
from traceability.services import record_last
from warehouse.days import day_of
from warehouse.models import (
    Holding,
    RetailMissing,
    RetailOrder,
    RetailOrderState,
)
from warehouse.queries.merged import into_numbers
from warehouse.queries.parting import ask_terms, terms_of
from warehouse.queries.retail import (
    TO_BE_LISTED,
    ask_known,
    ask_products,
    counted_of,
    known_orders,
    lock_stock,
    shelves_of,
)
from warehouse.queries.shelf_life import ask_minimums, minimums_of
from warehouse.rules import order_way
from warehouse.rules import retail as rules
from warehouse.rules.posting import Kind, Status
from warehouse.rules.retail import Decision, IncomingOrder, Outcome
from warehouse.services import telling
from warehouse.services.advancing import held_by, locked, move
from warehouse.services.amounts import take_amounts
from warehouse.services.missing import MissingUnits, give_up, keep_missing
from warehouse.services.order_rows import Written, parcels_of, set_aside, write_parcels
from warehouse.services.refusing import kept


@dataclass(frozen=True, slots=True)
class OrderResult:
    """What became of one incoming order: our number, or the refusal.

    ``parts`` are the numbers of all parcels it was taken in, ``missing`` what none of them has,
    ``written`` is the one that was written now with all of it, if it is one.
    """

    order: IncomingOrder
    outcome: Outcome
    number: str = ""
    refusal: DomainError | None = None
    parts: tuple[str, ...] = ()
    missing: tuple[MissingUnits, ...] = ()
    written: Written | None = None


@transaction.atomic
def accept_orders(
    *,
    seller: Company,
    orders: Sequence[IncomingOrder],
    now: datetime,
    tells_refused: bool = True,
) -> list[OrderResult]:
    """Take a batch of consumers' orders and reserve their lots, first expired first.

    From the seller's own holdings, by the seller's terms (all or nothing unless it said
    otherwise); the results stand in the order given. An order that was taken before is recognised
    by seller, channel and number; amounts that its shop tells of it later are taken as
    ``take_amounts`` says. Without ``tells_refused`` the caller tells what was refused.

    Raises TooManyOrders or OrderTakenMeanwhile; then nothing has been written. A single
    order that cannot be served is refused in its result, and writes nothing either.
    """
    return accept_within(seller=seller, orders=orders, now=now, tells_refused=tells_refused)


def accept_within(
    *,
    seller: Company,
    orders: Sequence[IncomingOrder],
    now: datetime,
    tells_refused: bool = True,
) -> list[OrderResult]:
    """The same as :func:`accept_orders` for a caller whose transaction ends with what this raises,
    and keeps nothing then: no savepoint is set and given up for it."""
    if len(orders) > rules.MOST_ORDERS:
        raise rules.TooManyOrders(orders=len(orders), limit=rules.MOST_ORDERS)
    with together():
        return _accepted(seller, [rules.tidy(order) for order in orders], now, tells_refused)


def _accepted(
    seller: Company, tidied: Sequence[IncomingOrder], now: datetime, tells_refused: bool
) -> list[OrderResult]:
    skus = {line.sku for order in tidied for line in order.lines}
    # The locks come before the look-up of what was taken before: of two callers with the
    # same orders, the second waits here and then sees the first one's.
    asked = ask_products(skus), lock_stock(seller, skus)
    before = ask_known(seller, tidied)
    stands, least = ask_terms(seller), ask_minimums(seller)
    products, holdings = dict(asked[0].rows()), asked[1].all()
    known, numbers = known_orders(seller, tidied, asked=before)
    terms = terms_of(seller, asked=stands)
    decisions = rules.decide(
        tidied,
        known=known,
        products=products.keys(),
        shelves=shelves_of(holdings),
        today=day_of(now),
        now=now,
        terms=terms,
        minimums=minimums_of(seller, asked=least),
    )
    if standing := counted_of(holdings):
        decisions = [rules.saying_what_is_counted(one, standing) for one in decisions]
    accepted = [one for one in decisions if one.outcome is Outcome.ACCEPTED]
    shelves = {holding.pk: holding for holding in holdings}
    rows = _write_decided(seller, accepted, products, shelves, now)
    missing = keep_missing(seller, accepted, rows, products, terms, now)
    parts: dict[tuple[str, str], list[Written]] = defaultdict(list)
    for row in rows:
        parts[row.order.channel_key].append(row)
    numbers |= {key: own[0].order.number for key, own in parts.items()}
    again = [one.order for one in decisions if one.outcome is Outcome.ALREADY_TAKEN]
    take_amounts(seller=seller, again=[(numbers[one.key], one) for one in again], now=now)
    refused = [one for one in decisions if one.outcome is Outcome.REFUSED]
    told = refused if tells_refused else []
    telling.tell_taken(seller, [row.order for row in rows], told, now)
    telling.tell_missing(seller, numbers, missing, now)
    if rows:
        ring("customs.retail_lists")
        # Last: from here to the commit nobody else can record.
        at_the_end(partial(record_last, *(set_aside(row, now) for row in rows), now=now))
    return [_result(one, numbers, parts, missing) for one in decisions]


def _result(
    decided: Decision,
    numbers: Mapping[tuple[str, str], str],
    parts: Mapping[tuple[str, str], Sequence[Written]],
    missing: Mapping[tuple[str, str], Sequence[MissingUnits]],
) -> OrderResult:
    key = decided.order.key
    own, lacks = parts.get(key, ()), missing.get(key, ())
    is_whole = decided.outcome is Outcome.ACCEPTED and len(own) == 1 and not lacks
    return OrderResult(
        decided.order,
        decided.outcome,
        "" if decided.refusal else numbers[key],
        decided.refusal,
        tuple(one.order.number for one in own),
        tuple(lacks),
        own[0] if is_whole else None,
    )


def _write_decided(
    seller: Company,
    accepted: Sequence[Decision],
    products: Mapping[str, int],
    shelves: Mapping[int, Holding],
    now: datetime,
) -> list[Written]:
    """First parcels together, then those that follow them, which name theirs."""
    parcels = [parcels_of(one) for one in accepted]
    firsts = write_parcels(seller, [one[0] for one in parcels], products, shelves, now)
    ids = {row.order.channel_key: row.order.pk for row in firsts}
    later = [replace(one, first=ids[one.order.key]) for several in parcels for one in several[1:]]
    return firsts + write_parcels(seller, later, products, shelves, now) if later else firsts


@transaction.atomic
def cancel_order(*, order: RetailOrder, now: datetime) -> RetailOrder:
    """Take an order back before its retail list is drawn; the stock returns to its lots.

    One with a list is cancelled by customs, which voids it (``customs.services.cancel_order``).
    Raises OrderCancelled, OrderMerged, OrderHandedOver or RetailListDrawn; then nothing has been
    written.
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
    held = locked(order.pk for order in orders)
    into = into_numbers(held)
    for order in held:
        order_way.check_cancellable(
            order.state, is_voided=order.pk in voided, into=into.get(order.pk, "")
        )
    back = Status.AVAILABLE
    move(held, held_by(held), back, key="return", kind=Kind.RETURNED, now=now)
    give_up(RetailMissing.objects.filter(order__in=held), now)
    for order in held:
        _note_cancelled(order, (refusals or {}).get(order.pk))
    return held


def _note_cancelled(order: RetailOrder, refusal: DomainError | None) -> None:
    order.state = RetailOrderState.CANCELLED
    if refusal is not None:
        order.refusal = kept(refusal)
    order.save(update_fields=["state", "refusal"])


@transaction.atomic
def mark_listed(*, orders: Iterable[int]) -> list[int]:
    """Note that customs has drawn the retail lists of these orders (ids).

    Returns the ids that were still waiting for one; an order that was cancelled, held or listed
    in the meantime is left as it is, and no list may be kept for it. Call it before writing lists.
    """
    waiting = list(
        RetailOrder.objects.select_for_update()
        .filter(TO_BE_LISTED, pk__in=list(orders))
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    RetailOrder.objects.filter(pk__in=waiting).update(state=RetailOrderState.LISTED)
    return waiting
