"""Into which order another one was merged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from warehouse.models import RetailMerge, RetailOrder, RetailOrderState


class Into(NamedTuple):
    """The order that took the place of another."""

    pk: int
    number: str
    state: str


def leads_to(orders: Iterable[RetailOrder]) -> dict[int, Into]:
    """By merged order (id), the one that holds its goods now: that may have been merged as well.
    Others are left out."""
    found: dict[int, Into] = {}
    waiting = {one.pk: one.pk for one in orders if one.state == RetailOrderState.MERGED}
    while waiting:
        steps = _steps(waiting.values())
        found |= {start: steps[at] for start, at in waiting.items()}
        waiting = {
            start: steps[at].pk
            for start, at in waiting.items()
            if steps[at].state == RetailOrderState.MERGED
        }
    return found


def _steps(orders: Iterable[int]) -> Mapping[int, Into]:
    rows = RetailMerge.objects.filter(order__in=set(orders))
    told = rows.values_list("order_id", "into_id", "into__number", "into__state")
    return {order: Into(pk, number, state) for order, pk, number, state in told}


def into_numbers(orders: Iterable[RetailOrder]) -> dict[int, str]:
    """By merged order (id), the number of the one that holds its goods now; others are left out."""
    return {order: into.number for order, into in leads_to(orders).items()}


def merged_numbers(numbers: Iterable[str]) -> dict[str, str]:
    """Of these orders (numbers), those that were merged, with the number that holds their goods."""
    rows = RetailOrder.objects.filter(number__in=set(numbers), state=RetailOrderState.MERGED)
    orders = list(rows.only("number", "state"))
    into = into_numbers(orders)
    return {one.number: into[one.pk] for one in orders}


def merged_from(order: RetailOrder) -> list[str]:
    """The numbers of the orders that were merged into this one, the oldest first."""
    rows = RetailMerge.objects.filter(into=order).order_by("order_id")
    return list(rows.values_list("order__number", flat=True))


def all_merged_into(order: RetailOrder) -> set[int]:
    """The orders (ids) whose goods this one holds, those that had been merged before as well."""
    found: set[int] = set()
    at = {order.pk}
    while at:
        rows = RetailMerge.objects.filter(into__in=at)
        at = set(rows.values_list("order_id", flat=True))
        found |= at
    return found
