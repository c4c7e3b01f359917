"""The one reading of a declaration from which all its papers draw."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from django.http import Http404

from customs.models import (
    Declaration,
    DeclarationLine,
)
from customs.queries.amended import amended_fields
from customs.queries.counted import count_for, counted_of
from customs.queries.entry_parts import (
    bill_of,
    charges_of,
    exchange_of,
    figures_of,
    party_of,
    shares_of,
)
from customs.queries.kept_by_others import Kept, kept_by_others
from customs.queries.kept_readings import kept_around
from customs.queries.list_heads import list_head
from customs.queries.passing import passed
from customs.queries.ports import office_named
from customs.queries.reference import tariff_on
from customs.queries.retail import rounding_on
from customs.queries.sent_lists import sent_list
from customs.queries.stating import stated_on
from customs.queries.voyages import agreed_of, voyage_of
from customs.queries.zone_lists import list_of
from customs.rules.amended_papers import as_amended
from customs.rules.import_set import Goods, ImportSet, Listed, Rated, Warehouse
from customs.rules.kept_reading import Around
from customs.rules.shipped import Order, Ordered
from procurement.models import PurchaseOrder, PurchaseOrderLine
from warehouse.days import day_of

_READ = (
    *("importer", "warehouse__operator", "replaces"),
    *("shipment__order__supplier__company", "shipment__order__buyer"),
)


def import_set(declaration_id: int) -> ImportSet:
    """What stands of a declaration now; what stands elsewhere from its lodging on as it was read
    for the form that was lodged. No clock is asked. Raises Declaration.DoesNotExist."""
    return set_of(Declaration.objects.select_related(*_READ).get(pk=declaration_id))


def set_now(declaration_id: int) -> ImportSet:
    """The same with all as it stands today: what the zone's messages are written from."""
    return set_of(Declaration.objects.select_related(*_READ).get(pk=declaration_id), is_kept=False)


def declaration_to_read(reference: str) -> Declaration:
    """One in scope, for :func:`set_of`; Http404 where there is none."""
    found = Declaration.objects.select_related(*_READ).filter(our_reference=reference).first()
    if found is None:
        raise Http404
    return found


def set_of(declaration: Declaration, *, is_kept: bool = True) -> ImportSet:
    """The same of one that was read."""
    shipment = declaration.shipment
    rows = list(
        DeclarationLine.objects.filter(declaration=declaration)
        .select_related("product", "goods_line")
        .order_by("position")
    )
    kept = kept_by_others(declaration, rows)
    around = (kept_around(declaration) if is_kept else None) or _around_now(declaration, kept)
    goods, listed = _lines(rows, kept.items, around.articles)
    told = list_of(declaration)
    sent = sent_list(declaration, told)
    charges = charges_of(declaration.pk)
    data = ImportSet(
        reference=declaration.our_reference,
        form=declaration.form,
        customs_number=declaration.their_reference,
        replaces=declaration.replaces.our_reference if declaration.replaces else "",
        replaced_as=declaration.replaces.state if declaration.replaces else "",
        supervision_mode=declaration.supervision_mode,
        currency=declaration.currency,
        incoterm=declaration.incoterm,
        total=declaration.total_minor,
        packages=declaration.packages,
        gross_weight=declaration.gross_weight_g,
        net_weight=declaration.net_weight_g,
        drafted_on=_day(declaration.drafted_at),
        importer=around.importer,
        supplier=around.supplier,
        operator=around.operator,
        warehouse=around.warehouse,
        order=around.order,
        agreed=around.agreed,
        # Booked later, and no reason to read anything else anew.
        shipment=replace(around.shipment, invoice_number=shipment.invoice_number),
        goods=goods,
        listed=listed,
        charges=charges,
        shares=shares_of(declaration.pk, around.owners, {one.position: one.sku for one in listed}),
        tariff=_tariff(goods, _day(declaration.drafted_at)),
        exchange=exchange_of(declaration, charges, _day(declaration.drafted_at)),
        rounding=around.rounding,
        bill=bill_of(shipment),
        # No truck goes before the list was told.
        passes=passed(declaration, [(line.position, line.sku, line.quantity) for line in listed])
        if told
        else (),
        sent=sent,
        list_head=list_head(declaration, told, sent, kept.way),
        statement=around.statement,
        # The day is customs' own: it stands once customs took the form in.
        declared_on=_day(declaration.lodged_at)
        if declaration.lodged_at and declaration.their_reference
        else None,
        entered_on=kept.arrived_on,
        permits=around.permits,
        counted=around.counted,
    )
    return as_amended(data, amended_fields(declaration))


