"""What was missing of consumers' orders is served once it is there, or given up on its day."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet

from accounts.models import Company
from core.queue import ring
from traceability.services import record
from warehouse.days import day_of
from warehouse.models import Holding, MissingState, RetailMissing, RetailOrder, RetailOrderState
from warehouse.queries.parting import parts_of
from warehouse.queries.retail import content_of, lock_stock, shelves_of, stock_for
from warehouse.queries.shelf_life import minimums_of
from warehouse.rules import parting
from warehouse.rules.fulfilling import NotEnoughStock, Want, plan_parcel
from warehouse.rules.shelf_life import Minimums
from warehouse.services import telling
from warehouse.services.missing import give_up
from warehouse.services.order_rows import Parcel, set_aside, write_parcels

#: Orders of one seller that are looked at in one transaction.
BATCH = 500


def serve_back_orders(*, now: datetime) -> int:
    """Set goods aside for what sellers back-ordered, the oldest order first, each whole from one
    warehouse as a further parcel; what was waited for long enough is given up. An order that is not
    paid yet, or is held back, waits on.

    Call it ``platform_wide``; safe to run any number of times. Returns how many parcels it made.
    """
    _give_up_late(now)
    waiting = RetailMissing.objects.filter(state=MissingState.WAITING)
    sellers = Company.objects.filter(pk__in=waiting.values("seller_id")).order_by("pk")
    return sum(_serve(seller, now) for seller in sellers)


@transaction.atomic
def _give_up_late(now: datetime) -> None:
    late = list(
        RetailMissing.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(state=MissingState.WAITING, waits_until__lt=day_of(now))
        .select_related("order", "product")
        .order_by("pk")
    )
    give_up(RetailMissing.objects.filter(pk__in=[one.pk for one in late]), now)
    telling.tell_given_up(late, now)


def _orders(seller: Company) -> QuerySet[RetailOrder]:
    waiting = RetailMissing.objects.filter(seller=seller, state=MissingState.WAITING)
    found: QuerySet[RetailOrder] = RetailOrder.objects.filter(
        pk__in=waiting.values("order_id"), unpaid_until__isnull=True, holds=0
    ).exclude(state=RetailOrderState.CANCELLED)
    return found.order_by("pk")


def _serve(seller: Company, now: datetime) -> int:
    """All that can be served of one seller, a batch at a time. Nothing is locked to find out
    whether there is anything: the orders of the day take the same holdings."""
    served = after = 0
    minimums = minimums_of(seller)
    while True:
        keys = list(_orders(seller).filter(pk__gt=after).values_list("pk", flat=True)[:BATCH])
        if not keys:
            return served
        after = keys[-1]
        rows = _missing(keys)
        holdings = list(stock_for(seller, {one.product.sku for one in rows}))
        if _plans(rows, holdings, minimums, now):
            served += _serve_some(seller, keys, minimums, now)


def _missing(orders: Sequence[int]) -> list[RetailMissing]:
    rows = RetailMissing.objects.filter(order_id__in=orders, state=MissingState.WAITING)
    found = rows.select_related("product").annotate(channel=F("order__channel"))
    return list(found.order_by("order_id", "position"))


def _plans(
    rows: Sequence[RetailMissing],
    holdings: Sequence[Holding],
    minimums: Minimums,
    now: datetime,
) -> dict[int, parting.Part]:
    """The parcel of each order (id) of which all that is missing is there."""
    wants: dict[int, list[Want]] = defaultdict(list)
    for one in rows:
        least = minimums.of(one.channel, one.product.sku)  # type: ignore[attr-defined]
        wants[one.order_id].append(Want(one.position, one.product.sku, one.quantity, least))
    shelves, taken = shelves_of(holdings), Counter[int]()
    found: dict[int, parting.Part] = {}
    for order, wanted in wants.items():
        try:
            takes = plan_parcel(shelves, wanted, today=day_of(now), taken=taken)
        except NotEnoughStock:
            continue
        for _position, take in takes:
            taken[take.holding] += take.quantity
        found[order] = tuple(takes)
    return found


@transaction.atomic
def _serve_some(seller: Company, keys: Sequence[int], minimums: Minimums, now: datetime) -> int:
    # Orders before holdings, as where they are cancelled; who is at one of them has it.
    locked = _orders(seller).select_for_update(skip_locked=True, of=("self",))
    orders = list(locked.filter(pk__in=keys))
    rows = _missing([one.pk for one in orders])
    products = {one.product.sku: one.product_id for one in rows}
    holdings = lock_stock(seller, products.keys()).all()
    plans = _plans(rows, holdings, minimums, now)
    parcels = [_parcel(one, plans[one.pk]) for one in orders if one.pk in plans]
    if parcels:
        _write(seller, parcels, products, holdings, rows, now)
    return len(parcels)


def _parcel(order: RetailOrder, takes: parting.Part) -> Parcel:
    parts = list(parts_of(order).prefetch_related("lines__product", "missing__product"))
    # Freight, insurance and discount went with the first parcels.
    return Parcel(content_of(parts), takes, 0, parts[-1].part + 1, order.pk)


def _write(
    seller: Company,
    parcels: Sequence[Parcel],
    products: Mapping[str, int],
    holdings: Sequence[Holding],
    rows: Sequence[RetailMissing],
    now: datetime,
) -> None:
    shelves = {one.pk: one for one in holdings}
    written = write_parcels(seller, parcels, products, shelves, now)
    for parcel, made in zip(parcels, written, strict=True):
        RetailMissing.objects.filter(
            pk__in=[one.pk for one in rows if one.order_id == parcel.first]
        ).update(state=MissingState.SERVED, served_by=made.order.pk, ended_at=now)
    ring("customs.retail_lists")
    record(*(set_aside(one, now) for one in written), now=now)
    telling.tell_served_later(seller, [one.order for one in written], now)
