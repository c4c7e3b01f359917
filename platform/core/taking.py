"""Whoever wants a name or number that only one may have waits for whoever is taking it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256

from django.db import OperationalError, connection, transaction
from psycopg.errors import LockNotAvailable

from core.prepared import Asked, ask


def take_turns(what: str, name: str) -> None:
    """Hold a name until the transaction ends; look whether it is free only after this."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{what}:{name}"])


class TookTooLong(Exception):
    """Whoever is taking it did not let go in the time one had."""


def number_of(*parts: object) -> int:
    told = "\x00".join(map(str, parts)).encode()
    return int.from_bytes(sha256(told).digest()[:8], "big", signed=True)


def wait_for_turn(*parts: object, patience: str = "") -> None:
    """Hold something until the transaction ends. Raises TookTooLong after ``patience``."""
    # Next to always nobody holds it: then it takes one statement and no savepoint.
    if takes_turn(*parts).row() != (True,):
        _lock("SELECT pg_advisory_xact_lock(%s)", number_of(*parts), patience)


def takes_turn(*parts: object) -> Asked:
    """Hold something until the transaction ends, if nobody holds it; the answer is whether."""
    return ask("SELECT pg_try_advisory_xact_lock(%s)", [number_of(*parts)])


@contextmanager
def if_free(*parts: object) -> Iterator[bool]:
    """Hold something with no transaction open, unless somebody holds it: then False, at once.

    A process that dies lets go.
    """
    number = number_of(*parts)
    taken = _is_taken("SELECT pg_try_advisory_lock(%s)", number)
    try:
        yield taken
    finally:
        if taken:
            _let_go(number)


@contextmanager
def one_at_a_time(*parts: object, patience: str = "") -> Iterator[None]:
    """Hold something with no transaction open, for what asks the outside meanwhile; a process
    that dies lets go. Raises TookTooLong after ``patience``."""
    number = number_of(*parts)
    if not _is_taken("SELECT pg_try_advisory_lock(%s)", number):
        _lock("SELECT pg_advisory_lock(%s)", number, patience)
    try:
        yield
    finally:
        _let_go(number)


def _is_taken(statement: str, number: int) -> bool:
    return ask(statement, [number]).row() == (True,)


def _let_go(number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s)", [number])


def _lock(statement: str, number: int, patience: str) -> None:
    """Wait for one lock, a while; what else the transaction waits for has its own time."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            if patience:
                cursor.execute("SELECT set_config('lock_timeout', %s, true)", [patience])
            cursor.execute(statement, [number])
            if patience:
                cursor.execute("SET LOCAL lock_timeout TO DEFAULT")
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise TookTooLong from None
        raise
