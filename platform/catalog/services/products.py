"""Products come into the shared catalogue in sets, all or none."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection, transaction
from django.utils.translation import gettext

from catalog import rules
from catalog.models import Product
from catalog.rules import Fault, NewProduct, ProductsRefused
from core.sheets import RowError

#: Names the hand that gives out demonstration numbers among PostgreSQL's advisory locks.
NUMBER_LOCK = 0x4754494E  # "GTIN"

_FIELDS = (
    "name_zh",
    "name_en",
    "brand",
    "category",
    "specification",
    "hs_code",
    "origin",
    "declared_unit",
    "net_weight_g",
    "gross_weight_g",
    "volume_cm3",
    "pack_quantity",
    "shelf_life_days",
    "storage",
    "keeps_serials",
)


@transaction.atomic
def add_products(*, products: Sequence[NewProduct]) -> list[Product]:
    """Store new products and bring known ones (by SKU) up to date, in one statement.

    A product without a GTIN keeps the number it has, or gets the next one of GS1's
    demonstration prefix 952. One of which is not said whether it keeps serial numbers stays as it
    is. Returns the products in the order given.

    Raises ProductsRefused, whose fact ``rows`` is a list of RowError, for a field that is
    wrong and for a SKU or GTIN that stands twice; then nothing has been written.
    """
    if errors := check_products(products):
        raise ProductsRefused(rows=errors, count=len(errors))
    with connection.cursor() as cursor:
        # Two writers must not give out one number.
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [NUMBER_LOCK])
    skus = [product.sku for product in products]
    known = Product.objects.filter(sku__in=skus)
    has = dict(known.values_list("sku", "gtin"))
    keeps = set(known.filter(keeps_serials=True).values_list("sku", flat=True))
    number = _last_demo_number()
    rows: list[Product] = []
    for product in products:
        gtin = product.gtin or has.get(product.sku, "")
        if not gtin:
            number += 1
            gtin = rules.demo_gtin(number)
        values = {name: getattr(product, name) for name in _FIELDS}
        if product.keeps_serials is None:
            values["keeps_serials"] = product.sku in keeps
        rows.append(Product(sku=product.sku, gtin=gtin, **values))
    Product.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["sku"],
        update_fields=["gtin", *_FIELDS],
        batch_size=2000,
    )
    stored = Product.objects.in_bulk(skus, field_name="sku")
    return [stored[sku] for sku in skus]


def check_products(products: Sequence[NewProduct]) -> list[RowError]:
    """Everything that is wrong with these products, in the reader's language."""
    faults = [fault for product in products for fault in rules.faults(product)]
    taken = dict(
        Product.objects.filter(gtin__in=[p.gtin for p in products if p.gtin]).values_list(
            "gtin", "sku"
        )
    )
    skus: set[str] = set()
    gtins: set[str] = set()
    for product in products:
        if product.sku in skus:
            faults.append(Fault(product.row, "sku", rules.REPEATED_SKU))
        skus.add(product.sku)
        if not product.gtin:
            continue
        if product.gtin in gtins or taken.get(product.gtin, product.sku) != product.sku:
            faults.append(Fault(product.row, "gtin", rules.REPEATED_GTIN))
        gtins.add(product.gtin)
    return [RowError(f.row, f.field, gettext(f.message)) for f in faults]


def _last_demo_number() -> int:
    last = (
        Product.objects.filter(gtin__startswith=rules.DEMO_PREFIX, gtin__regex=r"^\d{13}$")
        .order_by("-gtin")
        .values_list("gtin", flat=True)
        .first()
    )
    return int(last[len(rules.DEMO_PREFIX) : -1]) if last else 0
