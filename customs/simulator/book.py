"""What the simulated authority remembers: a SQLite file of its own, so that a restart neither
loses nor doubles anything."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

_TABLES = """
CREATE TABLE IF NOT EXISTS message (
    number TEXT PRIMARY KEY, sha256 TEXT NOT NULL, kind TEXT NOT NULL, elements INTEGER NOT NULL,
    seen INTEGER NOT NULL DEFAULT 1);
CREATE TABLE IF NOT EXISTS document (
    kind TEXT NOT NULL, key TEXT NOT NULL, guid TEXT NOT NULL, message TEXT NOT NULL,
    state TEXT NOT NULL, pre_no TEXT NOT NULL, customs_no TEXT NOT NULL, buyer TEXT NOT NULL,
    value TEXT NOT NULL, times INTEGER NOT NULL DEFAULT 1, PRIMARY KEY (kind, key));
CREATE INDEX IF NOT EXISTS document_by_number ON document (customs_no);
CREATE INDEX IF NOT EXISTS document_by_buyer ON document (buyer);
CREATE TABLE IF NOT EXISTS answer (
    id INTEGER PRIMARY KEY, due REAL NOT NULL, code TEXT NOT NULL, body TEXT NOT NULL,
    document TEXT NOT NULL, status TEXT NOT NULL, laid INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS answer_due ON answer (laid, due);
CREATE TABLE IF NOT EXISTS counter (name TEXT PRIMARY KEY, last INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS content (
    kind TEXT NOT NULL, key TEXT NOT NULL, parcel TEXT NOT NULL, waybill TEXT NOT NULL,
    told TEXT NOT NULL, at REAL NOT NULL, year TEXT NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (kind, key));
CREATE INDEX IF NOT EXISTS content_by_parcel ON content (kind, parcel);
CREATE INDEX IF NOT EXISTS content_by_waybill ON content (kind, waybill);
CREATE TABLE IF NOT EXISTS weighed (
    list TEXT NOT NULL, buyer TEXT NOT NULL, year TEXT NOT NULL, code TEXT NOT NULL,
    kilograms TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS weighed_by_buyer ON weighed (buyer, year, code);
CREATE TABLE IF NOT EXISTS returned (
    list TEXT NOT NULL, line TEXT NOT NULL, qty TEXT NOT NULL, value TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS returned_by_list ON returned (list);
CREATE TABLE IF NOT EXISTS item (
    ledger TEXT NOT NULL, item TEXT NOT NULL, hs_code TEXT NOT NULL, unit TEXT NOT NULL,
    PRIMARY KEY (ledger, item));
CREATE TABLE IF NOT EXISTS movement (
    document TEXT NOT NULL, ledger TEXT NOT NULL, item TEXT NOT NULL, way TEXT NOT NULL,
    qty TEXT NOT NULL, posted INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS movement_by_item ON movement (ledger, item);
CREATE INDEX IF NOT EXISTS movement_by_document ON movement (document);
CREATE TABLE IF NOT EXISTS sold (
    list TEXT NOT NULL, ledger TEXT NOT NULL, item TEXT NOT NULL, qty TEXT NOT NULL,
    gathered TEXT NOT NULL DEFAULT '');
CREATE INDEX IF NOT EXISTS sold_by_list ON sold (list);
CREATE INDEX IF NOT EXISTS sold_by_item ON sold (ledger, item, gathered);
CREATE TABLE IF NOT EXISTS carried (
    list TEXT NOT NULL, line TEXT NOT NULL, qty TEXT NOT NULL, pass TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS carried_by_list ON carried (list);
"""


@dataclass(frozen=True, slots=True)
class Known:
    """A document that was taken before. ``value`` is in yuan, as text."""

    kind: str
    key: str
    guid: str
    state: str
    pre_no: str
    customs_no: str


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to be laid into the gateway's folder once it is due. ``body`` is the whole file of
    an answer that stands alone, else its fields (``head``, ``lines``) as JSON."""

    pk: int
    code: str
    body: str
    document: str
    status: str


class Book:
    """One gateway's; every act is a transaction."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._base = sqlite3.connect(path, isolation_level=None, timeout=30)
        self._base.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;" + _TABLES)

    def close(self) -> None:
        self._base.close()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """All or nothing."""
        self._base.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._base.execute("ROLLBACK")
            raise
        self._base.execute("COMMIT")

    def rows(self, statement: str, *told: object) -> list[tuple[Any, ...]]:
        """What a statement finds, for the other parts of the memory."""
        return self._base.execute(statement, told).fetchall()

    def next(self, name: str) -> int:
        """Numbers in their order, none twice."""
        self.rows(
            "INSERT INTO counter VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET last = last + 1",
            name,
        )
        return int(self.rows("SELECT last FROM counter WHERE name = ?", name)[0][0])

    def seen(self, number: str) -> bool:
        """Whether a message came before; that it came again is counted."""
        found = bool(self.rows("SELECT 1 FROM message WHERE number = ?", number))
        if found:
            self.rows("UPDATE message SET seen = seen + 1 WHERE number = ?", number)
        return found

    def note(self, number: str, sha256: str, kind: str, elements: int) -> None:
        self.rows(
            "INSERT INTO message (number, sha256, kind, elements) VALUES (?, ?, ?, ?)",
            *(number, sha256, kind, elements),
        )

    def document(self, kind: str, key: str) -> Known | None:
        return self._known("kind = ? AND key = ?", kind, key)

    def listed(self, customs_no: str, kind: str = "CEB621") -> Known | None:
        """A retail list (or a document of another kind) by customs' number."""
        return self._known("kind = ? AND customs_no = ?", kind, customs_no)

    def _known(self, where: str, *told: object) -> Known | None:
        rows = self.rows(
            f"SELECT kind, key, guid, state, pre_no, customs_no FROM document WHERE {where}",  # noqa: S608 - words of our own
            *told,
        )
        return Known(*rows[0]) if rows else None

    def keep(
        self,
        known: Known,
        *,
        message: str,
        buyer: str = "",
        value: str = "0",
    ) -> None:
        """Write down a document, or what became of it when it comes again."""
        self.rows(
            "INSERT INTO document (kind, key, guid, message, state, pre_no, customs_no, buyer,"
            " value) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (kind, key) DO UPDATE SET"
            " state = excluded.state, guid = excluded.guid, times = times + 1,"
            " pre_no = excluded.pre_no, customs_no = excluded.customs_no,"
            " value = excluded.value",
            *(known.kind, known.key, known.guid, message, known.state, known.pre_no),
            *(known.customs_no, buyer, value),
        )

    def again(self, kind: str, key: str) -> None:
        """It came once more and was not taken."""
        self.rows("UPDATE document SET times = times + 1 WHERE kind = ? AND key = ?", kind, key)

    def move(self, kind: str, key: str, state: str) -> None:
        self.rows("UPDATE document SET state = ? WHERE kind = ? AND key = ?", state, kind, key)

    def remember(
        self,
        kind: str,
        key: str,
        body: object,
        *,
        names: tuple[str, str] = ("", ""),
        told: str = "",
        at: float = 0.0,
        year: str = "",
    ) -> None:
        """What stood in a document; ``names`` are its order's and its waybill's."""
        self.rows(
            "INSERT INTO content (kind, key, parcel, waybill, told, at, year, body)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (kind, key) DO UPDATE SET"
            " parcel = excluded.parcel, waybill = excluded.waybill, told = excluded.told,"
            " at = excluded.at, year = excluded.year, body = excluded.body",
            *(kind, key, *names, told, at, year, json.dumps(body, ensure_ascii=False)),
        )

    def content(self, kind: str, key: str) -> Any:
        """What stood in it; None where nothing was kept."""
        rows = self.rows("SELECT body FROM content WHERE kind = ? AND key = ?", *(kind, key))
        return json.loads(rows[0][0]) if rows else None

    def values_of(self, buyer: str, year: str, *, but: str = "") -> list[str]:
        """Yuan of a buyer's lists of a year that were not refused or withdrawn, and, below zero,
        of what went back; ``but`` is the list that is changed now."""
        rows = self.rows(
            "SELECT value FROM document JOIN content USING (kind, key) WHERE kind = 'CEB621'"
            " AND buyer = ? AND year = ? AND key <> ? AND state NOT IN ('refused', 'withdrawn')"
            " UNION ALL SELECT '-' || returned.value FROM document JOIN content USING (kind, key)"
            " JOIN returned ON list = key"
            " WHERE kind = 'CEB621' AND buyer = ? AND year = ? AND key <> ?",
            *(buyer, year, but, buyer, year, but),
        )
        return [str(row[0]) for row in rows]

    def answer(self, *, due: float, code: str, body: str, document: str, status: str) -> None:
        self.rows(
            "INSERT INTO answer (due, code, body, document, status) VALUES (?, ?, ?, ?, ?)",
            *(due, code, body, document, status),
        )

    def drop_answers(self, document: str, status: str = "") -> None:
        """Of a list that was withdrawn nothing more is said; nor, of one that waited, that it
        waited too long."""
        self.rows(
            "DELETE FROM answer WHERE document = ? AND laid = 0 AND ? IN ('', status)",
            *(document, status),
        )

    def due(self, now: float, at_most: int = 2_000) -> Sequence[Answer]:
        rows = self.rows(
            "SELECT id, code, body, document, status FROM answer WHERE laid = 0 AND due <= ?"
            " ORDER BY due, id LIMIT ?",
            *(now, at_most),
        )
        return [Answer(*row) for row in rows]

    def laid(self, answers: Sequence[Answer]) -> None:
        """They lie there: what was announced has happened."""
        with self.turn():
            for one in answers:
                self.rows("UPDATE answer SET laid = 1 WHERE id = ?", one.pk)
                kind, _space, key = one.document.partition(" ")
                if one.code == "INV211":
                    self.rows("UPDATE movement SET posted = 1 WHERE document = ?", key)
                elif one.status == "100":
                    known = self.document(kind, key)
                    if known is not None and known.state == "waiting":
                        self.move(kind, key, "refused")
                        self.let_go(key)

    def let_go(self, key: str) -> None:
        """A retail list was refused or withdrawn: it takes no goods and brings its buyer none."""
        self.rows("DELETE FROM sold WHERE list = ?", key)
        self.rows("DELETE FROM weighed WHERE list = ?", key)

    def awaits(self, document: str, status: str) -> bool:
        """Whether an answer with this status is still to be laid."""
        return bool(
            self.rows(
                "SELECT 1 FROM answer WHERE document = ? AND status = ? AND laid = 0",
                *(document, status),
            )
        )

    def released_at(self, document: str) -> float | None:
        """When its release was said (seconds); None where it was not."""
        rows = self.rows(
            "SELECT due FROM answer WHERE document = ? AND status = '800' AND laid = 1", document
        )
        return float(rows[0][0]) if rows else None

    def returned(self, key: str, line: str) -> Decimal:
        """How much of a list's line went back."""
        rows = self.rows("SELECT qty FROM returned WHERE list = ? AND line = ?", *(key, line))
        return sum((Decimal(row[0]) for row in rows), Decimal(0))

    def give_back(self, key: str, line: str, qty: Decimal, value: Decimal) -> None:
        """So much of a list's line goes back; its yuan no longer count against the buyer."""
        self.rows("INSERT INTO returned VALUES (?, ?, ?, ?)", *(key, line, str(qty), str(value)))

    def waiting(self) -> int:
        """Answers that are not laid yet."""
        return int(self.rows("SELECT count(*) FROM answer WHERE laid = 0")[0][0])

    def summary(self) -> dict[str, Any]:
        """States by document, for whoever compares."""
        rows = self.rows("SELECT kind, key, state, times FROM document ORDER BY kind, key")
        return {
            f"{kind} {key}": {"state": state, "times": times} for kind, key, state, times in rows
        }

    def as_json(self) -> str:
        return json.dumps(self.summary(), ensure_ascii=False, indent=1)
