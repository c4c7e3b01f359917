"""Parcels that customs released leave the zone under export lists (INV101, kind 8): gathered by a
person, or each day by itself; each parcel on one list, until customs refuses that."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.timezone import get_default_timezone

from accounts.models import Company, User
from core.errors import DomainError
from core.numbers import next_number
from core.taking import take_turns
from core.walls import platform_wide
from customs.models import (
    AccountBook,
    BookRow,
    ExportGoods,
    ExportList,
    ExportParcel,
    Gateway,
    MessageKind,
    OutgoingElement,
    TruckPass,
)
from customs.queries.entry_parts import party_of
from customs.queries.exporting import (
    Waiting,
    by_importer,
    exported,
    goods_of,
    house_of,
    leaving,
    numbers_waiting,
)
from customs.queries.messages_out import way_out
from customs.queries.zone_lists import is_refused, list_for_export
from customs.rules import exporting as rules
from customs.rules.parties import GoodsApart
from customs.rules.passing import Truck, applicant_of, check_truck
from customs.rules.sas.documents import Document
from customs.rules.zone import NoGateway, Way, ZoneDataMissing, told_absent
from customs.services.telling_answers import tell_exports_apart, tell_exports_held
from customs.services.zone import queue_document
from notices.services import is_due, once
from warehouse.days import day_of
from warehouse.models import BondedWarehouse

log = logging.getLogger(__name__)

#: The series of export lists' numbers.
SERIES = "EX"


@transaction.atomic
def gather_exports(*, importer: Company, by: User | None, now: datetime) -> list[ExportList]:
    """Put every parcel of an importer's that is released, numbered by customs, in the account book
    and on no export list yet on lists of its house and book, and these into the queue.

    Of those whose goods lie in two books the importer hears; they stay.

    Raises NothingToExport, GoodsApart, NoGateway, ZoneDataMissing or MessageIncomplete; then
    nothing has been written.
    """
    with platform_wide():
        # Of two who gather at once the second finds nothing left.
        take_turns("export lists", str(importer.pk))
        waiting, held = leaving(importer.pk), numbers_waiting(importer.pk)
        if held.apart:
            if not waiting:
                raise GoodsApart(lists=held.apart)
            tell_exports_apart(importer, held.apart, now)
        if not waiting:
            raise rules.NothingToExport(company=importer.code)
        gateway = way_out(importer)
        if gateway is None:
            raise NoGateway(company=importer.code)
        return [
            _listed(importer, gateway, one, list(part), by, now)
            for one in waiting
            for part in rules.parts_of(sorted(one.numbers), settings.BONDPOOL_EXPORT_PARCELS)
        ]


def _listed(
    importer: Company,
    gateway: Gateway,
    waiting: Waiting,
    parcels: Sequence[int],
    by: User | None,
    now: datetime,
) -> ExportList:
    warehouse = BondedWarehouse.objects.select_related("operator").get(pk=waiting.warehouse)
    goods = goods_of(rules.summed({pk: waiting.items[pk] for pk in parcels}), at=now)
    party = party_of(importer)
    ledger = AccountBook.objects.get(pk=waiting.book).number
    house = house_of(warehouse, ledger, day_of(now))
    countries = [(one.sku, one.country) for _row, one in goods]
    if absent := rules.absent_of(party, house, countries):
        raise ZoneDataMissing(**told_absent(absent))
    number = next_number(SERIES, day_of(now).year)
    data = rules.Export(
        number=number,
        importer=party,
        house=house,
        goods=[one for _row, one in goods],
        parcels=[waiting.numbers[pk] for pk in parcels],
    )
    element = queue_document(
        gateway=gateway,
        made=lambda way: rules.export_list(data, way),
        kind=MessageKind.BONDED_LIST,
        key=number,
        declaration=None,
        turn=1,
        now=now,
    )
    made: ExportList = ExportList.objects.create(
        number=number,
        importer=importer,
        warehouse=warehouse,
        book_id=waiting.book,
        ledger=ledger,
        element=element,
        parcels=len(parcels),
        gathered_at=now,
        gathered_by=by,
    )
    ExportParcel.objects.bulk_create(
        [
            ExportParcel(
                export_list=made,
                importer=importer,
                retail_list_id=pk,
                customs_number=waiting.numbers[pk],
            )
            for pk in parcels
        ],
        batch_size=2_000,
    )
    ExportGoods.objects.bulk_create(_goods(made, goods), batch_size=2_000)
    return made


def _goods(made: ExportList, goods: Sequence[tuple[BookRow, rules.Leaving]]) -> list[ExportGoods]:
    return [
        ExportGoods(
            export_list=made,
            importer_id=made.importer_id,
            position=place,
            row=row,
            quantity=one.quantity,
            worth_minor=one.worth,
            gross_weight_g=one.gross,
            net_weight_g=one.net,
        )
        for place, (row, one) in enumerate(goods, 1)
    ]


@transaction.atomic
def gather_anew(*, listed: ExportList, by: User, now: datetime) -> list[ExportList]:
    """Let the parcels of a list go that customs refused, and gather them anew with what is waiting;
    those that are void meanwhile stay behind.

    Raises ExportListCounts, and what ``gather_exports`` raises; then nothing has been written.
    """
    with platform_wide():
        take_turns("export lists", str(listed.importer_id))
        element = OutgoingElement.objects.select_related("standing").get(pk=listed.element_id)
        open_lines = ExportParcel.objects.filter(export_list=listed, freed_at__isnull=True)
        if not is_refused(element) or not open_lines.update(freed_at=now):
            raise rules.ExportListCounts(number=listed.number)
        return gather_exports(importer=listed.importer, by=by, now=now)


def gather_daily(*, now: datetime) -> int:
    """Gather for every importer once a day, from the hour that is set; nothing where none is.

    What is missing or goes wrong for one importer's lists does not hold the others'; it hears of
    it, and the page's button says the same. Safe to run any number of times, one at a time. Call
    platform-wide, with no transaction open. Gives back how many lists were made.
    """
    hour = settings.BONDPOOL_EXPORT_HOUR
    if hour is None or now.astimezone(get_default_timezone()).hour < hour:
        return 0
    today = day_of(now)
    if not is_due("export.lists", day=today, now=now):
        return 0
    made = 0
    for importer in Company.objects.filter(pk__in=by_importer()).order_by("pk"):
        try:
            made += len(gather_exports(importer=importer, by=None, now=now))
        except GoodsApart as refusal:
            tell_exports_apart(importer, int(str(refusal.facts["lists"])), now)
        except DomainError as refusal:
            tell_exports_held(importer, refusal, now)
        # Whatever is wrong with one importer's: the others' parcels wait in the zone meanwhile.
        except Exception:
            log.exception("the export lists of %s could not be made", importer.code)
            tell_exports_held(importer, rules.ExportsFailed(), now)
    with transaction.atomic():
        once("export.lists", f"{today}", now=now)
    return made


@transaction.atomic
def queue_out_pass(*, listed: ExportList, truck: Truck, by: User, now: datetime) -> TruckPass:
    """Put the pass (SAS121) of the truck that takes an export list out of the zone into the queue.

    Raises TruckWrong, PassNeedsExportList, PassUnderWay, NoGateway or MessageIncomplete; then
    nothing has been written.
    """
    check_truck(truck)
    with platform_wide():
        # Of two trucks for one list the second finds the first.
        take_turns("export list", listed.number)
        named = list_for_export(listed)
        list_number = named.customs_number
        if not named.is_in_force:
            raise rules.PassNeedsExportList(number=listed.number)
        before = TruckPass.objects.filter(export_list=listed).select_related("element__standing")
        passes = list(before.order_by("pk"))
        if any(not is_refused(one.element) for one in passes):
            raise rules.PassUnderWay(number=listed.number)
        gateway = way_out(listed.importer)
        if gateway is None:
            raise NoGateway(company=listed.importer.code)
        data = exported(listed)
        turn = len(passes) + 1
        key = f"{listed.number}-P{turn}"

        def made(way: Way) -> Document:
            return rules.out_pass(
                data,
                truck,
                way,
                number=key,
                list_number=list_number,
                applicant=applicant_of(data.importer),
            )

        queued = queue_document(
            gateway=gateway,
            made=made,
            kind=MessageKind.PASS,
            key=key,
            declaration=None,
            turn=turn,
            now=now,
        )
        found: TruckPass = TruckPass.objects.create(
            export_list=listed,
            importer_id=listed.importer_id,
            element=queued,
            vehicle_number=truck.number,
            vehicle_weight_g=truck.weight,
            frame_number=truck.frame_number,
            frame_weight_g=truck.frame_weight,
            container_number=truck.container_number,
            container_weight_g=truck.container_weight,
            packages=listed.parcels,
            gross_weight_g=data.gross,
            net_weight_g=data.net,
            queued_at=now,
            queued_by=by,
        )
    return found
