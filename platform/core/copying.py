"""Very many rows, in and out of PostgreSQL.

Whole numbers by the million go as bytes. They are written by COPY in its binary format: a row is
the count of its columns (two bytes) and for each column its length (four bytes) and its number,
all big-endian; before the rows comes a signature, after them a row of -1 columns. Source:
PostgreSQL's manual, COPY, "Binary Format".
Where COPY may not go, into tables with row-level security, a column is told as one array.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, F, Func, Model, QuerySet, Value
from psycopg import ClientCursor, Cursor, sql
from psycopg.abc import Buffer
from psycopg.adapt import Loader
from psycopg.pq import Format

from core.prepared import Asked, ask

Whole = npt.NDArray[np.int64]
Row = TypeVar("Row", bound=Model)

_HEAD = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
_TAIL = b"\xff\xff"
#: Bytes of PostgreSQL's whole numbers by their type, and the types of arrays of them.
_SIZES = {21: 2, 23: 4, 20: 8}
_ARRAYS = (1005, 1007, 1016)
#: Of so few rows the plan takes longer than the rows, and is kept.
FEW = 20
#: Rows that are put into bytes at once.
_AT_ONCE = 100_000


def _row(sizes: Sequence[int]) -> np.dtype[Any]:
    parts: list[tuple[str, str]] = [("columns", ">i2")]
    for place, size in enumerate(sizes):
        parts += [(f"length{place}", ">i4"), (f"value{place}", f">i{size}")]
    return np.dtype(parts)


class _Arrays(Loader):
    """An array of whole numbers as PostgreSQL sends it: a head of five numbers (dimensions, whether
    some are null, type, length, first index), then of each element its length and its number."""

    format = Format.BINARY

    def load(self, data: Buffer) -> Whole:
        head = np.frombuffer(data, dtype=">i4", count=3)
        if head[1]:
            raise ValueError("a column of whole numbers has gaps")
        size = _SIZES[int(head[2])]
        kind = np.dtype([("length", ">i4"), ("value", f">i{size}")])
        elements = np.frombuffer(data, dtype=kind, offset=20 if head[0] else len(data))
        return elements["value"].astype(np.int64)


def read_whole(rows: QuerySet[Any, Any], names: Sequence[str]) -> dict[str, Whole]:
    """The rows of a query as one array of whole numbers a column; no column may be null.

    ``rows`` selects values, as many as there are ``names``. The walls stand: a company's session
    reads its own rows.

    Raises ValueError when a column has gaps.
    """
    try:
        query, params = rows.query.sql_with_params()
    except EmptyResultSet:  # Django need not ask: nothing can be found
        return {name: np.zeros(0, dtype=np.int64) for name in names}
    gathered = sql.SQL(", ").join(
        sql.SQL("array_agg({})").format(sql.Identifier(name)) for name in names
    )
    # COPY would hand over each row by itself; like this a column comes as one value.
    statement = sql.SQL("SELECT {} FROM ({}) AS asked ({})").format(
        gathered,
        sql.SQL(query),  # Django's own words; the values are parameters
        sql.SQL(", ").join(map(sql.Identifier, names)),
    )
    with connection.cursor() as asking:
        # A cursor that takes its answer as bytes leaves parameters to the server: they go into the
        # words before, as Django does it.
        words = ClientCursor(asking.connection).mogrify(statement, params)
        with Cursor(asking.connection) as cursor:
            for kind in _ARRAYS:
                cursor.adapters.register_loader(kind, _Arrays)
            cursor.execute(words, binary=True)
            columns = cursor.fetchone() or ()
    return {
        name: np.zeros(0, dtype=np.int64) if column is None else column
        for name, column in zip(names, columns, strict=True)
    }


def write_whole(table: str, columns: Mapping[str, Whole]) -> int:
    """Add rows of whole numbers to a table without row-level security. Returns how many.

    Raises OverflowError for a number that the table's column does not hold; then nothing has
    been sent.
    """
    names = list(columns)
    sizes = _widths(table, names)
    for name, size in zip(names, sizes, strict=True):
        told = columns[name]
        limit = np.iinfo(f"i{size}")
        if len(told) and (told.max() > limit.max or told.min() < limit.min):
            raise OverflowError(f"{name} is too large for {table}")
    kind, count = _row(sizes), len(columns[names[0]])
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT binary)").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, names))
    )
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(_HEAD)
        for begin in range(0, count, _AT_ONCE):
            end = min(begin + _AT_ONCE, count)
            rows = np.empty(end - begin, dtype=kind)
            rows["columns"] = len(names)
            for at, name in enumerate(names):
                rows[f"length{at}"] = sizes[at]
                rows[f"value{at}"] = columns[name][begin:end]
            copy.write(rows.tobytes())
        copy.write(_TAIL)
    return count


def insert_rows(
    model: type[Model],
    columns: Mapping[str, Sequence[object]],
    *,
    returning: Sequence[str] = (),
    unless_there: bool = False,
) -> list[tuple[Any, ...]]:
    """Insert columns as rows, in one statement. Gives back the columns ``returning`` of the rows
    that are new, in their order; ``unless_there`` leaves those that would meet a unique key."""
    asked = send_rows(model, columns, returning=returning, unless_there=unless_there)
    return asked.rows() if returning else []


def send_rows(
    model: type[Model],
    columns: Mapping[str, Sequence[object]],
    *,
    returning: Sequence[str] = (),
    unless_there: bool = False,
) -> Asked:
    """:func:`insert_rows` whose answer is read later (``core.prepared.together``)."""
    names = tuple(columns)
    count = len(columns[names[0]])
    if not count:
        return Asked(None)
    statement = _insertion(model, names, tuple(returning), unless_there)
    told = [array_of(columns[name]) for name in names]
    return ask(statement, told, keeps_plan=count <= FEW)


@cache
def _insertion(
    model: type[Model], names: Sequence[str], returning: Sequence[str], unless_there: bool
) -> str:
    kinds, quoted = _kinds(model), connection.ops.quote_name
    words = [
        f"INSERT INTO {quoted(model._meta.db_table)} ({', '.join(map(quoted, names))})",
        f"SELECT * FROM unnest({', '.join(f'%s::{kinds[name]}[]' for name in names)})",  # noqa: S608 - our own names
        "ON CONFLICT DO NOTHING" if unless_there else "",
        f"RETURNING {', '.join(map(quoted, returning))}" if returning else "",
    ]
    return " ".join(word for word in words if word)


@cache
def _kinds(model: type[Model]) -> dict[str, str]:
    """PostgreSQL's types of its columns, without their length: what is too long is refused, not
    cut."""
    fields = model._meta.concrete_fields
    return {str(f.column): str(f.db_type(connection)).split("(")[0] for f in fields}


def create_many(rows: Sequence[Row]) -> Sequence[Row]:
    """Insert new rows that are all of one model, in one statement; each gets its key.

    As ``bulk_create`` does, for a fifth of its time: their values are taken as they are.
    """
    if rows:
        keys = send_many(rows, returning=[str(rows[0]._meta.pk.column)]).rows()
        for one, (key,) in zip(rows, keys, strict=True):
            one.pk, one._state.adding = key, False
    return rows


def send_many(rows: Sequence[Model], *, returning: Sequence[str] = ()) -> Asked:
    """The same for rows whose keys nobody asks for; of none it does nothing."""
    if not rows:
        return Asked(None)
    model = type(rows[0])
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    told = {str(f.column): [getattr(one, f.attname) for one in rows] for f in fields}
    return send_rows(model, told, returning=returning)


class _Among(Func):
    """``key = ANY ('{…}')``: thousands of keys, told in one value."""

    output_field = BooleanField()

    def as_sql(self, compiler: Any, *_more: Any, **_words: Any) -> tuple[str, tuple[Any, ...]]:
        (key, own), (keys, told) = (compiler.compile(one) for one in self.get_source_expressions())
        array = f"{keys}::{self.extra['kind']}[]"
        if self.extra.get("unseen"):
            array = f"(SELECT {array})::{self.extra['kind']}[]"
        return f"({key} = ANY ({array}))", (*own, *told)


def among_keys(path: str, keys: Iterable[int] | Iterable[str], kind: str = "bigint") -> Func:
    """The condition that ``path`` is one of very many keys; ``kind`` is theirs in PostgreSQL."""
    return _Among(F(path), Value(array_of(keys)), kind=kind)


def among_array(path: str, told: str, kind: str = "bigint") -> Func:
    """The same of keys that are told as one array already (:func:`array_of`), for a query whose
    plan is kept (``core.prepared``): it must do for any."""
    return _Among(F(path), Value(told), kind=kind, unseen=True)


def array_of(values: Iterable[object]) -> str:
    """An array as PostgreSQL writes it: many times as fast to send as a list of parameters."""
    return "{" + ",".join(map(_element, values)) + "}"


def _element(value: object) -> str:
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, int | np.integer | np.bool_):
        return str(value)
    if value is None:
        return "NULL"
    if isinstance(value, date):
        return f'"{value.isoformat()}"'
    raise TypeError(f"no array is told of {type(value).__name__}")


def _widths(table: str, names: Sequence[str]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname, attlen FROM pg_attribute "
            "WHERE attrelid = %s::regclass AND attname = ANY (%s) AND atttypid IN (20, 21, 23)",
            [table, list(names)],
        )
        found = dict(cursor.fetchall())
    return [found[name] for name in names]
