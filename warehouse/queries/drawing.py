"""What sellers sold of their bonded stock in a quarter."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, time, timedelta

from django.db import connection
from django.utils import timezone

from procurement.rules import quarters
from procurement.rules.selling import Drawn
from warehouse.days import day_of

# Goods are sold when they are promised to a consumer: what was the owner's to sell is less then.
_DRAWN = """
SELECT moved.owner_id, lot.product_id,
    greatest(-coalesce(sum(moved.quantity) FILTER (
        WHERE moved.kind IN ('reserved', 'returned') AND moved.moved_at >= %(begins)s), 0), 0),
    sum(moved.quantity) <= 0
FROM warehouse_stockmovement AS moved
    JOIN warehouse_lot AS lot ON lot.id = moved.lot_id
    JOIN accounts_company AS owner ON owner.id = moved.owner_id
WHERE moved.account = 'stock' AND moved.status NOT IN ('reserved', 'released', 'picked')
    AND moved.moved_at < %(ends)s AND 'seller' = ANY(owner.kinds)
GROUP BY 1, 2
HAVING sum(moved.quantity) > 0 OR bool_or(moved.moved_at >= %(begins)s)
ORDER BY 1, 2
"""


def quarter_before(now: datetime) -> str:
    """The last quarter that is over where the house stands."""
    return quarters.named(quarters.number_of(quarters.quarter_of(day_of(now))) - 1)


def drawn(quarter: str) -> list[Drawn]:
    """What each seller drew of each product it had in stock, none included, and whether nothing
    was left at the quarter's end."""
    house = timezone.get_default_timezone()
    facts = {
        "begins": datetime.combine(quarters.first_day(quarter), time.min, house),
        "ends": datetime.combine(quarters.last_day(quarter) + timedelta(days=1), time.min, house),
    }
    with connection.cursor() as cursor:
        cursor.execute(_DRAWN, facts)
        return [
            Drawn(owner, product, quarter, int(units), is_out)
            for owner, product, units, is_out in cursor.fetchall()
        ]


_SOLD = """
SELECT lot.order_line_id, moved.owner_id, -sum(moved.quantity)
FROM warehouse_stockmovement AS moved JOIN warehouse_lot AS lot ON lot.id = moved.lot_id
WHERE lot.order_line_id = ANY(%(lines)s) AND moved.kind IN ('reserved', 'returned')
    AND moved.status = 'available'
GROUP BY 1, 2 HAVING sum(moved.quantity) < 0
"""


def sold(lines: Collection[int]) -> dict[tuple[int, int], int]:
    """By order line and owner, the units that retail orders took, returns taken off."""
    with connection.cursor() as cursor:
        cursor.execute(_SOLD, {"lines": list(lines)})
        return {(line, owner): int(units) for line, owner, units in cursor.fetchall()}
