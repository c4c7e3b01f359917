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
from customs.rules import parcel_file as rules
from customs.rules.parties import ParcelToldAlready, WaybillTaken
from customs.services.parties import BELL
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
    faults += _not_now(meant, carrier)
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


def _not_now(meant: Mapping[int, rules.ParcelRow], carrier: str) -> list[rules.ParcelFault]:
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
    kept = {
        one.order_id: one for one in ParcelPapers.objects.filter(among_keys("order", list(mended)))
    }
    faults = [
        rules.ParcelFault(meant[order].number, "order", ParcelToldAlready())
        for order, names in mended.items()
        # Of what came back the numbers that stand in it, and nothing else.
        if not (changed := _changed(meant[order], kept.get(order))) or changed - names
    ]
    bills = {row.waybill: row for row in meant.values() if row.waybill}
    with platform_wide():
        # A carrier's waybill is one parcel's among all sellers' parcels.
        taken = dict(
            ParcelPapers.objects.filter(
                among_keys("waybill", bills, "text"), logistics_code=carrier
            ).values_list("waybill", "order_id")
        )
    # One that this file takes from its own other parcel is free.
    faults += [
        rules.ParcelFault(bills[bill].number, "waybill", WaybillTaken())
        for bill, order in taken.items()
        if order not in meant or not meant[order].waybill
    ]
    return faults


def _changed(row: rules.ParcelRow, papers: ParcelPapers | None) -> set[str]:
    told = {"payment": row.payment, "waybill": row.waybill}
    found = {name for name, value in told.items() if value and value != getattr(papers, name, "")}
    # What was paid stands where the payment's number stands.
    return found if row.paid is None else found | {"payment"}


def _keep(
    seller: Company, meant: Mapping[int, rules.ParcelRow], carrier: str, now: datetime
) -> None:
    tell_paid({pk: row.paid for pk, row in meant.items() if row.paid is not None})
    there = ParcelPapers.objects.filter(among_keys("order", meant))
    kept = {one.order_id: one for one in there.select_for_update().order_by("pk")}
    # Two parcels may change their waybills with each other: first nobody has them.
    there.filter(among_keys("order", [pk for pk, row in meant.items() if row.waybill])).update(
        waybill=""
    )
    fresh, changed = [], []
    for pk, row in meant.items():
        one = kept.get(pk)
        if one is None:
            one = ParcelPapers(order_id=pk, seller=seller)
            fresh.append(one)
        else:
            changed.append(one)
        one.payment = row.payment or one.payment
        if row.waybill:
            one.waybill, one.logistics_code = row.waybill, carrier
        one.told_at = now
    try:
        with transaction.atomic():
            ParcelPapers.objects.bulk_create(fresh, batch_size=_AT_ONCE)
            ParcelPapers.objects.bulk_update(
                changed, ["payment", "waybill", "logistics_code", "told_at"], batch_size=_AT_ONCE
            )
    except IntegrityError as error:
        # Somebody else told one of these waybills at the same moment.
        if "a_waybill_is_one_parcels" in str(error):
            raise WaybillTaken() from error
        raise
    MissingPaper.objects.filter(among_keys("retail_list__order", meant)).update(again_at=now)
    ring(BELL)
