"""Statements that every request of a kind asks: PostgreSQL plans them once for each connection.

Django's own queries are put into words anew each time and planned anew each time, which for one
row takes longer than to find it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import Model, QuerySet
from django.db.models.query import get_related_populators
from psycopg import Cursor, Pipeline, sql
from psycopg.generators import send
from psycopg.pq import PipelineStatus, TransactionStatus

M = TypeVar("M", bound=Model)


class _Planned(Cursor[Any]):
    """Values travel beside the words, so that the plan can be kept."""

    def _execute_gen(
        self, query: Any, params: Any = None, *, prepare: Any = None, binary: Any = None
    ) -> Any:
        """As psycopg has it, but among statements that travel together each waits for its company:
        by itself it would cost a system call and wake PostgreSQL."""
        pipeline = self._conn._pipeline
        if pipeline is None:
            yield from super()._execute_gen(query, params, prepare=True)
            return
        raw = self._conn
        if not raw.autocommit and raw.pgconn.transaction_status == TransactionStatus.IDLE:
            # The beginning travels as well; psycopg would wait for it.
            yield from raw._exec_command(raw._get_tx_start_command())
            _write(pipeline)
        yield from self._start_query(query)
        yield from self._maybe_prepare_gen(self._convert_query(query, params), prepare=True)
        _write(pipeline)
        self._last_query = query
        yield from self._conn._prepared.maintain_gen(self._conn)

    def _convert_query(self, query: Any, params: Any = None) -> Any:
        """Kept, as the cursors of Django keep it: whoever notes what was asked reads it there."""
        self._query = super()._convert_query(query, params)
        return self._query


class _Pipeline(Pipeline):
    """Ends in one packet with the last statements."""

    def _exit_gen(self) -> Any:
        """As psycopg has it, which sends the statements, then the end, and then a request for
        the answers: three packets, and PostgreSQL wakes up for each. The end asks for them too.
        """
        _write(self)
        self.pgconn.pipeline_sync()
        self.result_queue.append(None)
        yield from send(self.pgconn)
        yield from self._fetch_gen(flush=False)


def _write(pipeline: Any) -> None:
    """Into the packet that is sent when an answer is waited for."""
    while pipeline.command_queue:
        pipeline.command_queue.popleft()()


class Asked:
    """What was asked; the answer is waited for when somebody reads it. Of nothing it is nothing."""

    __slots__ = ("_cursor",)

    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor

    def rows(self) -> list[tuple[Any, ...]]:
        return list(self._cursor.fetchall()) if self._cursor else []

    def row(self) -> tuple[Any, ...] | None:
        """The first one, if there is any."""
        found: tuple[Any, ...] | None = self._cursor.fetchone() if self._cursor else None
        return found


def ask(statement: str, told: Sequence[object] = (), *, keeps_plan: bool = True) -> Asked:
    """Ask one statement, of which the connection keeps the plan.

    ``statement`` is always the same text, else each text would be planned and kept. Lists are told
    as arrays (``core.copying.array_of``) and cast in the statement; where rows are looked up by
    one, in a sub-select: ``ANY ((SELECT %s::text[])::text[])``. Else PostgreSQL finds that a plan
    for just these values is cheaper, and makes one each time. Without ``keeps_plan`` it is
    planned for these values: for thousands of them that pays.
    """
    backend: Any = connections[DEFAULT_DB_ALIAS]
    if keeps_plan:
        backend.close_if_health_check_failed()
        backend.ensure_connection()
        cursor = backend._prepare_cursor(_Planned(backend.connection))
    else:
        cursor = backend.cursor()
    cursor.execute(statement, list(told))
    return Asked(cursor)


def can_ask() -> bool:
    """False in a transaction that has failed, and while nobody is connected: in the one nothing can
    be asked before it is rolled back, in the other there is nothing to put back."""
    raw = connection.connection
    return (
        raw is not None
        and raw.info.transaction_status != TransactionStatus.INERROR
        and raw.pgconn.pipeline_status != PipelineStatus.ABORTED
    )


@contextmanager
def together() -> Iterator[None]:
    """Statements inside travel without waiting for each other, up to the next answer that is read.

    PostgreSQL takes them one by one in their order, as it would otherwise, and takes no more of
    them once one has failed; the error is raised where the next answer is read, or at the end.
    Beware: how many rows Django's ``update()`` changed is not known in here. The commit stands
    outside; where there is no transaction all of it is one, and nothing in it may begin another.
    """
    connection.ensure_connection()
    if connection.connection.pgconn.pipeline_status != PipelineStatus.OFF:
        # Inside another one, which waits at its end.
        yield
        return
    raw = connection.connection
    # Takes it for one that was begun before, which ``pipeline`` looks for.
    raw._pipeline = _Pipeline(raw)
    with connection.wrap_database_errors, raw.pipeline():
        yield


class Found(Generic[M]):
    """Rows that were asked for; they are waited for when somebody reads them."""

    __slots__ = ("_asked", "_made")

    def __init__(self, asked: Asked, made: Callable[[list[tuple[Any, ...]]], list[M]]) -> None:
        self._asked, self._made = asked, made

    def all(self) -> list[M]:
        return self._made(self._asked.rows())

    def first(self) -> M | None:
        return next(iter(self.all()), None)


class Planned(Generic[M]):
    """A query of Django's that is put into words once, for rows as Django would give them.

    ``query`` makes it of values, and ``likes`` are values to make it of: unlike each other and
    unlike all that is always the same in it. The words may not depend on the values: no lists
    (``core.copying.among_keys`` instead), no empty values, no managers that ask who acts.
    """

    def __init__(self, query: Callable[..., QuerySet[M]], *likes: object) -> None:
        self._query, self._likes = query, likes
        self._words: tuple[str, list[object], Callable[[list[tuple[Any, ...]]], list[M]]] | None
        self._words = None

    def ask(self, *told: object) -> Found[M]:
        if self._words is None:
            self._words = self._put()
        words, likes, made = self._words
        meant = dict(zip(self._likes, told, strict=True))
        return Found(ask(words, [meant[like] for like in likes]), made)

    def _put(self) -> tuple[str, list[object], Callable[[list[tuple[Any, ...]]], list[M]]]:
        compiler = self._query(*self._likes).query.get_compiler(connection.alias)
        words, params = compiler.as_sql()
        if missing := set(self._likes) - set(params):
            raise TypeError(f"the query does not ask for {missing}")
        # What is always the same is said in the words: of a value that it is told later, no plan
        # that is kept can know that an index of some of the rows has it.
        places = ["%s" if one in self._likes else _literal(one) for one in params]
        between = words.split("%s")
        words = "".join(chain.from_iterable(zip(between, [*places, ""], strict=True)))
        told = compiler.klass_info or {}
        select: Any = compiler.select
        begin, end = told["select_fields"][0], told["select_fields"][-1] + 1
        names = [one[0].target.attname for one in select[begin:end]]
        model: type[M] = told["model"]
        populators: Any = get_related_populators
        related = populators(told, select, connection.alias)
        annotated = compiler.annotation_col_map
        # What becomes of each column is the same for all rows that ever come.
        converters: Any = compiler.get_converters([one[0] for one in select])

        def made(rows: list[tuple[Any, ...]]) -> list[M]:
            found = []
            for row in compiler.apply_converters(rows, converters) if converters else rows:
                one = model.from_db(connection.alias, names, row[begin:end])
                for populator in related:
                    populator.populate(row, one)
                for name, place in annotated.items():
                    setattr(one, name, row[place])
                found.append(one)
            return found

        return words, [one for one in params if one in self._likes], made


def _literal(value: object) -> str:
    return sql.Literal(value).as_string(connection.connection).replace("%", "%%")
