"""Whether the account books follow from their receipts, and agree with the stock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import groupby

from core.errors import DomainError
from core.moments import at_one_moment
from customs.models import AccountBook, BookLine, BookRow
from customs.queries.book import beside_until, outside
from customs.rules import book as rules
from customs.rules.book import Columns, Kind

#: So long may what happened wait for its receipt before it is a fault.
PATIENCE = timedelta(days=1)
_COLUMNS = ("prevd_inc", "prevd_redc", "actl_inc", "actl_redc")


@dataclass(frozen=True, slots=True)
class BookFault:
    """An item (0: the whole book) of which something does not agree: what, and two figures.

    ``what`` is a column that the receipts do not make, ``replayed`` (some receipt could not have
    been posted), ``unexplained`` (book, stock and owners differ), ``outside`` (units in no item),
    or the reason for which it waits too long.
    """

    book: str
    item: int
    what: str
    says: Decimal | int | None
    stands: Decimal | int | None


@at_one_moment()
def prove_books(*, now: datetime) -> list[BookFault]:
    """Replay every book from its receipts, and compare it with the stock and its owners.

    An empty list is the proof. Call ``platform_wide()``. It reports and mends nothing.
    """
    found: list[BookFault] = []
    books = dict(AccountBook.objects.values_list("pk", "number"))
    for book, number in sorted(books.items(), key=lambda one: one[1]):
        found += _faults(book, number, now)
    found += [
        BookFault(number, 0, "outside", 0, units)
        for number, units in sorted(outside(until=now - PATIENCE).items())
    ]
    return found


def _faults(book: int, number: str, now: datetime) -> Iterator[BookFault]:
    rows = list(BookRow.objects.filter(book=book).order_by("item"))
    replayed = _replayed(book)
    told = beside_until([row.pk for row in rows], until=now - PATIENCE)
    for row in rows:
        columns, usd = replayed.get(row.pk, (Columns(), Decimal(0)))
        if columns is None:
            yield BookFault(number, row.item, "replayed", None, row.on_hand)
        else:
            for name in _COLUMNS:
                says, stands = getattr(columns, name), getattr(row, name)
                if says != stands:
                    yield BookFault(number, row.item, name, says, stands)
        if usd != row.total_usd:
            yield BookFault(number, row.item, "total_usd", usd, row.total_usd)
        stands_beside, late = told[row.pk]
        if off := stands_beside.unexplained(row.on_hand):
            yield BookFault(number, row.item, "unexplained", 0, off)
        for reason, units in late.waiting():
            yield BookFault(number, row.item, reason.value, 0, units)


def _replayed(book: int) -> dict[int, tuple[Columns | None, Decimal | None]]:
    """By item (row id) the columns and the USD that its receipts make in their order; None for
    columns where a receipt could not have been posted. Reads item by item, not all at once."""
    lines = (
        BookLine.objects.filter(row__book=book)
        .order_by("row_id", "pk")
        .values_list("row_id", "receipt__kind", "quantity", "receipt__reverses", "usd")
    )
    found: dict[int, tuple[Columns | None, Decimal | None]] = {}
    for row, group in groupby(lines.iterator(), key=lambda line: line[0]):
        usd: Decimal | None = Decimal(0)
        moves = []
        for _row, kind, quantity, reverses, worth in group:
            moves.append((Kind(kind), quantity, reverses is not None))
            usd = None if usd is None or worth is None else usd + worth
        columns: Columns | None
        try:
            columns = rules.replayed(moves, item=str(row))
        except DomainError:
            columns = None
        found[row] = (columns, usd)
    return found
