"""A collective declaration as the rules look at it, and the one reading for all its papers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import F, OuterRef, TextField
from django.db.models.functions import Cast

from core.walls import platform_wide
from customs.models import (
    BookLine,
    CollectedLine,
    CollectedList,
    CollectiveDeclaration,
    CollectiveGoods,
    DeclarationLine,
    DeclarationShare,
)
from customs.queries.checking import BEFORE_CUSTOMS, assembled, goods_to_check
from customs.queries.collecting import lists_of
from customs.queries.countering import amended, charges_written, lines_written
from customs.queries.entry_parts import figures_of, party_of
from customs.queries.filing import unfiled_among
from customs.queries.permits import permits_known
from customs.queries.ports import office_named, office_told
from customs.queries.stating import stated_on
from customs.rules.charges import Charge, Kind, Mark
from customs.rules.collected import Collected
from customs.rules.countering import Change
from customs.rules.declared import Declared, Finding
from customs.rules.declared_checks import findings
from customs.rules.import_set import Charge as ChargeTold
from customs.rules.import_set import Goods, ImportSet, Listed, Permit, Share, Warehouse
from customs.rules.shipped import Order, Voyage
from warehouse.days import day_of


def charges_of_month(collective: CollectiveDeclaration) -> list[Charge]:
    """The charges that stand on it."""
    return [
        Charge(Kind(one.kind), Mark(one.mark), one.value, one.currency)
        for one in collective.charges.order_by("pk")
    ]


def declared_together(
    collective: CollectiveDeclaration, *, day: date, changes: Sequence[Change] = ()
) -> Declared:
    """As the rules of declarations look at it; a fixed number of statements."""
    lists = list(lists_of(collective))
    return assembled(
        collective,
        _goods_to_check(collective),
        charges=charges_of_month(collective),
        # They state the same, or they would not be in one declaration.
        statement=stated_on(lists[0].declaration, day),
        transport=collective.transport_mode,
        words={
            "vessel": _several(one.declaration.shipment.vessel for one in lists),
            "bill_of_lading": _several(one.declaration.shipment.bill_of_lading for one in lists),
        },
        # What was counted stands on the lists already.
        counted={},
        day=day,
        changes=changes,
    )


def _goods_to_check(collective: CollectiveDeclaration) -> list[Any]:
    """Its goods lines, to be checked: the lists' lines and their parts are those in it."""
    lines = DeclarationLine.objects.filter(collected__goods=OuterRef("pk")).order_by("pk")
    return goods_to_check(
        collective.goods.order_by("position"),
        lines,
        DeclarationShare.objects.filter(line__collected__goods=OuterRef("pk")),
        unfiled_among(lines, collective.warehouse.ledger_number, collective.importer_id),
        line_of="collected__goods",
        part_of="line__collected__goods",
    )


def findings_together(
    collective: CollectiveDeclaration, *, day: date, changes: Sequence[Change] = ()
) -> list[Finding]:
    """What customs would send it back for on a day; with ``changes``, as amended."""
    declared = declared_together(collective, day=day, changes=changes)
    return findings(amended(declared, changes) if changes else declared)


def findings_to_come(collective: CollectiveDeclaration, *, day: date) -> list[Finding]:
    """The same of one that customs has not seen yet, nothing of any other."""
    if collective.state not in BEFORE_CUSTOMS:
        return []
    return findings_together(collective, day=day)


def amendable_together(collective: CollectiveDeclaration) -> dict[tuple[int, str], str]:
    """All that can be amended, as it stands: by goods line (0: the head) and field."""
    head = charges_written(collective.packages, charges_of_month(collective))
    return head | lines_written(collective.goods.order_by("position"))


def collective_set(collective_id: int) -> ImportSet:
    """What stands of it now, for all its papers; a fixed number of statements. No clock is asked.

    Raises CollectiveDeclaration.DoesNotExist.
    """
    one = CollectiveDeclaration.objects.select_related(
        "importer", "supplier", "warehouse__operator", "replaces"
    ).get(pk=collective_id)
    rows = list(lists_of(one))
    drafted_on = day_of(one.drafted_at)
    house = one.warehouse
    lines = list(
        CollectedLine.objects.filter(goods__collective=one)
        .select_related("line__product", "goods")
        .order_by("pk")
    )
    items = _items(lines)
    shipments = [row.declaration.shipment for row in rows]
    orders = _several(shipment.order.number for shipment in shipments)
    charges = charges_of_month(one)
    return ImportSet(
        reference=one.our_reference,
        form=one.form,
        customs_number=one.their_reference,
        replaces=one.replaces.our_reference if one.replaces else "",
        supervision_mode=one.supervision_mode,
        currency=one.currency,
        incoterm=one.incoterm,
        total=one.total_minor,
        packages=one.packages,
        gross_weight=one.gross_weight_g,
        net_weight=one.net_weight_g,
        drafted_on=drafted_on,
        importer=party_of(one.importer),
        supplier=party_of(one.supplier),
        operator=party_of(house.operator),
        warehouse=Warehouse(
            code=house.code,
            name_zh=house.name_zh,
            name_en=house.name_en,
            customs_district=house.customs_district,
            entry_port=house.entry_port,
            ledger_number=house.ledger_number,
            office=office_named(office_told(house.pk), drafted_on),
        ),
        order=Order(
            number=orders,
            seller=one.supplier.code,
            buyer=one.importer.code,
            currency=one.currency,
            incoterm=one.incoterm,
            amount=one.total_minor,
            placed_on=None,
            lines=(),
        ),
        shipment=Voyage(
            number=_several(shipment.number for shipment in shipments),
            contract=orders,
            mode=one.transport_mode,
            vessel=_several(shipment.vessel for shipment in shipments),
            voyage=_several(shipment.voyage for shipment in shipments),
            bill_of_lading=_several(shipment.bill_of_lading for shipment in shipments),
            departure_port=shipments[0].order.supplier.departure_port,
            departed_on=min(day_of(shipment.departed_at) for shipment in shipments),
            expected_on=max(shipment.expected_on for shipment in shipments),
            packages=one.packages,
            gross_weight=one.gross_weight_g,
            net_weight=one.net_weight_g,
            freight=0,
            insurance=0,
            freight_currency="",
            invoice_number="",
            lines=(),
        ),
        goods=_goods(one, lines, items),
        listed=_listed(lines, items),
        charges=tuple(
            ChargeTold(told.kind.value, told.mark.value, told.value, told.currency)
            for told in charges
        ),
        shares=_shares(one),
        statement=stated_on(rows[0].declaration, drafted_on),
        declared_on=day_of(one.lodged_at) if one.lodged_at and one.their_reference else None,
        permits=_permits([shipment.pk for shipment in shipments]),
        lists=tuple(_collected(row, lines) for row in rows),
        month=one.month,
    )


