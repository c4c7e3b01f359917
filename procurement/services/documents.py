"""Papers of orders: the row was made when the order was placed, the file by a worker."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import Company
from core.models import WorkState
from core.money import Money
from core.queue import MadeFile, drain, ring
from procurement.models import (
    LineRevision,
    OrderCancellation,
    OrderDocument,
    PurchaseOrder,
    PurchaseOrderLine,
)
from procurement.papers import (
    CancelledLine,
    CancelPaper,
    OrderPaper,
    PaperLine,
    Party,
    cancel_paper,
    order_paper,
)
from procurement.queries import orders
from procurement.queries.orders import unit_price
from procurement.queries.standing import price_lists
from procurement.rules.confirming import priced
from procurement.rules.ordering import DocumentNotFailed
from procurement.services.cancelling import CANCELLATION
from procurement.services.ordering import BELL


def make_due_documents(*, now: Callable[[], datetime]) -> int:
    """Make every due paper; safe beside itself and after a crash. Returns how many were stored."""

    def make(document: OrderDocument) -> MadeFile:
        if document.kind == CANCELLATION:
            return cancel_paper(cancellation_of(document))
        return order_paper(paper_of(document))

    return drain(OrderDocument, make, now=now)


@transaction.atomic
def retry_document(*, document: OrderDocument, now: datetime) -> None:
    """Let the workers try again a paper that failed too often; it keeps its number.

    Raises DocumentNotFailed; then nothing has been written.
    """
    again = OrderDocument.objects.filter(pk=document.pk, state=WorkState.FAILED).update(
        state=WorkState.QUEUED, attempts=0, due_at=now
    )
    if not again:
        raise DocumentNotFailed(document=document.number)
    ring(BELL)


def paper_of(document: OrderDocument) -> OrderPaper:
    """What the purchase order shows, as text, from the order's own rows."""
    order = PurchaseOrder.objects.select_related("supplier__company", "buyer", "round").get(
        pk=document.order_id
    )
    zone = timezone.get_default_timezone()
    lines = list(orders.lines(order).select_related("offer"))
    local = timezone.localtime(order.placed_at or document.queued_at, zone)
    lists = price_lists(lines)
    port = order.supplier.departure_port
    days = max((line.lead_time_days for line in lines), default=0)
    weight = sum(line.quantity * line.product.gross_weight_g for line in lines)
    return OrderPaper(
        number=document.number,
        placed_on=f"{local:%Y-%m-%d}",
        quarter=order.round.code,
        delivery=f"{order.incoterm} {port}".strip(),
        currency=order.currency,
        lead_time=f"{days} 天 days",
        buyer=_party(order.buyer),
        supplier=_party(order.supplier.company),
        ship_to=_party(order.buyer),
        lines=tuple(
            PaperLine(
                position=str(line.position),
                sku=line.product.sku,
                gtin=line.product.gtin,
                supplier_code=line.offer.supplier_code if line.offer else "",
                layers=_layers(line),
                name_zh=line.product.name_zh,
                name_en=line.product.name_en,
                packs=f"{line.packs:,}",
                pack_quantity=f"{line.pack_quantity:,}",
                quantity=f"{line.quantity:,}",
                pack_price=_price(line, lists.get(line.pk, ()), order.currency),
                unit_price=f"{unit_price(line.amount_minor, line.quantity, order.currency):,}",
                amount=_amount(line.amount_minor, order.currency),
            )
            for line in lines
        ),
        packs=f"{sum(line.packs for line in lines):,}",
        units=f"{sum(line.quantity for line in lines):,}",
        weight=_kilograms(weight),
        amount=_amount(order.amount_minor, order.currency),
        made_at=document.queued_at,
    )


def cancellation_of(document: OrderDocument) -> CancelPaper:
    """What a cancellation shows, as text, from its own rows."""
    cancellation = OrderCancellation.objects.select_related(
        "order__supplier__company", "order__buyer"
    ).get(number=document.number)
    order = cancellation.order
    local = timezone.localtime(cancellation.cancelled_at, timezone.get_default_timezone())
    stood = {
        revision.order_line_id: revision.quantity
        for revision in LineRevision.objects.filter(
            order_line__order=order, document=cancellation.number
        )
    }
    rows = cancellation.lines.select_related("order_line__product").order_by("order_line__position")
    return CancelPaper(
        number=cancellation.number,
        order=order.number,
        cancelled_on=f"{local:%Y-%m-%d}",
        reason=cancellation.reason,
        currency=order.currency,
        buyer=_party(order.buyer),
        supplier=_party(order.supplier.company),
        lines=tuple(
            CancelledLine(
                position=str(row.order_line.position),
                sku=row.order_line.product.sku,
                gtin=row.order_line.product.gtin,
                name_zh=row.order_line.product.name_zh,
                name_en=row.order_line.product.name_en,
                quantity=f"{row.quantity:,}",
                left=f"{stood[row.order_line_id]:,}",
                amount=_amount(row.amount_minor, order.currency),
            )
            for row in rows
        ),
        amount=_amount(cancellation.amount_minor, order.currency),
        made_at=document.queued_at,
    )


def _layers(line: PurchaseOrderLine) -> str:
    """How the packs stand on pallets, where the supplier said so."""
    offer = line.offer
    if offer is None or not offer.packs_per_layer:
        return ""
    told = f"{offer.packs_per_layer} 箱/层 packs/layer"
    if offer.layers_per_pallet:
        told += f" × {offer.layers_per_pallet} 层/托 layers/pallet"
    return told


def _price(line: PurchaseOrderLine, steps: Sequence[tuple[int, int]], currency: str) -> str:
    """The price of a pack; where packs have prices of their own, so many packs at each."""
    if not steps:
        return _amount(line.pack_price_minor, currency)
    return "\n".join(
        f"{packs:,} × {_amount(price, currency)}" for packs, price in priced(steps, line.packs)
    )


def _amount(minor: int, currency: str) -> str:
    return f"{Money(minor, currency).amount:,}"


def _kilograms(grams: int) -> str:
    return f"{grams // 1000:,}.{grams % 1000:03d} kg"


def _party(company: Company) -> Party:
    town = " ".join(part for part in (company.postcode, company.town) if part)
    place = ", ".join(part for part in (company.street, town, company.country) if part)
    lines = [place] if place else []
    if company.uscc:
        lines.append(f"统一社会信用代码 USCC {company.uscc}")
    if company.customs_code:
        lines.append(f"海关编码 Customs code {company.customs_code}")
    return Party(company.name_zh, company.name_en, tuple(lines))
