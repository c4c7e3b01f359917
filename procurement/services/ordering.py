"""An order goes to its supplier and comes back as shipments and invoices.

Locks: PoolRound is not touched here; PurchaseOrder first, then Shipment, by pk.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import Company
from core.numbers import next_number
from core.queue import ring
from procurement.models import (
    OrderDocument,
    OrderShare,
    OrderState,
    PurchaseOrder,
    PurchaseOrderLine,
    Shipment,
    ShipmentLine,
    ShipmentState,
)
from procurement.rules import ordering
from procurement.services import telling
from settlement import services as settlement
from settlement.models import Payable
from traceability import rules as trace
from traceability.services import record

BELL = "procurement.documents"
PURCHASE_ORDER = "purchase-order"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShippedLine:
    """A whole order line in a shipment, with what the supplier tells about its goods."""

    order_line_id: int
    batch: str = ""
    produced_on: date | None = None
    expires_on: date | None = None


@transaction.atomic
def place_order(*, order: PurchaseOrder, now: datetime) -> PurchaseOrder:
    """Place an order with its supplier: queue its paper and leave a trace.

    Raises OrderAlreadyPlaced; then nothing has been written.
    """
    held = _lock(order.pk)
    if held.state != OrderState.DRAFT:
        raise ordering.OrderAlreadyPlaced(order=held.number)
    held.state, held.placed_at = OrderState.PLACED, now
    held.save(update_fields=["state", "placed_at"])
    OrderDocument.objects.create(
        order=held, number=held.number, kind=PURCHASE_ORDER, queued_at=now, due_at=now
    )
    ring(BELL)
    lines = list(_lines(held))
    record(
        trace.Fact(
            event_type="TransactionEvent",
            action="ADD",
            biz_step="other",
            event_time=now,
            asserted_by=held.buyer_id,
            evidence="documented",
            keys=(trace.order_key(held.number), *_gtin_keys(lines)),
            quantities=tuple(trace.quantity(line.product.gtin, line.quantity) for line in lines),
            documents=((trace.PURCHASE_ORDER, held.number),),
        ),
        now=now,
    )
    telling.tell_placed(held, now)
    _show(order, held)
    return held


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
) -> Shipment:
    """Take down the supplier's advance ship notice for whole lines of one order.

    Weights come from the products; ``packages`` from the packs unless told. Freight and
    insurance are minor units of ``freight_currency``. The order is shipped once all its
    lines are on their way.

    Raises OrderNotPlaced, NothingShipped, NotOfThisOrder, LineAlreadyShipped,
    ShipmentDatesWrong, AmountNegative, or FactFromTheFuture for a departure that has not
    been; then nothing has been written.
    """
    held = _lock(order.pk)
    if held.state != OrderState.PLACED:
        raise ordering.OrderNotPlaced(order=held.number, state=held.state)
    of_order = {line.pk: line for line in _lines(held)}
    gone = set(
        ShipmentLine.objects.filter(shipment__order=held).values_list("order_line_id", flat=True)
    )
    wanted = {line.order_line_id: line for line in lines}
    chosen = ordering.check_lines(
        [line.order_line_id for line in lines], of_order=of_order, on_their_way=gone
    )
    ordering.check_travel(
        departed_at=departed_at,
        expected_on=expected_on,
        goods=[(line.produced_on, line.expires_on) for line in lines],
    )
    carried = [of_order[pk] for pk in chosen]
    count = packages if packages is not None else sum(line.packs for line in carried)
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
        gross_weight_g=sum(line.quantity * line.product.gross_weight_g for line in carried),
        net_weight_g=sum(line.quantity * line.product.net_weight_g for line in carried),
        freight_minor=freight_minor,
        insurance_minor=insurance_minor,
        freight_currency=freight_currency,
    )
    ShipmentLine.objects.bulk_create(
        ShipmentLine(
            shipment=shipment,
            order_line=line,
            quantity=line.quantity,
            batch=wanted[line.pk].batch,
            produced_on=wanted[line.pk].produced_on,
            expires_on=wanted[line.pk].expires_on,
        )
        for line in carried
    )
    if gone | set(chosen) == set(of_order):
        held.state = OrderState.SHIPPED
        held.save(update_fields=["state"])
    record(*_shipping_facts(held, shipment, carried, wanted), now=now)
    telling.tell_shipped(held, shipment, carried, now)
    _show(order, held)
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
    _lock(shipment.order_id)
    held = Shipment.objects.select_for_update(of=("self",)).get(pk=shipment.pk)
    if held.state != ShipmentState.SHIPPED:
        raise ordering.ShipmentNotAtSea(shipment=held.number, state=held.state)
    held.state = shipment.state = ShipmentState.CLEARED
    held.bound_for = shipment.bound_for = cleared_for
    held.save(update_fields=["state", "bound_for"])
    telling.tell_cleared(held, cleared_for, now)
    return held


@transaction.atomic
def mark_received(*, shipment: Shipment, now: datetime) -> Shipment:
    """The bonded warehouse has counted a shipment in; the last one receives the order.

    Raises ShipmentNotCleared; then nothing has been written.
    """
    order = _lock(shipment.order_id)
    held = Shipment.objects.select_for_update(of=("self",)).get(pk=shipment.pk)
    if held.state != ShipmentState.CLEARED:
        raise ordering.ShipmentNotCleared(shipment=held.number, state=held.state)
    held.state = shipment.state = ShipmentState.RECEIVED
    held.save(update_fields=["state"])
    waiting = Shipment.objects.filter(order=order).exclude(state=ShipmentState.RECEIVED)
    if order.state == OrderState.SHIPPED and not waiting.exists():
        order.state = OrderState.RECEIVED
        order.save(update_fields=["state"])
    return held


@transaction.atomic
def record_invoice(
    *,
    shipment: Shipment,
    invoice_number: str,
    invoiced_on: date,
    due_on: date,
    now: datetime,
) -> Payable:
    """Book the supplier's invoice for a shipment as a payable of the buyer.

    The amount is what the shipped lines were ordered for; the shares are the owners' shares
    of those lines, so they sum to it.

    Raises ShipmentAlreadyInvoiced or what settlement refuses; then nothing has been
    written.
    """
    order = _lock(shipment.order_id)
    held = Shipment.objects.select_for_update(of=("self",)).get(pk=shipment.pk)
    if held.invoice_number:
        raise ordering.ShipmentAlreadyInvoiced(
            shipment=held.number, invoice_number=held.invoice_number
        )
    lines = PurchaseOrderLine.objects.filter(shipment_lines__shipment=held)
    amount = sum(lines.values_list("amount_minor", flat=True))
    shares: dict[int, int] = defaultdict(int)
    for owner_id, minor in OrderShare.objects.filter(line__in=lines).values_list(
        "owner_id", "amount_minor"
    ):
        shares[owner_id] += minor
    payable = settlement.book_invoice(
        supplier=order.supplier,
        debtor=order.buyer,
        invoice_number=invoice_number,
        order_number=order.number,
        currency=order.currency,
        amount_minor=amount,
        invoiced_on=invoiced_on,
        due_on=due_on,
        shares={owner: minor for owner, minor in sorted(shares.items()) if minor},
        now=now,
    )
    held.invoice_number = shipment.invoice_number = payable.invoice_number
    held.save(update_fields=["invoice_number"])
    return payable


def _lock(order_id: int) -> PurchaseOrder:
    return (
        PurchaseOrder.objects.select_for_update(of=("self",))
        .select_related("supplier__company", "buyer")
        .get(pk=order_id)
    )


def _lines(order: PurchaseOrder) -> Sequence[PurchaseOrderLine]:
    return list(
        PurchaseOrderLine.objects.filter(order=order).select_related("product").order_by("position")
    )


def _gtin_keys(lines: Sequence[PurchaseOrderLine]) -> tuple[str, ...]:
    return tuple(trace.gtin_key(line.product.gtin) for line in lines)


def _shipping_facts(
    order: PurchaseOrder,
    shipment: Shipment,
    carried: Sequence[PurchaseOrderLine],
    told: dict[int, ShippedLine],
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
                quantities=(trace.quantity(line.product.gtin, line.quantity),),
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
            keys=(shipment_key, order_key, *_gtin_keys(carried)),
            disposition="in_transit",
            read_point=port,
            quantities=tuple(trace.quantity(ln.product.gtin, ln.quantity) for ln in carried),
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


def _show(mine: PurchaseOrder, held: PurchaseOrder) -> None:
    """The caller's object tells what the locked row says."""
    mine.state, mine.placed_at = held.state, held.placed_at
