"""How long each of a seller's products lasts, from what was drawn and what is on its way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Company
from catalog.models import Product
from core.filters import Choices, Numbers
from core.listed import Listed
from core.listing import Listing, Search, Sort
from warehouse.days import day_of
from warehouse.rules import restocking as rules
from warehouse.rules.restocking import Pace, Standing

# What was drawn is what retail orders took, less what they gave back before it left. A shipment
# counts for a seller as long as it is under way and the seller has a share of what it carries.
_PACES = """
WITH held AS (
    SELECT product_id, sum(on_hand) FILTER (WHERE status = 'available') AS available,
        min(received_at) AS first_at
    FROM warehouse_holding WHERE owner_id = %(owner)s GROUP BY product_id
), drawn AS (
    SELECT lot.product_id,
        -sum(moved.quantity) FILTER (WHERE moved.moved_at >= %(since)s) AS units,
        max(moved.moved_at) FILTER (WHERE moved.kind = 'reserved') AS last_at
    FROM warehouse_stockmovement AS moved JOIN warehouse_lot AS lot ON lot.id = moved.lot_id
    WHERE moved.owner_id = %(owner)s AND moved.account = 'stock' AND moved.status = 'available'
        AND moved.kind IN ('reserved', 'returned')
    GROUP BY lot.product_id
), coming AS (
    SELECT line.product_id, min(shipment.expected_on) AS arrives_on
    FROM procurement_ordershare AS share
    JOIN procurement_purchaseorderline AS line ON line.id = share.line_id
    JOIN procurement_shipmentline AS carried ON carried.order_line_id = line.id
    JOIN procurement_shipment AS shipment ON shipment.id = carried.shipment_id
    WHERE share.owner_id = %(owner)s AND share.quantity > 0 AND shipment.state <> 'received'
    GROUP BY line.product_id
)
SELECT product_id, coalesce(held.available, 0), greatest(coalesce(drawn.units, 0), 0),
    held.first_at, drawn.last_at, coming.arrives_on
FROM held FULL JOIN drawn USING (product_id) FULL JOIN coming USING (product_id)
ORDER BY product_id
"""


@dataclass(frozen=True, slots=True)
class Restock:
    """How one product of a seller stands; days are whole, None where nothing was drawn."""

    pk: int
    sku: str
    name: str
    available: int
    drawn: int
    cover_days: int | None
    runs_out_on: date | None
    idle_days: int | None
    last_on: date | None
    arrives_on: date | None
    standing: str


def restocks(owner: Company, *, now: datetime) -> Listed:
    """All products a seller has, had or is to get, in one statement for any number of them."""
    today = day_of(now)
    since = now - timedelta(days=rules.PACE_DAYS)
    with connection.cursor() as cursor:
        cursor.execute(_PACES, {"owner": owner.pk, "since": since})
        rows = cursor.fetchall()
    products = Product.objects.in_bulk([row[0] for row in rows])
    found = []
    for product, available, drawn, first_at, last_at, arrives_on in rows:
        pace = Pace(
            available=int(available),
            drawn=int(drawn),
            first_on=day_of(first_at) if first_at else None,
            last_on=day_of(last_at) if last_at else None,
            arrives_on=arrives_on,
        )
        found.append(_restock(products[product], pace, today))
    return Listed(found)


def _restock(product: Product, pace: Pace, today: date) -> Restock:
    return Restock(
        pk=product.pk,
        sku=product.sku,
        name=product.name,
        available=pace.available,
        drawn=pace.drawn,
        cover_days=rules.cover_days(pace, today),
        runs_out_on=rules.runs_out_on(pace, today),
        idle_days=rules.idle_days(pace, today),
        last_on=pace.last_on,
        arrives_on=pace.arrives_on,
        standing=rules.standing(pace, today).value,
    )


STANDINGS = (
    (Standing.OUT.value, _("sold out")),
    (Standing.RUNS_OUT.value, _("runs out")),
    (Standing.SLOW.value, _("lies idle")),
    (Standing.WELL.value, _("stands well")),
)

#: Rows in memory: one for each product of a seller.
RESTOCKS = Listing(
    name="restocking",
    sorts={
        "sku": "sku",
        "available": "available",
        "drawn": "drawn",
        "cover_days": Sort("cover_days", nullable=True),
        "idle_days": Sort("idle_days", nullable=True),
    },
    default="sku",
    search=Search(
        more=lambda words: Q(sku__icontains=words) | Q(name__icontains=words),
        hint=_("SKU or name"),
    ),
    filters=(
        Choices(name="standing", path="standing", choices=STANDINGS, label=_("How it stands")),
        Numbers(name="cover", path="cover_days", label=_("Days it lasts")),
        Numbers(name="idle", path="idle_days", label=_("Days without a sale")),
    ),
)
