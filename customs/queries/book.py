"""The account book beside the stock and its owners, and how a quarter moved it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Max, QuerySet, Sum
from django.utils import timezone

from accounts.models import Company
from customs.models import AccountBook, BookLine, BookReceipt, BookRow
from customs.rules import book as rules
from customs.rules.book import Columns, Kind
from customs.rules.squaring import Beside
from procurement.rules import quarters
from warehouse.models import Holding

#: Why units moved in the stock, with the sign it has there, and the type of the receipt of it.
_WHY = {
    "counted_in": ("received", "", "inv211_in"),
    "handed_over": ("shipped", "-", "inv211_out"),
    "sent_back": ("sent_back", "", "returned"),
    "destroyed": ("destroyed", "-", "destroyed"),
    "counted": ("counted", "", "counted"),
}
_MOVED = ",\n        ".join(
    f"coalesce({sign}sum(moved.quantity) FILTER (WHERE moved.kind = '{kind}'{when}), 0) "
    f"AS {name}{which}"
    for which, when in (("", ""), ("_late", " AND old"))
    for name, (kind, sign, _told) in _WHY.items()
)
_TOLD = ",\n        ".join(
    f"coalesce(sum(units) FILTER (WHERE kind = '{kind}'{when}), 0) AS {name}{which}"
    for which, when in (("", ""), ("_late", " AND old"))
    for name, (_moved, _sign, kind) in _WHY.items()
)
_OFF = ",\n    ".join(
    f"coalesce(ledger.{name}{which}, 0) - coalesce(booked.{name}{which}, 0)"
    for which in ("", "_late")
    for name in _WHY
)

# The ledger of the stock by why units moved, and the receipts by their type, all of them and
# until a moment; and what lies there now. Units change their owner within a lot, which moves
# nothing in a book.
_BESIDE = f"""
WITH item AS (
    SELECT inside.lot_id, inside.row_id FROM customs_booklot AS inside
    WHERE inside.row_id = ANY(%(rows)s)
), ledger AS (
    SELECT item.row_id, sum(moved.quantity) AS stock,
        {_MOVED}
    FROM item
    JOIN (SELECT lot_id, quantity, kind, moved_at < %(until)s AS old
          FROM warehouse_stockmovement WHERE account = 'stock') AS moved
        ON moved.lot_id = item.lot_id
    GROUP BY 1
), owned AS (
    SELECT item.row_id, sum(held.on_hand) AS units, count(DISTINCT held.owner_id) AS owners,
        sum(held.on_hand) FILTER (
            WHERE held.status IN ('quarantine', 'damaged', 'expired', 'recalled')) AS aside
    FROM item JOIN warehouse_holding AS held ON held.lot_id = item.lot_id AND held.on_hand > 0
    GROUP BY 1
), booked AS (
    SELECT told.row_id,
        {_TOLD}
    FROM (
        SELECT line.row_id, receipt.kind, receipt.happened_at < %(until)s AS old,
            CASE WHEN receipt.reverses_id IS NULL THEN line.quantity ELSE -line.quantity END
            AS units
        FROM customs_bookline AS line
        JOIN customs_bookreceipt AS receipt ON receipt.id = line.receipt_id
        WHERE line.row_id = ANY(%(rows)s)
    ) AS told GROUP BY 1
)
SELECT row.id, coalesce(ledger.stock, 0), coalesce(owned.units, 0), coalesce(owned.owners, 0),
    coalesce(owned.aside, 0),
    {_OFF}
FROM unnest(%(rows)s) AS row (id)
LEFT JOIN ledger ON ledger.row_id = row.id
LEFT JOIN owned ON owned.row_id = row.id
LEFT JOIN booked ON booked.row_id = row.id
"""  # noqa: S608 - our own words

_QUARTER = """
SELECT line.row_id, receipt.kind, receipt.reverses_id IS NOT NULL,
    receipt.happened_at < %(begins)s, sum(line.quantity), sum(line.usd), bool_or(line.usd IS NULL)
FROM customs_bookline AS line JOIN customs_bookreceipt AS receipt ON receipt.id = line.receipt_id
WHERE receipt.book_id = %(book)s AND receipt.happened_at < %(ends)s
GROUP BY 1, 2, 3, 4, line.quantity > 0
"""


def beside(rows: Sequence[int]) -> dict[int, Beside]:
    """By item (row id) what the ledger of the stock and the owners say."""
    return {pk: told for pk, (told, _late) in beside_until(rows, until=None).items()}


def beside_until(
    rows: Sequence[int], *, until: datetime | None
) -> dict[int, tuple[Beside, Beside]]:
    """By item (row id) what the ledger of the stock and the owners say, and the same where of what
    has no receipt only that counts which happened before ``until``; in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_BESIDE, {"rows": list(rows), "until": until or "infinity"})
        return {
            pk: (Beside(*told[:4], *told[4:9]), Beside(*told[:4], *told[9:]))
            for pk, *told in ([int(figure) for figure in row] for row in cursor.fetchall())
        }


