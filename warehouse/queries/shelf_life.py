"""What nears its expiry or the end of its time in bond, and what of it will not be sold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.timezone import get_default_timezone

from accounts.models import Company, CompanyKind
from core.prepared import Asked, ask
from warehouse.days import day_of
from warehouse.models import (
    BondedWarehouse,
    BondLimit,
    Holding,
    Reservation,
    ReservationState,
    ShelfMinimum,
)
from warehouse.queries.stock import UNPROMISED
from warehouse.rules import shelf_life as rules
from warehouse.rules.posting import PROMISED
from warehouse.rules.shelf_life import Minimums, Window


@dataclass(frozen=True, slots=True)
class Nearing:
    """Of one seller: lots, units that are promised to nobody, and the first day of all."""

    lots: int
    units: int
    first_on: date


def _of_sellers() -> QuerySet[Holding]:
    found: QuerySet[Holding] = Holding.objects.filter(
        UNPROMISED, owner__kinds__contains=[CompanyKind.SELLER]
    )
    return found


def expiring(window: Window, *, since: datetime | None) -> Mapping[int, Nearing]:
    """By seller (id), what reached a threshold before its expiry; ``since``: the last look."""
    news = Q(expires_on__gt=window.after, expires_on__lte=window.until)
    if since is not None:
        news |= Q(expires_on__gt=window.nearer, expires_on__lte=window.until, received_at__gt=since)
    rows = (
        _of_sellers()
        .filter(news)
        .order_by()
        .values_list("owner_id")
        .annotate(lots=Count("lot", distinct=True), units=Sum("on_hand"), first=Min("expires_on"))
    )
    return {owner: Nearing(lots, units, first) for owner, lots, units, first in rows}


def ask_minimums(seller: Company) -> Asked:
    """What a seller's sales must leave now, for :func:`minimums_of`."""
    return ask(
        "SELECT DISTINCT ON (told.channel, told.product_id) "
        "told.channel, product.sku, told.days FROM warehouse_shelfminimum AS told "
        "LEFT JOIN catalog_product AS product ON product.id = told.product_id "
        "WHERE told.seller_id = %s ORDER BY told.channel, told.product_id, told.id DESC",
        [seller.pk],
    )


def minimums_of(seller: Company, *, asked: Asked | None = None) -> Minimums:
    """How much of their life a sale of the seller's goods must leave now; ``asked`` is the answer
    of :func:`ask_minimums`."""
    told: dict[tuple[str, str | None], int] = {
        (channel, sku): days
        for channel, sku, days in (asked or ask_minimums(seller)).rows()
        if days is not None
    }
    return Minimums(
        told.pop(("", None), 0),
        {sku: days for (channel, sku), days in told.items() if not channel and sku},
        {channel: days for (channel, _sku), days in told.items() if channel},
    )


def least_days() -> Coalesce:
    """Of a holding: the days of its life a sale must leave in shops that have no minimum of their
    own; 1 where none is set, since nobody may sell what expires today."""
    latest = ShelfMinimum.objects.filter(seller=OuterRef("owner_id"), channel="").order_by("-pk")
    own = latest.filter(product=OuterRef("product_id")).values("days")[:1]
    of_all = latest.filter(product__isnull=True).values("days")[:1]
    return Coalesce(Subquery(own), Subquery(of_all), 1)


def with_least_days(found: QuerySet[Holding]) -> QuerySet[Holding]:
    """Holdings with :func:`least_days`."""
    told: QuerySet[Holding] = found.annotate(least_days=least_days())
    return told


def minimums_set(seller: Company) -> QuerySet[ShelfMinimum]:
    """The rows that count now, by shop and product."""
    latest = (
        ShelfMinimum.objects.filter(seller=seller)
        .order_by("channel", "product_id", "-pk")
        .distinct("channel", "product_id")
    )
    found: QuerySet[ShelfMinimum] = (
        ShelfMinimum.objects.filter(pk__in=latest.values("pk"), days__isnull=False)
        .select_related("product", "set_by")
        .order_by("channel", "product__sku")
    )
    return found


def bond_limits(house: BondedWarehouse) -> QuerySet[BondLimit]:
    """All limits a warehouse ever had, the newest first."""
    found: QuerySet[BondLimit] = BondLimit.objects.filter(warehouse=house).order_by("-pk")
    return found


def bond_limit_of(house: BondedWarehouse) -> int:
    """Days that goods may lie in bond there."""
    row = bond_limits(house).first()
    return row.days if row else rules.BOND_LIMIT_DAYS


def _houses_by_limit(since: datetime | None) -> list[tuple[int, Q, bool]]:
    """Of each limit its days, the holdings it counts for, and whether it was set since then."""
    latest = list(BondLimit.objects.order_by("warehouse_id", "-pk").distinct("warehouse_id"))
    houses: dict[tuple[int, bool], list[int]] = defaultdict(list)
    for one in latest:
        is_new = since is not None and one.set_at > since
        houses[one.days, is_new].append(one.warehouse_id)
    rest = ~Q(warehouse__in=[one.warehouse_id for one in latest])
    return [
        (rules.BOND_LIMIT_DAYS, rest, False),
        *((days, Q(warehouse__in=own), is_new) for (days, is_new), own in houses.items()),
    ]


