"""Storage and handling: tariffs, what each day cost, and the bills of the months."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import BooleanField, ExpressionWrapper, F, Q, Sum

from accounts.models import User
from core.numbers import next_number, next_numbers
from core.taking import take_turns
from notices.services import is_due, once
from procurement.services import StorageOwed, book_storage
from warehouse.days import day_of
from warehouse.models import (
    BondedWarehouse,
    StorageBill,
    StorageBillLine,
    StorageCharge,
    StorageRun,
    StorageTariff,
)
from warehouse.queries import charging, proving_fees
from warehouse.queries import fees as queries
from warehouse.rules import fees as rules
from warehouse.rules.fees import Tariff
from warehouse.services import telling_fees

_IS_CORRECTION = ExpressionWrapper(Q(run_day__gt=F("day")), BooleanField())
_ONE_A_DAY = "one_tariff_holds_on_a_day"
#: The nightly proof works so many days out again; the command all of them.
PROVED_DAYS = 7


@transaction.atomic
def enter_tariff(
    *, warehouse: BondedWarehouse, told: Tariff, entered_by: User, now: datetime
) -> StorageTariff:
    """A warehouse's rates from a day on. An open-ended tariff before it ends on the day before.

    Raises TariffBeginsTooEarly, TariffsOverlap, or what is wrong with a field; then nothing has
    been written.
    """
    rules.check_tariff(told)
    # Who charges a day holds the same name: a tariff does not come in between.
    _alone(warehouse)
    run = queries.last_run(warehouse)
    rules.check_beginning(told.valid_from, today=day_of(now), charged=run.day if run else None)
    StorageTariff.objects.filter(
        warehouse=warehouse, valid_to__isnull=True, valid_from__lt=told.valid_from
    ).update(valid_to=told.valid_from - timedelta(days=1))
    facts: dict[str, Any] = asdict(told)
    try:
        with transaction.atomic():
            tariff: StorageTariff = StorageTariff.objects.create(
                number=next_number("ST", day_of(now).year),
                warehouse=warehouse,
                keeper_id=warehouse.operator_id,
                entered_at=now,
                entered_by=entered_by,
                **facts | {name: list(facts[name]) for name in ("until_days", "rates")},
            )
    except IntegrityError as error:
        if _ONE_A_DAY in str(error):
            raise rules.TariffsOverlap(field="valid_from", valid_from=told.valid_from) from error
        raise
    return tariff


def _alone(warehouse: BondedWarehouse) -> None:
    take_turns("storage", warehouse.code)


@transaction.atomic
def charge_day(*, warehouse: BondedWarehouse, day: date, now: datetime) -> StorageRun:
    """Charge one day of a warehouse: what lay there at its end, and what was handled during it.

    Once: asked again, it gives back what is there. What has been booked since the run before of
    days that were charged is corrected by charges of those days, which belong to this run.

    Ask ``platform_wide``. Raises DayNotOver, DaysOutOfTurn or DayWithoutTariff; then nothing has
    been written.
    """
    _alone(warehouse)
    there = StorageRun.objects.filter(warehouse=warehouse, day=day).first()
    if there is not None:
        return there
    before = queries.last_run(warehouse)
    rules.check_day(day, today=day_of(now), charged=before.day if before else None)
    holds = StorageTariff.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=day), warehouse=warehouse, valid_from__lte=day
    )
    if not holds.exists():
        raise rules.DayWithoutTariff(warehouse=warehouse.code, day=day)
    late = charging.late(warehouse, before) if before else {}
    corrections = 0
    if late:
        corrections = charging.write_charges(
            warehouse,
            queries.days_run(warehouse, min(late.values())),
            run_day=day,
            owners=late.keys(),
        )
    run: StorageRun = StorageRun.objects.create(
        warehouse=warehouse,
        keeper_id=warehouse.operator_id,
        day=day,
        charges=charging.write_charges(warehouse, [day], run_day=day),
        corrections=corrections,
        ran_at=now,
    )
    return run


@transaction.atomic
def bill_month(*, warehouse: BondedWarehouse, month: date, now: datetime) -> list[StorageBill]:
    """Bill what was charged in a month, once: a bill for each owner, on the account of its seller.

    ``month`` is its first day. Each seller hears of its bill. Ask ``platform_wide``. Raises
    DayNotOver; then nothing has been written.
    """
    _alone(warehouse)
    following = rules.following(month)
    if day_of(now) < following:
        raise rules.DayNotOver(day=following - timedelta(days=1))
    if StorageBill.objects.filter(warehouse=warehouse, month=month).exists():
        return []
    told: list[Any] = list(
        StorageCharge.objects.filter(warehouse=warehouse, run_day__gte=month, run_day__lt=following)
        # A share of nothing says how a pallet was shared, and owes nothing.
        .exclude(quantity=0)
        .order_by()
        .annotate(is_correction=_IS_CORRECTION)
        .values("owner_id", "is_correction", "kind", "tariff", "after_days", "rate")
        .annotate(quantities=Sum("quantity"), exact=Sum("amount"))
        .order_by("owner_id", "is_correction", "kind", "tariff", "after_days", "rate")
    )
    by_owner = [
        (owner, list(rows)) for owner, rows in groupby(told, key=lambda row: row["owner_id"])
    ]
    numbers = next_numbers("SB", day_of(now).year, len(by_owner))
    bills = _write_bills(warehouse, month, by_owner, numbers, now)
    book_storage(
        bills=[
            StorageOwed(
                bill.number,
                bill.owner_id,
                bill.keeper_id,
                bill.total_minor,
                day_of(now),
                bill.due_on,
            )
            for bill in bills
        ],
        now=now,
    )
    telling_fees.tell_billed(warehouse, bills, now)
    return bills


def _write_bills(
    warehouse: BondedWarehouse,
    month: date,
    by_owner: Sequence[tuple[int, list[dict[str, Any]]]],
    numbers: Sequence[str],
    now: datetime,
) -> list[StorageBill]:
    """Bills and their lines, each table in one go."""
    minors = [rules.in_fen([row["exact"] for row in rows]) for _owner, rows in by_owner]
    bills: list[StorageBill] = StorageBill.objects.bulk_create(
        StorageBill(
            number=number,
            warehouse=warehouse,
            keeper_id=warehouse.operator_id,
            owner_id=owner,
            month=month,
            exact=sum(row["exact"] for row in rows),
            total_minor=sum(minor),
            due_on=day_of(now) + timedelta(days=rules.PAYMENT_DAYS),
            billed_at=now,
        )
        for number, (owner, rows), minor in zip(numbers, by_owner, minors, strict=True)
    )
    StorageBillLine.objects.bulk_create(
        (
            StorageBillLine(
                bill=bill,
                owner_id=bill.owner_id,
                keeper_id=bill.keeper_id,
                position=position,
                kind=row["kind"],
                after_days=row["after_days"],
                tariff=row["tariff"],
                is_correction=row["is_correction"],
                quantity=row["quantities"],
                rate=row["rate"],
                exact=row["exact"],
                amount_minor=amount,
            )
            for bill, (_owner, rows), minor in zip(bills, by_owner, minors, strict=True)
            for position, (row, amount) in enumerate(zip(rows, minor, strict=True), 1)
        ),
        batch_size=5_000,
    )
    return bills


def charge_due(*, now: datetime) -> int:
    """Charge every day that is over and has a tariff, and bill every month that is over.

    Each in a transaction of its own; safe to run any number of times. Ask ``platform_wide``.
    Returns how many days were charged.
    """
    days = 0
    for house in queries.houses_with_tariffs():
        for day in queries.due_days(house, now):
            charge_day(warehouse=house, day=day, now=now)
            days += 1
        for month in queries.due_months(house, day_of(now)):
            bill_month(warehouse=house, month=month, now=now)
    return days


def report_storage(*, now: datetime) -> int:
    """Work the last days out again once a day, and tell the operators what differs.

    Nothing is mended. Call it outside of a transaction, ``platform_wide``. Safe to run any number
    of times. Returns how many faults there are.
    """
    today = day_of(now)
    if not is_due("storage.proof", day=today, now=now):
        return 0
    found = proving_fees.prove_storage(since=today - timedelta(days=PROVED_DAYS))
    with transaction.atomic():
        if once("storage.proof", f"{today}", now=now) and found:
            telling_fees.tell_differences(found, day=today, now=now)
    return len(found)
