"""Ways to the authority, and messages that are in them."""

from __future__ import annotations

from csv import DictReader
from datetime import UTC, datetime
from decimal import Decimal

import factory

from customs.models import (
    CustomsCode,
    Gateway,
    HouseAtCustoms,
    MessageKind,
    MessageState,
    OutgoingElement,
    OutgoingMessage,
    RetailParties,
)
from customs.rules.retail_messages import (
    Buyer,
    Goods,
    House,
    Parcel,
    Parties,
    Sent,
    retail_list,
)
from customs.services import Element
from customs.services.queueing import guid
from customs.services.seeding import SEEDS, SHIPPED, SINCE, SOURCE
from warehouse.models import BondedWarehouse

from .accounts import ImporterFactory, SellerFactory
from .customs import told_office

#: A Saturday noon in China.
SENDS = datetime(2026, 8, 1, 4, 0, tzinfo=UTC)


class GatewayFactory(factory.django.DjangoModelFactory[Gateway]):
    """The e-port client of an importer in Ningbo."""

    class Meta:
        model = Gateway

    code = factory.Sequence(lambda n: f"ningbo-{n}")
    company = factory.SubFactory(ImporterFactory)
    cop_code = "3302961HZ6"
    cop_name = "示例宁波进口有限公司"
    dxp_id = "DXPENT0000012345"
    sender_id = "DXPENT0000012345"
    receiver_ids = ("DXPEDCCEB0000002",)
    opened_at = SENDS


class OutgoingMessageFactory(factory.django.DjangoModelFactory[OutgoingMessage]):
    """A message of one element that waits for its turn; its bytes are nobody's business."""

    class Meta:
        model = OutgoingMessage

    gateway = factory.SubFactory(GatewayFactory)
    company = factory.SelfAttribute("gateway.company")
    kind = MessageKind.RETAIL_LIST
    number = factory.Sequence(lambda n: f"CEB621-3302961HZ6-{n:08d}")
    guid = factory.Sequence(lambda n: f"CEB621-{n:029d}")
    state = MessageState.QUEUED
    count = 1
    body = ""
    sha256 = "0" * 64
    queued_at = SENDS
    due_at = SENDS


class OutgoingElementFactory(factory.django.DjangoModelFactory[OutgoingElement]):
    """Its only element."""

    class Meta:
        model = OutgoingElement

    message = factory.SubFactory(OutgoingMessageFactory)
    company = factory.SelfAttribute("message.company")
    seller = factory.SelfAttribute("message.seller")
    kind = factory.SelfAttribute("message.kind")
    position = 1
    guid = factory.Sequence(lambda n: f"ELEMENT-{n:028d}")
    key = factory.Sequence(lambda n: f"RL-2026-{n:06d}")


PARTIES = Parties(
    ebp_code="3302961HZ1",
    ebp_name="示例跨境平台有限公司",
    ebc_code="3302961HZ2",
    ebc_name="示例母婴电商有限公司",
    agent_code="3302961HZ6",
    agent_name="示例宁波进口有限公司",
    assure_code="3302961HZ2",
    logistics_code="3302961HZ3",
    logistics_name="示例快递有限公司",
    pay_code="3302961HZ4",
    pay_name="示例支付有限公司",
)
HOUSE = House(
    customs_code="3105",
    port_code="3105",
    ems_no="T3105W000001",
    area_code="3302961HZ5",
    area_name="示例宁波保税仓",
    traf_mode="Y",
)


def a_parcel(number: int = 1, *, lines: int = 1) -> Parcel:
    """Tins of milk powder from Australia, two of each kind, with freight and tax."""
    goods = tuple(
        Goods(
            sku=f"MILK-{line}",
            name="婴儿配方奶粉",
            specification="0|1|1段|800克/罐|示例牌",
            barcode="4006381333931",
            unit="122",
            quantity=2,
            price=19_900,
            country="601",
            hs_code="1901101010",
            item="36",
            legal=(Decimal("1.6"), "035"),
        )
        for line in range(1, lines + 1)
    )
    return Parcel(
        list_number=f"RL-2026-{number:06d}",
        order_number=f"T-{number}",
        account="buyer@example.test",
        waybill=f"SF{number:010d}",
        buyer=Buyer("李雷", "110101199003078996", "13800000000", "浙江省宁波市示例路 1 号"),
        goods=goods,
        freight=1_200,
        tax=3_731,
        net=1_600 * lines,
        gross=1_800 * lines,
        payment=f"PAY{number:012d}",
        paid_at=datetime(2026, 8, 1, 11, 30, tzinfo=UTC),
    )


def a_list(number: int = 1, *, lines: int = 1) -> Element:
    """Its retail list, as one element of a message."""
    parcel = a_parcel(number, lines=lines)
    business = retail_list(parcel, PARTIES, HOUSE, Sent(guid(), SENDS))
    return Element(business, parcel.list_number)


class RetailPartiesFactory(factory.django.DjangoModelFactory[RetailParties]):
    """A seller's parties; its agent has agreed, and numbers come from the carrier's range."""

    class Meta:
        model = RetailParties

    seller = factory.SubFactory(SellerFactory)
    ebp_code = PARTIES.ebp_code
    ebp_name = PARTIES.ebp_name
    ebc_code = PARTIES.ebc_code
    ebc_name = PARTIES.ebc_name
    pay_code = PARTIES.pay_code
    pay_name = PARTIES.pay_name
    assure_code = PARTIES.assure_code
    logistics_code = PARTIES.logistics_code
    logistics_name = PARTIES.logistics_name
    waybill_prefix = "SF"
    agent = factory.SubFactory(ImporterFactory, customs_code="3302961HZ6")
    agreed_at = SENDS


def load_shipped() -> None:
    """The tables that come with the product, without the people who agree on them."""
    kept = set(CustomsCode.objects.values_list("table", flat=True).distinct())
    for table in (one for one in SHIPPED if one not in kept):
        with (SEEDS / f"{table}.csv").open(encoding="utf-8") as file:
            rows = [
                CustomsCode(table=table, valid_from=SINCE, source=SOURCE, **row)
                for row in DictReader(file)
            ]
        CustomsCode.objects.bulk_create(rows)


def at_customs(warehouse: BondedWarehouse) -> HouseAtCustoms:
    """What its keeper told of the house, and the tables of countries and currencies."""
    load_shipped()
    told_office(warehouse)
    return HouseAtCustoms.objects.get(warehouse=warehouse)