def near_limit(window: Window, anew: Window, *, since: datetime | None) -> Mapping[int, Nearing]:
    """By seller (id), what reached a threshold before the end of its time in bond, as its
    warehouse has set it; ``anew``: the window where that was set since the last look."""
    found: dict[int, Nearing] = {}
    for days, where, is_new in _houses_by_limit(since):
        limit = timedelta(days=days)
        shown = anew if is_new else window
        rows = (
            _of_sellers()
            .filter(
                where,
                received_at__gte=_came(shown.after, limit),
                received_at__lt=_came(shown.until, limit),
            )
            .order_by()
            .values_list("owner_id")
            .annotate(
                lots=Count("lot", distinct=True), units=Sum("on_hand"), first=Min("received_at")
            )
        )
        for owner, lots, units, first in rows:
            here = Nearing(lots, units, day_of(first) + limit)
            before = found.get(owner, Nearing(0, 0, here.first_on))
            found[owner] = Nearing(
                before.lots + lots, before.units + units, min(before.first_on, here.first_on)
            )
    return found


def _came(day: date, limit: timedelta) -> datetime:
    """The end of the day of receipt whose limit is a day."""
    if day - date.min <= limit:
        day = date(1970, 1, 1) + limit
    return datetime.combine(day - limit + timedelta(days=1), time.min, get_default_timezone())


# The minimum of a shop counts for all it sells; in what is told without a shop, a product's own
# comes before that of all others.
_LAST_SALES = """
WITH latest AS (
    SELECT DISTINCT ON (seller_id, channel, product_id) seller_id, channel, product_id, days, set_at
    FROM warehouse_shelfminimum ORDER BY seller_id, channel, product_id, id DESC
), scope AS (
    SELECT DISTINCT seller_id, channel FROM latest WHERE days IS NOT NULL
)
SELECT scope.channel, held.owner_id, count(DISTINCT held.lot_id), sum(held.on_hand),
    min(held.expires_on - own.days)
FROM scope JOIN warehouse_holding AS held ON held.owner_id = scope.seller_id
    CROSS JOIN LATERAL (
        SELECT days, set_at FROM latest
        WHERE latest.seller_id = scope.seller_id AND latest.channel = scope.channel
            AND latest.days IS NOT NULL
            AND (latest.product_id = held.product_id OR latest.product_id IS NULL)
        ORDER BY latest.product_id NULLS LAST LIMIT 1
    ) AS own
WHERE held.on_hand > 0 AND held.status <> ALL(%(promised)s) AND (
    held.expires_on - own.days > %(after)s AND held.expires_on - own.days <= %(until)s
    OR (held.received_at > %(since)s OR own.set_at > %(since)s)
        AND held.expires_on - own.days > %(nearer)s AND held.expires_on - own.days <= %(until)s)
GROUP BY 1, 2 ORDER BY 1, 2
"""


def last_sales(window: Window, *, since: datetime | None) -> Mapping[str, Mapping[int, Nearing]]:
    """By shop (empty: all that have no minimum of their own) and seller (id), what reached a
    threshold before the last day on which it may be sold; ``since``: the last look."""
    told: dict[str, Any] = {
        "promised": sorted(PROMISED),
        "after": window.after,
        "until": window.until,
        "nearer": window.nearer,
        "since": since,
    }
    found: dict[str, dict[int, Nearing]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(_LAST_SALES, told)
        for channel, owner, lots, units, first_on in cursor.fetchall():
            found[channel][owner] = Nearing(lots, int(units), first_on)
    return found


def wasted_by_owner(*, today: date, now: datetime) -> Mapping[int, int]:
    """By seller (id), the units that will not be sold before they expire at the pace of late."""
    since = now - timedelta(days=rules.PACE_DAYS)
    sold = {
        (owner, product): int(units)
        for owner, product, units in Reservation.objects.filter(line__order__accepted_at__gte=since)
        .exclude(state=ReservationState.RETURNED)
        .order_by()
        .values_list("seller_id", "holding__product_id")
        .annotate(units=Sum("quantity"))
    }
    lots: dict[tuple[int, int], list[tuple[date, int]]] = defaultdict(list)
    held = (
        _of_sellers()
        .filter(expires_on__isnull=False)
        .order_by()
        .values_list("owner_id", "product_id", "expires_on", least_days())
        .annotate(units=Sum("on_hand"))
    )
    for owner, product, expires_on, least, units in held:
        if expires_on is not None:
            # As if it expired the day after the last on which it may be sold.
            unsold_on = expires_on - timedelta(days=least - 1)
            lots[owner, product].append((unsold_on, int(units)))
    found: dict[int, int] = defaultdict(int)
    for (owner, product), told in lots.items():
        found[owner] += rules.wasted(told, sold=sold.get((owner, product), 0), today=today)
    return found
