"""Products and suppliers."""

from __future__ import annotations

import factory
from stdnum import ean

from catalog.models import Product, Storage, TradingPartner

from .accounts import SupplierCompanyFactory


def gtin(n: int) -> str:
    """A valid GTIN-13 under GS1's demonstration prefix 952."""
    body = f"952{n:09d}"
    return body + ean.calc_check_digit(body)


class TradingPartnerFactory(factory.django.DjangoModelFactory[TradingPartner]):
    """A supplier paid in euro."""

    class Meta:
        model = TradingPartner

    company = factory.SubFactory(SupplierCompanyFactory)
    currency = "EUR"
    departure_port = "Hamburg"


class ProductFactory(factory.django.DjangoModelFactory[Product]):
    """Shelf-stable goods: a tin of milk powder."""

    class Meta:
        model = Product

    sku = factory.Sequence(lambda n: f"MILK-{n:03d}")
    gtin = factory.Sequence(lambda n: gtin(500_000 + n))
    name_zh = "示例婴幼儿配方奶粉 900 克"
    name_en = "Example infant formula 900 g"
    brand = "Example"
    category = "infant formula"
    specification = "900 g/tin"
    hs_code = "1901101010"
    origin = "DEU"
    declared_unit = "122"
    net_weight_g = 900
    gross_weight_g = 1100
    volume_cm3 = 2400
    pack_quantity = 6
    shelf_life_days = 720
    storage = Storage.AMBIENT.value
