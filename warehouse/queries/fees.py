"""Tariffs, the days that were charged or are due, and the bills of the months."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Max, Q, QuerySet

from accounts.models import Company
from core.walls import platform_wide
from warehouse.days import day_of
from warehouse.models import (
    BondedWarehouse,
    StockTransfer,
    StorageBill,
    StorageCharge,
    StorageRun,
    StorageTariff,
    TransferStep,
)
from warehouse.rules.fees import month_of


def last_run(house: BondedWarehouse) -> StorageRun | None:
    return StorageRun.objects.filter(warehouse=house).order_by("-day").first()


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
