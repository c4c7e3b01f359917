"""The declaration elements of the demo's products, as an importer fills them in."""

from __future__ import annotations

from datetime import datetime

from accounts.models import Company, User
from catalog.models import Product
from customs import queries
from customs import services as customs
from customs.models import BookFiling
from customs.queries.judging import remark_of
from customs.rules.book import Style, style_of
from customs.rules.positive_list import Verdict
from customs.services.judging import judge_remark
from demo.house import rows
from warehouse.days import day_of
from warehouse.models import BondedWarehouse

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


def judge_remarks(
    products: list[Product], *, judged_by: User, judged_for: Company, now: datetime
) -> None:
    """Where the positive list's remark asks for a person's word: the demo's goods are meant."""
    for product in products:
        if remark_of(product, day_of(now)).waits:
            judge_remark(
                product=product,
                verdict=Verdict.FITS,
                reason=f"{product.name_zh}：属清单所列，不在除外之列",
                judged_by=judged_by,
                judged_for=judged_for,
                now=now,
            )


def file_products(
    products: list[Product],
    *,
    warehouse: BondedWarehouse,
    importer: Company,
    asked_by: User,
    answered_by: User,
    now: datetime,
) -> None:
    """With an account book that is filed before: asked for, and answered with the next item."""
    if style_of(warehouse.ledger_number) != Style.FILED:
        return
    known = set(BookFiling.objects.values_list("product_id", flat=True))
    for product in products:
        if product.pk in known:
            continue
        asked = customs.ask_filing(
            product=product, warehouse=warehouse, importer=importer, asked_by=asked_by, now=now
        )
        customs.answer_filing(
            filing=asked,
            filed=True,
            item=BookFiling.objects.count(),
            recorded_by=answered_by,
            now=now,
        )
