"""Passes of trucks: what is on them, put into the queue with what the truck weighs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from accounts.models import User
from customs.models import (
    NO_LONGER,
    Declaration,
    MessageKind,
    OutgoingElement,
    PassLine,
    TruckPass,
)
from customs.queries.import_set import set_now
from customs.queries.passing import carried, packages_left
from customs.queries.ways import route_of
from customs.queries.zone_lists import list_of
from customs.rules import passing as rules
from customs.rules.declaring import WrongState
from customs.rules.sas.documents import Document
from customs.rules.zone import Way
from customs.services.zone import gateway_for, queue_document
from warehouse.days import day_of


@transaction.atomic
def queue_pass(
    *,
    declaration: Declaration,
    truck: rules.Truck,
    wanted: Sequence[tuple[int, int]] = (),
    packages: int | None = None,
    gross: int | None = None,
    by: User,
    now: datetime,
) -> TruckPass:
    """Put the pass (SAS121) of a truck into the queue of the importer's gateway.

    ``wanted`` is line of the list and quantity, empty for all that is left; ``packages`` likewise;
    ``gross`` are the grams that the goods were weighed at.

    Raises WrongState, PassNeedsList, TruckWrong, LoadWrong, MoreThanListed, NothingOnTruck,
    NetOverGross, NoGateway or MessageIncomplete; then nothing has been written.
    """
    # Of two trucks that take the same goods at once the second sees what the first has.
    held = Declaration.objects.select_for_update(of=("self",)).get(pk=declaration.pk)
    if held.state in NO_LONGER:
        raise WrongState(declaration=held.our_reference, state=held.state)
    listed = list_of(held)
    if listed is None or not listed.is_in_force:
        raise rules.PassNeedsList(declaration=held.our_reference)
    list_number = listed.customs_number
    rules.check_truck(truck)
    data = set_now(held.pk)
    on_truck = rules.load(data.listed, carried(held), wanted, gross=gross)
    if packages is not None and packages < 1:
        raise rules.LoadWrong(packages=packages)
    gateway = gateway_for(held)
    turn = 1 + OutgoingElement.objects.filter(declaration=held, kind=MessageKind.PASS).count()
    key = f"{held.our_reference}-P{turn}"
    route = route_of(held.shipment, day=day_of(now))

    def made(way: Way) -> Document:
        return rules.a_pass(
            data, truck, on_truck, way, number=key, list_number=list_number, route=route
        )

    element = queue_document(
        gateway=gateway,
        made=made,
        kind=MessageKind.PASS,
        key=key,
        declaration=held,
        turn=turn,
        now=now,
    )
    if packages is None:
        packages = packages_left(held)
    return _kept(held, element, truck, on_truck, packages, by, now)


def _kept(
    declaration: Declaration,
    element: OutgoingElement,
    truck: rules.Truck,
    on_truck: Sequence[rules.Loaded],
    packages: int,
    by: User,
    now: datetime,
) -> TruckPass:
    made = TruckPass.objects.create(
        declaration=declaration,
        importer_id=declaration.importer_id,
        element=element,
        vehicle_number=truck.number,
        vehicle_weight_g=truck.weight,
        frame_number=truck.frame_number,
        frame_weight_g=truck.frame_weight,
        container_number=truck.container_number,
        container_weight_g=truck.container_weight,
        packages=packages,
        gross_weight_g=sum(one.gross for one in on_truck),
        net_weight_g=sum(one.net for one in on_truck),
        queued_at=now,
        queued_by=by,
    )
    keys = dict(declaration.lines.values_list("position", "pk"))
    PassLine.objects.bulk_create(
        PassLine(
            truck_pass=made,
            importer_id=declaration.importer_id,
            line_id=keys[one.position],
            quantity=one.quantity,
            gross_weight_g=one.gross,
            net_weight_g=one.net,
        )
        for one in on_truck
    )
    return made
