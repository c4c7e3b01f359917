"""What the simulated authority remembers: a SQLite file of its own, so that a restart neither
loses nor doubles anything."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
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

    def _rows(self, statement: str, *told: object) -> list[tuple[Any, ...]]:
        return self._base.execute(statement, told).fetchall()

    def next(self, name: str) -> int:
        """Numbers in their order, none twice."""
        self._rows(
            "INSERT INTO counter VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET last = last + 1",
            name,
        )
        return int(self._rows("SELECT last FROM counter WHERE name = ?", name)[0][0])

    def seen(self, number: str) -> bool:
        """Whether a message came before; that it came again is counted."""
        found = bool(self._rows("SELECT 1 FROM message WHERE number = ?", number))
        if found:
            self._rows("UPDATE message SET seen = seen + 1 WHERE number = ?", number)
        return found

    def note(self, number: str, sha256: str, kind: str, elements: int) -> None:
        self._rows(
            "INSERT INTO message (number, sha256, kind, elements) VALUES (?, ?, ?, ?)",
            *(number, sha256, kind, elements),
        )

    def document(self, kind: str, key: str) -> Known | None:
        return self._known("kind = ? AND key = ?", kind, key)

    def listed(self, customs_no: str) -> Known | None:
        """A retail list by customs' number."""
        return self._known("kind = 'CEB621' AND customs_no = ?", customs_no)

    def _known(self, where: str, *told: object) -> Known | None:
        rows = self._rows(
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
        self._rows(
            "INSERT INTO document (kind, key, guid, message, state, pre_no, customs_no, buyer,"
            " value) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (kind, key) DO UPDATE SET"
            " state = excluded.state, guid = excluded.guid, times = times + 1",
            *(known.kind, known.key, known.guid, message, known.state, known.pre_no),
            *(known.customs_no, buyer, value),
        )

    def again(self, kind: str, key: str) -> None:
        """It came once more and was not taken."""
        self._rows("UPDATE document SET times = times + 1 WHERE kind = ? AND key = ?", kind, key)

    def move(self, kind: str, key: str, state: str) -> None:
        self._rows("UPDATE document SET state = ? WHERE kind = ? AND key = ?", state, kind, key)

    def values_of(self, buyer: str) -> list[str]:
        """Yuan of a buyer's lists that were not refused or withdrawn."""
        rows = self._rows(
            "SELECT value FROM document WHERE kind = 'CEB621' AND buyer = ?"
            " AND state NOT IN ('refused', 'withdrawn')",
            buyer,
        )
        return [str(row[0]) for row in rows]

    def answer(self, *, due: float, code: str, body: str, document: str, status: str) -> None:
        self._rows(
            "INSERT INTO answer (due, code, body, document, status) VALUES (?, ?, ?, ?, ?)",
            *(due, code, body, document, status),
        )

    def drop_answers(self, document: str) -> None:
        """Of a list that was withdrawn nothing more is said."""
        self._rows("DELETE FROM answer WHERE document = ? AND laid = 0", document)

    def due(self, now: float, at_most: int = 2_000) -> Sequence[Answer]:
        rows = self._rows(
            "SELECT id, code, body, document, status FROM answer WHERE laid = 0 AND due <= ?"
            " ORDER BY due, id LIMIT ?",
            *(now, at_most),
        )
        return [Answer(*row) for row in rows]

    def laid(self, answers: Sequence[Answer]) -> None:
        with self.turn():
            for one in answers:
                self._rows("UPDATE answer SET laid = 1 WHERE id = ?", one.pk)

    def awaits(self, document: str, status: str) -> bool:
        """Whether an answer with this status is still to be laid."""
        return bool(
            self._rows(
                "SELECT 1 FROM answer WHERE document = ? AND status = ? AND laid = 0",
                *(document, status),
            )
        )

    def waiting(self) -> int:
        """Answers that are not laid yet."""
        return int(self._rows("SELECT count(*) FROM answer WHERE laid = 0")[0][0])

    def summary(self) -> dict[str, Any]:
        """States by document, for whoever compares."""
        rows = self._rows("SELECT kind, key, state, times FROM document ORDER BY kind, key")
        return {
            f"{kind} {key}": {"state": state, "times": times} for kind, key, state, times in rows
        }

    def as_json(self) -> str:
        return json.dumps(self.summary(), ensure_ascii=False, indent=1)
