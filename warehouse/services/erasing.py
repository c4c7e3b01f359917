"""Buyers are forgotten: when their time is over, or when they ask and the law lets."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils.timezone import get_default_timezone

from accounts.models import User
from core.history import events_of
from warehouse.models import BuyerErasure, RetailOrder, RetailOrderState, WhyErased
from warehouse.queries.merged import all_merged_into, into_numbers
from warehouse.rules import erasing as rules

#: Orders erased in one transaction, so that no lock lasts.
STEP = 1_000

_EMPTIED = ", ".join(f"{column} = ''" for column in rules.COLUMNS)
#: An order's end is its last change; the index holds those that are not erased, the oldest first.
_SWEEP = f"""
WITH due AS (
    SELECT one.id FROM warehouse_retailorder AS one
    WHERE one.buyer_erased_at IS NULL AND one.accepted_at < %(before)s
        AND one.state = ANY (%(ended)s)
        AND NOT EXISTS (
            SELECT FROM warehouse_retailorderevent AS changed
            WHERE changed.pgh_obj_id = one.id AND changed.pgh_created_at >= %(before)s
        )
    ORDER BY one.accepted_at, one.id LIMIT %(step)s FOR UPDATE OF one SKIP LOCKED
), emptied AS (
    UPDATE warehouse_retailorder AS one SET {_EMPTIED}, buyer_erased_at = %(now)s
    FROM due WHERE one.id = due.id RETURNING one.id, one.number, one.seller_id
)
INSERT INTO warehouse_buyererasure (order_id, order_number, seller_id, why, reason, erased_at)
SELECT id, number, seller_id, 'time', '', %(now)s FROM emptied ORDER BY id
"""  # noqa: S608 - names of our own columns


def erase_old_buyers(*, now: datetime) -> int:
    """Empty what orders say of their buyers that ended longer ago than
    ``BONDPOOL_BUYER_RETENTION_DAYS``; each with its record. Safe to run any number of times. Call
    platform-wide. Returns how many orders."""
    told: dict[str, Any] = {
        "before": rules.kept_until(now, settings.BONDPOOL_BUYER_RETENTION_DAYS),
        "ended": [stage.value for stage in sorted(rules.ENDED)],
        "step": STEP,
        "now": now,
    }
    erased = 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_SWEEP, told)
            step = int(cursor.rowcount)
        erased += step
        if step < STEP:
            return erased


@transaction.atomic
def erase_buyer(*, number: str, reason: str, by: User, now: datetime) -> BuyerErasure:
    """Empty what one order says of its buyer, who asked for it, and what those say that were merged
    into it. Call platform-wide.

    Raises NoReasonGiven, NoSuchOrder, ErasedBefore, ErasedWithAnother, NotEndedYet or KeptByLaw;
    then nothing has been written.
    """
    reason = reason.strip()
    if not reason or len(reason) > rules.NoReasonGiven.longest or not reason.isprintable():
        raise rules.NoReasonGiven(field="reason")
    held = RetailOrder.objects.select_for_update().filter(number=number.strip()).first()
    if held is None:
        raise rules.NoSuchOrder(order=number.strip()[:32])
    if held.buyer_erased_at is not None:
        raise rules.ErasedBefore(order=held.number)
    if into := into_numbers([held]):
        raise rules.ErasedWithAnother(order=held.number, into=into[held.pk])
    before = RetailOrder.objects.select_for_update().filter(
        pk__in=all_merged_into(held), buyer_erased_at__isnull=True
    )
    for one in before.order_by("pk"):
        _erase(one, reason, by, now)
    return _erase(held, reason, by, now)


def _erase(held: RetailOrder, reason: str, by: User, now: datetime) -> BuyerErasure:
    changes = events_of(RetailOrder).objects.filter(pgh_obj=held.pk)
    last = changes.order_by("-pgh_id").values_list("pgh_created_at", flat=True).first()
    open_or_over = [
        *(RetailOrderState.ALLOCATED, RetailOrderState.CANCELLED, RetailOrderState.MERGED)
    ]
    rules.check_erasable(
        held.state,
        was_listed=changes.exclude(state__in=open_or_over).exists(),
        ended_at=last or held.accepted_at,
        order=held.number,
        zone=get_default_timezone(),
        now=now,
    )
    for column in rules.COLUMNS:
        setattr(held, column, "")
    held.buyer_erased_at = now
    held.save(update_fields=[*rules.COLUMNS, "buyer_erased_at"])
    return BuyerErasure.objects.create(
        order=held,
        order_number=held.number,
        seller_id=held.seller_id,
        why=WhyErased.ASKED,
        reason=reason,
        erased_at=now,
        erased_by=by,
    )
