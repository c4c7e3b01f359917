"""A shop tells of an order that was taken before what was paid, or which tax it took: kept while
the order waits, said to its seller afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef

from accounts.models import Company
from core.copying import among_keys
from warehouse.models import RetailOrder, RetailOrderState
from warehouse.rules.retail import IncomingOrder, OrderTakenMeanwhile
from warehouse.services.telling_amounts import tell_amounts_differ

FIELDS = ("paid_minor", "collected_tax_minor")


def take_amounts(
    *, seller: Company, again: Sequence[tuple[str, IncomingOrder]], now: datetime
) -> None:
    """Amounts that a shop tells of orders (by our number) that were taken before.

    An order whose list is not drawn yet takes them. Of any other, which customs may have been told
    of, the seller hears and decides. Parcels that share one payment keep none of their own. The
    caller may hold stock.

    Raises OrderTakenMeanwhile where somebody is at one of these orders.
    """
    said = {
        number: one
        for number, one in again
        if any(getattr(one, name) is not None for name in FIELDS)
    }
    if not said:
        return
    rows = RetailOrder.objects.filter(among_keys("number", sorted(said), "text"), seller=seller)
    parts = RetailOrder.objects.filter(first=OuterRef("pk"))
    whole = rows.filter(~Exists(parts), first__isnull=True).order_by("pk")
    keys = [one.pk for one in whole if _told_otherwise(one, said[one.number])]
    if not keys:
        return
    # Whoever cancels one of them waits for the stock that is held here: nobody may wait for him.
    held = list(
        RetailOrder.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(pk__in=keys)
        .order_by("pk")
    )
    if len(held) < len(keys):
        raise OrderTakenMeanwhile
    late = []
    for one in held:
        told = _told_otherwise(one, said[one.number])
        if told and one.state == RetailOrderState.ALLOCATED:
            RetailOrder.objects.filter(pk=one.pk).update(**told)
        elif told:
            late.append((one, told))
    tell_amounts_differ(seller, late, now)


def _told_otherwise(order: RetailOrder, said: IncomingOrder) -> dict[str, int]:
    """What is said now and stands otherwise, by column."""
    told = {name: getattr(said, name) for name in FIELDS}
    return {
        name: minor
        for name, minor in told.items()
        if minor is not None and minor != getattr(order, name)
    }
