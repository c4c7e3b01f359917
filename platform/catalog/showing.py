"""A product as programs read it, here and in the apps above."""

from __future__ import annotations

from ninja import Schema
from pydantic import Field

from catalog import rules
from catalog.models import Product, Storage
from rest.fields import one_of


class ProductOut(Schema):
    """A consumer good of the shared catalogue; weights in grams per unit."""

    sku: str = Field(examples=["MILK-900"])
    gtin: str = Field(examples=["9520000000011"])
    name_zh: str = Field(examples=["婴儿奶粉 900 克"])
    name_en: str = Field(examples=["Infant milk powder 900 g"])
    brand: str = Field(examples=["Example"])
    category: str = Field(examples=["milk powder"])
    specification: str = Field(
        description="Declaration elements", examples=["配方奶粉|900 克/罐|婴幼儿用"]
    )
    hs_code: str = Field(examples=["1901101000"])
    origin: str = Field(description="ISO 3166-1 alpha-3", examples=["DEU"])
    declared_unit: str = Field(description="Code of customs", examples=["011"])
    net_weight_g: int = Field(examples=[900])
    gross_weight_g: int = Field(examples=[1050])
    volume_cm3: int = Field(examples=[1500])
    pack_quantity: int = Field(examples=[6])
    shelf_life_days: int | None = Field(examples=[720])
    storage: str = Field(json_schema_extra=one_of(*Storage.values), examples=["ambient"])
    keeps_serials: bool = Field(
        description="Whether the warehouse knows each unit by its maker's number",
        examples=[False],
    )
    is_poolable: bool = Field(
        description="Whether it keeps long enough to be pooled", examples=[True]
    )


def product_out(product: Product) -> ProductOut:
    return ProductOut(
        sku=product.sku,
        gtin=product.gtin,
        name_zh=product.name_zh,
        name_en=product.name_en,
        brand=product.brand,
        category=product.category,
        specification=product.specification,
        hs_code=product.hs_code,
        origin=product.origin,
        declared_unit=product.declared_unit,
        net_weight_g=product.net_weight_g,
        gross_weight_g=product.gross_weight_g,
        volume_cm3=product.volume_cm3,
        pack_quantity=product.pack_quantity,
        shelf_life_days=product.shelf_life_days,
        storage=product.storage,
        keeps_serials=product.keeps_serials,
        is_poolable=rules.is_poolable(
            storage=product.storage, shelf_life_days=product.shelf_life_days
        ),
    )
