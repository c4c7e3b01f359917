"""The authority lets parcels go: their retail lists are released, and their goods with them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import User
from core.copying import among_keys
from customs.models import RetailList, RetailRelease
from customs.rules import releasing as rules
from customs.services.quota import settle_quota
from warehouse.models import RetailOrder
from warehouse.services import release_orders


@dataclass(frozen=True, slots=True)
class Released:
    """What the authority says of one list: the reference on its receipt, and its moment."""

    reference: str
    at: datetime


@transaction.atomic
def release_lists(
    *,
    numbers: Collection[str],
    released_at: datetime,
    recorded_by: User,
    now: datetime,
    reference: str = "",
) -> list[RetailRelease]:
    """Record the authority's release of retail lists; their goods may be picked from now on.

    ``reference`` is what stands on its receipt, ``released_at`` its moment. All or none, and once:
    what was recorded before is left as it is. Gives back what is new. Call it platform-wide.

    Raises ReferenceWrong, ReleaseInTheFuture, TooManyLists, RetailListUnknown, RetailListVoided,
    RetailListReleased (under another reference) or ReleaseBeforeList; then nothing has been
    written.
    """
    told = rules.check_told(reference, released_at, now=now)
    found, stands = _held(numbers)
    fresh = rules.to_release(numbers, stands, reference=told, released_at=released_at)
    said = dict.fromkeys(fresh, Released(told, released_at))
    return _write([found[number] for number in fresh], said, recorded_by, now)


@transaction.atomic
def record_releases(*, told: Mapping[str, Released], now: datetime) -> list[RetailRelease]:
    """The same as the authority's own receipts say it, each list (number) with its own moment.

    A list whose release is recorded already stays as it is, whatever reference it has. Raises
    RetailListUnknown, RetailListVoided, ReleaseBeforeList or ReleaseInTheFuture; then nothing has
    been written.
    """
    found, stands = _held(told)
    fresh: list[str] = []
    for number in sorted(told):
        if number in stands and stands[number].released is not None:
            continue
        one = told[number]
        said = rules.check_told(one.reference, one.at, now=now)
        fresh += rules.to_release([number], stands, reference=said, released_at=one.at)
    return _write([found[number] for number in fresh], told, None, now)


def _held(
    numbers: Collection[str],
) -> tuple[dict[str, RetailList], dict[str, rules.ListStands]]:
    """The lists as they stand, their orders locked."""
    lists = RetailList.objects.filter(among_keys("number", sorted(set(numbers)), "text"))
    # The orders first: whoever cancels one voids its list under the same lock.
    orders = RetailOrder.objects.filter(retail_list__in=lists.values("pk")).order_by("pk")
    list(orders.select_for_update(of=("self",)).values_list("pk"))
    found = {one.number: one for one in lists.select_related("release", "void")}
    stands = {
        number: rules.ListStands(
            number=number,
            drawn_at=one.drawn_at,
            released=one.release.reference if hasattr(one, "release") else None,
            is_voided=hasattr(one, "void"),
        )
        for number, one in found.items()
    }
    return found, stands


def _write(
    rows: Sequence[RetailList],
    told: Mapping[str, Released],
    recorded_by: User | None,
    now: datetime,
) -> list[RetailRelease]:
    made = RetailRelease.objects.bulk_create(
        RetailRelease(
            retail_list=one,
            seller_id=one.seller_id,
            reference=told[one.number].reference,
            released_at=told[one.number].at,
            recorded_at=now,
            recorded_by=recorded_by,
        )
        for one in rows
    )
    if made:
        settle_quota([one.pk for one in rows], now=now)
        listed = {one.order_id: one.number for one in rows}
        gone = {
            order.pk: order for order in release_orders(orders=listed.keys(), lists=listed, now=now)
        }
        for one in rows:
            # Whoever tells of them names their orders.
            one.order = gone[one.order_id]
    return made
