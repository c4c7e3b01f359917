"""What happened goes into the account book by itself, once, whoever looks and how often:
released, counted in, listed, voided, handed over, sent back, destroyed, counted again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial

from django.db import transaction

from core.copying import among_keys
from core.errors import DomainError
from customs.models import (
    AccountBook,
    BookLine,
    BookLot,
    BookReceipt,
    BookRow,
    Declaration,
    DeclarationState,
)
from customs.queries import book_sources as sources
from customs.queries.book_proof import prove_books
from customs.rules import book as rules
from customs.rules.book import Kind
from customs.services import telling_book
from customs.services.book import (
    NewReceipt,
    Told,
    book_of,
    hold_book,
    open_items,
    post_receipts,
    reverse_receipt,
    summed,
)
from notices.services import is_due, once
from settlement import rates
from warehouse.days import day_of

BATCH = 500
#: What happened longer ago and is in no book is looked for once a night.
LOOKS_BACK = timedelta(days=2)
_EVER = datetime(2000, 1, 1, tzinfo=UTC)

#: What was posted, and what was refused: document and code.
_Done = tuple[int, list[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Booked:
    """How many receipts were posted, and what was refused: document and code."""

    posted: int
    refused: tuple[tuple[str, str], ...]


def book_due(*, now: datetime, everything: bool = False) -> Booked:
    """Post all that is due, in the order of the goods' way; safe to run any number of times.

    Each import list, and each batch of other receipts of a book, in a transaction of its own; of
    a batch that is refused each document by itself, again as long as something else is posted, and
    what is refused then waits. It looks back two days, or at ``everything``, as once a night. Ask
    ``platform_wide``.
    """
    since = _EVER if everything else now - LOOKS_BACK
    posted = 0
    while True:
        refused: list[tuple[str, str]] = []
        before = posted
        for step in (_released, _counted, _drawn, _voided, _gone, _returned, _destroyed, _squared):
            done, wrong = step(since, now)
            posted += done
            refused += wrong
        if not refused or posted == before:
            return Booked(posted, tuple(refused))


def _each(due: Iterable[tuple[str, Callable[[], int]]]) -> _Done:
    posted, refused = 0, []
    for document, act in due:
        try:
            posted += act()
        except DomainError as refusal:
            refused.append((document, refusal.code))
    return posted, refused


def _is_posted(book: AccountBook, document: str, *kinds: Kind) -> bool:
    """Whether somebody else was faster; ask it holding the book."""
    return BookReceipt.objects.filter(
        book=book, document=document, kind__in=[one.value for one in kinds]
    ).exists()


def _released(since: datetime, now: datetime) -> _Done:
    """The list is approved: its goods are announced to their items."""
    return _each(
        (reference, partial(announce, pk, at, now)) for pk, reference, at in sources.released(since)
    )


@transaction.atomic
def announce(pk: int, at: datetime, now: datetime) -> int:
    """Announce the goods of a declaration (id) to the book of its warehouse, once; gives back how
    many receipts are new. Call platform-wide. Raises BookOfAnother or ItemDisagrees."""
    declaration = Declaration.objects.select_related("warehouse__operator").get(pk=pk)
    house = declaration.warehouse
    book = book_of(number=house.ledger_number, keeper=house.operator, now=now)
    hold_book(book)
    # It may have been amended or withdrawn while the book was somebody else's.
    declaration.refresh_from_db(fields=["state"])
    if declaration.state != DeclarationState.RELEASED or _is_posted(
        book, declaration.our_reference, Kind.APPROVED_IN
    ):
        return 0
    lines = list(declaration.lines.select_related("declaration", "product").order_by("position"))
    rows = open_items(book=book, lines=lines, now=now)
    # Two lines of one list may be of one item; each says which of its goods are in it.
    receipt = NewReceipt(
        kind=Kind.APPROVED_IN,
        document=declaration.our_reference,
        happened_at=at,
        lines=[Told(rows[one.pk].pk, one.quantity, made_by=one.pk) for one in lines],
    )
    return len(post_receipts(book=book, receipts=[receipt], now=now))


def _counted(since: datetime, now: datetime) -> _Done:
    """The list is posted with what came; before that it is changed to it."""
    return _each(
        (number, partial(_post_in, pk, number, at, declaration, now))
        for pk, number, at, declaration in sources.counted(since)
    )


@transaction.atomic
def _post_in(receipt: int, number: str, at: datetime, declaration: int, now: datetime) -> int:
    came = sources.came(receipt, declaration)
    if not came:
        return 0
    book = BookRow.objects.select_related("book").get(pk=came[0][0]).book
    hold_book(book)
    if _is_posted(book, number, Kind.POSTED_IN, Kind.CHANGED_IN):
        return 0
    declared = Declaration.objects.get(pk=declaration)
    prices = dict(declared.lines.values_list("pk", "unit_price"))
    rate = _usd_rate(declared, now)
    worth: dict[int, Decimal] = defaultdict(Decimal)
    for row, line, _announced, units in came:
        if rate is not None:
            worth[row] += rules.worth(prices[line], units, rate)
    short = [(row, max(announced - units, 0)) for row, _line, announced, units in came]
    over = [(row, max(units - announced, 0)) for row, _line, announced, units in came]
    told = [
        NewReceipt(Kind.APPROVED_IN, number, at, summed(over)),
        NewReceipt(Kind.CHANGED_IN, number, at, summed(short)),
        NewReceipt(
            Kind.POSTED_IN,
            number,
            at,
            [
                Told(one.row, one.quantity, None if rate is None else worth[one.row])
                for one in summed((row, units) for row, _line, _announced, units in came)
            ],
        ),
    ]
    posted = len(post_receipts(book=book, receipts=told, now=now))
    BookLot.objects.bulk_create(
        BookLot(lot_id=lot, row_id=row, keeper_id=book.keeper_id)
        for lot, row in sources.lots(receipt, declaration)
    )
    return posted


def _usd_rate(declared: Declaration, now: datetime) -> Decimal | None:
    """USD for one of the declaration's currency on the day of its release; None where unknown."""
    on = day_of(declared.decided_at or now)
    if declared.currency == "USD":
        return Decimal(1)
    try:
        its, usd = (rates.stored(base=one, on=on, now=now) for one in (declared.currency, "USD"))
    except DomainError:
        return None
    return its.value / usd.value


