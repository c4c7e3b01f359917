"""What is told to customs of consumers' parcels, as the rules of messages want it; set by set."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NamedTuple

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.timezone import get_default_timezone

from core.copying import array_of
from core.walls import platform_wide
from customs.models import (
    HouseAtCustoms,
    ItemRecord,
    MessageKind,
    OutgoingElement,
    ParcelPapers,
    ProductElements,
    RetailList,
    RetailParties,
)
from customs.queries.elements import elements_under
from customs.queries.judging import modes_on
from customs.queries.platforms import platform_of, platforms_told
from customs.queries.reference import old_codes, tariff_on
from customs.queries.retelling import BEFORE
from customs.rules.elements import specified
from customs.rules.legal_units import in_legal_unit
from customs.rules.modes import Mode
from customs.rules.retail_messages import Buyer, Goods, House, Parcel, Parties
from warehouse.models import BondedWarehouse, RetailOrder, RetailOrderState

# One line for each item of the book from which a line of the order is served: the order's and the
# list's lines have the same number then.
_GOODS = """
SELECT line.order_id, line.position, product.id, product.sku, product.name_zh,
    product.specification, product.gtin, product.declared_unit, product.origin,
    product.net_weight_g, product.gross_weight_g, listed.hs_code, line.unit_price_minor,
    lot.warehouse_id, item.item, book.number, sum(reserved.quantity)
FROM customs_retaillistline AS listed
JOIN customs_retaillist AS list ON list.id = listed.retail_list_id
JOIN warehouse_retailorderline AS line ON line.id = listed.order_line_id
JOIN catalog_product AS product ON product.id = line.product_id
JOIN warehouse_reservation AS reserved ON reserved.line_id = line.id
JOIN warehouse_holding AS held ON held.id = reserved.holding_id
JOIN warehouse_lot AS lot ON lot.id = held.lot_id
LEFT JOIN customs_booklot AS inside ON inside.lot_id = lot.id
LEFT JOIN customs_bookrow AS item ON item.id = inside.row_id
LEFT JOIN customs_accountbook AS book ON book.id = item.book_id
WHERE list.id = ANY (%s::bigint[])
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16
ORDER BY 1, 2, 15, 16
"""


@dataclass(frozen=True, slots=True)
class Told:
    """One list with its parcel, who stands on its messages, and from which house it goes.
    ``is_apart``: its goods lie in several account books or houses.
    ``positions``: of each line of the message the line of the order it is of; ``units`` the legal
    units of its code on the day, empty where the tariff has none."""

    listed: RetailList
    parcel: Parcel
    parties: Parties
    house: House
    positions: tuple[int, ...]
    units: tuple[tuple[str, ...], ...]
    is_apart: bool


def untold(*, now: datetime) -> QuerySet[RetailList]:
    """Drawn lists that are to go by themselves and of which nothing was told yet, oldest first."""
    told = OutgoingElement.objects.filter(retail_list=OuterRef("pk"))
    found: QuerySet[RetailList] = RetailList.objects.filter(
        ~Exists(told.filter(kind__in=[*BEFORE, MessageKind.RETAIL_LIST])),
        Q(missing__isnull=True) | Q(missing__again_at__lte=now),
        order__state=RetailOrderState.LISTED,
        void__isnull=True,
        release__isnull=True,
        seller__retail_parties__agreed_at__isnull=False,
        seller__retail_parties__is_automatic=True,
    )
    return found.select_related("order").order_by("pk")


def parties_of(sellers: Collection[int]) -> dict[int, RetailParties]:
    """Who stands on each seller's messages, with the agent."""
    found = RetailParties.objects.filter(seller__in=sellers).select_related("agent", "seller")
    return {one.seller_id: one for one in found}


def as_parties(told: RetailParties) -> Parties:
    return Parties(
        ebp_code=told.ebp_code,
        ebp_name=told.ebp_name,
        ebc_code=told.ebc_code,
        ebc_name=told.ebc_name,
        agent_code=told.agent.customs_code,
        agent_name=told.agent.name_zh,
        assure_code=told.assure_code,
        logistics_code=told.logistics_code,
        logistics_name=told.logistics_name,
        pay_code=told.pay_code,
        pay_name=told.pay_name,
    )


def _parties(
    order: RetailOrder,
    told: RetailParties,
    papers: Mapping[int, ParcelPapers],
    under: Mapping[int, str],
) -> Parties:
    """Of one order: customs knows it under the platform under which it was told first."""
    chosen = papers[order.pk].platform if order.pk in papers else ""
    found = platform_of(told, channel=order.channel, code=under.get(order.pk, "") or chosen)
    return replace(as_parties(told), ebp_code=found.code, ebp_name=found.name)


def houses_at_customs(warehouses: Collection[int], day: date) -> dict[int, House]:
    """By warehouse; what nobody has told yet is empty, and the message's form refuses it."""
    more = {
        one.warehouse_id: one for one in HouseAtCustoms.objects.filter(warehouse__in=warehouses)
    }
    modes = modes_on(warehouses, day)
    found: dict[int, House] = {}
    houses = BondedWarehouse.objects.filter(pk__in=warehouses).select_related("operator")
    for house in houses:
        told = more.get(house.pk)
        found[house.pk] = House(
            customs_code=house.customs_district,
            port_code=told.port_code if told else "",
            ems_no=house.ledger_number,
            area_code=house.operator.customs_code,
            area_name=house.operator.name_zh,
            traf_mode=told.traf_mode if told else "",
            loct_no=told.site_code if told else "",
            trade_mode=modes.get(house.pk, Mode.BONDED),
            names_material=told is not None and told.item_record == ItemRecord.MATERIAL,
        )
    return found


