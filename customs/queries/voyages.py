"""The ship notice of an entry, as its papers have it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from catalog.models import Product
from core.money import shared
from customs.queries.counted import Carried, Count, carried, weighed
from customs.rules.shipped import Sent, Voyage
from procurement.models import PurchaseOrderLine, Shipment
from warehouse.days import day_of


def voyage_of(shipment: Shipment, count: Count | None) -> Voyage:
    # A batch that was only found at the gate stands there as well, with nothing announced of it.
    lines = shipment.lines.select_related("order_line__product").order_by(
        "order_line__position", "order_line_id", "pk"
    )
    gross_weight, net_weight = weighed(shipment, count)
    return Voyage(
        number=shipment.number,
        contract=shipment.order.number,
        mode=shipment.transport_mode,
        vessel=shipment.vessel,
        voyage=shipment.voyage,
        bill_of_lading=shipment.bill_of_lading,
        departure_port=shipment.order.supplier.departure_port,
        departed_on=day_of(shipment.departed_at),
        expected_on=shipment.expected_on,
        packages=shipment.packages,
        gross_weight=gross_weight,
        net_weight=net_weight,
        freight=shipment.freight_minor,
        insurance=shipment.insurance_minor,
        freight_currency=shipment.freight_currency,
        invoice_number=shipment.invoice_number,
        lines=_sent(carried(list(lines), count), gross_weight),
    )


def _sent(lines: Sequence[Carried], gross_weight: int) -> tuple[Sent, ...]:
    """What the packing weighs is shared over the lines, so that they sum to the shipment."""
    goods = [(one.quantity, one.line.order_line.product) for one in lines]
    nets = [quantity * product.net_weight_g for quantity, product in goods]
    own = [
        quantity * max(product.gross_weight_g - product.net_weight_g, 0) or 1
        for quantity, product in goods
    ]
    packing = shared(max(gross_weight - sum(nets), 0), own) if lines else []
    made = []
    for one, net, extra in zip(lines, nets, packing, strict=True):
        line, product = one.line, one.line.order_line.product
        made.append(
            Sent(
                key=line.order_line_id,
                **_article(product),
                pack_quantity=line.order_line.pack_quantity,
                quantity=one.quantity,
                amount=one.amount,
                net_weight=net,
                gross_weight=net + extra,
                batch=line.batch,
                expires_on=line.expires_on,
            )
        )
    return tuple(made)


def agreed_of(line: PurchaseOrderLine) -> Sent:
    """All that was ordered of a line, as if it were on board."""
    product = line.product
    return Sent(
        key=line.pk,
        **_article(product),
        pack_quantity=line.pack_quantity,
        quantity=line.quantity,
        amount=line.amount_minor,
        net_weight=line.quantity * product.net_weight_g,
        gross_weight=line.quantity * product.gross_weight_g,
    )


def _article(product: Product) -> dict[str, Any]:
    return {
        "sku": product.sku,
        "gtin": product.gtin,
        "brand": product.brand,
        "name_zh": product.name_zh,
        "name_en": product.name_en,
        "specification": product.specification,
        "hs_code": product.hs_code,
        "origin": product.origin,
        "unit": product.declared_unit,
    }