def _drawn(since: datetime, now: datetime) -> _Done:
    return _documents(Kind.APPROVED_OUT, sources.drawn(since), now)


def _returned(since: datetime, now: datetime) -> _Done:
    return _documents(Kind.RETURNED, sources.returned(since), now)


def _destroyed(since: datetime, now: datetime) -> _Done:
    return _documents(Kind.DESTROYED, sources.destroyed(since), now)


def _squared(since: datetime, now: datetime) -> _Done:
    return _documents(Kind.COUNTED, sources.squared(since), now)


def _documents(kind: Kind, due: Sequence[sources.Source], now: datetime) -> _Done:
    return _post_all(
        [
            (book, NewReceipt(kind, one.document, one.happened_at, summed(units)))
            for one in due
            for book, units in sorted(one.units.items())
        ],
        now,
    )


def _gone(since: datetime, now: datetime) -> _Done:
    """What a list announced left: the same items, as customs sees it. A carrier has the parcel, or
    customs has posted its export list: whichever is first, and once."""
    first: dict[tuple[int, str], tuple[int, str, int, datetime]] = {}
    for one in (*sources.gone(since), *sources.left(since)):
        first.setdefault(one[:2], one)
    due = list(first.values())
    lines: dict[int, list[Told]] = defaultdict(list)
    told = BookLine.objects.filter(among_keys("receipt_id", [one[2] for one in due]))
    for receipt, row, quantity in told.order_by("pk").values_list(
        "receipt_id", "row_id", "quantity"
    ):
        lines[receipt].append(Told(row, quantity))
    return _post_all(
        [
            (book, NewReceipt(Kind.POSTED_OUT, number, at, lines[receipt]))
            for book, number, receipt, at in due
        ],
        now,
    )


def _post_all(due: Sequence[tuple[int, NewReceipt]], now: datetime) -> _Done:
    """In batches of a book; a document in two books, and each of a batch that is refused, alone."""
    parts: dict[str, list[tuple[int, NewReceipt]]] = defaultdict(list)
    for book, receipt in due:
        parts[receipt.document].append((book, receipt))
    batches: dict[int, list[list[tuple[int, NewReceipt]]]] = defaultdict(list)
    alone = [part for part in parts.values() if len(part) > 1]
    for part in parts.values():
        if len(part) == 1:
            batches[part[0][0]].append(part)
    books = AccountBook.objects.in_bulk([book for book, _receipt in due])
    posted = 0
    for _book, all_of_it in sorted(batches.items()):
        for start in range(0, len(all_of_it), BATCH):
            batch = all_of_it[start : start + BATCH]
            try:
                posted += _post(books, [one for part in batch for one in part], now)
            except DomainError:
                alone += batch
    done, refused = _each((part[0][1].document, partial(_post, books, part, now)) for part in alone)
    return posted + done, refused


@transaction.atomic
def _post(
    books: dict[int, AccountBook], part: Sequence[tuple[int, NewReceipt]], now: datetime
) -> int:
    by_book: dict[int, list[NewReceipt]] = defaultdict(list)
    for book, receipt in part:
        by_book[book].append(receipt)
    return sum(
        len(post_receipts(book=books[book], receipts=receipts, now=now))
        for book, receipts in sorted(by_book.items())
    )


def _voided(since: datetime, now: datetime) -> _Done:
    due = sources.voided(since)
    found = BookReceipt.objects.in_bulk([receipt for receipt, _at in due])
    return _each((found[pk].document, partial(_take_back, found[pk], at, now)) for pk, at in due)


def _take_back(receipt: BookReceipt, at: datetime, now: datetime) -> int:
    try:
        reverse_receipt(receipt=receipt, happened_at=at, now=now)
    except rules.ReceiptReversed:
        # Another worker was faster.
        return 0
    return 1


def report_books(*, now: datetime) -> int:
    """Post what is left, replay the books once a day, and tell the operators what differs.

    Nothing is mended. Call it outside of a transaction, ``platform_wide``. Safe to run any number
    of times. Returns how many faults there are.
    """
    today = day_of(now)
    if not is_due("book.proof", day=today, now=now):
        return 0
    refused = book_due(now=now, everything=True).refused
    found = prove_books(now=now)
    with transaction.atomic():
        if once("book.proof", f"{today}", now=now) and (found or refused):
            telling_book.tell_differences(found, refused, day=today, now=now)
    return len(found) + len(refused)
