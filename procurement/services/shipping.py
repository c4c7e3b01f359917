"""What of an order travels, is cleared into bond and is received.

Locks: PurchaseOrder first, then Shipment, by pk.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.utils import timezone

from accounts.models import Company, User
from core.numbers import next_number
from procurement.models import (
    MissingShare,
    OrderState,
    OrderStep,
    PurchaseOrder,
    PurchaseOrderLine,
    Shipment,
    ShipmentLine,
    ShipmentState,
)
from procurement.queries.standing import standings
from procurement.rules import ordering, parting
from procurement.services import telling
from procurement.services.billing_again import bill_again
from procurement.services.holding import gtin_keys, lock, note, settle_state
from procurement.services.sharing_units import share_less
from traceability import rules as trace
from traceability.services import record

#: Each owner's units of what each shipment line announced.
Entitlements = Mapping[int, Mapping[int, int]]
#: Of a sharing: less was counted at the gate than was announced.
COUNTED: Final = "counted"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShippedLine:
    """An order line in a shipment, with what the supplier tells about its goods.

    Without a quantity it carries all that is open.
    """

    order_line_id: int
    quantity: int | None = None
    batch: str = ""
    produced_on: date | None = None
    expires_on: date | None = None


@transaction.atomic
def ship_order(
    *,
    order: PurchaseOrder,
    lines: Sequence[ShippedLine],
    vessel: str,
    voyage: str,
    bill_of_lading: str,
    departed_at: datetime,
    expected_on: date,
    packages: int | None = None,
    freight_minor: int = 0,
    insurance_minor: int = 0,
    freight_currency: str = "USD",
    transport_mode: str = "2",
    now: datetime,
    by: User | None = None,
) -> Shipment:
    """Take down the supplier's advance ship notice for lines of one order, or parts of them.

    Weights come from the products; ``packages`` from the packs unless told. Freight and
    insurance are minor units of ``freight_currency``. The order is shipped once all its
    lines are on their way.

    What the parts of a line cost sums to what stands of it, exactly.

    Raises OrderNotPlaced, NothingShipped, NotOfThisOrder, MoreThanIsOpen,
    ShipmentDatesWrong, AmountNegative, or FactFromTheFuture for a departure that has not
    been; then nothing has been written.
    """
    held = lock(order.pk)
    if held.state != OrderState.PLACED:
        raise ordering.OrderNotPlaced(order=held.number, state=held.state)
    stands = {one.line.pk: one for one in standings(held)}
    wanted = {line.order_line_id: line for line in lines}
    units = ordering.check_lines(
        [(line.order_line_id, line.quantity) for line in lines],
        of_order={pk: one.open for pk, one in stands.items()},
    )
    ordering.check_travel(
        departed_at=departed_at,
        expected_on=expected_on,
        goods=[(line.produced_on, line.expires_on) for line in lines],
    )
    carried = [stands[pk].line for pk in units]
    packs = sum(-(-units[line.pk] // line.pack_quantity) for line in carried)
    count = packages if packages is not None else packs
    if freight_minor < 0 or insurance_minor < 0 or count < 1:
        raise ordering.AmountNegative(
            freight_minor=freight_minor, insurance_minor=insurance_minor, packages=count
        )
    year = timezone.localtime(now, timezone.get_default_timezone()).year
    shipment = Shipment.objects.create(
        number=next_number("ASN", year),
        order=held,
        transport_mode=transport_mode,
        vessel=vessel,
        voyage=voyage,
        bill_of_lading=bill_of_lading,
        departed_at=departed_at,
        expected_on=expected_on,
        packages=count,
        gross_weight_g=sum(units[line.pk] * line.product.gross_weight_g for line in carried),
        net_weight_g=sum(units[line.pk] * line.product.net_weight_g for line in carried),
        freight_minor=freight_minor,
        insurance_minor=insurance_minor,
        freight_currency=freight_currency,
    )
    ShipmentLine.objects.bulk_create(
        ShipmentLine(
            shipment=shipment,
            order_line=line,
            revision=stands[line.pk].revision,
            quantity=units[line.pk],
            amount_minor=parting.amount_of(
                quantity=units[line.pk],
                open_quantity=stands[line.pk].terms.open,
                open_minor=stands[line.pk].terms.open_minor,
            ),
            batch=wanted[line.pk].batch,
            produced_on=wanted[line.pk].produced_on,
            expires_on=wanted[line.pk].expires_on,
        )
        for line in carried
    )
    settle_state(held, mine=order)
    note(held, OrderStep.SHIPPED, now=now, by=by, document=shipment.number)
    record(*_shipping_facts(held, shipment, carried, wanted, units), now=now)
    telling.tell_shipped(held, shipment, now)
    return shipment


@transaction.atomic
def bind_shipment(*, shipment: Shipment, bound_for: Company) -> Shipment:
    """The importer declares a shipment into a company's bonded warehouse; called on drafting.

    Raises ShipmentNotAtSea; then nothing has been written.
    """
    held = Shipment.objects.select_for_update(of=("self",)).get(pk=shipment.pk)
    if held.state != ShipmentState.SHIPPED:
        raise ordering.ShipmentNotAtSea(shipment=held.number, state=held.state)
    held.bound_for = shipment.bound_for = bound_for
    held.save(update_fields=["bound_for"])
    return held


@transaction.atomic
def clear_shipment(*, shipment: Shipment, cleared_for: Company, now: datetime) -> Shipment:
    """Customs let a shipment into a company's bonded warehouse; called on release.

    Raises ShipmentNotAtSea; then nothing has been written.
    """
    order = lock(shipment.order_id)
    held = Shipment.objects.select_for_update(of=("self",)).get(pk=shipment.pk)
    if held.state != ShipmentState.SHIPPED:
        raise ordering.ShipmentNotAtSea(shipment=held.number, state=held.state)
    held.state = shipment.state = ShipmentState.CLEARED
    held.bound_for = shipment.bound_for = cleared_for
    held.save(update_fields=["state", "bound_for"])
    note(order, OrderStep.CLEARED, now=now, document=held.number)
    telling.tell_cleared(held, cleared_for, now)
    return held


@transaction.atomic
def return_to_sea(*, shipment: Shipment) -> Shipment:
    """What customs let into bond is under way again: its declaration was withdrawn.

    Raises ShipmentNotCleared; then nothing has been written.
    """
    lock(shipment.order_id)
    held = Shipment.objects.select_for_update(of=("self",)).get(pk=shipment.pk)
    if held.state != ShipmentState.CLEARED:
        raise ordering.ShipmentNotCleared(shipment=held.number, state=held.state)
    held.state = shipment.state = ShipmentState.SHIPPED
    held.save(update_fields=["state"])
    return held


@dataclass(frozen=True, slots=True)
class Missing:
    """Units of an owner's part of a shipment line that did not arrive."""

    order_line_id: int
    owner_id: int
    quantity: int


