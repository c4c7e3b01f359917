"""The bonded account book: receipts post it, once each, and nothing else does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Max, Q, QuerySet, Sum

from accounts.models import Company
from core.copying import among_keys
from core.numbers import next_numbers
from core.taking import take_turns
from customs.models import (
    AccountBook,
    BookLine,
    BookReceipt,
    BookRow,
    DeclarationLine,
    FilingAnswer,
)
from customs.rules import book as rules
from customs.rules.book import Columns, Kind, Style
from warehouse.days import day_of

_COUNTERS = ("prevd_inc", "prevd_redc", "actl_inc", "actl_redc", "total_usd")


@dataclass(frozen=True, slots=True)
class Told:
    """Units of one item (row id) on a receipt, and what they add to its total in USD: None where
    the item's average says it, or no rate is known. ``made_by``: the line of the import list."""

    row: int
    quantity: int
    usd: Decimal | None = None
    made_by: int | None = None


@dataclass(frozen=True, slots=True)
class NewReceipt:
    """A receipt that came: its type and number; ``reverses`` is the id of one it takes back."""

    kind: Kind
    document: str
    happened_at: datetime
    lines: Sequence[Told]
    reverses: int | None = None


def book_of(*, number: str, keeper: Company, now: datetime) -> AccountBook:
    """The book of this number, opened when it is named first. Raises BookOfAnother."""
    book: AccountBook = AccountBook.objects.get_or_create(
        number=number,
        defaults={"keeper": keeper, "style": rules.style_of(number).value, "opened_at": now},
    )[0]
    if book.keeper_id != keeper.pk:
        raise rules.BookOfAnother(book=number)
    return book


def hold_book(book: AccountBook) -> None:
    """Whoever posts into a book waits for whoever does: what it looks up after this stands."""
    take_turns("account-book", book.number)


@transaction.atomic
def open_items(
    *, book: AccountBook, lines: Sequence[DeclarationLine], now: datetime
) -> dict[int, BookRow]:
    """The items into which the goods of an import list go, by its lines' ids.

    A posting ledger makes one for each line, with a number of its own. One that files goods before
    takes the number of their filing; of goods that have none, the item of the same product, code,
    unit, origin and currency, if it has one. Hold the book first. Raises ItemDisagrees.
    """
    last = BookRow.objects.filter(book=book).aggregate(last=Max("item"))["last"] or 0
    known: dict[tuple[object, ...], BookRow] = {}
    taken: dict[int, BookRow] = {}
    filed: dict[tuple[int, int, str], int] = {}
    if book.style == Style.FILED:
        # A number of the book's own never takes one that customs gave.
        last = max(last, highest_filed(book.number))
        products = {one.product_id for one in lines}
        same = BookRow.objects.filter(book=book, product__in=products)
        filed = filed_items(book.number, products, set(same.values_list("item", flat=True)))
        rows = BookRow.objects.filter(
            Q(product__in=products) | Q(item__in=filed.values()), book=book
        )
        for one in rows.order_by("-pk"):
            known[_means(one)] = taken[one.item] = one
    found: dict[int, BookRow] = {}
    for line in lines:
        item = filed.get((line.declaration.importer_id, line.product_id, line.hs_code))
        row = known.get(_means(line))
        if item is not None:
            # What lies in an item that nobody filed is of the same goods from before.
            there = taken.get(item)
            is_elsewhere = row is not None and row.item not in filed.values()
            if is_elsewhere or (there is not None and _means(there) != _means(line)):
                raise rules.ItemDisagrees(
                    book=book.number,
                    product=line.product.sku,
                    filed=item,
                    item=row.item if row is not None else item,
                )
            row = there
        if row is None:
            if item is None:
                last += 1
            row = BookRow.objects.create(
                book=book,
                keeper_id=book.keeper_id,
                item=last if item is None else item,
                product_id=line.product_id,
                hs_code=line.hs_code,
                name_zh=line.name_zh,
                specification=line.specification,
                origin=line.origin,
                unit=line.unit,
                unit_price=line.unit_price,
                currency=line.declaration.currency,
                made_by=line.declaration.our_reference,
                opened_at=now,
            )
            if book.style == Style.FILED:
                known[_means(row)] = taken[row.item] = row
        found[line.pk] = row
    return found


def _filed(book: str) -> QuerySet[FilingAnswer]:
    return FilingAnswer.objects.filter(filing__book_number=book, filed=True)


def highest_filed(book: str) -> int:
    """The highest item that customs gave in a book (number); 0 where it gave none."""
    return _filed(book).aggregate(last=Max("item"))["last"] or 0


def filed_items(
    book: str, products: Collection[int], items: Collection[int]
) -> dict[tuple[int, int, str], int]:
    """The items that customs gave filed goods in a book (number), by importer, product and code;
    the newest filing counts. Of these products (ids), and of all that were ever filed under these
    items."""
    others = _filed(book).filter(item__in=items).values("filing__product")
    answered = _filed(book).filter(Q(filing__product__in=products) | Q(filing__product__in=others))
    return {
        (importer, product, code): item
        for importer, product, code, item in answered.order_by("pk").values_list(
            "importer_id", "filing__product_id", "filing__hs_code", "item"
        )
        if item is not None
    }


def _means(one: BookRow | DeclarationLine) -> tuple[object, ...]:
    currency = one.currency if isinstance(one, BookRow) else one.declaration.currency
    return (one.product_id, one.hs_code, one.unit, one.origin, currency)


