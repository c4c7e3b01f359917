"""The account books of the bonded houses as the simulated authority keeps them.

A row is a ledger's number and an item's. What stands on it is the sum of its movements: a list that
was approved moves it in advance, its posting for good; a released retail list takes goods until a
list of bonded e-commerce stands for it. A ledger of which nothing is known here is taken on trust.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from customs.simulator.book import Book

OPENING = "opening"
_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A quantity of an item, as a line of a list names it."""

    item: str
    qty: Decimal
    hs_code: str
    unit: str


@dataclass(frozen=True, slots=True)
class Row:
    """What stands on one item: come and gone for good, announced, and sold to buyers."""

    come: Decimal
    gone: Decimal
    announced_in: Decimal
    announced_out: Decimal
    sold: Decimal

    @property
    def on_hand(self) -> Decimal:
        return self.come - self.gone

    @property
    def available(self) -> Decimal:
        """What is announced to come is not there yet."""
        return self.on_hand - self.announced_out - self.sold


class LedgerFileWrong(Exception):
    """A file of ledger rows cannot be read; says where."""


def open_from(book: Book, path: Path) -> int:
    """Rows that stood before: ``ems_no,item,hs_code,unit,quantity``. Those of an earlier start are
    replaced."""
    rows = []
    with path.open(encoding="utf-8-sig", newline="") as file:
        for place, row in enumerate(csv.DictReader(file), 2):
            try:
                qty = Decimal(row["quantity"])
                rows.append((row["ems_no"], row["item"], row["hs_code"], row["unit"], qty))
            except (KeyError, ArithmeticError, TypeError) as error:
                raise LedgerFileWrong(f"{path.name}:{place}: {error!r}") from error
            if not qty.is_finite() or qty < 0:
                raise LedgerFileWrong(f"{path.name}:{place}: quantity {row['quantity']}")
    with book.turn():
        book.rows("DELETE FROM movement WHERE document = ?", OPENING)
        for ledger, item, hs_code, unit, qty in rows:
            book.rows("DELETE FROM item WHERE ledger = ? AND item = ?", ledger, item)
            _name(book, ledger, item, hs_code, unit)
            _move(book, OPENING, ledger, item, "I", qty, posted=1)
    return len(rows)


def _name(book: Book, ledger: str, item: str, hs_code: str, unit: str) -> None:
    book.rows(
        "INSERT INTO item VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        *(ledger, item, hs_code, unit),
    )


def _move(
    book: Book, document: str, ledger: str, item: str, way: str, qty: Decimal, *, posted: int
) -> None:
    book.rows(
        "INSERT INTO movement VALUES (?, ?, ?, ?, ?, ?)",
        *(document, ledger, item, way, str(qty), posted),
    )


def knows(book: Book, ledger: str) -> bool:
    """Whether any item of it ever stood here."""
    return bool(book.rows("SELECT 1 FROM item WHERE ledger = ? LIMIT 1", ledger))


def row(book: Book, ledger: str, item: str, *, but: str = "") -> Row:
    """What stands on an item; zeros where there is none. ``but``: without what this retail list
    took."""
    sums: dict[tuple[str, int], Decimal] = {}
    for way, posted, qty in book.rows(
        "SELECT way, posted, qty FROM movement WHERE ledger = ? AND item = ?", *(ledger, item)
    ):
        sums[way, posted] = sums.get((way, posted), _ZERO) + Decimal(qty)
    # A list that stands for retail lists has moved what they took.
    sold = book.rows(
        "SELECT qty FROM sold WHERE ledger = ? AND item = ? AND gathered = '' AND list <> ?",
        *(ledger, item, but),
    )
    return Row(
        come=sums.get(("I", 1), _ZERO),
        gone=sums.get(("E", 1), _ZERO),
        announced_in=sums.get(("I", 0), _ZERO),
        announced_out=sums.get(("E", 0), _ZERO),
        sold=sum((Decimal(one[0]) for one in sold), _ZERO),
    )


