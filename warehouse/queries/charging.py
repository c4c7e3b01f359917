"""What each day cost each owner, worked out from the ledger of the stock and compared."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.utils.timezone import get_default_timezone_name

from warehouse.models import BondedWarehouse, StorageRun

#: Whoever writes a movement may commit a little after the time at which it was booked.
SETTLES = timedelta(hours=1)

# Balances at the end of each day, by owner and lot; in the house is what stands on ``stock``.
# What left an owner's stock leaves its oldest layer first, whichever lot was shipped: the layers
# that remain are the newest, filled up to what is there. A layer is as large as what lies there
# of a lot and what has left it; what is loose has layers of its own, of what lies and what left
# loose. A day's volume of a unit is the one it was charged by first.
# A pallet with goods on it is one whole, in millionths: those who have goods on it share it by
# volume, largest remainder first, of equal ones the lower owner and lot. What nobody measured bears
# nothing beside what is measured, and shares a pallet of its own by units. So the shares of a
# pallet ask for all of its owners, also where only some are charged; and a share of nothing is
# written too, because it keeps the volume by which the others' were reckoned.
_CHANGED = """
WITH asked AS MATERIALIZED (
    SELECT told.day, told.day::timestamp AT TIME ZONE %(zone)s AS begins,
        (told.day + 1)::timestamp AT TIME ZONE %(zone)s AS ends,
        tariff.number, tariff.free_days, tariff.until_days, tariff.rates, tariff.pallet_rate,
        tariff.pallet_cm3, tariff.order_rate, tariff.order_line_rate, tariff.unit_in_rate,
        tariff.transfer_rate, tariff.unit_given_rate
    FROM unnest(%(days)s::date[]) AS told (day)
    JOIN warehouse_storagetariff AS tariff ON tariff.warehouse_id = %(house)s
        AND tariff.valid_from <= told.day
        AND (tariff.valid_to IS NULL OR told.day <= tariff.valid_to)
), sums AS (
    SELECT asked.day, moved.owner_id, moved.lot_id, lot.product_id, lot.received_at,
        coalesce(sum(moved.quantity) FILTER (
            WHERE moved.account = 'stock' AND moved.status <> 'in_transit'), 0) AS units,
        greatest(coalesce(sum(moved.quantity) FILTER (
            WHERE moved.account IN ('consumer', 'destroyed')), 0), 0) AS gone
    FROM asked
    JOIN warehouse_stockmovement AS moved ON moved.moved_at < asked.ends
    JOIN warehouse_lot AS lot ON lot.id = moved.lot_id AND lot.warehouse_id = %(house)s
    WHERE %(owners)s::bigint[] IS NULL OR moved.owner_id = ANY(%(owners)s::bigint[])
    GROUP BY 1, 2, 3, 4, 5
), standing AS MATERIALIZED (
    SELECT asked.day, pallet.sscc, moved.owner_id, moved.lot_id, lot.product_id, lot.received_at,
        sum(moved.quantity) AS units,
        coalesce(-sum(moved.quantity) FILTER (
            WHERE moved.kind IN ('shipped', 'sent_back', 'destroyed')), 0) AS gone
    FROM asked
    JOIN warehouse_stockmovement AS moved ON moved.moved_at < asked.ends
        AND moved.account = 'stock' AND moved.status <> 'in_transit'
    JOIN warehouse_pallet AS pallet ON pallet.location_id = moved.location_id
    JOIN warehouse_lot AS lot ON lot.id = moved.lot_id AND lot.warehouse_id = %(house)s
    WHERE asked.pallet_rate > 0 AND (%(owners)s::bigint[] IS NULL OR moved.location_id IN (
        SELECT location_id FROM warehouse_holding WHERE owner_id = ANY(%(owners)s::bigint[])))
    GROUP BY 1, 2, 3, 4, 5, 6
), apart AS (
    SELECT sums.*, greatest(sums.units - coalesce(stood.units, 0), 0) AS loose,
        greatest(sums.gone - coalesce(stood.gone, 0), 0) AS loose_gone
    FROM sums
    LEFT JOIN (
        SELECT day, owner_id, lot_id, sum(greatest(units, 0)) AS units, sum(gone) AS gone
        FROM standing GROUP BY 1, 2, 3
    ) AS stood USING (day, owner_id, lot_id)
), layers AS (
    SELECT apart.*, units + gone AS size, loose + loose_gone AS loose_size,
        sum(units) OVER whole AS there,
        sum(loose) OVER whole AS loose_there,
        sum(units + gone) OVER younger - units - gone AS newer,
        sum(loose + loose_gone) OVER younger - loose - loose_gone AS loose_newer
    FROM apart
    WINDOW whole AS (PARTITION BY day, owner_id, product_id),
        younger AS (
            PARTITION BY day, owner_id, product_id ORDER BY received_at DESC, lot_id DESC
            ROWS UNBOUNDED PRECEDING)
), charged AS (
    SELECT day, owner_id, kind, product_id, lot_id, pallet, tariff, after_days, unit_cm3, rate,
        units, quantity
    FROM warehouse_storagecharge
    WHERE warehouse_id = %(house)s AND day = ANY(%(days)s::date[])
        AND (%(owners)s::bigint[] IS NULL OR owner_id = ANY(%(owners)s::bigint[]))
), sizes AS (
    SELECT day, product_id, max(unit_cm3) AS unit_cm3 FROM warehouse_storagecharge
    WHERE warehouse_id = %(house)s AND day = ANY(%(days)s::date[]) AND unit_cm3 IS NOT NULL
        AND (%(owners)s::bigint[] IS NULL OR owner_id = ANY(%(owners)s::bigint[])
            OR owner_id IN (SELECT owner_id FROM standing))
    GROUP BY 1, 2
), weighed AS (
    SELECT standing.day, sscc, owner_id, standing.product_id, lot_id, units::integer AS units,
        standing.day - (received_at AT TIME ZONE %(zone)s)::date + 1 AS age,
        coalesce(sizes.unit_cm3, product.volume_cm3) AS unit_cm3,
        CASE WHEN sum(units * coalesce(sizes.unit_cm3, product.volume_cm3)) OVER pallet > 0
            THEN units * coalesce(sizes.unit_cm3, product.volume_cm3) ELSE units END AS weight
    FROM standing
    JOIN catalog_product AS product ON product.id = standing.product_id
    LEFT JOIN sizes ON sizes.day = standing.day AND sizes.product_id = standing.product_id
    WHERE units > 0
    WINDOW pallet AS (PARTITION BY standing.day, sscc)
), cut AS (
    SELECT weighed.*, div(1000000 * weight, sum(weight) OVER pallet) AS millionths,
        mod(1000000 * weight, sum(weight) OVER pallet) AS remainder
    FROM weighed WINDOW pallet AS (PARTITION BY day, sscc)
), shared AS (
    SELECT cut.*, millionths + CASE
        WHEN row_number() OVER (PARTITION BY day, sscc ORDER BY remainder DESC, owner_id, lot_id)
            <= 1000000 - sum(millionths) OVER (PARTITION BY day, sscc)
        THEN 1 ELSE 0 END AS share
    FROM cut
), lying AS (
    SELECT layer.day, layer.owner_id, layer.product_id, layer.lot_id,
        least(layer.size, layer.there - layer.newer)::integer AS units,
        least(layer.loose_size, layer.loose_there - layer.loose_newer)::integer AS loose,
        layer.day - (layer.received_at AT TIME ZONE %(zone)s)::date + 1 AS age,
        coalesce(sizes.unit_cm3, product.volume_cm3) AS unit_cm3
    FROM layers AS layer
    JOIN catalog_product AS product ON product.id = layer.product_id
    LEFT JOIN sizes ON sizes.day = layer.day AND sizes.product_id = layer.product_id
    WHERE layer.size > 0 AND layer.there > layer.newer
        OR layer.loose_size > 0 AND layer.loose_there > layer.loose_newer
), happened AS (
    SELECT asked.day, moved.owner_id, lot.product_id, moved.lot_id, moved.kind, moved.account,
        moved.document, moved.quantity
    FROM asked
    JOIN warehouse_stockmovement AS moved
        ON moved.moved_at >= asked.begins AND moved.moved_at < asked.ends
    JOIN warehouse_lot AS lot ON lot.id = moved.lot_id AND lot.warehouse_id = %(house)s
    WHERE moved.kind IN ('received', 'shipped', 'transferred')
        AND (%(owners)s::bigint[] IS NULL OR moved.owner_id = ANY(%(owners)s::bigint[]))
), given AS (
    SELECT happened.* FROM happened
    JOIN warehouse_stocktransfer AS offer ON offer.number = happened.document
    WHERE happened.kind = 'transferred' AND happened.account = 'stock' AND happened.owner_id
        = CASE offer.fee_by WHEN 'taker' THEN offer.taker_id ELSE offer.giver_id END
), derived AS (
    SELECT lying.day, owner_id, 'volume' AS kind, product_id, lot_id, '' AS pallet,
        number AS tariff, band.after_days, unit_cm3, band.rate, units,
        units::numeric * unit_cm3 * 0.000001 AS quantity
    FROM lying JOIN asked ON asked.day = lying.day AND lying.age > asked.free_days
    CROSS JOIN LATERAL unnest(array_prepend(0, until_days::integer[]),
        array_append(until_days::integer[], NULL), rates) AS band (after_days, until, rate)
    WHERE age > band.after_days AND (band.until IS NULL OR age <= band.until)
        AND band.rate > 0 AND unit_cm3 > 0 AND units > 0
    UNION ALL
    SELECT lying.day, owner_id, 'pallet', product_id, lot_id, '', number, NULL, unit_cm3,
        pallet_rate, loose, ceil(loose::numeric * unit_cm3 / pallet_cm3)
    FROM lying JOIN asked ON asked.day = lying.day AND lying.age > asked.free_days
    WHERE pallet_rate > 0 AND unit_cm3 > 0 AND loose > 0
    UNION ALL
    SELECT shared.day, owner_id, 'pallet', product_id, lot_id, sscc, number, NULL, unit_cm3,
        pallet_rate, units, CASE WHEN age > free_days THEN share * 0.000001 ELSE 0 END
    FROM shared JOIN asked ON asked.day = shared.day
    WHERE %(owners)s::bigint[] IS NULL OR owner_id = ANY(%(owners)s::bigint[])
    UNION ALL
    SELECT asked.day, owner_id, 'unit_in', product_id, lot_id, '', number, NULL, NULL,
        unit_in_rate, sum(quantity), sum(quantity)
    FROM happened JOIN asked ON asked.day = happened.day
    WHERE kind = 'received' AND account = 'stock' AND unit_in_rate > 0
    GROUP BY 1, 2, 4, 5, 7, 10
    UNION ALL
    SELECT asked.day, owner_id, 'order', NULL, NULL, '', number, NULL, NULL, order_rate,
        count(DISTINCT document), count(DISTINCT document)
    FROM happened JOIN asked ON asked.day = happened.day
    WHERE kind = 'shipped' AND account = 'consumer' AND order_rate > 0
    GROUP BY 1, 2, 7, 10
    UNION ALL
    SELECT asked.day, owner_id, 'order_line', NULL, NULL, '', number, NULL, NULL, order_line_rate,
        count(DISTINCT (document, product_id)), count(DISTINCT (document, product_id))
    FROM happened JOIN asked ON asked.day = happened.day
    WHERE kind = 'shipped' AND account = 'consumer' AND order_line_rate > 0
    GROUP BY 1, 2, 7, 10
    UNION ALL
    SELECT asked.day, owner_id, 'transfer', product_id, lot_id, '', number, NULL, NULL,
        transfer_rate, count(DISTINCT document), count(DISTINCT document)
    FROM given JOIN asked ON asked.day = given.day
    WHERE transfer_rate > 0
    GROUP BY 1, 2, 4, 5, 7, 10
    UNION ALL
    SELECT asked.day, owner_id, 'unit_given', product_id, lot_id, '', number, NULL, NULL,
        unit_given_rate, sum(abs(quantity)), sum(abs(quantity))
    FROM given JOIN asked ON asked.day = given.day
    WHERE unit_given_rate > 0
    GROUP BY 1, 2, 4, 5, 7, 10
), changed AS (
    SELECT day, owner_id, kind, product_id, lot_id, pallet, tariff, after_days, unit_cm3, rate,
        sum(units)::integer AS units, sum(quantity) AS quantity
    FROM (
        SELECT * FROM derived
        UNION ALL
        SELECT day, owner_id, kind, product_id, lot_id, pallet, tariff, after_days, unit_cm3, rate,
            -units, -quantity FROM charged
    ) AS both_sides
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
    HAVING sum(units) <> 0 OR sum(quantity) <> 0
)
"""

# In an order of its own, so that the same ledger writes the same rows.
_WRITE = (
    _CHANGED
    + """
