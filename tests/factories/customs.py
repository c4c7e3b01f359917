"""Tariff rates, shipments that can be declared, and declarations on their way.

Call inside ``platform_wide()``.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import factory

from accounts.models import Company
from customs.models import (
    CustomsCode,
    Declaration,
    DeclarationDocument,
    EntryStatement,
    ExchangeRate,
    HouseAtCustoms,
    PositiveEntry,
    TariffRate,
)
from customs.services import draft_declaration, lodge, make_due_documents, queue_document
from procurement.models import Shipment
from warehouse.models import BondedWarehouse

from .accounts import UserFactory
from .catalog import ProductFactory
from .procurement import PurchaseOrderLineFactory, ShipmentFactory, ShipmentLineFactory
from .warehouse import BondedWarehouseFactory

#: A Tuesday morning in China, after the shipment left.
DECLARES = datetime(2026, 7, 14, 2, 30, tzinfo=UTC)
ENTRY_NUMBER = "310520261000000017"


class TariffRateFactory(factory.django.DjangoModelFactory[TariffRate]):
    """Infant formula: VAT 13 %, no consumption tax, counted in kilograms, on the positive list.

    A later one of a code ends the one before it.
    """

    class Meta:
        model = TariffRate

    hs_code = "1901101010"
    valid_from = date(2026, 1, 1)
    duty_rate = Decimal("0.05")
    vat_rate = Decimal("0.13")
    consumption_tax_rate = Decimal(0)
    legal_unit = "035"
    source = "example tariff 2026"

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> TariffRate:
        is_listed = kwargs.pop("on_positive_list", True)
        begins = kwargs["valid_from"]
        code, eve = kwargs["hs_code"], begins - timedelta(days=1)
        TariffRate.objects.filter(hs_code=code, valid_to=None, valid_from__lt=begins).update(
            valid_to=eve
        )
        entry = PositiveEntry.objects.filter(code=code[:8], valid_to=None).first()
        if is_listed and entry is None:
            PositiveEntryFactory.create(code=code[:8], valid_from=begins)
        elif entry is not None and not is_listed:
            PositiveEntry.objects.filter(pk=entry.pk).update(valid_to=eve)
        made: TariffRate = model_class.objects.create(**kwargs)
        return made


class PositiveEntryFactory(factory.django.DjangoModelFactory[PositiveEntry]):
    """Infant formula may be sold out of bond."""

    class Meta:
        model = PositiveEntry

    code = "19011010"
    name_zh = "供婴幼儿食用的零售包装配方奶粉"
    valid_from = date(2026, 1, 1)
    source = "example list 2022"


class ExchangeRateFactory(factory.django.DjangoModelFactory[ExchangeRate]):
    """CNY 785.12 for 100 euro, until further notice."""

    class Meta:
        model = ExchangeRate

    currency = "EUR"
    cny = Decimal("785.12")
    per = 100
    valid_from = date(2026, 1, 1)
    source = "example announcement"


class CustomsCodeFactory(factory.django.DjangoModelFactory[CustomsCode]):
    """A port, of a table that nothing else asks."""

    class Meta:
        model = CustomsCode

    table = "ciq-office"
    code = "380000"
    name_zh = "宁波局本部"
    valid_from = date(2018, 8, 1)
    source = "example table 2018"


class EntryStatementFactory(factory.django.DjangoModelFactory[EntryStatement]):
    """Not related, no royalties, in cartons, from the supplier's own port."""

    class Meta:
        model = EntryStatement

    importer = factory.SelfAttribute("shipment.order.buyer")
    supplier = factory.SelfAttribute("shipment.order.supplier")
    special_relation = "0"
    price_influence = "0"
    royalties = "0"
    package_kind = "22"
    told_at = datetime(2026, 7, 1, 1, tzinfo=UTC)
    told_by = factory.SubFactory(UserFactory)


def a_shipment(
    lines: int = 1,
    *,
    importer: Company | None = None,
    name_zh: str | None = None,
    apart: bool = False,
    is_stated: bool = True,
    arrives: date = date(2026, 7, 14),
) -> Shipment:
    """A shipment under way with so many order lines of 60 tins at EUR 10.00, and their rate.

    They agree in all that is declared, unless they are ``apart``: then each has another name.
    """
    if not TariffRate.objects.exists():
        TariffRateFactory.create()
    size = max(lines, 1)
    shipment = ShipmentFactory.create(
        gross_weight_g=66_000 * size,
        net_weight_g=54_000 * size,
        packages=10 * size,
        expected_on=arrives,
        **({"order__buyer": importer} if importer else {}),
    )
    for position in range(1, lines + 1):
        name = f"示例婴幼儿配方奶粉 900 克 {position:03d}" if apart else name_zh
        product = ProductFactory.create(**({"name_zh": name} if name else {}))
        line = PurchaseOrderLineFactory.create(
            order=shipment.order, position=position, product=product
        )
        ShipmentLineFactory.create(shipment=shipment, order_line=line)
    if is_stated:
        EntryStatementFactory.create(shipment=shipment)
    return shipment


def a_warehouse() -> BondedWarehouse:
    """A bonded warehouse whose operator is registered with customs, and told its port's office."""
    house = BondedWarehouse.objects.first() or BondedWarehouseFactory.create()
    told_office(house)
    return house


def told_office(house: BondedWarehouse) -> None:
    """Goods for it enter by Beilun."""
    HouseAtCustoms.objects.get_or_create(
        warehouse=house,
        defaults={"keeper": house.operator, "port_code": "3104", "traf_mode": "Y"},
    )


def a_draft(
    lines: int = 1,
    *,
    importer: Company | None = None,
    name_zh: str | None = None,
    apart: bool = False,
) -> Declaration:
    """A drafted declaration."""
    shipment = a_shipment(lines, importer=importer, name_zh=name_zh, apart=apart)
    return draft_declaration(
        shipment=shipment,
        importer=shipment.order.buyer,
        warehouse=a_warehouse(),
        now=DECLARES,
    )


def a_queued(
    lines: int = 1, *, importer: Company | None = None, apart: bool = False
) -> DeclarationDocument:
    """A declaration whose paper is ordered and not made."""
    draft = a_draft(lines, importer=importer, apart=apart)
    return queue_document(declaration=draft, now=DECLARES)


def a_ready(lines: int = 1, *, importer: Company | None = None) -> Declaration:
    """A declaration whose paper was made."""
    document = a_queued(lines, importer=importer)
    make_due_documents(now=lambda: DECLARES)
    return Declaration.objects.get(pk=document.declaration_id)


def a_lodged(lines: int = 1, *, importer: Company | None = None) -> Declaration:
    """A declaration that a person lodged."""
    return lodge(declaration=a_ready(lines, importer=importer), now=DECLARES)
