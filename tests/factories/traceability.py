"""Facts of a small quarter. Call inside ``platform_wide()``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import factory

from accounts.models import Company
from catalog.models import Product
from traceability import rules, services
from traceability.models import Evidence
from traceability.rules import Fact

from .accounts import (
    ImporterFactory,
    PlatformCompanyFactory,
    SellerFactory,
    SupplierCompanyFactory,
    WarehouseOperatorFactory,
)
from .catalog import ProductFactory, gtin

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


class FactFactory(factory.Factory[Fact]):
    """Somebody saw goods."""

    class Meta:
        model = Fact

    event_type = "ObjectEvent"
    action = "OBSERVE"
    biz_step = "inspecting"
    event_time = NOON
    asserted_by = 1
    evidence = Evidence.DECLARED.value
    keys = factory.LazyFunction(lambda: (rules.gtin_key(gtin(1)),))


@dataclass(frozen=True, slots=True)
class TracedLot:
    """One lot with its way from the order to the shelf, and who told it."""

    product: Product
    lot_number: str
    order: str
    shipment: str
    declaration: str
    supplier: Company
    importer: Company
    warehouse: Company
    operator: Company


def a_traced_lot(*, lot_number: str = "LOT-2026-000001", units: int = 10, n: int = 1) -> TracedLot:
    """Ordered, departed, declared, released, received and put away, by the five who did it."""
    lot = TracedLot(
        product=ProductFactory.create(),
        lot_number=lot_number,
        order=f"PO-2026-{n:06d}",
        shipment=f"ASN-2026-{n:06d}",
        declaration=f"DEC-2026-{n:06d}",
        supplier=SupplierCompanyFactory.create(),
        importer=ImporterFactory.create(),
        warehouse=WarehouseOperatorFactory.create(),
        operator=PlatformCompanyFactory.create(),
    )
    services.record(*the_way_of(lot, units=units), now=NOON)
    return lot


def the_way_of(lot: TracedLot, *, units: int) -> list[Fact]:
    """The facts of a lot, one a day until noon of 1 July 2026."""
    goods = lot.product.gtin
    of_lot = rules.lot_key(goods, lot.lot_number)
    order, shipment = rules.order_key(lot.order), rules.shipment_key(lot.shipment)
    declaration = rules.declaration_key(lot.declaration)
    their_reference = "310120261012345678"
    told: list[dict[str, Any]] = [
        {
            "event_type": "TransactionEvent",
            "action": "ADD",
            "biz_step": "accepting",
            "asserted_by": lot.operator.pk,
            "evidence": Evidence.DOCUMENTED,
            "keys": (order, rules.gtin_key(goods)),
            "documents": ((rules.PURCHASE_ORDER, lot.order),),
            "quantities": (rules.quantity(goods, 43_219_876),),
        },
        {
            "biz_step": "departing",
            "disposition": "in_transit",
            "asserted_by": lot.supplier.pk,
            "evidence": Evidence.DOCUMENTED,
            "keys": (shipment, order, rules.gtin_key(goods)),
            "documents": ((rules.BILL_OF_LADING, "OOLU2756301"),),
            "read_point": "DEHAM",
            "details": {
                "place_zh": "德国汉堡港",
                "place_en": "Hamburg",
                "vessel": "EXAMPLE STAR",
                "voyage": "027E",
            },
        },
        {
            "event_type": "TransactionEvent",
            "action": "ADD",
            "biz_step": "arriving",
            "asserted_by": lot.importer.pk,
            "evidence": Evidence.DOCUMENTED,
            "keys": (declaration, shipment, rules.gtin_key(goods)),
            "documents": ((rules.RECORD_LIST, lot.declaration),),
            "details": {"place_zh": "宁波口岸", "place_en": "Port of Ningbo"},
        },
        {
            "event_type": "TransactionEvent",
            "action": "ADD",
            "biz_step": "accepting",
            "asserted_by": lot.importer.pk,
            "evidence": Evidence.AUTHORITY,
            "keys": (declaration, shipment, rules.gtin_key(goods)),
            "documents": ((rules.RECORD_LIST, their_reference),),
            "details": {"place_zh": "宁波海关", "place_en": "Ningbo Customs"},
        },
        {
            "biz_step": "receiving",
            "disposition": "in_progress",
            "asserted_by": lot.warehouse.pk,
            "evidence": Evidence.DOCUMENTED,
            "keys": (rules.gtin_key(goods), of_lot, order, shipment),
            "documents": ((rules.SHIP_NOTICE, lot.shipment), (rules.RECEIPT, "RCV-2026-000001")),
            "quantities": (rules.quantity(goods, units, lot.lot_number),),
            "read_point": "NGB1/gate",
            "biz_location": "NGB1",
            "details": {
                "place_zh": "宁波示例保税仓",
                "place_en": "Example bonded warehouse, Ningbo",
                "produced_on": "2026-03-01",
                "expires_on": "2028-02-29",
            },
        },
        {
            "biz_step": "storing",
            "disposition": "sellable_not_accessible",
            "asserted_by": lot.warehouse.pk,
            "keys": (rules.gtin_key(goods), of_lot),
            "quantities": (rules.quantity(goods, units, lot.lot_number),),
            "biz_location": "NGB1",
            "details": {
                "place_zh": "宁波示例保税仓",
                "place_en": "Example bonded warehouse, Ningbo",
            },
        },
    ]
    days = range(len(told) - 1, -1, -1)
    return [
        FactFactory.build(event_time=NOON - timedelta(days=day), **fact)
        for day, fact in zip(days, told, strict=True)
    ]


def a_seller() -> Company:
    """Somebody who bought in the same pool and must not be seen."""
    seller: Company = SellerFactory.create(name_zh="别家商贸有限公司", name_en="Another Seller Ltd")
    return seller