def outside(keeper: Company | None = None, *, until: datetime) -> dict[str, int]:
    """By account book (number) the units in its warehouse that are in no item of any book, came
    in before a moment and are still there."""
    held = Holding.objects.filter(on_hand__gt=0, lot__book_lot__isnull=True, received_at__lt=until)
    if keeper is not None:
        held = held.filter(keeper=keeper)
    told = held.order_by().values_list("warehouse__ledger_number").annotate(units=Sum("on_hand"))
    return dict(told)


def books(keeper: Company | None = None) -> QuerySet[AccountBook]:
    """All books, or those of one company."""
    found = AccountBook.objects.select_related("keeper").order_by("number")
    return found if keeper is None else found.filter(keeper=keeper)


def rows(book: AccountBook) -> QuerySet[BookRow]:
    """The items of a book, by number."""
    found: QuerySet[BookRow] = (
        BookRow.objects.filter(book=book).select_related("product", "book").order_by("item")
    )
    return found


def receipts(book: AccountBook) -> QuerySet[BookLine]:
    """What receipts moved in a book, the newest first."""
    found: QuerySet[BookLine] = (
        BookLine.objects.filter(row__book=book)
        .select_related("receipt", "row__product")
        .order_by("-pk")
    )
    return found


def attach(found: list[Any]) -> None:
    """Put what stands beside them onto items of a page, in one statement."""
    told = beside([one.pk for one in found]) if found else {}
    for one in found:
        one.beside = told[one.pk]
        one.unexplained = one.beside.unexplained(one.on_hand)
        one.average_usd = (
            None if one.total_usd is None else rules.average(one.total_usd, one.on_hand)
        )


@dataclass(frozen=True, slots=True)
class Quarter:
    """How a quarter moved one item: units at its beginning and end, and between by type."""

    row: BookRow
    opening: int
    moved: Columns
    closing: Columns
    #: By type what came, or went, in the quarter; reversals taken off.
    by_kind: dict[Kind, int]
    total_usd: Decimal | None

    @property
    def average_usd(self) -> Decimal | None:
        """USD a unit; None of nothing, and where the total is not known."""
        if self.total_usd is None:
            return None
        return rules.average(self.total_usd, self.closing.on_hand)


def quarter_report(book: AccountBook, quarter: str) -> list[Quarter]:
    """Of each item that had or announced anything when a quarter began, or moved in it, from the
    receipts alone.

    Raises what ``quarters.check_quarter`` does.
    """
    begins, ends = _bounds(quarter)
    before: dict[int, Columns] = defaultdict(Columns)
    within: dict[int, Columns] = defaultdict(Columns)
    kinds: dict[int, dict[Kind, int]] = defaultdict(lambda: defaultdict(int))
    usd: dict[int, Decimal | None] = defaultdict(Decimal)
    with connection.cursor() as cursor:
        cursor.execute(_QUARTER, {"book": book.pk, "begins": begins, "ends": ends})
        for row, name, is_reversal, was, units, worth, is_unknown in cursor.fetchall():
            kind = Kind(name)
            moved = rules.effect(kind, int(units), is_reversal=is_reversal)
            (before if was else within)[row] += moved
            if not was:
                kinds[row][kind] += -int(units) if is_reversal else int(units)
            so_far = usd[row]
            usd[row] = None if so_far is None or is_unknown else so_far + worth
    return [
        Quarter(
            row=one,
            opening=before[one.pk].on_hand,
            moved=within[one.pk],
            closing=before[one.pk] + within[one.pk],
            by_kind=dict(kinds[one.pk]),
            total_usd=usd[one.pk],
        )
        for one in rows(book)
        if one.pk in kinds or before[one.pk].is_open
    ]


def written_at(book: AccountBook, quarter: str) -> datetime:
    """When the last receipt was booked that a quarter's report is made of."""
    found = BookReceipt.objects.filter(book=book, happened_at__lt=_bounds(quarter)[1])
    last: datetime | None = found.aggregate(at=Max("booked_at"))["at"]
    return last or book.opened_at


def _bounds(quarter: str) -> tuple[datetime, datetime]:
    name = quarters.check_quarter(quarter)
    house = timezone.get_default_timezone()
    begins, ends = (
        datetime.combine(quarters.first_day(one), time.min, house)
        for one in (name, quarters.named(quarters.number_of(name) + 1))
    )
    return begins, ends
