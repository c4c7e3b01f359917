"""A declaration is drafted from what a shipment carries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from django.conf import settings
from django.db import transaction

from accounts.models import Company
from core.numbers import next_number
from customs import queries
from customs.models import NO_LONGER, Declaration, DeclarationState, DeclarationStep
from customs.queries.counted import count_of, weighed
from customs.queries.judging import mode_of
from customs.queries.ways import entry_of
from customs.rules import declaring as rules
from customs.rules import goods
from customs.rules.charges import Charge, Kind, check_charges
from customs.rules.ways import EnteredElsewhere
from customs.services.goods import keep_goods
from procurement.models import Shipment, ShipmentState
from procurement.services import bind_shipment
from warehouse.days import day_of
from warehouse.models import BondedWarehouse


@transaction.atomic
def draft_declaration(
    *,
    shipment: Shipment,
    importer: Company,
    warehouse: BondedWarehouse,
    now: datetime,
    charges: Sequence[Charge] = (),
) -> Declaration:
    """Draft the entry of a shipment into ``warehouse``: a list line for each order line, merged
    into goods lines, and each owner's part of every list line. What went in first and was counted
    is declared as it was counted.

    The form follows from the warehouse: a record list inside a special zone, an import
    declaration in a type-B logistics centre. ``charges`` are what the terms leave out of the
    price; of each kind that is not named, what the supplier's notice says.

    Raises NotTheBuyer, ShipmentNotUnderWay, AlreadyDeclared, NothingShipped, NetOverGross,
    ChargeWrong, ChargeInPrice, TooManyGoodsLines, EnteredElsewhere, or DataMissing with a list of
    what is missing per product; then nothing has been written.
    """
    shipment = Shipment.objects.select_for_update().get(pk=shipment.pk)
    if Declaration.objects.filter(shipment=shipment).exclude(state__in=NO_LONGER).exists():
        raise rules.AlreadyDeclared(shipment=shipment.number)
    return _draft(shipment, importer, warehouse, None, charges, now)


@transaction.atomic
def redraft(
    *,
    declaration: Declaration,
    now: datetime,
    told: Mapping[Kind, Charge | None] = MappingProxyType({}),
    warehouse: BondedWarehouse | None = None,
) -> Declaration:
    """Draft a new declaration in the place of one that was rejected or withdrawn, from the data
    as it is now, into ``warehouse`` or where that one went.

    ``told`` are charges as they are to stand; None: what the supplier's notice says. Of kinds that
    it does not name they stand as they did.

    Raises WrongState, AlreadyDeclared, and what :func:`draft_declaration` raises; then
    nothing has been written.
    """
    shipment = Shipment.objects.select_for_update().get(pk=declaration.shipment_id)
    rejected = Declaration.objects.select_related("importer", "warehouse").get(pk=declaration.pk)
    if rejected.state not in (DeclarationState.REJECTED, DeclarationState.WITHDRAWN):
        raise rules.WrongState(declaration=rejected.our_reference, state=rejected.state)
    if Declaration.objects.filter(shipment=shipment).exclude(state__in=NO_LONGER).exists():
        raise rules.AlreadyDeclared(shipment=shipment.number)
    charges = [one for one in queries.declared_charges(rejected) if one.kind not in told]
    charges += [one for one in told.values() if one is not None]
    house = warehouse or rejected.warehouse
    return _draft(shipment, rejected.importer, house, rejected, charges, now)


def _draft(
    shipment: Shipment,
    importer: Company,
    warehouse: BondedWarehouse,
    replaces: Declaration | None,
    charges: Sequence[Charge],
    now: datetime,
) -> Declaration:
    order = shipment.order
    if order.buyer_id != importer.pk:
        raise rules.NotTheBuyer(shipment=shipment.number)
    entry = entry_of(shipment.pk)
    if entry is None and shipment.state != ShipmentState.SHIPPED:
        raise rules.ShipmentNotUnderWay(shipment=shipment.number, state=shipment.state)
    if entry is not None and entry.warehouse_id != warehouse.pk:
        raise EnteredElsewhere(shipment=shipment.number, pass_number=entry.pass_number)
    day = day_of(now)
    charges = _charges(shipment, charges)
    lines = queries.shipped_lines(shipment, day=day)
    absent = rules.missing(queries.head_of(shipment, importer, warehouse, charges), lines)
    if absent:
        raise goods.DataMissing(
            **{entry.subject or "declaration": ", ".join(entry.fields) for entry in absent}
        )
    gross_weight, _net = weighed(shipment, count_of(shipment.pk) if entry else None)
    listed = goods.list_lines(lines, gross_weight=gross_weight, currency=order.currency)
    merged = goods.goods_lines(lines, listed, most=settings.BONDPOOL_DECLARATION_LINES)
    declaration = Declaration.objects.create(
        our_reference=next_number("DEC", day.year),
        shipment=shipment,
        importer=importer,
        warehouse=warehouse,
        form=rules.form_for(warehouse.operator.customs_code),
        supervision_mode=mode_of(warehouse.pk, day),
        replaces=replaces,
        currency=order.currency,
        incoterm=order.incoterm,
        total_minor=sum(line.total for line in merged),
        packages=shipment.packages,
        gross_weight_g=gross_weight,
        net_weight_g=sum(line.net_weight for line in merged),
        drafted_at=now,
    )
    keep_goods(declaration=declaration, lines=listed, goods=merged, charges=charges)
    if entry is None:
        bind_shipment(shipment=shipment, bound_for=warehouse.operator)
    DeclarationStep.objects.create(
        declaration=declaration,
        state=DeclarationState.DRAFT,
        at=now,
        note=replaces.our_reference if replaces else "",
    )
    return declaration


def _charges(shipment: Shipment, told: Sequence[Charge]) -> list[Charge]:
    """Those that were told, and of other kinds what the supplier's notice says."""
    check_charges(told, shipment.order.incoterm)
    there = {one.kind for one in told}
    return [*told, *(one for one in queries.charges_of(shipment) if one.kind not in there)]
