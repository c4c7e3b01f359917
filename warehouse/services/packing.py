"""Picked orders are packed: each into one parcel or more, weighed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import User
from core.numbers import next_numbers
from core.walls import platform_wide
from traceability.services import record
from warehouse.days import day_of
from warehouse.models import BondedWarehouse, Package, Parcel, RetailOrderLine
from warehouse.queries.serving import to_pack
from warehouse.rules import packing as rules
from warehouse.rules.order_way import Stage
from warehouse.rules.posting import Kind
from warehouse.services.advancing import advance, fact_of, parts_of
from warehouse.services.serials import send_serials


@dataclass(frozen=True, slots=True)
class Packed:
    """One parcel as it stands on the scales, in grams, and the serial numbers of its units."""

    weight_g: int
    package: Package = Package.BOX
    serials: tuple[str, ...] = ()


@transaction.atomic
def pack_order(
    *,
    house: BondedWarehouse,
    order: str,
    parcels: Sequence[Packed],
    packed_by: User,
    now: datetime,
) -> list[Parcel]:
    """Pack a picked order (its number) of a warehouse; all its goods are in these parcels.

    Raises OrderNotPicked, ParcelsOutOfRange, ParcelWeightOutOfRange, ParcelsTooLight,
    ParcelsTooHeavy, SerialNotHere, SerialSeenTwice or SerialsMissing; then nothing has been
    written.
    """
    # A seller's order, which the keeper's own walls hide from it.
    with platform_wide():
        waiting = to_pack(house).filter(number=order.strip())
        held = waiting.select_for_update(of=("self",)).first()
        if held is None:
            raise rules.OrderNotPicked(field="order", order=order.strip())
        lines = RetailOrderLine.objects.filter(order=held).select_related("product")
        rules.check_weights(
            [one.weight_g for one in parcels],
            [
                rules.Goods(line.quantity, line.product.net_weight_g, line.product.gross_weight_g)
                for line in lines
            ],
        )
        held_by = advance(
            [held], Stage.PACKED, key="pack", kind=Kind.CHANGED, now=now, by=packed_by.pk
        )
        numbers = next_numbers("PC", day_of(now).year, len(parcels))
        made = Parcel.objects.bulk_create(
            Parcel(
                number=number,
                order=held,
                order_number=held.number,
                seller_id=held.seller_id,
                keeper_id=house.operator_id,
                warehouse=house,
                weight_g=one.weight_g,
                package=one.package,
                packed_at=now,
                packed_by=packed_by,
            )
            for number, one in zip(numbers, parcels, strict=True)
        )
        send_serials(held, made, [one.serials for one in parcels])
        record(
            fact_of(
                held.number,
                parts_of(held_by[held.pk]),
                biz_step="packing",
                disposition="container_closed",
                now=now,
            ),
            now=now,
        )
    return made
