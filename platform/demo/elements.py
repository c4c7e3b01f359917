"""The declaration elements of the demo's products, as an importer fills them in."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from catalog.models import Product
from customs import queries
from customs import services as customs
from demo.house import rows
from warehouse.days import day_of

#: What goods of foreign brands say; the second is asked of exports alone.
_USUAL = {"品牌类型": "境外品牌（其他）", "出口享惠情况": "不适用于进口报关单"}


def fill_elements(products: list[Product], *, made_by: User, now: datetime) -> None:
    """Of those that lack them: from the demo's file, of others from what the catalogue says."""
    told = {row["sku"]: row["elements"].split("|") for row in rows("elements.csv")}
    day = day_of(now)
    known = queries.elements_of(products)
    laws = queries.tariff_on({one.hs_code for one in products}, day)
    for product in products:
        law = laws.get(product.hs_code)
        if law is None or not law.elements or product.pk in known:
            continue
        written = told.get(product.sku, [])
        if len(written) != len(law.elements):
            plain = product.specification.replace("|", " ") or product.name_zh
            usual = {**_USUAL, "品牌": product.brand or "无品牌"}
            written = [usual.get(name, plain)[:80] for name in law.elements]
        customs.keep_elements(
            product=product,
            values=dict(zip(law.elements, written, strict=True)),
            made_by=made_by,
            now=now,
        )
