"""An importer asks that products be filed with a book; the company that keeps it answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from accounts.models import Company, User
from catalog.models import Product
from core.numbers import next_number
from core.taking import take_turns
from customs.models import BookFiling, FilingAnswer
from customs.rules import filing as rules
from customs.rules.book import Style, style_of
from warehouse.days import day_of
from warehouse.models import BondedWarehouse


@transaction.atomic
def ask_filing(
    *,
    product: Product,
    warehouse: BondedWarehouse,
    importer: Company,
    asked_by: User,
    now: datetime,
) -> BookFiling:
    """Ask the keeper of a warehouse's account book to file a product under its code and unit.

    Raises BookNeedsNoFiling, FilingDataMissing or FilingStands; then nothing has been written.
    """
    number = warehouse.ledger_number
    if style_of(number) != Style.FILED:
        raise rules.BookNeedsNoFiling(book=number)
    if len(product.hs_code) != 10 or not product.name_zh.strip() or not product.declared_unit:
        raise rules.FilingDataMissing(product=product.sku)
    take_turns("book-filing", number)
    same = BookFiling.objects.filter(
        book_number=number, importer=importer, product=product, hs_code=product.hs_code
    )
    if same.exclude(answer__filed=False).exists():
        raise rules.FilingStands(product=product.sku)
    return BookFiling.objects.create(
        number=next_number("FIL", day_of(now).year),
        book_number=number,
        keeper_id=warehouse.operator_id,
        importer=importer,
        product=product,
        hs_code=product.hs_code,
        unit=product.declared_unit,
        asked_at=now,
        asked_by=asked_by,
    )


@transaction.atomic
def ask_filings(
    *,
    products: Sequence[Product],
    warehouse: BondedWarehouse,
    importer: Company,
    asked_by: User,
    now: datetime,
) -> list[BookFiling]:
    """The same for many products at once, all of them or none.

    Raises what :func:`ask_filing` raises, naming the product; then nothing has been written.
    """
    return [
        ask_filing(product=one, warehouse=warehouse, importer=importer, asked_by=asked_by, now=now)
        for one in products
    ]


@transaction.atomic
def answer_filing(
    *,
    filing: BookFiling,
    filed: bool,
    recorded_by: User,
    now: datetime,
    item: int | None = None,
    reason: str = "",
) -> FilingAnswer:
    """Record what customs said of a filing: its item in the book, or why it refused.

    Raises FilingAnswerWrong or FilingAnswered; then nothing has been written.
    """
    said = rules.check_answer(filed=filed, item=item, reason=reason)
    take_turns("book-filing", filing.book_number)
    if FilingAnswer.objects.filter(filing=filing).exists():
        raise rules.FilingAnswered(filing=filing.number)
    return FilingAnswer.objects.create(
        filing=filing,
        keeper_id=filing.keeper_id,
        importer_id=filing.importer_id,
        filed=filed,
        item=item,
        reason=said,
        answered_at=now,
        recorded_by=recorded_by,
    )