def refusal(
    book: Book, ledger: str, wanted: Sequence[Wanted], *, out: bool = True, but: str = ""
) -> str:
    """Why these cannot be taken from (or, not ``out``, added to) a ledger; empty where they can.
    ``but`` is the retail list that they are to take the place of."""
    if not knows(book, ledger):
        return ""
    for item, parts in _by_item(wanted).items():
        known = book.rows(
            "SELECT hs_code, unit FROM item WHERE ledger = ? AND item = ?", *(ledger, item)
        )
        if not known:
            if out:
                return f"账册 {ledger} 无项号 {item}"
            continue
        hs_code, unit = known[0]
        for one in parts:
            if one.hs_code != hs_code:
                return f"账册 {ledger} 项号 {item} 的商品编码是 {hs_code}，不是 {one.hs_code}"
            if one.unit != unit:
                return f"账册 {ledger} 项号 {item} 的单位是 {unit}，不是 {one.unit}"
        if out:
            qty = sum((one.qty for one in parts), _ZERO)
            left = row(book, ledger, item, but=but).available
            if qty > left:
                return f"账册 {ledger} 项号 {item} 可用数量 {left:f}，不足 {qty:f}"
    return ""


def _by_item(wanted: Iterable[Wanted]) -> Mapping[str, list[Wanted]]:
    found: dict[str, list[Wanted]] = {}
    for one in wanted:
        found.setdefault(one.item, []).append(one)
    return found


def new_item(book: Book, ledger: str, wish: int) -> str:
    """The item that customs gives to a line without one: the wished number, or the next that is
    free."""
    taken = {
        int(one[0])
        for one in book.rows("SELECT item FROM item WHERE ledger = ?", ledger)
        if str(one[0]).isdigit()
    }
    return str(wish if wish not in taken else max(taken) + 1)


def announce(book: Book, document: str, ledger: str, way: str, wanted: Iterable[Wanted]) -> None:
    """A list was approved: its goods are moved in advance (I comes, E goes)."""
    for one in wanted:
        if way == "I":
            _name(book, ledger, one.item, one.hs_code, one.unit)
        _move(book, document, ledger, one.item, way, one.qty, posted=0)


def sell(book: Book, key: str, ledger: str, wanted: Iterable[Wanted]) -> None:
    """A retail list takes its goods."""
    for one in wanted:
        book.rows(
            "INSERT INTO sold (list, ledger, item, qty) VALUES (?, ?, ?, ?)",
            *(key, ledger, one.item, str(one.qty)),
        )


def sold_by(book: Book, keys: Sequence[str]) -> dict[str, Decimal]:
    """What these retail lists took, by item."""
    found: dict[str, Decimal] = {}
    for key in keys:
        for item, qty in book.rows("SELECT item, qty FROM sold WHERE list = ?", key):
            found[item] = found.get(item, _ZERO) + Decimal(qty)
    return found


def gathered_by(book: Book, key: str) -> str:
    """The list of bonded e-commerce that stands for a retail list; empty where none does."""
    rows = book.rows("SELECT gathered FROM sold WHERE list = ? AND gathered != ''", key)
    return str(rows[0][0]) if rows else ""


def gather(book: Book, document: str, keys: Sequence[str]) -> None:
    """From now on a list of bonded e-commerce stands for these retail lists."""
    for key in keys:
        book.rows("UPDATE sold SET gathered = ? WHERE list = ?", *(document, key))


def take_back(book: Book, document: str) -> list[tuple[object, ...]]:
    """What a list announced and customs has not posted stands no longer; gives back the movements,
    for ``put_back``."""
    rows = book.rows(
        "SELECT document, ledger, item, way, qty, posted FROM movement"
        " WHERE document = ? AND posted = 0",
        document,
    )
    book.rows("DELETE FROM movement WHERE document = ? AND posted = 0", document)
    return rows


def put_back(book: Book, rows: Sequence[tuple[object, ...]]) -> None:
    for row_ in rows:
        book.rows("INSERT INTO movement VALUES (?, ?, ?, ?, ?, ?)", *row_)


def scatter(book: Book, document: str) -> None:
    """A list of bonded e-commerce stands for its retail lists no longer."""
    book.rows("UPDATE sold SET gathered = '' WHERE gathered = ?", document)