@transaction.atomic
def share_arrival(
    *, shipment: Shipment, counts: Mapping[int, int], entitled: Entitlements, now: datetime
) -> dict[int, dict[int, int]]:
    """Whose how much is of what was counted, by shipment line and owner.

    ``counts`` are units by shipment line, ``entitled`` each owner's part of what was announced.
    What is missing is borne by the round's rule for a shortage, as of any other.
    """
    order = PurchaseOrder.objects.select_related("round").get(pk=shipment.order_id)
    lines = shipment.lines.select_related("order_line").in_bulk(list(counts))
    return {
        key: share_less(
            round=order.round,
            line=lines[key].order_line,
            had=entitled[key],
            units=units,
            what=COUNTED,
            document=shipment.number,
            now=now,
        )
        for key, units in sorted(counts.items())
    }


@transaction.atomic
def mark_received(
    *, shipment: Shipment, missing: Sequence[Missing] = (), now: datetime
) -> Shipment:
    """The bonded warehouse has counted a shipment in; the last one receives the order.

    What is ``missing`` of whose part is written down, and the round is billed again.

    Raises ShipmentNotCleared; then nothing has been written.
    """
    order = lock(shipment.order_id)
    held = Shipment.objects.select_for_update(of=("self",)).get(pk=shipment.pk)
    if held.state != ShipmentState.CLEARED:
        raise ordering.ShipmentNotCleared(shipment=held.number, state=held.state)
    held.state = shipment.state = ShipmentState.RECEIVED
    held.save(update_fields=["state"])
    waiting = Shipment.objects.filter(order=order).exclude(state=ShipmentState.RECEIVED)
    if order.state == OrderState.SHIPPED and not waiting.exists():
        order.state = OrderState.RECEIVED
        order.save(update_fields=["state"])
    note(order, OrderStep.RECEIVED, now=now, document=held.number)
    if missing:
        _write_missing(held, missing)
        bill_again(order=order, what=OrderStep.RECEIVED, document=held.number, now=now)
    return held