def order_number(order: RetailOrder) -> str:
    """The number under which customs knows an order: the shop's, and the parcel's where there are
    several."""
    return (
        f"{order.channel_order_number}-{order.part}"
        if order.part > 1
        else (order.channel_order_number)
    )


def told_of(
    lists: Sequence[RetailList],
    parties: Mapping[int, RetailParties],
    waybills: Mapping[int, ParcelPapers],
    *,
    day: date,
    is_first: bool = False,
) -> list[Told]:
    """The lists as messages tell of them; ``is_first``: their orders are told now, and thus under
    the platform that is theirs now. Call platform-wide: it decrypts their buyers."""
    rows = _goods([one.pk for one in lists])
    flat = [row for found in rows.values() for row in found]
    tariff = tariff_on({row.hs_code for row in flat}, day)
    units = {code: one.legal_units for code, one in tariff.items()}
    asked = {code: one.elements for code, one in tariff.items()}
    old = old_codes("country", day)
    elements = elements_under({row.product: row.hs_code for row in flat})
    houses = houses_at_customs({row.house for row in flat}, day)
    under = {} if is_first else platforms_told([one.order_id for one in lists])
    nowhere, nobody = House("", "", "", "", "", ""), Parties("", "", "", "", "", "", "", "", "")
    told = []
    for one in lists:
        found = rows[one.order_id]
        told.append(
            Told(
                listed=one,
                parcel=_parcel(one, found, waybills.get(one.order_id), units, asked, elements, old),
                parties=_parties(one.order, parties[one.seller_id], waybills, under)
                if one.seller_id in parties
                else nobody,
                house=_house(found, houses) if found else nowhere,
                is_apart=len({(row.house, row.ledger) for row in found if row.ledger}) > 1,
                positions=tuple(row.position for row in found),
                units=tuple(units.get(row.hs_code, ()) for row in found),
            )
        )
    return told


def _house(rows: Sequence[_Row], houses: Mapping[int, House]) -> House:
    """From which the goods leave, under the book in which they lie: the house may have another one
    since they came."""
    house = houses[rows[0].house]
    ledger = next((row.ledger for row in rows if row.ledger), "")
    return replace(house, ems_no=ledger) if ledger else house


class _Row(NamedTuple):
    """One item of the book (``ledger`` its number) from which a line of an order is served; fen and
    grams of one unit."""

    order: int
    position: int
    product: int
    sku: str
    name: str
    specification: str
    gtin: str
    unit: str
    origin: str
    net: int
    gross: int
    hs_code: str
    price: int
    house: int
    item: int | None
    ledger: str | None
    quantity: int


def positions_of(listed: RetailList) -> tuple[int, ...]:
    """Of each line of the message the line of the order it is of (:class:`Told`), with nothing of
    the buyer; empty where the order was taken back and nothing is kept for it any more."""
    with platform_wide():
        return tuple(row.position for row in _goods([listed.pk]).get(listed.order_id, ()))


def _goods(lists: Sequence[int]) -> dict[int, list[_Row]]:
    found: dict[int, list[_Row]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_GOODS, [array_of(lists)])
        for row in cursor.fetchall():
            found[row[0]].append(_Row(*row))
    return found


def _specification(row: _Row, own: ProductElements | None, asked: Sequence[str]) -> str:
    if own is None or not own.values:
        return row.specification
    said, is_asked = specified(asked, (own.names, own.values), row.specification)
    return said if is_asked else ""


def _parcel(
    listed: RetailList,
    rows: Sequence[_Row],
    papers: ParcelPapers | None,
    units: Mapping[str, tuple[str, ...]],
    asked: Mapping[str, Sequence[str]],
    elements: Mapping[int, ProductElements],
    old: Mapping[str, str],
) -> Parcel:
    order = listed.order
    zone = get_default_timezone()
    net = gross = 0
    goods = []
    for row in rows:
        net += row.net * row.quantity
        gross += row.gross * row.quantity
        own = elements.get(row.product)
        legal = [
            (
                in_legal_unit(
                    one,
                    quantity=row.quantity,
                    net=row.net * row.quantity,
                    declared_unit=row.unit,
                    content_ml=(own.content_ml or 0) if own else 0,
                ),
                one,
            )
            # Without a row of the tariff the unit is empty, and the form refuses it.
            for one in units.get(row.hs_code, ("",))
        ]
        goods.append(
            Goods(
                sku=row.sku,
                name=row.name,
                # As it was declared into bond. Elements of another catalogue say nothing: the
                # message's form refuses what is empty.
                specification=_specification(row, own, asked.get(row.hs_code, ())),
                barcode=row.gtin,
                unit=row.unit,
                quantity=row.quantity,
                price=row.price,
                country=old.get(row.origin, ""),
                hs_code=row.hs_code,
                item="" if row.item is None else str(row.item),
                legal=legal[0],
                second=legal[1] if len(legal) > 1 else None,
            )
        )
    return Parcel(
        list_number=listed.number,
        order_number=order_number(order),
        # The shop does not tell its buyer's account; this is the same for one person's orders.
        account=order.buyer_id_digest[:32],
        waybill=papers.waybill if papers else "",
        buyer=Buyer(
            order.buyer_name,
            order.buyer_id_number,
            order.buyer_telephone,
            order.consignee_address,
            order.consignee_name,
            order.consignee_telephone,
        ),
        goods=tuple(goods),
        freight=order.freight_minor,
        tax=listed.tax_minor if order.collected_tax_minor is None else order.collected_tax_minor,
        insurance=order.insurance_minor,
        discount=order.discount_minor,
        told_paid=order.paid_minor,
        net=net,
        gross=gross,
        payment=papers.payment if papers else "",
        paid_at=(order.paid_at or order.placed_at).astimezone(zone),
    )