def _collected(row: CollectedList, lines: Sequence[CollectedLine]) -> Collected:
    told = row.declaration
    places = enumerate((one.line.declaration_id for one in lines), 1)
    return Collected(
        reference=told.our_reference,
        customs_number=told.their_reference,
        shipment=told.shipment.number,
        contract=told.shipment.order.number,
        vessel=told.shipment.vessel,
        bill_of_lading=told.shipment.bill_of_lading,
        accepted_on=day_of(told.decided_at) if told.decided_at else None,
        packages=told.packages,
        gross_weight=told.gross_weight_g,
        net_weight=told.net_weight_g,
        total=told.total_minor,
        lines=tuple(position for position, of in places if of == told.pk),
    )


def _several(values: Iterable[str]) -> str:
    """``A``, ``A, B``, and of more the first and how many follow: boxes of a form are narrow."""
    known = list(dict.fromkeys(value for value in values if value))
    return ", ".join(known) if len(known) < 3 else f"{known[0]} +{len(known) - 1}"


def _items(lines: Sequence[CollectedLine]) -> Mapping[int, str]:
    """The account book's item of each list line (ids). The book is its keeper's."""
    with platform_wide():
        posted = BookLine.objects.filter(declaration_line__in=[one.line_id for one in lines])
        told = posted.annotate(of=F("declaration_line"), item=Cast("row__item", TextField()))
        return dict(told.values_list("of", "item"))


def _goods(
    one: CollectiveDeclaration, lines: Sequence[CollectedLine], items: Mapping[int, str]
) -> tuple[Goods, ...]:
    there: dict[int, set[str]] = defaultdict(set)
    for told in lines:
        there[told.goods_id].add(items.get(told.line_id, ""))
    return tuple(
        Goods(
            **figures_of(line),
            ledger_item=next(iter(there[line.pk])) if len(there[line.pk]) == 1 else "",
        )
        for line in one.goods.order_by("position")
    )


def _listed(lines: Sequence[CollectedLine], items: Mapping[int, str]) -> tuple[Listed, ...]:
    """Numbered through over all lists; ``key`` is the list line's own."""
    return tuple(
        Listed(
            **figures_of(told.line, position),
            ledger_item=items.get(told.line_id, ""),
            key=told.line_id,
            sku=told.line.product.sku,
            goods_position=told.goods.position,
        )
        for position, told in enumerate(lines, 1)
    )


def _shares(one: CollectiveDeclaration) -> tuple[Share, ...]:
    """Each owner's part of each goods line and article: the sum of its parts of the lists."""
    rows = (
        DeclarationShare.objects.filter(line__collected__goods__collective=one)
        .annotate(place=F("line__collected__goods__position"))
        .select_related("owner", "product")
        .order_by("owner__code", "place", "product__sku", "pk")
    )
    goods = {line.position: line for line in CollectiveGoods.objects.filter(collective=one)}
    found: dict[tuple[str, int, str], Share] = {}
    for row in rows:
        key = (row.owner.code, row.place, row.product.sku)
        before, line = found.get(key), goods[row.place]
        if before is None:
            found[key] = Share(
                owner=party_of(row.owner),
                position=row.place,
                sku=row.product.sku,
                hs_code=line.hs_code,
                name_zh=line.name_zh,
                origin=line.origin,
                quantity=row.quantity,
                unit=row.unit,
                unit_price=row.unit_price,
                amount=row.amount_minor,
                net_weight=row.net_weight_g,
                gross_weight=row.gross_weight_g,
            )
            continue
        found[key] = replace(
            before,
            quantity=before.quantity + row.quantity,
            amount=before.amount + row.amount_minor,
            net_weight=before.net_weight + row.net_weight_g,
            gross_weight=before.gross_weight + row.gross_weight_g,
        )
    return tuple(found.values())


def _permits(shipments: Sequence[int]) -> tuple[Permit, ...]:
    with platform_wide():
        found = [
            Permit(one.product.sku, one.sign, one.number)
            for told in permits_known(list(shipments)).values()
            for one in told.values()
            if one.number
        ]
    return tuple(sorted(found, key=lambda one: (one.sign, one.number, one.sku)))
