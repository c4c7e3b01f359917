"""A bonded warehouse, shipments that wait at its gate, and stock that came in through it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import factory

from accounts.models import Company, CompanyKind, User
from catalog.models import Product
from procurement.models import Shipment, ShipmentLine, ShipmentState
from warehouse.models import BondedWarehouse, Receipt
from warehouse.rules.retail import IncomingLine, IncomingOrder
from warehouse.services import receive

from .accounts import UserFactory, WarehouseOperatorFactory
from .procurement import (
    OrderShareFactory,
    PurchaseOrderLineFactory,
    ShipmentFactory,
    ShipmentLineFactory,
)

ARRIVES = datetime(2026, 7, 25, 2, 0, tzinfo=UTC)
PRODUCED_ON = date(2026, 4, 1)
SELLS = datetime(2026, 8, 1, 3, 0, tzinfo=UTC)

# Made up; the check digits are right.
ID_NUMBERS = ("110101199003078996", "360426199101010071")


class BondedWarehouseFactory(factory.django.DjangoModelFactory[BondedWarehouse]):
    """A warehouse in Ningbo's zone."""

    class Meta:
        model = BondedWarehouse

    code = factory.Sequence(lambda n: f"NGB{n:02d}")
    operator = factory.SubFactory(WarehouseOperatorFactory)
    name_zh = "示例宁波保税仓"
    name_en = "Example Ningbo bonded warehouse"
    customs_district = "3105"
    entry_port = "310501"
    ledger_number = "T3105W000001"


def a_cleared_shipment(
    shares: Mapping[Company, int],
    *,
    product: Product | None = None,
    expires_on: date | None = date(2028, 3, 31),
    shipment: Shipment | None = None,
    announced: int | None = None,
    bound_for: Company | None = None,
    produced_on: date = PRODUCED_ON,
    **shipped: Any,
) -> ShipmentLine:
    """One order line, shared as told, shipped whole (or as announced) and cleared into bond."""
    shipment = shipment or ShipmentFactory.create(state=ShipmentState.CLEARED, bound_for=bound_for)
    told = {"product": product} if product else {}
    total = sum(shares.values())
    line = PurchaseOrderLineFactory.create(
        order=shipment.order,
        pack_quantity=1,
        packs=total,
        wanted=sum(
            units for owner, units in shares.items() if CompanyKind.PLATFORM not in owner.kinds
        ),
        **told,
    )
    for owner, units in shares.items():
        OrderShareFactory.create(line=line, owner=owner, quantity=units)
    return ShipmentLineFactory.create(
        shipment=shipment,
        order_line=line,
        quantity=total if announced is None else announced,
        expires_on=expires_on,
        produced_on=produced_on,
        **shipped,
    )


def received_stock(
    shares: Mapping[Company, int],
    *,
    product: Product | None = None,
    expires_on: date | None = date(2028, 3, 31),
    counted: int | None = None,
    warehouse: BondedWarehouse | None = None,
    now: datetime = ARRIVES,
) -> Receipt:
    """Stock as it comes about in truth: ordered, shared, cleared, counted."""
    house = warehouse or BondedWarehouse.objects.first() or BondedWarehouseFactory.create()
    line = a_cleared_shipment(
        shares,
        product=product,
        expires_on=expires_on,
        bound_for=house.operator,
        produced_on=min(PRODUCED_ON, now.date() - timedelta(days=60)),
    )
    return receive(
        shipment=line.shipment,
        warehouse=house,
        counts={line.pk: line.quantity if counted is None else counted},
        received_by=User.objects.first() or UserFactory.create(),
        now=now,
    )


def an_incoming_order(
    sku: str,
    quantity: int = 1,
    *,
    number: str = "T-1",
    price_minor: int = 19_900,
    unpaid_until: datetime | None = None,
) -> IncomingOrder:
    """One product, one buyer."""
    return IncomingOrder(
        channel="shop",
        order_number=number,
        placed_at=SELLS,
        buyer_name="张三",
        buyer_id_number=ID_NUMBERS[1],
        buyer_telephone="13800000000",
        consignee_address="浙江省杭州市西湖区示例路 1 号",
        lines=(IncomingLine(sku, quantity, price_minor),),
        unpaid_until=unpaid_until,
    )
