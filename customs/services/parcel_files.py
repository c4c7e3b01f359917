"""A file of waybills and payments: all of its parcels are told, or none."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext, pgettext

from accounts.models import Company
from core.copying import among_keys
from core.queue import ring
from core.sheets import MOST_FAULTS, RowError, parse_sheet
from core.walls import platform_wide
from customs.models import MissingPaper, ParcelPapers, RetailParties
from customs.queries.parcels_told import order_number
from customs.queries.retelling import may_mend
from customs.queries.waybills import resting, taken_elsewhere
from customs.rules import parcel_file as rules
from customs.rules.parties import ParcelToldAlready, WaybillTaken
from customs.rules.platforms import PlatformUnknown
from customs.services.parties import BELL, given_now, known_platform
from warehouse.models import RetailOrder
from warehouse.services import tell_paid

_AT_ONCE = 2_000


@transaction.atomic
def tell_papers_of_file(*, seller: Company, file_name: str, content: bytes, now: datetime) -> int:
    """The payments' serial numbers, waybills and amounts paid of a CSV or XLSX file, before their
    parcels are told to customs; an empty cell leaves what was told. Returns how many parcels.

    Raises ParcelFileWrong, with every wrong cell in ``rows`` (RowErrors), or what
    :func:`core.sheets.parse_sheet` refuses; then nothing has been written.
    """
    sheet = parse_sheet(
        file_name,
        content,
        columns=rules.COLUMNS,
        optional=rules.OPTIONAL,
        max_rows=rules.MOST_ROWS,
    )
    rows, faults = rules.read_rows((row.number, row.values) for row in sheet.rows)
    meant, unclear = rules.orders_of_rows(rows, _known(seller, rules.names_in(rows)))
    faults += unclear
    by = RetailParties.objects.filter(seller=seller).first()
    carrier = by.logistics_code if by else ""
    faults += _unknown_platforms(meant, by)
    faults += _not_now(meant, carrier, now)
    said = {(one.row, one.field) for one in sheet.errors}
    wrong = sheet.errors + [
        RowError(one.row, one.field, _sentence(one))
        for one in faults
        if (one.row, one.field) not in said
    ]
    if wrong:
        shown = sorted(wrong, key=lambda one: (one.row, one.field))[:MOST_FAULTS]
        count = len(wrong) - len(sheet.errors) + sheet.error_count
        raise rules.ParcelFileWrong(file=file_name[:200], count=count, rows=shown)
    _keep(seller, meant, carrier, now)
    return len(meant)


def _sentence(fault: rules.ParcelFault) -> str:
    told = gettext(fault.error.rule())
    first = fault.error.facts.get("first_row")
    return f"{told} {pgettext('fact', 'first row')}: {first}" if first else told


def _known(seller: Company, names: Collection[str]) -> list[rules.KnownOrder]:
    mine = RetailOrder.objects.filter(seller=seller).only(
        "number", "channel", "channel_order_number", "part"
    )
    found = {
        one.pk: one
        for field in ("number", "channel_order_number")
        for one in mine.filter(among_keys(field, names, "text"))
    }
    return [
        rules.KnownOrder(one.pk, one.number, one.channel, order_number(one))
        for one in found.values()
    ]


def _unknown_platforms(
    meant: Mapping[int, rules.ParcelRow], by: RetailParties | None
) -> list[rules.ParcelFault]:
    faults = []
    for row in meant.values():
        try:
            known_platform(row.platform, by)
        except PlatformUnknown:
            faults.append(rules.ParcelFault(row.number, "platform", PlatformUnknown()))
    return faults


def _kept(orders: Collection[int]) -> dict[int, ParcelPapers]:
    rows = ParcelPapers.objects.filter(among_keys("order", list(orders)))
    return {one.order_id: one for one in rows}


def _not_now(
    meant: Mapping[int, rules.ParcelRow], carrier: str, now: datetime
) -> list[rules.ParcelFault]:
    """Parcels that were told already, and waybills that other parcels have."""
    # As for one parcel: whoever tells it to customs holds its order first.
    list(
        RetailOrder.objects.select_for_update()
        .filter(among_keys("pk", meant))
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    with platform_wide():
        mended = may_mend(meant)
    kept = _kept(mended)
    faults = [
        rules.ParcelFault(meant[order].number, "order", ParcelToldAlready())
        for order, names in mended.items()
        # Of what came back the numbers that stand in it, and nothing else.
        if not (changed := _changed(meant[order], kept.get(order))) or changed - names
    ]
    bills = {row.waybill: row for row in meant.values() if row.waybill}
    taken = resting(carrier, bills, now)
    known = {pk: one.waybill for pk, one in _kept(meant).items()}
    fresh = {
        pk: (carrier, row.waybill)
        for pk, row in meant.items()
        if row.waybill and row.waybill != known.get(pk)
    }
    faults += [
        rules.ParcelFault(meant[pk].number, "waybill", WaybillTaken())
        for pk in sorted(taken_elsewhere(fresh, now))
    ]
    # One that this file takes from its own other parcel is free.
    faults += [
        rules.ParcelFault(bills[bill].number, "waybill", WaybillTaken())
        for bill, order in taken.items()
        if order not in meant or not meant[order].waybill
    ]
    return faults


def _changed(row: rules.ParcelRow, papers: ParcelPapers | None) -> set[str]:
    told = {"payment": row.payment, "waybill": row.waybill, "platform": row.platform}
    found = {name for name, value in told.items() if value and value != getattr(papers, name, "")}
    # What was paid stands where the payment's number stands.
    return found if row.paid is row.collected_tax is None else found | {"payment"}


def _keep(
    seller: Company, meant: Mapping[int, rules.ParcelRow], carrier: str, now: datetime
) -> None:
    tell_paid(
        {pk: row.paid for pk, row in meant.items() if row.paid is not None},
        collected_tax={
            pk: row.collected_tax for pk, row in meant.items() if row.collected_tax is not None
        },
    )
    there = ParcelPapers.objects.filter(among_keys("order", meant))
    kept = {one.order_id: one for one in there.select_for_update().order_by("pk")}
    # Two parcels may change their waybills with each other: first nobody has them.
    there.filter(among_keys("order", [pk for pk, row in meant.items() if row.waybill])).update(
        waybill=""
    )
    before = {pk: one.waybill for pk, one in kept.items()}
    bills: dict[int, tuple[str, str]] = {}
    fresh, changed = [], []
    for pk, row in meant.items():
        one = kept.get(pk)
        if one is None:
            one = ParcelPapers(order_id=pk, seller=seller)
            fresh.append(one)
        else:
            changed.append(one)
        one.payment = row.payment or one.payment
        one.platform = row.platform or one.platform
        if row.waybill and row.waybill != before.get(pk, ""):
            bills[pk] = (carrier, row.waybill)
            for name, value in given_now(carrier, row.waybill, now).items():
                setattr(one, name, value)
        one.told_at = now
    try:
        with transaction.atomic():
            ParcelPapers.objects.bulk_create(fresh, batch_size=_AT_ONCE)
            ParcelPapers.objects.bulk_update(
                changed,
                [
                    *("payment", "platform", "waybill", "logistics_code"),
                    *("waybill_at", "waybill_until", "told_at"),
                ],
                batch_size=_AT_ONCE,
            )
    except IntegrityError as error:
        # Somebody else told one of these waybills at the same moment.
        if "a_waybill_is_one_parcels" in str(error):
            raise WaybillTaken() from error
        raise
    # Of one that another parcel gave away at this moment customs may have been told.
    if taken_elsewhere(bills, now):
        raise WaybillTaken()
    MissingPaper.objects.filter(among_keys("retail_list__order", meant)).update(again_at=now)
    ring(BELL)
