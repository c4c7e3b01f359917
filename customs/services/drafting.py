"""A declaration is drafted from what a shipment carries."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.timezone import get_default_timezone

from accounts.models import Company
from core.numbers import next_number
from customs import queries
from customs.models import Declaration, DeclarationLine, DeclarationState, DeclarationStep
from customs.rules import declaring as rules
from procurement.models import Shipment, ShipmentState
from procurement.services import bind_shipment
from warehouse.models import BondedWarehouse


@transaction.atomic
def draft_declaration(
    *, shipment: Shipment, importer: Company, warehouse: BondedWarehouse, now: datetime
) -> Declaration:
    """Draft the entry of a shipment into ``warehouse``, one goods line per order line.

    The form follows from the warehouse: a record list inside a special zone, an import
    declaration in a type-B logistics centre.

    Raises NotTheBuyer, ShipmentNotUnderWay, AlreadyDeclared, NothingShipped, NetOverGross,
    or DataMissing with a list of what is missing per product; then nothing has been written.
    """
    shipment = Shipment.objects.select_for_update().get(pk=shipment.pk)
    if (
        Declaration.objects.filter(shipment=shipment)
        .exclude(state=DeclarationState.REJECTED)
        .exists()
    ):
        raise rules.AlreadyDeclared(shipment=shipment.number)
    return _draft(shipment, importer, warehouse, None, now)


@transaction.atomic
def redraft(*, declaration: Declaration, now: datetime) -> Declaration:
    """Draft a new declaration in the place of a rejected one, from the data as it is now.

    Raises WrongState, AlreadyDeclared, and what :func:`draft_declaration` raises; then
    nothing has been written.
    """
    shipment = Shipment.objects.select_for_update().get(pk=declaration.shipment_id)
    rejected = Declaration.objects.select_related("importer", "warehouse").get(pk=declaration.pk)
    if rejected.state != DeclarationState.REJECTED:
        raise rules.WrongState(declaration=rejected.our_reference, state=rejected.state)
    if (
        Declaration.objects.filter(shipment=shipment)
        .exclude(state=DeclarationState.REJECTED)
        .exists()
    ):
        raise rules.AlreadyDeclared(shipment=shipment.number)
    return _draft(shipment, rejected.importer, rejected.warehouse, rejected, now)


def _draft(
    shipment: Shipment,
    importer: Company,
    warehouse: BondedWarehouse,
    replaces: Declaration | None,
    now: datetime,
) -> Declaration:
    order = shipment.order
    if order.buyer_id != importer.pk:
        raise rules.NotTheBuyer(shipment=shipment.number)
    if shipment.state != ShipmentState.SHIPPED:
        raise rules.ShipmentNotUnderWay(shipment=shipment.number, state=shipment.state)
    day = now.astimezone(get_default_timezone()).date()
    lines = queries.shipped_lines(shipment, day=day)
    absent = rules.missing(queries.head_of(shipment, importer, warehouse), lines)
    if absent:
        raise rules.DataMissing(
            **{entry.subject or "declaration": ", ".join(entry.fields) for entry in absent}
        )
    goods = rules.goods_lines(lines, gross_weight=shipment.gross_weight_g, currency=order.currency)
    declaration = Declaration.objects.create(
        our_reference=next_number("DEC", day.year),
        shipment=shipment,
        importer=importer,
        warehouse=warehouse,
        form=rules.form_for(warehouse.operator.customs_code),
        replaces=replaces,
        currency=order.currency,
        incoterm=order.incoterm,
        total_minor=sum(line.total for line in goods),
        packages=shipment.packages,
        gross_weight_g=shipment.gross_weight_g,
        net_weight_g=sum(line.net_weight for line in goods),
        drafted_at=now,
    )
    products = queries.products_of(shipment)
    DeclarationLine.objects.bulk_create(
        DeclarationLine(
            declaration=declaration,
            position=line.position,
            product=(product := products[line.key]),
            order_line_id=line.key,
            hs_code=product.hs_code,
            name_zh=product.name_zh,
            specification=product.specification,
            origin=product.origin,
            quantity=line.quantity,
            unit=product.declared_unit,
            legal_quantity=line.legal_quantity,
            legal_unit=line.legal_unit,
            unit_price=line.unit_price,
            total_minor=line.total,
            net_weight_g=line.net_weight,
            gross_weight_g=line.gross_weight,
        )
        for line in goods
    )
    bind_shipment(shipment=shipment, bound_for=warehouse.operator)
    DeclarationStep.objects.create(
        declaration=declaration,
        state=DeclarationState.DRAFT,
        at=now,
        note=replaces.our_reference if replaces else "",
    )
    return declaration