def _write_missing(shipment: Shipment, missing: Sequence[Missing]) -> None:
    units: Counter[tuple[int, int]] = Counter()
    for one in missing:
        units[one.order_line_id, one.owner_id] += one.quantity
    MissingShare.objects.bulk_create(
        (
            MissingShare(shipment=shipment, order_line_id=line, owner_id=owner, quantity=many)
            for (line, owner), many in sorted(units.items())
        ),
        batch_size=5_000,
    )


def _shipping_facts(
    order: PurchaseOrder,
    shipment: Shipment,
    carried: Sequence[PurchaseOrderLine],
    told: dict[int, ShippedLine],
    units: dict[int, int],
) -> list[trace.Fact]:
    """Where the goods were made, line by line, and that all of them left."""
    supplier: Company = order.supplier.company
    port = order.supplier.departure_port
    order_key, shipment_key = trace.order_key(order.number), trace.shipment_key(shipment.number)
    facts = []
    for line in carried:
        goods = told[line.pk]
        details = {
            "batch": goods.batch,
            "produced_on": goods.produced_on.isoformat() if goods.produced_on else "",
            "expires_on": goods.expires_on.isoformat() if goods.expires_on else "",
            "place_zh": supplier.town,
            "place_en": supplier.town,
        }
        facts.append(
            trace.Fact(
                event_type="ObjectEvent",
                action="ADD",
                biz_step="commissioning",
                # The supplier tells of the making when it ships; an earlier time is not known.
                event_time=shipment.departed_at,
                asserted_by=supplier.pk,
                evidence="declared",
                keys=(trace.gtin_key(line.product.gtin), order_key, shipment_key),
                disposition="active",
                quantities=(trace.quantity(line.product.gtin, units[line.pk]),),
                documents=((trace.SHIP_NOTICE, shipment.number),),
                details={name: value for name, value in details.items() if value},
            )
        )
    facts.append(
        trace.Fact(
            event_type="ObjectEvent",
            action="OBSERVE",
            biz_step="departing",
            event_time=shipment.departed_at,
            asserted_by=supplier.pk,
            evidence="documented",
            keys=(shipment_key, order_key, *gtin_keys(carried)),
            disposition="in_transit",
            read_point=port,
            quantities=tuple(trace.quantity(ln.product.gtin, units[ln.pk]) for ln in carried),
            documents=(
                (trace.BILL_OF_LADING, shipment.bill_of_lading),
                (trace.SHIP_NOTICE, shipment.number),
                (trace.PURCHASE_ORDER, order.number),
            ),
            details={
                name: value
                for name, value in (
                    ("vessel", shipment.vessel),
                    ("voyage", shipment.voyage),
                    ("port", port),
                )
                if value
            },
        )
    )
    return facts
