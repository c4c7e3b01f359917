"""Papers of orders: the row was made when the order was placed, the file by a worker."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.models import Company
from core.models import WorkState
from core.money import Money
from core.queue import MadeFile, drain, ring
from procurement.models import OrderDocument, PurchaseOrder, PurchaseOrderLine, SupplierOffer
from procurement.papers import OrderPaper, PaperLine, Party, order_paper
from procurement.queries import orders
from procurement.queries.orders import unit_price
from procurement.rules.ordering import DocumentNotFailed
from procurement.services.ordering import BELL


def make_due_documents(*, now: Callable[[], datetime]) -> int:
    """Make every due paper; safe beside itself and after a crash. Returns how many were stored."""

    def make(document: OrderDocument) -> MadeFile:
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
    lines = list(orders.lines(order))
    local = timezone.localtime(order.placed_at or document.queued_at, zone)
    port = order.supplier.departure_port
    days = _lead_time(order, lines)
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
        lines=tuple(
            PaperLine(
                position=str(line.position),
                sku=line.product.sku,
                gtin=line.product.gtin,
                name_zh=line.product.name_zh,
                name_en=line.product.name_en,
                packs=f"{line.packs:,}",
                pack_quantity=f"{line.pack_quantity:,}",
                quantity=f"{line.quantity:,}",
                pack_price=_amount(line.pack_price_minor, order.currency),
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


def _lead_time(order: PurchaseOrder, lines: Sequence[PurchaseOrderLine]) -> int:
    """Days until the last of the goods are ready, as the supplier offers them."""
    asked = SupplierOffer.objects.filter(
        supplier=order.supplier,
        product__in=[line.product_id for line in lines],
        currency=order.currency,
        incoterm=order.incoterm,
    )
    return asked.aggregate(longest=Max("lead_time_days"))["longest"] or 0


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
