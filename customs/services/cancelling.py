"""Orders that are taken back after their retail list was drawn: the list is voided."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from accounts.models import User
from customs.models import RetailList, RetailVoid
from customs.services.quota import void_quota
from warehouse import services as warehouse
from warehouse.models import RetailOrder
from warehouse.services import telling


@transaction.atomic
def cancel_order(*, order: RetailOrder, by: User | None, now: datetime) -> RetailOrder:
    """Take one order back; see :func:`cancel_orders`."""
    (cancelled,) = cancel_orders(orders=[order], by=by, now=now)
    return cancelled


@transaction.atomic
def cancel_orders(
    *, orders: Sequence[RetailOrder], by: User | None, now: datetime
) -> list[RetailOrder]:
    """Take orders back at any stage until a carrier has them, all or none.

    What is held for them is free again where it lies. A retail list that was drawn is voided:
    its tax is not due, and its buyer's year has as much again. ``by`` is who asked for it.

    Raises OrderCancelled, OrderMerged, OrderHandedOver or RetailListDrawn (listed, and without a
    list of ours); then nothing has been written.
    """
    keys = [order.pk for order in orders]
    # Whoever releases the lists locks the orders first as well.
    list(
        RetailOrder.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk")
    )
    lists = list(RetailList.objects.filter(order__in=keys, void__isnull=True).order_by("pk"))
    cancelled = warehouse.cancel_orders(
        orders=orders, now=now, voided={one.order_id for one in lists}
    )
    RetailVoid.objects.bulk_create(
        RetailVoid(retail_list=one, seller_id=one.seller_id, voided_at=now, voided_by=by)
        for one in lists
    )
    void_quota([one.pk for one in lists], now=now)
    telling.tell_cancelled(cancelled, now)
    return cancelled
