"""Which parcels are to leave the zone under an export list, and what the lists are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404

from core.walls import platform_wide
from customs.models import (
    BookRow,
    ExportGoods,
    ExportList,
    ExportParcel,
    HouseAtCustoms,
    RetailList,
    RetailVoid,
)
from customs.queries.elements import elements_under
from customs.queries.entry_parts import party_of
from customs.queries.judging import modes_on
from customs.queries.reference import old_codes, tariff_on
from customs.rules.declaring import form_for
from customs.rules.exporting import Export, House, Leaving
from customs.rules.import_set import RECORD_LIST
from customs.rules.modes import Mode
from customs.rules.sas.documents import LOGISTICS_CENTRE, SPECIAL_ZONE
from warehouse.days import day_of
from warehouse.models import BondedWarehouse

# What is reserved for an order says of which lots its list is. Only lists that the account book
# knows: their items stand on the message. A parcel of goods of two books can stand on no list.
_FROM = """
FROM customs_retaillist AS list
JOIN customs_retailrelease AS release ON release.retail_list_id = list.id
JOIN LATERAL (
    SELECT it.their_number, it.company_id FROM customs_outgoingelement AS it
    WHERE it.retail_list_id = list.id AND it.kind = 'CEB621' AND it.their_number <> ''
    ORDER BY it.turn DESC LIMIT 1) AS told ON told.company_id = %(importer)s
JOIN warehouse_retailorderline AS line ON line.order_id = list.order_id
JOIN catalog_product AS product ON product.id = line.product_id
JOIN warehouse_reservation AS reserved ON reserved.line_id = line.id
JOIN warehouse_holding AS held ON held.id = reserved.holding_id
JOIN warehouse_lot AS lot ON lot.id = held.lot_id
JOIN customs_booklot AS inside ON inside.lot_id = lot.id
JOIN customs_bookrow AS item ON item.id = inside.row_id
WHERE NOT EXISTS (SELECT FROM customs_retailvoid AS void WHERE void.retail_list_id = list.id)
AND NOT EXISTS (
    SELECT FROM customs_exportparcel AS gone
    WHERE gone.retail_list_id = list.id AND gone.freed_at IS NULL)
AND EXISTS (
    SELECT FROM customs_bookreceipt AS booked
    WHERE booked.document = list.number AND booked.kind = 'inv201_out'
    AND booked.reverses_id IS NULL)
"""
_LEAVING = f"""
SELECT list.id, told.their_number, lot.warehouse_id, item.book_id, item.id,
    sum(reserved.quantity), sum(reserved.quantity * line.unit_price_minor),
    sum(reserved.quantity * product.net_weight_g), sum(reserved.quantity * product.gross_weight_g)
{_FROM} GROUP BY 1, 2, 3, 4, 5
ORDER BY 3, 4, 1, 5
"""
_PLACES = f"""
SELECT count(*) FILTER (WHERE NOT is_apart), count(*) FILTER (WHERE is_apart),
    (array_agg(number ORDER BY number) FILTER (WHERE is_apart))[:%(named)s]
FROM (
    SELECT list.number, count(DISTINCT (lot.warehouse_id, item.book_id)) > 1 AS is_apart
    {_FROM} GROUP BY 1) AS places
