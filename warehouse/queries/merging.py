"""Orders of one buyer that could go as one parcel."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils.translation import gettext_lazy as _

from accounts.models import Company
from core.filters import Code, Days
from core.listing import Listing, Search
from core.listings import of_each
from warehouse.models import (
    MissingState,
    Reservation,
    RetailMissing,
    RetailOrder,
    RetailOrderLine,
)
from warehouse.queries.retail import orders_of
from warehouse.rules.merging import LOOKED_BACK, MERGEABLE, MOST_MERGED

#: One row for each parcel that could be: the oldest of its orders stands for it.
MERGEABLE_ORDERS = Listing(
    name="mergeable-orders",
    sorts={"number": "number", "placed_at": "placed_at"},
    default="-number",
    search=Search(prefix=("number", "channel_order_number"), hint=_("Number, here or in the shop")),
    filters=(
        Code(name="channel", path="channel", label=_("Shop")),
        Days(name="placed", path="placed_at", label=_("Placed at")),
    ),
)


def mergeable(seller: Company, now: datetime) -> QuerySet[Any]:
    """A seller's orders that may be merged, each with its ``house`` (id)."""
    waits = RetailMissing.objects.filter(order=OuterRef("pk"), state=MissingState.WAITING)
    later = RetailOrder.objects.filter(first=OuterRef("pk"))
    house = Reservation.objects.filter(line__order=OuterRef("pk")).values("holding__warehouse")
    found: QuerySet[Any] = RetailOrder.objects.filter(
        Q(unpaid_until__isnull=True) | Q(unpaid_until__gt=now),
        ~Exists(later),
        ~Exists(waits),
        seller=seller,
        state__in=sorted(one.value for one in MERGEABLE),
        holds=0,
        first__isnull=True,
    ).annotate(house=Subquery(house[:1]))
    return found


def _lately(seller: Company, now: datetime) -> QuerySet[Any]:
    return mergeable(seller, now).filter(placed_at__gte=now - LOOKED_BACK)


def _same_buyers(seller: Company, now: datetime) -> QuerySet[Any]:
    """Those that go with the order outside of this query."""
    return _lately(seller, now).filter(
        channel=OuterRef("channel"),
        buyer_id_digest=OuterRef("buyer_id_digest"),
        house=OuterRef("house"),
    )


def parcels_to_be(seller: Company, now: datetime) -> QuerySet[Any]:
    """The oldest order of each buyer that placed several in one shop, served from one warehouse,
    in the last ``LOOKED_BACK``, with their ``numbers`` and ``goods_minor``, what the goods of all
    of them are worth (CNY, no freight)."""
    same = _same_buyers(seller, now)
    goods = of_each(
        RetailOrderLine.objects.all(), "order", Sum(F("quantity") * F("unit_price_minor"))
    )
    together = same.annotate(goods=goods).order_by().values("seller")
    found: QuerySet[Any] = (
        _lately(seller, now)
        .filter(
            Exists(same.filter(pk__gt=OuterRef("pk"))), ~Exists(same.filter(pk__lt=OuterRef("pk")))
        )
        .annotate(
            numbers=ArraySubquery(same.order_by("pk").values("number")),
            goods_minor=Subquery(together.annotate(sum=Sum("goods")).values("sum")),
        )
        .order_by("-pk")
    )
    return found


def go_with(order: RetailOrder, now: datetime) -> list[RetailOrder]:
    """The orders that could go as one parcel with this one, this one too, the oldest first, with
    the figures of ``queries.retail.orders_of``; no more than one act takes: beside it the oldest.
    Empty where there is no other."""
    found = list(_others(order, now).values_list("pk", flat=True)[: MOST_MERGED - 1])
    if not found:
        return []
    return list(orders_of(order.seller).filter(pk__in=[order.pk, *found]).order_by("pk"))


def has_company(order: RetailOrder, now: datetime) -> bool:
    """Whether there is another order in :func:`go_with`; no buyer is decrypted for it."""
    return _others(order, now).exists()


def _others(order: RetailOrder, now: datetime) -> QuerySet[Any]:
    """The orders that could go as one parcel with this one, the oldest first; none where this one
    may not be merged itself."""
    mine = mergeable(order.seller, now)
    house = mine.filter(pk=order.pk).values_list("house", flat=True).first()
    if house is None:
        return mine.none()
    same = mine.filter(channel=order.channel, buyer_id_digest=order.buyer_id_digest, house=house)
    return same.exclude(pk=order.pk).order_by("pk")
