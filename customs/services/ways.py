"""The importer says on which way a shipment is declared, and that it went in before it was."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction

from accounts.models import User
from customs.models import (
    Declaration,
    DeclarationState,
    DeclaredWay,
    ShipmentEntry,
    ShipmentWay,
)
from customs.queries.ways import advance_lacks, entry_of, on_ways, told_way
from customs.rules import ways as rules
from customs.rules.deadlines import Route
from customs.rules.declaring import ShipmentNotUnderWay
from procurement.models import PurchaseOrder, Shipment, ShipmentState
from procurement.services import clear_shipment
from warehouse.days import day_of
from warehouse.models import BondedWarehouse

_WITH_CUSTOMS = (DeclarationState.LODGED, DeclarationState.RELEASED)


@transaction.atomic
def choose_way(
    *,
    shipment: Shipment,
    way: DeclaredWay,
    told_by: User,
    now: datetime,
    arrived_on: date | None = None,
) -> ShipmentWay:
    """Declare a shipment on a way that customs opened; ``arrived_on`` once it is there.

    Raises WayNotOpen, WayTaken or ArrivalWrong; then nothing has been written.
    """
    held = _held(shipment)
    today = day_of(now)
    (stands,) = on_ways([held], day=today)
    said = told_way(held.pk)
    # The day of arrival is told of the way it is on, at any time.
    if stands.way != Route(way.value):
        declared = stands.declaration
        rules.check_choice(
            Route(way.value),
            stands.grants,
            is_lodged=declared is not None and declared.state in _WITH_CUSTOMS,
            has_entered=stands.entry is not None,
        )
    if arrived_on is not None:
        rules.check_arrival(arrived_on, departed_on=day_of(held.departed_at), today=today)
    return ShipmentWay.objects.create(
        shipment=held,
        importer_id=held.order.buyer_id,
        way=way.value,
        arrived_on=arrived_on or (said.arrived_on if said else None),
        told_at=now,
        told_by=told_by,
    )


@transaction.atomic
def enter_first(
    *,
    shipment: Shipment,
    warehouse: BondedWarehouse,
    pass_number: str,
    recorded_by: User,
    now: datetime,
) -> ShipmentEntry:
    """Record that a shipment went into the zone on a pass before customs released it: the
    warehouse may count it in.

    Raises PassNumberWrong, EnteredBefore, NotFirstIn, EnteredElsewhere (declared into another
    warehouse) or ShipmentNotUnderWay; then nothing has been written.
    """
    # The order and the shipment first: the order in which procurement and the gate lock.
    PurchaseOrder.objects.select_for_update().get(pk=shipment.order_id)
    held = _held(shipment)
    (stands,) = on_ways([held], day=day_of(now))
    declared = stands.declaration
    number = rules.check_entry(
        stands.way,
        pass_number=pass_number,
        is_lodged=declared is not None and declared.state == DeclarationState.LODGED,
        has_entered=stands.entry is not None,
    )
    if declared is not None and declared.warehouse_id != warehouse.pk:
        raise rules.EnteredElsewhere(declaration=declared.our_reference)
    if held.state != ShipmentState.SHIPPED:
        raise ShipmentNotUnderWay(shipment=held.number, state=held.state)
    try:
        with transaction.atomic():
            entry: ShipmentEntry = ShipmentEntry.objects.create(
                shipment=held,
                importer_id=held.order.buyer_id,
                warehouse=warehouse,
                keeper_id=warehouse.operator_id,
                way=stands.way.value,
                pass_number=number,
                entered_at=now,
                recorded_by=recorded_by,
            )
    except IntegrityError as error:
        raise rules.EnteredBefore(pass_number=number) from error
    clear_shipment(shipment=held, cleared_for=warehouse.operator, now=now)
    return entry


def check_may_lodge(*, declaration: Declaration, now: datetime) -> None:
    """Raises LodgedBeforeArrival or AdvancePapersMissing; call in the transaction that lodges."""
    found = Declaration.objects.select_related("shipment").get(pk=declaration.pk)
    # Whoever chooses another way waits for whoever lodges.
    held = _held(found.shipment)
    today = day_of(now)
    (stands,) = on_ways([held], day=today)
    rules.check_lodging(
        stands.way,
        arrives_on=stands.arrives_on,
        today=today,
        has_entered=stands.entry is not None,
        lacking=advance_lacks(found),
    )


def has_entered(shipment: int) -> bool:
    """Whether a shipment (id) went in before customs released it."""
    return entry_of(shipment) is not None


def _held(shipment: Shipment) -> Shipment:
    return (
        Shipment.objects.select_for_update(of=("self",))
        .select_related("order__buyer")
        .get(pk=shipment.pk)
    )
