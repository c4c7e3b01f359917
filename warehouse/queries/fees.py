"""What storing and handling cost, worked out again from the ledger of the stock and compared."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import Max, Q, QuerySet
from django.utils.timezone import get_default_timezone_name

from accounts.models import Company
from core.walls import platform_wide
from warehouse.days import day_of
from warehouse.models import (
    BondedWarehouse,
    StockPosting,
    StockTransfer,
    StorageBill,
    StorageCharge,
    StorageRun,
    StorageTariff,
    TransferStep,
)
from warehouse.rules.fees import month_of

#: Whoever writes a movement may commit a little after the time at which it was booked.
SETTLES = timedelta(hours=1)

# Balances at the end of each day, by owner and lot; in the house is what stands on ``stock``.
# What left an owner's stock leaves its oldest layer first, whichever lot was shipped: the layers
# that remain are the newest, filled up to what is there. A layer is as large as what lies there
# of a lot and what has left it. A day's volume of a unit is the one it was charged by first.
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
), layers AS (
    SELECT sums.*, units + gone AS size,
        sum(units) OVER (PARTITION BY day, owner_id, product_id) AS there,
        sum(units + gone) OVER (
            PARTITION BY day, owner_id, product_id ORDER BY received_at DESC, lot_id DESC
            ROWS UNBOUNDED PRECEDING) - units - gone AS newer
    FROM sums
), charged AS (
    SELECT day, owner_id, kind, product_id, lot_id, tariff, after_days, unit_cm3, rate,
        units, quantity
    FROM warehouse_storagecharge
    WHERE warehouse_id = %(house)s AND day = ANY(%(days)s::date[])
        AND (%(owners)s::bigint[] IS NULL OR owner_id = ANY(%(owners)s::bigint[]))
), sizes AS (
    SELECT day, product_id, max(unit_cm3) AS unit_cm3 FROM charged
    WHERE unit_cm3 IS NOT NULL GROUP BY 1, 2
), lying AS (
    SELECT layer.day, layer.owner_id, layer.product_id, layer.lot_id,
        least(layer.size, layer.there - layer.newer)::integer AS units,
        layer.day - (layer.received_at AT TIME ZONE %(zone)s)::date + 1 AS age,
        coalesce(sizes.unit_cm3, product.volume_cm3) AS unit_cm3
    FROM layers AS layer
    JOIN catalog_product AS product ON product.id = layer.product_id
    LEFT JOIN sizes ON sizes.day = layer.day AND sizes.product_id = layer.product_id
    WHERE layer.size > 0 AND layer.there > layer.newer
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
    SELECT lying.day, owner_id, 'volume' AS kind, product_id, lot_id, number AS tariff,
        band.after_days, unit_cm3, band.rate, units,
        units::numeric * unit_cm3 * 0.000001 AS quantity
    FROM lying JOIN asked ON asked.day = lying.day AND lying.age > asked.free_days
    CROSS JOIN LATERAL unnest(array_prepend(0, until_days::integer[]),
        array_append(until_days::integer[], NULL), rates) AS band (after_days, until, rate)
    WHERE age > band.after_days AND (band.until IS NULL OR age <= band.until)
        AND band.rate > 0 AND unit_cm3 > 0
    UNION ALL
    SELECT lying.day, owner_id, 'pallet', product_id, lot_id, number, NULL, unit_cm3, pallet_rate,
        units, ceil(units::numeric * unit_cm3 / pallet_cm3)
    FROM lying JOIN asked ON asked.day = lying.day AND lying.age > asked.free_days
    WHERE pallet_rate > 0 AND unit_cm3 > 0
    UNION ALL
    SELECT asked.day, owner_id, 'unit_in', product_id, lot_id, number, NULL, NULL, unit_in_rate,
        sum(quantity), sum(quantity)
    FROM happened JOIN asked ON asked.day = happened.day
    WHERE kind = 'received' AND account = 'stock' AND unit_in_rate > 0
    GROUP BY 1, 2, 4, 5, 6, 9
    UNION ALL
    SELECT asked.day, owner_id, 'order', NULL, NULL, number, NULL, NULL, order_rate,
        count(DISTINCT document), count(DISTINCT document)
    FROM happened JOIN asked ON asked.day = happened.day
    WHERE kind = 'shipped' AND account = 'consumer' AND order_rate > 0
    GROUP BY 1, 2, 6, 9
    UNION ALL
    SELECT asked.day, owner_id, 'order_line', NULL, NULL, number, NULL, NULL, order_line_rate,
        count(DISTINCT (document, product_id)), count(DISTINCT (document, product_id))
    FROM happened JOIN asked ON asked.day = happened.day
    WHERE kind = 'shipped' AND account = 'consumer' AND order_line_rate > 0
    GROUP BY 1, 2, 6, 9
    UNION ALL
    SELECT asked.day, owner_id, 'transfer', product_id, lot_id, number, NULL, NULL, transfer_rate,
        count(DISTINCT document), count(DISTINCT document)
    FROM given JOIN asked ON asked.day = given.day
    WHERE transfer_rate > 0
    GROUP BY 1, 2, 4, 5, 6, 9
    UNION ALL
    SELECT asked.day, owner_id, 'unit_given', product_id, lot_id, number, NULL, NULL,
        unit_given_rate, sum(abs(quantity)), sum(abs(quantity))
    FROM given JOIN asked ON asked.day = given.day
    WHERE unit_given_rate > 0
    GROUP BY 1, 2, 4, 5, 6, 9
), changed AS (
    SELECT day, owner_id, kind, product_id, lot_id, tariff, after_days, unit_cm3, rate,
        sum(units)::integer AS units, sum(quantity) AS quantity
    FROM (
        SELECT * FROM derived
        UNION ALL
        SELECT day, owner_id, kind, product_id, lot_id, tariff, after_days, unit_cm3, rate,
            -units, -quantity FROM charged
    ) AS both_sides
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
    HAVING sum(units) <> 0 OR sum(quantity) <> 0
)
"""