INSERT INTO warehouse_storagecharge (warehouse_id, keeper_id, owner_id, day, run_day, kind,
    product_id, lot_id, pallet, tariff, after_days, units, unit_cm3, quantity, rate, amount)
SELECT %(house)s, %(keeper)s, owner_id, day, %(run_day)s, kind, product_id, lot_id, pallet, tariff,
    after_days, units, unit_cm3, quantity, rate, quantity * rate
FROM changed ORDER BY day, owner_id, kind, lot_id, pallet, tariff, after_days
"""
)
_COMPARE = (
    _CHANGED
    + """
SELECT changed.day, company.id, company.code, changed.kind, coalesce(lot.number, ''),
    changed.pallet, changed.quantity * changed.rate
FROM changed JOIN accounts_company AS company ON company.id = changed.owner_id
LEFT JOIN warehouse_lot AS lot ON lot.id = changed.lot_id
ORDER BY 1, 3, 4, 5, 6
"""
)
# Whoever shares a pallet has a holding there, if only an empty one.
_LATE = """
WITH told AS MATERIALIZED (
    SELECT posting.owner_id, pallet.location_id,
        min((posting.moved_at AT TIME ZONE %(zone)s)::date) AS day
    FROM warehouse_stockposting AS posting
    JOIN warehouse_stockmovement AS moved ON moved.posting_id = posting.id
    JOIN warehouse_lot AS lot ON lot.id = moved.lot_id AND lot.warehouse_id = %(house)s
    LEFT JOIN warehouse_pallet AS pallet ON pallet.location_id = moved.location_id
    WHERE posting.booked_at > %(since)s
        AND (posting.moved_at AT TIME ZONE %(zone)s)::date <= %(day)s
    GROUP BY 1, 2
)
SELECT owner_id, min(day) FROM (
    SELECT owner_id, day FROM told
    UNION ALL
    SELECT held.owner_id, told.day FROM told
    JOIN warehouse_holding AS held ON held.location_id = told.location_id
) AS concerned GROUP BY 1
"""


def _facts(
    house: BondedWarehouse, days: Sequence[date], owners: Collection[int] | None
) -> dict[str, Any]:
    return {
        "zone": get_default_timezone_name(),
        "house": house.pk,
        "days": list(days),
        "owners": None if owners is None else sorted(owners),
    }


def write_charges(
    house: BondedWarehouse,
    days: Sequence[date],
    *,
    run_day: date,
    owners: Collection[int] | None = None,
) -> int:
    """Write what is not charged yet of these days, or too much of it; of all owners or of some.

    One statement for any number of balances. For ``services.fees`` alone. Returns how many rows.
    """
    facts = _facts(house, days, owners) | {"keeper": house.operator_id, "run_day": run_day}
    with _summing() as cursor:
        cursor.execute(_WRITE, facts)
        return int(cursor.rowcount)


@contextmanager
def _summing() -> Iterator[Any]:
    """A cursor whose statement reads its tables whole: what a day costs asks for nearly all of the
    ledger, which takes ten times as long row by row."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop TO off")
        yield cursor
        cursor.execute("SET LOCAL enable_nestloop TO DEFAULT")


@dataclass(frozen=True, slots=True)
class Unlike:
    """What a day's charges of a lot should be more (or less) than they are, in fen."""

    warehouse: str
    day: date
    owner_id: int
    owner: str
    kind: str
    lot: str
    pallet: str
    amount: Decimal


def unlike(house: BondedWarehouse, days: Sequence[date]) -> list[Unlike]:
    """What differs between the charges of these days and the ledger of the stock as it is now."""
    with _summing() as cursor:
        cursor.execute(_COMPARE, _facts(house, days, None))
        rows = list(cursor.fetchall())
    return [Unlike(house.code, *row) for row in rows]


def late(house: BondedWarehouse, run: StorageRun) -> dict[int, date]:
    """The owners of whom something has been booked since a run that moved before its day was over,
    each with the first day it tells on; and whoever shares a pallet with what moved."""
    facts = {
        "zone": get_default_timezone_name(),
        "house": house.pk,
        "since": run.ran_at - SETTLES,
        "day": run.day,
    }
    with _summing() as cursor:
        cursor.execute(_LATE, facts)
        return dict(cursor.fetchall())
