"""What is missing before goods can be declared: per product, those under way first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef

from accounts.models import Company
from catalog.models import Product
from customs.models import NO_LONGER, Declaration, DeclarationState, TariffRate
from customs.queries.deadlines import declared_by
from customs.queries.elements import elements_of, specification_of
from customs.queries.filing import filed_everywhere
from customs.queries.judging import as_judged, said_last
from customs.queries.permits import asked_signs, numbers_told, permits_told
from customs.queries.reference import positive_on, tariff_on
from customs.queries.ways import may_be_declared
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


def to_do(importer: Company | None, *, day: date) -> list[ToDo]:
    """Products on their way and on order that cannot be declared yet; only the importer's where one
    is named. The soonest deadline first, then by number."""
    under_way = _under_way(importer, day)
    products = {pk: one for pk, (one, _shipments, _due) in under_way.items()}
    for one in _on_order(importer):
        products.setdefault(one.pk, one)
    codes = {one.hs_code for one in products.values()}
    rates, listed = tariff_on(codes, day), positive_on(codes, day)
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
        entry = listed.get(one.hs_code)
        if entry is None:
            fields = (*fields, "positive_list")
        elif must_be_judged(
            as_judged(getattr(one, "judged", None)),
            one.hs_code,
            Remark.of(entry.remarks, entry.remark),
        ):
            fields = (*fields, "remark")
        if filed is not None and (pk, one.hs_code) not in filed:
            fields = (*fields, "filing")
        if not fields:
            continue
        _product, shipments, due_on = under_way.get(pk, (one, (), None))
        supervision = tuple(rate.supervision) if rate else ()
        found.append(ToDo(one, fields, shipments, due_on, supervision, lack_permits.get(pk, "")))
    return sorted(found, key=lambda one: (one.due_on or date.max, one.product.sku))


def _lacking_permits(
    under_way: Mapping[int, tuple[Product, tuple[str, ...], date]],
    rates: Mapping[str, TariffRate],
) -> dict[int, str]:
    """By product: the first shipment under way of which a permit that the tariff asks for has no
    number yet. Of what is only on order none can be told."""
    wanted = {
        pk: (asked_signs(rates[one.hs_code].supervision), numbers)
        for pk, (one, numbers, _due) in under_way.items()
        if one.hs_code in rates
    }
    wanted = {pk: told for pk, told in wanted.items() if told[0]}
    if not wanted:
        return {}
    names = {number for _signs, numbers in wanted.values() for number in numbers}
    keys = dict(Shipment.objects.filter(number__in=names).values_list("number", "pk"))
    told = permits_told(keys.values())
    found = {}
    for pk, (signs, numbers) in wanted.items():
        lacks = [
            number
            for number in numbers
            if not all_told(signs, numbers_told(told.get((keys[number], pk), {})))
        ]
        if lacks:
            found[pk] = lacks[0]
    return found


def _under_way(
    importer: Company | None, day: date
) -> dict[int, tuple[Product, tuple[str, ...], date]]:
    """By product: the shipments that carry it, and the first day by which one is declared."""
    sent = Declaration.objects.filter(shipment=OuterRef("pk")).exclude(
        state__in=(*NO_LONGER, DeclarationState.DRAFT)
    )
    waiting = Shipment.objects.filter(may_be_declared(), ~Exists(sent))
    if importer is not None:
        waiting = waiting.filter(order__buyer=importer)
    due_on = declared_by(waiting, day=day)
    lines = (
        ShipmentLine.objects.filter(shipment__in=list(due_on))
        .select_related("shipment", "order_line__product")
        .annotate(judged=said_last("order_line__product"))
    )
    found: dict[int, tuple[Product, tuple[str, ...], date]] = {}
    for line in sorted(lines, key=lambda one: (due_on[one.shipment_id], one.pk)):
        product, number = line.order_line.product, line.shipment.number
        product.judged = line.judged  # type: ignore[attr-defined]
        before = found.get(product.pk)
        if before is None:
            found[product.pk] = (product, (number,), due_on[line.shipment_id])
        elif number not in before[1]:
            found[product.pk] = (product, (*before[1], number), before[2])
    return found


def _on_order(importer: Company | None) -> list[Product]:
    bought = PurchaseOrderLine.objects.filter(order__state=OrderState.PLACED)
    if importer is not None:
        bought = bought.filter(order__buyer=importer)
    found = Product.objects.filter(pk__in=bought.values("product_id")).order_by("sku")
    return list(found.annotate(judged=said_last("pk")))
