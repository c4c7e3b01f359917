"""Orders are held before what is to be told of them is read: by key, and who declares them after
them all. Whoever tells, tells anew, cancels or releases a parcel waits for the others there."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from core.copying import among_keys
from customs.models import RetailList, RetailParties
from warehouse.models import RetailOrder


def hold_orders(orders: Iterable[int]) -> None:
    """These orders (ids) and what their sellers told of who declares them, until the transaction
    ends."""
    # Of an order nothing is changed by which rows name it: whoever adds such a row need not wait.
    rows = RetailOrder.objects.filter(among_keys("id", sorted(set(orders)), "bigint"))
    sellers = set(
        rows.order_by("pk").select_for_update(no_key=True).values_list("seller_id", flat=True)
    )
    # Another agent has to agree first: none is chosen while its parcels are told.
    parties = RetailParties.objects.filter(seller__in=sellers).order_by("pk")
    list(parties.select_for_update(no_key=True).values_list("pk"))


def held_lists(due: QuerySet[RetailList], *, most: int) -> tuple[list[RetailList], int]:
    """The first of the lists that are due, their orders held, and the last id that was looked at,
    0 at the end. What somebody else told of one meanwhile counts: it is looked at once more."""
    found = list(due.values_list("pk", "order_id")[:most])
    if not found:
        return [], 0
    hold_orders(order for _pk, order in found)
    return list(due.filter(among_keys("pk", [pk for pk, _order in found], "bigint"))), found[-1][0]
