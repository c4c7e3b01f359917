"""What is missing before goods can be declared: per product, those under way first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import Company
from catalog.models import Product
from customs.models import NO_LONGER, Declaration, DeclarationState, TariffRate
from customs.queries.deadlines import Awaited, awaited, declared_by, standing_of
from customs.queries.elements import elements_of, specification_of
from customs.queries.filing import filed_everywhere
from customs.queries.judging import as_judged, said_last
from customs.queries.permits import asked_signs, numbers_told, permits_told
from customs.queries.reference import listed_as, tariff_on
from customs.queries.stating import unstated
from customs.queries.ways import OnWay, may_be_declared, next_to_arrive, on_ways
from customs.rules.declaring import lacking
from customs.rules.goods import Shipped
from customs.rules.permits import all_told
from customs.rules.positive_list import Remark, must_be_judged
from procurement.models import (
    OrderState,
    PurchaseOrderLine,
    Shipment,
    ShipmentLine,
)

#: A product, the shipments that carry it (ids by number), the soonest first, and the first day by
#: which one of them is declared.
_UnderWay = tuple[Product, dict[str, int], date]


@dataclass(frozen=True, slots=True)
class ToDo:
    """A product with names of what it lacks; ``shipments`` and ``due_on`` of what is under way.

    ``supervision`` are the signs by which customs may ask for a paper of it.
    """

    product: Product
    fields: tuple[str, ...]
    shipments: tuple[str, ...]
    due_on: date | None
    supervision: tuple[str, ...]
    #: The first shipment of which a permit's number is missing; empty where none is.
    permits_of: str = ""


@dataclass(frozen=True, slots=True)
class AllToDo:
    """The soonest first: what products lack; shipments of which nothing was stated, each with the
    last day on which it is handed to customs; and how far those are that are under way."""

    rows: list[ToDo]
    unstated: list[tuple[Shipment, date]]
    ways: list[OnWay]


def all_to_do(importer: Company | None, *, day: date, most_unstated: int) -> AllToDo:
    """All that keeps goods from being declared, only the importer's where one is named; a fixed
    number of statements."""
    waiting = awaited(_waiting(importer))
    silent = list(unstated(importer)[:most_unstated])
    coming = list(next_to_arrive(importer))
    lodging = [*waiting, *map(_awaited, silent)]
    standing = standing_of([*lodging, *map(_awaited, coming)])
    last = declared_by(lodging, standing, day=day)
    return AllToDo(
        rows=_to_do(importer, {one.shipment: last[one.shipment] for one in waiting}, day),
        unstated=[(one, last[one.pk]) for one in silent],
        ways=on_ways(coming, day=day, standing=standing),
    )


def to_do(importer: Company | None, *, day: date) -> list[ToDo]:
    """Products on their way and on order that cannot be declared yet; only the importer's where one
    is named. The soonest deadline first, then by number."""
    waiting = awaited(_waiting(importer))
    return _to_do(importer, declared_by(waiting, standing_of(waiting), day=day), day)


def _to_do(importer: Company | None, due_by: Mapping[int, date], day: date) -> list[ToDo]:
    under_way = _under_way(due_by, day)
    products = {pk: one for pk, (one, _shipments, _due) in under_way.items()}
    for one in _on_order(importer, day):
        products.setdefault(one.pk, one)
    rates = tariff_on({one.hs_code for one in products.values()}, day)
    elements = elements_of(products.values())
    lack_permits = _lacking_permits(under_way, rates)
    filed = filed_everywhere(importer)
    found = []
    for pk, one in products.items():
        rate, own = rates.get(one.hs_code), elements.get(pk)
        _said, has_elements = specification_of(one, own, rate)
        fields = lacking(
            Shipped(
                key=pk,
                sku=one.sku,
                hs_code=one.hs_code,
                name_zh=one.name_zh,
                origin=one.origin,
                declared_unit=one.declared_unit,
                legal_unit=rate.legal_unit if rate else "",
                second_unit=rate.legal_unit_2 if rate else "",
                unit_net=one.net_weight_g,
                unit_gross=one.gross_weight_g,
                ordered=1,
                shipped=1,
                amount=0,
                content_ml=(own.content_ml or 0) if own else 0,
                has_elements=has_elements,
                has_permits=not lack_permits.get(pk),
            )
        )
        entry = getattr(one, "listed", None)
        if entry is None:
            fields = (*fields, "positive_list")
        elif must_be_judged(
            as_judged(getattr(one, "judged", None)),
            one.hs_code,
            Remark.of(entry["remarks"], entry["remark"]),
        ):
            fields = (*fields, "remark")
        if filed is not None and (pk, one.hs_code) not in filed:
            fields = (*fields, "filing")
        if not fields:
            continue
        _product, shipments, due_on = under_way.get(pk, (one, {}, None))
        supervision = tuple(rate.supervision) if rate else ()
        first = lack_permits.get(pk, "")
        found.append(ToDo(one, fields, tuple(shipments), due_on, supervision, first))
    return sorted(found, key=lambda one: (one.due_on or date.max, one.product.sku))


def _lacking_permits(
    under_way: Mapping[int, _UnderWay], rates: Mapping[str, TariffRate]
) -> dict[int, str]:
    """By product: the first shipment under way of which a permit that the tariff asks for has no
    number yet. Of what is only on order none can be told."""
    wanted = {
        pk: (asked_signs(rates[one.hs_code].supervision), shipments)
        for pk, (one, shipments, _due) in under_way.items()
        if one.hs_code in rates
    }
    wanted = {pk: told for pk, told in wanted.items() if told[0]}
    if not wanted:
        return {}
    told = permits_told(
        {key for _signs, shipments in wanted.values() for key in shipments.values()}
    )
    found = {}
    for pk, (signs, shipments) in wanted.items():
        lacks = [
            number
            for number, key in shipments.items()
            if not all_told(signs, numbers_told(told.get((key, pk), {})))
        ]
        if lacks:
            found[pk] = lacks[0]
    return found


def _awaited(shipment: Shipment) -> Awaited:
    return Awaited(shipment.pk, shipment.order.buyer_id, shipment.expected_on)


def _waiting(importer: Company | None) -> QuerySet[Shipment]:
    """Shipments whose declaration was not sent yet."""
    sent = Declaration.objects.filter(shipment=OuterRef("pk")).exclude(
        state__in=(*NO_LONGER, DeclarationState.DRAFT)
    )
    waiting = Shipment.objects.filter(may_be_declared(), ~Exists(sent))
    if importer is not None:
        waiting = waiting.filter(order__buyer=importer)
    return waiting


def _under_way(due_on: Mapping[int, date], day: date) -> dict[int, _UnderWay]:
    """By product; ``due_on``: by shipment (ids) the day by which it is declared."""
    lines = (
        ShipmentLine.objects.filter(shipment__in=list(due_on))
        .select_related("shipment", "order_line__product")
        .annotate(
            judged=said_last("order_line__product"),
            listed=listed_as("order_line__product__hs_code", day),
        )
    )
    found: dict[int, _UnderWay] = {}
    for line in sorted(lines, key=lambda one: (due_on[one.shipment_id], one.pk)):
        product = line.order_line.product
        product.judged, product.listed = line.judged, line.listed  # type: ignore[attr-defined]
        one = found.setdefault(product.pk, (product, {}, due_on[line.shipment_id]))
        one[1][line.shipment.number] = line.shipment_id
    return found


def _on_order(importer: Company | None, day: date) -> list[Product]:
    bought = PurchaseOrderLine.objects.filter(order__state=OrderState.PLACED)
    if importer is not None:
        bought = bought.filter(order__buyer=importer)
    found = Product.objects.filter(pk__in=bought.values("product_id")).order_by("sku")
    return list(found.annotate(judged=said_last("pk"), listed=listed_as("hs_code", day)))
