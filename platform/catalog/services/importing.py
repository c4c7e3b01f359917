"""Products from a file a person sends."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext

from catalog import rules
from catalog.models import Product
from catalog.rules import NewProduct, ProductsRefused
from catalog.services.products import add_products, check_products
from core.sheets import MOST_FAULTS, RowError, SheetRefused, SheetRow, parse_sheet

NEEDED = ("sku", "name_zh", "name_en", "hs_code", "origin", "net_weight_g", "gross_weight_g")
OPTIONAL = (
    "gtin",
    "brand",
    "category",
    "specification",
    "declared_unit",
    "volume_cm3",
    "pack_quantity",
    "shelf_life_days",
    "storage",
    "keeps_serials",
)
MAX_ROWS = 20_000


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file of products says; ``refused`` when it cannot be read as a whole. ``errors`` are
    the first of all ``error_count``."""

    products: list[NewProduct]
    errors: list[RowError]
    error_count: int = 0
    refused: SheetRefused | None = None

    @property
    def is_clean(self) -> bool:
        return not self.errors and self.refused is None


def preview_products(name: str, content: bytes) -> Reading:
    """Everything that is right and wrong in a file; reads only, refuses nothing."""
    try:
        return read_products(name, content)
    except SheetRefused as refused:
        return Reading([], [], refused=refused)


def read_products(name: str, content: bytes) -> Reading:
    """The products of a CSV or XLSX file and what is wrong with them.

    Weights are grams, volumes cm³, per unit. Reads only. Raises a SheetRefused for a file
    that is no table of products.
    """
    sheet = parse_sheet(name, content, columns=NEEDED, optional=OPTIONAL, max_rows=MAX_ROWS)
    errors: list[RowError] = []
    products: list[NewProduct] = []
    for row in sheet.rows:
        if row.number in sheet.broken:
            continue
        product, wrong = _product(row)
        errors += wrong
        if not wrong:
            products.append(product)
    errors += check_products(products)
    count = sheet.error_count + len(errors)
    errors = sorted([*sheet.errors, *errors], key=lambda error: error.row)
    return Reading(products, errors[:MOST_FAULTS], count)


@transaction.atomic
def import_products(*, name: str, content: bytes) -> list[Product]:
    """Store every product of a file, or none.

    Raises a SheetRefused, or ProductsRefused with the first RowErrors in ``rows``; then nothing
    has been written.
    """
    reading = read_products(name, content)
    if reading.errors:
        raise ProductsRefused(rows=reading.errors, count=reading.error_count)
    return add_products(products=reading.products)


def _product(row: SheetRow) -> tuple[NewProduct, list[RowError]]:
    values = row.values
    errors: list[RowError] = []

    def number(column: str, default: int) -> int:
        text = values[column] or str(default)
        if text.isascii() and text.isdigit() and len(text) <= 10:
            return int(text)
        errors.append(RowError(row.number, column, gettext(rules.NOT_A_NUMBER)))
        return default

    def is_so(column: str) -> bool | None:
        if values[column].lower() not in {"", "yes", "no"}:
            errors.append(RowError(row.number, column, gettext(rules.NOT_YES_OR_NO)))
        return values[column].lower() == "yes" if values[column] else None

    product = NewProduct(
        row=row.number,
        sku=values["sku"],
        gtin=values["gtin"],
        name_zh=values["name_zh"],
        name_en=values["name_en"],
        brand=values["brand"],
        category=values["category"],
        specification=values["specification"],
        hs_code=values["hs_code"],
        origin=values["origin"].upper(),
        declared_unit=values["declared_unit"] or "011",
        net_weight_g=number("net_weight_g", 0),
        gross_weight_g=number("gross_weight_g", 0),
        volume_cm3=number("volume_cm3", 0),
        pack_quantity=number("pack_quantity", 1),
        shelf_life_days=number("shelf_life_days", 0) if values["shelf_life_days"] else None,
        storage=values["storage"] or rules.AMBIENT,
        keeps_serials=is_so("keeps_serials"),
    )
    return product, errors
