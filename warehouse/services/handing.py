"""Packed parcels go to a carrier, by a manifest."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import Company, User
from core.copying import among_keys
from core.numbers import next_number
from core.walls import platform_wide
from traceability.services import record
from warehouse.carriers import Manifest
from warehouse.days import day_of
from warehouse.models import (
    BondedWarehouse,
    Carrier,
    CarrierKind,
    HandedParcel,
    HandOver,
    ManifestAccess,
)
from warehouse.queries.handing import manifest_of, receivers_of, to_hand_over
from warehouse.rules import handing as rules
from warehouse.rules.order_way import Stage
from warehouse.rules.posting import Kind
from warehouse.services import telling
from warehouse.services.advancing import advance, fact_of, locked, parts_of

#: So long after the hand-over its carrier may still have to be told to whom the parcels go.
RECEIVERS_TOLD = timedelta(days=30)


@transaction.atomic
def enter_carrier(
    *, keeper: Company, code: str, name: str, kind: CarrierKind = CarrierKind.PLAIN
) -> Carrier:
    """A carrier that takes parcels from an operator's warehouses.

    Raises CarrierCodeWrong, CarrierNameWrong or CarrierThere; then nothing has been written.
    """
    rules.check_carrier(code, name)
    # Of two who enter it at once one waits here.
    Company.objects.select_for_update(no_key=True).get(pk=keeper.pk)
    if Carrier.objects.filter(keeper=keeper, code=code).exists():
        raise rules.CarrierThere(field="code")
    made: Carrier = Carrier.objects.create(keeper=keeper, code=code, name=name.strip(), kind=kind)
    return made


@transaction.atomic
def hand_over(
    *,
    carrier: Carrier,
    house: BondedWarehouse,
    handed_by: User,
    now: datetime,
    parcels: Collection[str] = (),
) -> HandOver:
    """A carrier takes packed parcels (numbers; without any, all that wait) from a warehouse.

    What was picked for their orders has left the warehouse. All or none.

    Raises NothingToHandOver, ParcelNotWaiting, OrderInParts or TooManyParcels; then nothing has
    been written.
    """
    # Sellers' orders, which the keeper's own walls hide from it.
    with platform_wide():
        orders = locked(to_hand_over(house).values_list("order_id", flat=True).distinct())
        # What is packed from here on stays for the next one: its order is not locked.
        mine = to_hand_over(house).filter(among_keys("order_id", [one.pk for one in orders]))
        waiting = {one.number: one for one in mine}
        chosen = rules.to_hand_over(
            parcels, {number: one.order_number for number, one in waiting.items()}
        )
        rows = [waiting[number] for number in chosen]
        going = {one.order_id for one in rows}
        leaving = [order for order in orders if order.pk in going]
        parts = advance(
            leaving, Stage.HANDED_OVER, key="ship", kind=Kind.SHIPPED, now=now, by=handed_by.pk
        )
        made: HandOver = HandOver.objects.create(
            number=next_number("HO", day_of(now).year),
            carrier=carrier,
            warehouse=house,
            keeper_id=house.operator_id,
            parcels=len(rows),
            weight_g=sum(one.weight_g for one in rows),
            handed_at=now,
            handed_by=handed_by,
        )
        HandedParcel.objects.bulk_create(
            HandedParcel(
                hand_over=made,
                parcel=one,
                seller_id=one.seller_id,
                keeper_id=one.keeper_id,
                carrier=carrier,
                carrier_name=carrier.name,
            )
            for one in rows
        )
        record(
            *(
                fact_of(
                    order.number,
                    parts_of(parts[order.pk]),
                    biz_step="shipping",
                    disposition="in_transit",
                    now=now,
                )
                for order in leaving
            ),
            now=now,
        )
        telling.tell_gone_on("retail.handed_over", leaving, now)
    return made


@transaction.atomic
def take_manifest(*, hand_over: HandOver, kind: str, taken_by: User, now: datetime) -> Manifest:
    """A manifest for its carrier, with the names, telephones and addresses of its buyers, which
    only the carrier is to read: who took it and when is kept. After RECEIVERS_TOLD it names nobody.
    """
    # The buyers' data stands with their sellers; who keeps the goods sends them there.
    with platform_wide():
        is_open = now - hand_over.handed_at <= RECEIVERS_TOLD
        told = manifest_of(hand_over, receivers_of(hand_over) if is_open else {})
        ManifestAccess.objects.create(
            hand_over=hand_over,
            keeper_id=hand_over.keeper_id,
            number=hand_over.number,
            kind=kind,
            parcels=len(told.lines),
            taken_at=now,
            taken_by=taken_by,
        )
    return told