def _around_now(declaration: Declaration, kept: Kept) -> Around:
    shipment, warehouse = declaration.shipment, declaration.warehouse
    count = count_for(declaration, kept.house.count)
    day = _day(declaration.drafted_at)
    ordered = list(shipment.order.lines.select_related("product").order_by("position", "pk"))
    return Around(
        importer=party_of(declaration.importer),
        supplier=party_of(shipment.order.supplier.company),
        operator=party_of(warehouse.operator),
        warehouse=Warehouse(
            code=warehouse.code,
            name_zh=warehouse.name_zh,
            name_en=warehouse.name_en,
            customs_district=warehouse.customs_district,
            entry_port=warehouse.entry_port,
            ledger_number=warehouse.ledger_number,
            office=office_named(kept.house.port_code, day),
        ),
        order=_order(shipment.order, ordered),
        agreed=tuple(agreed_of(line) for line in ordered),
        shipment=voyage_of(shipment, count),
        statement=stated_on(declaration, day),
        rounding=rounding_on(day),
        permits=kept.permits,
        owners=(),
        counted=counted_of(shipment, count),
    )


def _day(at: datetime) -> date:
    return day_of(at)


def _order(order: PurchaseOrder, lines: Sequence[PurchaseOrderLine]) -> Order:
    return Order(
        number=order.number,
        seller=order.supplier.company.code,
        buyer=order.buyer.code,
        currency=order.currency,
        incoterm=order.incoterm,
        amount=order.amount_minor,
        placed_on=_day(order.placed_at) if order.placed_at else None,
        lines=tuple(
            Ordered(
                key=line.pk,
                sku=line.product.sku,
                hs_code=line.product.hs_code,
                origin=line.product.origin,
                quantity=line.quantity,
                amount=line.amount_minor,
            )
            for line in lines
        ),
    )


def _lines(
    rows: Sequence[DeclarationLine], items: Mapping[int, str], articles: Mapping[int, str]
) -> tuple[tuple[Goods, ...], tuple[Listed, ...]]:
    """The lines of the form and those of the bonded list, each of which is of one of the form."""
    lines = {row.goods_line_id: row.goods_line for row in rows}
    of_goods: dict[int, set[str]] = defaultdict(set)
    for row in rows:
        of_goods[row.goods_line_id].add(items.get(row.pk, ""))
    goods = tuple(
        Goods(**figures_of(line), ledger_item=_only(of_goods[line.pk]))
        for line in sorted(lines.values(), key=lambda one: one.position)
    )
    listed = tuple(
        Listed(
            **figures_of(row),
            ledger_item=items.get(row.pk, ""),
            key=row.order_line_id,
            sku=articles.get(row.order_line_id, row.product.sku),
            goods_position=row.goods_line.position,
        )
        for row in rows
    )
    return goods, listed


def _only(items: set[str]) -> str:
    return next(iter(items)) if len(items) == 1 else ""


def _tariff(goods: Sequence[Goods], day: date) -> tuple[Rated, ...]:
    rates = tariff_on({line.hs_code for line in goods}, day)
    asked = sorted({(line.hs_code, line.origin) for line in goods})
    return tuple(
        Rated(
            hs_code=code,
            origin=origin,
            duty=rate.duty_rate,
            treaty=treaty if (treaty := rate.duty_of(origin)) < rate.duty_rate else None,
            vat=rate.vat_rate,
            consumption_tax=rate.consumption_tax_rate,
            specific=rate.consumption_tax_specific,
            specific_unit=rate.consumption_tax_unit,
            is_conditional=bool(rate.consumption_tax_if),
        )
        for code, origin in asked
        if (rate := rates.get(code))
    )