@transaction.atomic
def post_receipts(
    *, book: AccountBook, receipts: Sequence[NewReceipt], now: datetime
) -> list[BookReceipt]:
    """Post receipts into a book in their order, each once for its type and number: all, or none.

    What was posted before is left. The book is held and its items locked first, by key. Ask
    ``platform_wide``. Returns the new ones.

    Raises ReceiptDiffers (posted before with other units), ItemOfAnotherBook, BookQuantityWrong,
    or BookBelowZero naming the item; then nothing has been written.
    """
    hold_book(book)
    new = _new(book, receipts)
    rows = {
        row.pk: row
        for row in BookRow.objects.select_for_update()
        .filter(book=book, pk__in={line.row for one in new for line in one.lines})
        .order_by("pk")
    }
    numbers = next_numbers("BR", day_of(now).year, len(new))
    heads = BookReceipt.objects.bulk_create(
        BookReceipt(
            number=number,
            book=book,
            keeper_id=book.keeper_id,
            kind=one.kind.value,
            document=one.document,
            happened_at=one.happened_at,
            booked_at=now,
            reverses_id=one.reverses,
        )
        for number, one in zip(numbers, new, strict=True)
    )
    BookLine.objects.bulk_create(
        [
            BookLine(
                receipt=head,
                row_id=line.row,
                keeper_id=book.keeper_id,
                quantity=line.quantity,
                usd=_shift(rows, one, line, book),
                declaration_line_id=line.made_by,
            )
            for head, one in zip(heads, new, strict=True)
            for line in one.lines
        ],
        batch_size=5_000,
    )
    BookRow.objects.bulk_update(rows.values(), _COUNTERS, batch_size=2_000)
    return list(heads)


def _new(book: AccountBook, receipts: Sequence[NewReceipt]) -> list[NewReceipt]:
    """Those that are not there, each once. Raises ReceiptDiffers."""
    keys = [one.document for one in receipts]
    known: dict[tuple[str, str], Counter[int]] = {}
    lines = BookLine.objects.filter(
        among_keys("receipt__document", keys, "text"),
        receipt__book=book,
        receipt__reverses__isnull=True,
    )
    for kind, document, row, quantity in lines.values_list(
        "receipt__kind", "receipt__document", "row_id", "quantity"
    ):
        known.setdefault((kind, document), Counter())[row] += quantity
    new = []
    for one in receipts:
        units = Counter[int]()
        for line in one.lines:
            units[line.row] += line.quantity
        if one.reverses is None:
            there = known.setdefault((one.kind.value, one.document), units)
            if there is not units:
                if there != units:
                    raise rules.ReceiptDiffers(kind=one.kind.value, receipt=one.document)
                continue
        if one.lines:
            new.append(one)
    return new


def _shift(
    rows: dict[int, BookRow], receipt: NewReceipt, line: Told, book: AccountBook
) -> Decimal | None:
    """Put one line into its item; gives back what it added to the total in USD."""
    row = rows.get(line.row)
    if row is None:
        raise rules.ItemOfAnotherBook(receipt=receipt.document)
    told = rules.effect(receipt.kind, line.quantity, is_reversal=receipt.reverses is not None)
    stands = Columns(row.prevd_inc, row.prevd_redc, row.actl_inc, row.actl_redc)
    after = stands + told
    rules.check_columns(after, item=f"{book.number}/{row.item}")
    usd = _usd(row, receipt, line, stands.on_hand, after.on_hand)
    row.prevd_inc, row.prevd_redc = after.prevd_inc, after.prevd_redc
    row.actl_inc, row.actl_redc = after.actl_inc, after.actl_redc
    row.total_usd = None if row.total_usd is None or usd is None else row.total_usd + usd
    return usd


def _usd(row: BookRow, receipt: NewReceipt, line: Told, before: int, after: int) -> Decimal | None:
    told = line.usd
    if receipt.kind == Kind.POSTED_IN and receipt.reverses is None and told is None:
        return None
    if told is None and before == 0 < after:
        # Nothing is left that has an average: what came into the item before was worth so much.
        came = BookLine.objects.filter(row=row, receipt__kind=Kind.POSTED_IN.value).aggregate(
            usd=Sum("usd"), units=Sum("quantity")
        )
        if came["usd"] is not None:
            told = rules.part(came["usd"], after, came["units"])
    return rules.usd_change(row.total_usd, before=before, after=after, told=told)


@transaction.atomic
def reverse_receipt(*, receipt: BookReceipt, happened_at: datetime, now: datetime) -> BookReceipt:
    """Take all of a receipt back by a counter-receipt; the first one stays.

    Raises ReceiptReversed, or BookBelowZero where what it brought has gone on; then nothing has
    been written.
    """
    held = BookReceipt.objects.select_related("book").get(pk=receipt.pk)
    hold_book(held.book)
    if held.reverses_id or BookReceipt.objects.filter(reverses=held).exists():
        raise rules.ReceiptReversed(receipt=held.number)
    lines = held.lines.order_by("pk").values_list("row_id", "quantity", "usd")
    (counter,) = post_receipts(
        book=held.book,
        receipts=[
            NewReceipt(
                kind=Kind(held.kind),
                document=held.document,
                happened_at=happened_at,
                lines=[
                    Told(row, quantity, None if usd is None else -usd)
                    for row, quantity, usd in lines
                ],
                reverses=held.pk,
            )
        ],
        now=now,
    )
    return counter


def summed(units: Iterable[tuple[int, int]]) -> list[Told]:
    """One line an item, by item; what comes to nothing is left away."""
    told = Counter[int]()
    for row, quantity in units:
        told[row] += quantity
    return [Told(row, quantity) for row, quantity in sorted(told.items()) if quantity]
