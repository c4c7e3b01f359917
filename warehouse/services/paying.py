"""Orders that came unpaid: paid in time they go on, otherwise their stock goes back."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction

from core.queue import ring
from warehouse.models import (
    Reservation,
    ReservationState,
    RetailMerge,
    RetailOrder,
    RetailOrderState,
)
from warehouse.queries.merged import into_numbers
from warehouse.queries.parting import parts_of
from warehouse.rules import waiting as rules
from warehouse.rules.retail import HIGHEST_PRICE_MINOR, OrderTakenMeanwhile, PriceOutOfRange
from warehouse.services import telling
from warehouse.services.retail import cancel_orders

BATCH = 500


@transaction.atomic
def confirm_payment(*, order: RetailOrder, now: datetime) -> RetailOrder:
    """Note that an order that came unpaid is paid: its stock stands, its retail list follows. The
    other parcels of the same shop order are paid with it.

    Raises OrderMerged, NotWaitingForPayment, AlreadyPaid or NotPaidInTime; then nothing has been
    written.
    """
    parts = list(parts_of(order).select_for_update().order_by("pk"))
    held = next(one for one in parts if one.pk == order.pk)
    into = into_numbers([held]).get(held.pk, "")
    rules.check_payable(held.state, held.unpaid_until, now, into=into)
    unpaid = [one for one in parts if one.state == RetailOrderState.ALLOCATED and one.unpaid_until]
    for one in unpaid:
        one.unpaid_until, one.paid_at = None, now
        one.save(update_fields=["unpaid_until", "paid_at"])
    Reservation.objects.filter(line__order__in=unpaid, state=ReservationState.HELD).update(
        expires_at=None
    )
    ring("customs.retail_lists")
    return held


def tell_paid(paid: Mapping[int, int], *, collected_tax: Mapping[int, int] | None = None) -> None:
    """What was paid in all, and the tax the shop took of it (CNY fen), for orders (ids, locked), as
    whoever was paid says.

    Raises PriceOutOfRange; then nothing has been written.
    """
    told = {"paid": paid, "collected_tax": collected_tax or {}}
    for name, amounts in told.items():
        if not all(0 <= minor <= HIGHEST_PRICE_MINOR for minor in amounts.values()):
            raise PriceOutOfRange(field=name)
    for name, amounts in told.items():
        column = f"{name}_minor"
        RetailOrder.objects.bulk_update(
            [RetailOrder(pk=pk, **{column: minor}) for pk, minor in sorted(amounts.items())],
            [column],
            batch_size=2_000,
        )


def lock_unpaid_merges(numbers: Collection[str]) -> dict[str, RetailOrder]:
    """Of these orders, by number, those that took the place of others and were told as unpaid;
    locked. Raises OrderTakenMeanwhile where somebody else is at one of them."""
    found = RetailOrder.objects.filter(
        pk__in=RetailMerge.objects.filter(into__number__in=numbers).values("into"),
        state=RetailOrderState.ALLOCATED,
        unpaid_until__isnull=False,
    )
    keys = set(found.values_list("pk", flat=True)) if numbers else set()
    if not keys:
        return {}
    # The caller holds stock already, and whoever cancels one of them waits for that: nobody may
    # wait for him in turn.
    free = RetailOrder.objects.select_for_update(skip_locked=True, of=("self",))
    held = {one.number: one for one in free.filter(pk__in=keys).order_by("pk")}
    if len(held) < len(keys):
        raise OrderTakenMeanwhile
    return held


def expire_unpaid(*, now: datetime) -> int:
    """Cancel what was not paid in time and give its stock back; safe to run any number of times.

    Call it ``platform_wide``. Returns how many orders ran out.
    """
    total = 0
    while found := _expire_some(now):
        total += found
    return total


@transaction.atomic
def _expire_some(now: datetime) -> int:
    # Who is just paying or cancelling one of them has it; the next run sees what became of it.
    late = list(
        RetailOrder.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(state=RetailOrderState.ALLOCATED, unpaid_until__lte=now)
        .order_by("pk")[:BATCH]
    )
    if not late:
        return 0
    cancelled = cancel_orders(
        orders=late,
        now=now,
        refusals={one.pk: rules.NotPaidInTime(unpaid_until=one.unpaid_until) for one in late},
    )
    telling.tell_expired(cancelled, now)
    return len(cancelled)
