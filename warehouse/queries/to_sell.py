"""What a seller can sell now, by product and warehouse, and what of it changed since when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.db.models import Max, Q
from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Company
from catalog.models import Product
from core.copying import array_of
from core.filters import Code, Flag, Numbers, Since
from core.listed import Listed
from core.listing import Listing, Search, Total
from warehouse.days import day_of
from warehouse.models import ShelfMinimum
from warehouse.queries.shelf_life import minimums_of

#: A booking becomes visible when it is whole, a little later than the moment it bears: what
#: changed so long before the moment asked for is told again.
OVERLAP = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class ToSell:
    """Units of one product that can be sold now; ``houses`` are codes and units, those with none
    left out. ``channel`` is the shop that was asked for."""

    pk: int
    sku: str
    name: str
    units: int
    houses: tuple[tuple[str, int], ...]
    changed_at: datetime
    channel: str = ""

    @property
    def by_house(self) -> str:
        return ", ".join(f"{code} {units}" for code, units in self.houses)


# The empty holdings are asked as well: that a product is sold out is what a shop must hear.
_TO_SELL = """
WITH own AS (
    SELECT product.id, least.days FROM unnest(%(skus)s::text[], %(days)s::integer[])
        AS least (sku, days) JOIN catalog_product AS product ON product.sku = least.sku
), held AS (
    SELECT held.product_id, held.warehouse_id, held.on_hand, held.expires_on,
        coalesce(held.changed_at, held.received_at, 'epoch') AS changed_at,
        held.frozen_by_id IS NOT NULL AS stands,
        held.expires_on - greatest(coalesce(own.days, %(all)s), 1) AS last_on
    FROM warehouse_holding AS held LEFT JOIN own ON own.id = held.product_id
    WHERE held.owner_id = %(owner)s AND held.status = 'available'
        AND (%(products)s::bigint[] IS NULL OR held.product_id = ANY(%(products)s::bigint[]))
)
SELECT held.product_id, house.code,
    coalesce(sum(held.on_hand) FILTER (
        WHERE NOT held.stands AND (held.last_on IS NULL OR held.last_on >= %(today)s)), 0),
    max(held.changed_at),
    max(held.last_on) FILTER (WHERE held.on_hand > 0 AND held.last_on < %(today)s)
FROM held JOIN warehouse_bondedwarehouse AS house ON house.id = held.warehouse_id
GROUP BY 1, 2 ORDER BY 1, 2
"""

_CHANGED = """
SELECT DISTINCT product_id FROM warehouse_holding
WHERE owner_id = %(owner)s AND status = 'available' AND changed_at >= %(since)s
"""

# From one day to another, what must outlive the day no longer does.
_LAPSED = """
SELECT DISTINCT product_id FROM warehouse_holding
WHERE owner_id = %(owner)s AND on_hand > 0 AND status = 'available'
    AND expires_on >= %(since_day)s AND expires_on <= %(outlives)s
"""


def to_sell(
    owner: Company, *, now: datetime, channel: str = "", since: datetime | None = None
) -> Listed:
    """One row for each product the owner has or had in bond: what a new order could get now, in
    one statement for any number of holdings.

    ``channel``: by the minimum shelf life of that shop. ``since``: only what changed since then,
    found by an index: units, what stands still for a count, what is too near its expiry by now,
    and minimums that were set. A product may be told once more than needed, never once too few.
    """
    today = day_of(now)
    minimums = minimums_of(owner)
    set_at = _set_at(owner, channel)
    everywhere = minimums.by_channel.get(channel)
    by_sku = minimums.by_product if everywhere is None else {}
    told: dict[str, Any] = {
        "owner": owner.pk,
        "skus": array_of(by_sku),
        "days": array_of(by_sku.values()),
        "all": minimums.all if everywhere is None else everywhere,
        "today": today,
        "products": None,
    }
    if since is not None and not any(at >= since for at in set_at.values()):
        longest = max([everywhere or minimums.all, *by_sku.values(), 1])
        told["products"] = array_of(_changed(owner, since, now=now, longest=longest))
    with connection.cursor() as cursor:
        cursor.execute(_TO_SELL, told)
        rows = cursor.fetchall()
    return _rows(rows, set_at, now, channel)


def _changed(owner: Company, since: datetime, *, now: datetime, longest: int) -> Collection[int]:
    """Products (ids) of which something changed; ``longest``: the largest minimum there is."""
    told: dict[str, Any] = {"owner": owner.pk, "since": since}
    with connection.cursor() as cursor:
        cursor.execute(_CHANGED, told)
        found = {product for (product,) in cursor.fetchall()}
        if day_of(since) < day_of(now):
            days: dict[str, Any] = {
                "since_day": day_of(since),
                "outlives": day_of(now) + timedelta(days=longest),
            }
            cursor.execute(_LAPSED, told | days)
            found |= {product for (product,) in cursor.fetchall()}
    return found


def _set_at(owner: Company, channel: str) -> dict[int | None, datetime]:
    """When a minimum that counts for the shop was last set, by product (id; None: for all)."""
    rows = (
        ShelfMinimum.objects.filter(seller=owner, channel__in={"", channel})
        .order_by()
        .values_list("product_id")
        .annotate(at=Max("set_at"))
    )
    return dict(rows)


def _rows(
    rows: Collection[tuple[int, str, int, datetime, date | None]],
    set_at: dict[int | None, datetime],
    now: datetime,
    channel: str,
) -> Listed:
    products = Product.objects.in_bulk({row[0] for row in rows})
    houses: dict[int, list[tuple[str, int]]] = defaultdict(list)
    moments: dict[int, list[datetime]] = defaultdict(list)
    zone = get_default_timezone()
    for product, house, units, changed_at, lapsed_on in rows:
        houses[product].append((house, int(units)))
        moments[product].append(changed_at)
        if lapsed_on is not None:
            day = lapsed_on + timedelta(days=1)
            moments[product].append(datetime.combine(day, time.min, zone))
    return Listed(
        [
            ToSell(
                pk=product,
                sku=products[product].sku,
                name=products[product].name,
                units=sum(units for _house, units in there),
                houses=tuple(one for one in there if one[1]),
                changed_at=max(
                    [*moments[product], *(set_at[key] for key in (None, product) if key in set_at)]
                ),
                channel=channel,
            )
            for product, there in sorted(houses.items())
        ]
    )


TO_SELL = Listing(
    name="to-sell",
    sorts={"sku": "sku", "units": "units"},
    default="sku",
    search=Search(
        more=lambda words: Q(sku__icontains=words) | Q(name__icontains=words),
        hint=_("SKU or name"),
    ),
    filters=(
        Numbers(name="units", path="units", label=_("Units")),
        Flag(name="sold_out", when=Q(units=0), label=_("Sold out")),
    ),
    totals=(Total("units", "units"),),
)
CHANGED_SINCE = Since(name="changed_since", path="changed_at", before=OVERLAP)
#: As shops ask for it: for one shop, and what changed since they asked last.
TO_SELL_CHANGED = replace(
    TO_SELL,
    filters=(
        *TO_SELL.filters,
        Code(name="sku", path="sku", label=_("SKU")),
        Code(name="channel", path="channel", label=_("Shop")),
        CHANGED_SINCE,
    ),
)