"""  # noqa: S608 - our own text
_APART = """
SELECT count(DISTINCT (lot.warehouse_id, item.book_id)) > 1
FROM customs_retaillist AS list
JOIN warehouse_retailorderline AS line ON line.order_id = list.order_id
JOIN warehouse_reservation AS reserved ON reserved.line_id = line.id
JOIN warehouse_holding AS held ON held.id = reserved.holding_id
JOIN warehouse_lot AS lot ON lot.id = held.lot_id
JOIN customs_booklot AS inside ON inside.lot_id = lot.id
JOIN customs_bookrow AS item ON item.id = inside.row_id
WHERE list.id = %s
"""
#: Parcels of goods of two books that a page names; it says how many there are.
NAMED = 20


@dataclass
class Waiting:
    """Parcels of one house and book that no export list names: by retail list (id) customs'
    number, and its items (row id) with quantity, worth in fen, net and gross grams."""

    warehouse: int
    book: int
    numbers: dict[int, str] = field(default_factory=dict)
    items: dict[int, list[tuple[int, int, int, int, int]]] = field(default_factory=dict)


def leaving(importer: int) -> list[Waiting]:
    """What an importer (id) may list now, by house and book; nothing of two. Call platform-wide."""
    found: dict[tuple[int, int], Waiting] = {}
    with connection.cursor() as cursor:
        cursor.execute(_LEAVING, {"importer": importer})
        for listed, number, house, book, item, *figures in cursor.fetchall():
            one = found.setdefault((house, book), Waiting(house, book))
            one.numbers[listed] = number
            units, worth, net, gross = (int(figure) for figure in figures)
            one.items.setdefault(listed, []).append((item, units, worth, net, gross))
    houses = Counter(listed for one in found.values() for listed in one.numbers)
    for one in found.values():
        for listed in [pk for pk in one.numbers if houses[pk] > 1]:
            del one.numbers[listed], one.items[listed]
    return [one for one in found.values() if one.numbers]


def house_of(warehouse: BondedWarehouse, ledger: str, day: date) -> House:
    """A house as an export list of the account book of this number names it; what nobody told is
    empty. Call platform-wide."""
    told = HouseAtCustoms.objects.filter(warehouse=warehouse).first()
    keeper = party_of(warehouse.operator)
    form = form_for(keeper.customs_code)
    return House(
        keeper=keeper,
        district=warehouse.customs_district,
        port=told.port_code if told else "",
        traffic=told.traf_mode if told else "",
        # Not the house's: it may have another one since the goods came.
        ledger=ledger,
        system=SPECIAL_ZONE if form == RECORD_LIST else LOGISTICS_CENTRE,
        mode=modes_on([warehouse.pk], day).get(warehouse.pk, Mode.BONDED),
    )


def goods_of(figures: dict[int, list[int]], *, at: datetime) -> list[tuple[BookRow, Leaving]]:
    """The items (row ids) with quantity, worth, net and gross as the list names them, by number of
    the item. ``at`` is the moment by whose codes and tariff. Call platform-wide."""
    day = day_of(at)
    rows = list(
        BookRow.objects.filter(pk__in=list(figures)).select_related("product").order_by("item")
    )
    elements = elements_under({one.product_id: one.hs_code for one in rows})
    tariff = tariff_on({one.hs_code for one in rows}, day)
    old = old_codes("country", day)
    made = []
    for row in rows:
        quantity, worth, net, gross = figures[row.pk]
        rate, own = tariff.get(row.hs_code), elements.get(row.product_id)
        one = Leaving(
            item=row.item,
            sku=row.product.sku,
            hs_code=row.hs_code,
            name=row.name_zh,
            specification=row.specification or row.product.specification,
            unit=row.unit,
            country=old.get(row.origin, ""),
            quantity=quantity,
            worth=worth,
            net=net,
            gross=gross,
            legal=tuple(rate.legal_units) if rate else (),
            content_ml=(own.content_ml or 0) if own else 0,
        )
        made.append((row, one))
    return made


def export_lists() -> QuerySet[ExportList]:
    """The export lists in scope, newest first."""
    found: QuerySet[ExportList] = ExportList.objects.select_related(
        "importer", "warehouse", "element__message", "element__standing"
    )
    found = found.prefetch_related("element__counters__standing")
    return found.order_by("-gathered_at", "-pk")


def export_list_of(number: str) -> ExportList:
    """One in scope; Http404 where there is none."""
    found = export_lists().filter(number=number).first()
    if found is None:
        raise Http404
    return found


def exported(listed: ExportList) -> Export:
    """A list as it was sent."""
    with platform_wide():
        return Export(
            number=listed.number,
            importer=party_of(listed.importer),
            house=house_of(
                BondedWarehouse.objects.select_related("operator").get(pk=listed.warehouse_id),
                listed.ledger,
                day_of(listed.gathered_at),
            ),
            goods=_goods_on(listed),
            parcels=list(
                ExportParcel.objects.filter(export_list=listed)
                .order_by("pk")
                .values_list("customs_number", flat=True)
            ),
        )


def _goods_on(listed: ExportList) -> list[Leaving]:
    rows = list(ExportGoods.objects.filter(export_list=listed).order_by("position"))
    figures = {
        one.row_id: [one.quantity, one.worth_minor, one.net_weight_g, one.gross_weight_g]
        for one in rows
    }
    goods = {row.pk: one for row, one in goods_of(figures, at=listed.gathered_at)}
    return [goods[one.row_id] for one in rows]


@dataclass(frozen=True, slots=True)
class Parcel:
    """A retail list on an export list: our number and customs'. ``is_void`` since it was gathered,
    ``is_freed`` because customs refused the export list."""

    number: str
    customs_number: str
    is_void: bool
    is_freed: bool


def goods_and_parcels_of(
    listed: ExportList, *, most: int
) -> tuple[Sequence[Leaving], Sequence[Parcel]]:
    """The goods of a list as it was sent, and its first parcels, those that are void meanwhile
    before the others."""
    with platform_wide():
        return _goods_on(listed), _parcels_on(listed, most)


def _parcels_on(listed: ExportList, most: int) -> list[Parcel]:
    void = Exists(RetailVoid.objects.filter(retail_list=OuterRef("retail_list")))
    found = ExportParcel.objects.filter(export_list=listed).select_related("retail_list")
    rows = found.annotate(is_void=void).order_by("-is_void", "pk")[:most]
    return [
        Parcel(one.retail_list.number, one.customs_number, one.is_void, bool(one.freed_at))
        for one in rows
    ]


@dataclass(frozen=True, slots=True)
class NumbersWaiting:
    """How many parcels an importer could list now, and how many it cannot because their goods lie
    in two account books or houses, with the numbers of the first such lists."""

    parcels: int
    apart: int
    named: tuple[str, ...] = ()


def numbers_waiting(importer: int) -> NumbersWaiting:
    """Counted where they lie."""
    with platform_wide(), connection.cursor() as cursor:
        cursor.execute(_PLACES, {"importer": importer, "named": NAMED})
        parcels, apart, named = cursor.fetchone()
    return NumbersWaiting(parcels, apart, tuple(named or ()))


def is_apart(listed: RetailList) -> bool:
    """Whether the goods of a list lie in two account books or houses, and can stand on no export
    list."""
    with platform_wide(), connection.cursor() as cursor:
        cursor.execute(_APART, [listed.pk])
        return bool(cursor.fetchone()[0])


def by_importer() -> list[int]:
    """Importers (ids) with parcels that could be listed. Call platform-wide."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT it.company_id FROM customs_outgoingelement AS it "
            "JOIN customs_retailrelease AS release ON release.retail_list_id = it.retail_list_id "
            "WHERE it.kind = 'CEB621' AND it.their_number <> '' AND NOT EXISTS ("
            "SELECT FROM customs_exportparcel AS gone "
            "WHERE gone.retail_list_id = it.retail_list_id AND gone.freed_at IS NULL) ORDER BY 1"
        )
        return [row[0] for row in cursor.fetchall()]
