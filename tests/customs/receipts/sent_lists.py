"""Two lists of a seller that were drawn and sent, and what comes back of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from accounts.models import Company, Role
from catalog.models import Product
from core.walls import platform_wide
from customs.models import (
    Gateway,
    OutgoingElement,
    ReceiptWay,
    RetailList,
)
from customs.services import (
    draw_retail_lists,
    match_due,
    take_in,
    work_effects,
)
from tests.factories.accounts import (
    MembershipFactory,
    SellerFactory,
)
from tests.factories.catalog import ProductFactory
from tests.factories.customs import TariffRateFactory
from tests.factories.messages import (
    GatewayFactory,
    OutgoingElementFactory,
    OutgoingMessageFactory,
)
from tests.factories.warehouse import ID_NUMBERS, SELLS, an_incoming_order, received_stock
from warehouse.services import accept_orders

DRAWS = datetime(2026, 8, 1, 4, 0, tzinfo=UTC)
COMES = DRAWS + timedelta(hours=2)
#: 13:00 in China, an hour after the lists were drawn.
RELEASED = "20260801130000000"
NOTHING = Decimal(0)


@pytest.fixture(autouse=True)
def _wide(_django_db_helper: None) -> Iterator[None]:
    with platform_wide():
        yield


@pytest.fixture
def gateway() -> Gateway:
    return GatewayFactory.create(code="ningbo")


@pytest.fixture
def seller() -> Company:
    seller: Company = SellerFactory.create()
    MembershipFactory.create(company=seller, role=Role.SELLER)
    return seller


@pytest.fixture
def sent(seller: Company, gateway: Gateway) -> list[OutgoingElement]:
    """Two lists of the seller, drawn and sent."""
    TariffRateFactory.create()
    milk: Product = ProductFactory.create(sku="MILK")
    received_stock({seller: 20}, product=milk)
    accept_orders(
        seller=seller,
        orders=[
            replace(an_incoming_order("MILK", 2, number=f"T-{n}"), buyer_id_number=ID_NUMBERS[1])
            for n in range(2)
        ],
        now=SELLS,
    )
    draw_retail_lists(now=DRAWS)
    message = OutgoingMessageFactory.create(gateway=gateway, seller=seller, queued_at=DRAWS)
    return [
        OutgoingElementFactory.create(
            message=message,
            position=place,
            key=one.number,
            retail_list=one,
            retail_order=one.order,
        )
        for place, one in enumerate(RetailList.objects.order_by("pk"), 1)
    ]


def come(gateway: Gateway, *files: bytes) -> None:
    """Each file comes twice, and the work is done twice."""
    for _again in range(2):
        for at, data in enumerate(files):
            take_in(
                data=data,
                name=f"{at}.xml",
                way=ReceiptWay.API,
                company=gateway.company,
                now=COMES,
            )
            match_due(now=COMES)
            work_effects(now=COMES)