# In an order of its own, so that the same ledger writes the same rows.
_WRITE = (
    _CHANGED
    + """
INSERT INTO warehouse_storagecharge (warehouse_id, keeper_id, owner_id, day, run_day, kind,
    product_id, lot_id, tariff, after_days, units, unit_cm3, quantity, rate, amount)
SELECT %(house)s, %(keeper)s, owner_id, day, %(run_day)s, kind, product_id, lot_id, tariff,
    after_days, units, unit_cm3, quantity, rate, quantity * rate
FROM changed ORDER BY day, owner_id, kind, lot_id, tariff, after_days
"""
)
_COMPARE = (
    _CHANGED
    + """
SELECT changed.day, company.id, company.code, changed.kind, coalesce(lot.number, ''),
    changed.quantity * changed.rate
FROM changed JOIN accounts_company AS company ON company.id = changed.owner_id
LEFT JOIN warehouse_lot AS lot ON lot.id = changed.lot_id
ORDER BY 1, 3, 4, 5
"""
)


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
    amount: Decimal


def unlike(house: BondedWarehouse, days: Sequence[date]) -> list[Unlike]:
    """What differs between the charges of these days and the ledger of the stock as it is now."""
    with _summing() as cursor:
        cursor.execute(_COMPARE, _facts(house, days, None))
        rows = list(cursor.fetchall())
    return [Unlike(house.code, *row) for row in rows]


def last_run(house: BondedWarehouse) -> StorageRun | None:
    return StorageRun.objects.filter(warehouse=house).order_by("-day").first()


def late(house: BondedWarehouse, run: StorageRun) -> dict[int, date]:
    """The owners of whom something has been booked since a run that moved before its day was over,
    each with the first day it tells on."""
    ends = run.day + timedelta(days=1)
    found = StockPosting.objects.filter(
        booked_at__gt=run.ran_at - SETTLES,
        legs__lot__warehouse=house,
    ).order_by()
    first: dict[int, date] = {}
    for owner, moved_at in found.values_list("owner_id", "moved_at").distinct():
        day = day_of(moved_at)
        if day < ends:
            first[owner] = min(day, first.get(owner, day))
    return first


def fee_of_transfer(transfer: StockTransfer, *, today: date) -> int:
    """What the warehouse charges for the change of owner, in fen, half up: by the tariff of the
    day on which it was accepted, of today while it was not."""
    said = transfer.consents.filter(step=TransferStep.ACCEPTED).first()
    day = day_of(said.said_at) if said else today
    with platform_wide():
        tariff = StorageTariff.objects.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gte=day),
            warehouse_id=transfer.warehouse_id,
            valid_from__lte=day,
        ).first()
    if tariff is None:
        return 0
    exact = tariff.transfer_rate + transfer.quantity * tariff.unit_given_rate
    return int(exact.quantize(Decimal(1), ROUND_HALF_UP))


def days_run(house: BondedWarehouse, begins: date) -> list[date]:
    """The days of a warehouse that have been charged, from one on."""
    runs = StorageRun.objects.filter(warehouse=house, day__gte=begins).order_by("day")
    return list(runs.values_list("day", flat=True))


def due_days(house: BondedWarehouse, now: datetime) -> list[date]:
    """The days that are over, have a tariff and have not been charged, in their order."""
    today, run = day_of(now), last_run(house)
    found: list[date] = []
    for tariff in StorageTariff.objects.filter(warehouse=house).order_by("valid_from"):
        day = tariff.valid_from
        if run is not None:
            day = max(day, run.day + timedelta(days=1))
        ends = min(tariff.valid_to or today, today - timedelta(days=1))
        while day <= ends:
            found.append(day)
            day += timedelta(days=1)
    return found


def houses_with_tariffs() -> QuerySet[BondedWarehouse]:
    known = StorageTariff.objects.order_by().values("warehouse")
    return BondedWarehouse.objects.filter(pk__in=known).order_by("code")


def due_months(house: BondedWarehouse, today: date) -> list[date]:
    """The first days of the months that are over, were charged and are not billed."""
    runs = StorageRun.objects.filter(warehouse=house, day__lt=month_of(today))
    charged = {month_of(day) for day in runs.values_list("day", flat=True)}
    billed = StorageBill.objects.filter(warehouse=house).aggregate(last=Max("month"))["last"]
    return sorted(month for month in charged if billed is None or month > billed)


def tariffs(warehouses_of: Company | None = None) -> QuerySet[StorageTariff]:
    found = StorageTariff.objects.select_related("warehouse", "entered_by")
    return found if warehouses_of is None else found.filter(keeper=warehouses_of)


def charges(
    *, owner: Company | None = None, warehouses_of: Company | None = None
) -> QuerySet[StorageCharge]:
    """What each day cost, the newest first."""
    found = StorageCharge.objects.select_related("warehouse", "owner", "product", "lot")
    if owner is not None:
        found = found.filter(owner=owner)
    if warehouses_of is not None:
        found = found.filter(keeper=warehouses_of)
    ordered: QuerySet[StorageCharge] = found.order_by("-pk")
    return ordered


def bills(
    *, owner: Company | None = None, warehouses_of: Company | None = None
) -> QuerySet[StorageBill]:
    found = StorageBill.objects.select_related("warehouse", "owner")
    if owner is not None:
        found = found.filter(owner=owner)
    if warehouses_of is not None:
        found = found.filter(keeper=warehouses_of)
    ordered: QuerySet[StorageBill] = found.order_by("-pk")
    return ordered
