"""Who acts: what the history tables write beside every change.

A request, a command and a task each say it once, in the session of the database: the triggers
of :mod:`core.history` read it from there, whatever way a row is changed. Saying it once costs
two short statements a request, and nothing a statement; bulk statements and plain SQL carry it
as well. The names of the session's values are pghistory's own.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

from django.db import connection

from core.logs import current_request
from core.prepared import ask, can_ask

#: What may be said, and what it means.
FACTS = {
    "person": "key of the person",
    "email": "e-mail address of the person at that time",
    "token": "name of the API token, where one was used",
    "company": "key of the company acted for",
    "company_code": "its code",
    "role": "the role acted in",
    "address": "the client's address",
    "method": "of the request",
    "path": "of the request",
    "task": "name of the worker's task",
    "command": "name of the management command",
    "program": "name of the program, where nobody acts",
    "database_role": "its role in the database",
    "reason": "why, in the words of the person",
}


@contextmanager
def acting(*, request_id: UUID | None = None, **facts: object) -> Iterator[None]:
    """Every change inside is written down with these facts (the names are in ``FACTS``).

    Inside another one, the new facts are added to those of the outer one.
    """
    with in_session(None, facts, request_id=request_id):
        yield


@contextmanager
def in_session(
    wall: str | None, facts: Mapping[str, object], *, request_id: UUID | None = None
) -> Iterator[None]:
    """:func:`acting` with the wall (``core.walls``) put up in the same trip; None leaves it."""
    unknown = facts.keys() - FACTS.keys()
    if unknown:
        raise TypeError(f"history knows no {', '.join(sorted(unknown))}")
    # An empty fact takes back what an outer one said, as null does in ``_EXCHANGE``.
    said = {name: None if value == "" else _bare(value) for name, value in facts.items()}
    text = json.dumps(said, ensure_ascii=False, default=str)
    number = str(request_id) if request_id else None
    otherwise = str(current_request.get() or uuid4())
    before = ask(_EXCHANGE, [wall, number, otherwise, text]).row() or ()
    try:
        yield
    finally:
        # In a failed transaction nothing can be set, and nothing needs to be: the
        # rollback that must follow takes the values back to what they were before.
        if can_ask():
            ask(_WRITE, before[:3])


def _bare(value: object) -> object:
    """NUL is the one character that JSON in the database does not take."""
    return value.replace("\x00", "") if isinstance(value, str) else value


def because(reason: str) -> Any:
    """The reason of the changes inside, as the person gave it: ``with because("no licence"):``."""
    # Where nobody acts, as at the command line, the trigger's own words for that stay.
    nobody: dict[str, Any] = {} if acts() else _program()
    return acting(reason=reason, **nobody)


def acts() -> dict[str, Any]:
    """The facts in force, for who must know them outside a trigger."""
    return in_force()[1]


def in_force() -> tuple[UUID | None, dict[str, Any]]:
    """The number of the request beside its facts, for whoever does its work later."""
    number, told = _read()
    return UUID(number) if number else None, dict(json.loads(told)) if told else {}


def _program() -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('application_name'), session_user")
        told = cursor.fetchone()
    return {"program": str(told[0]), "database_role": str(told[1])}


def _read() -> tuple[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(current_setting('pghistory.context_id', true), ''), "
            "coalesce(current_setting('pghistory.context_metadata', true), '')"
        )
        told = cursor.fetchone()
    return str(told[0]), str(told[1])


# Adds the facts to those in force and tells what these were, in one trip.
_EXCHANGE = """
WITH before AS MATERIALIZED (
    SELECT coalesce(current_setting('bondpool.company', true), '') AS wall,
        coalesce(current_setting('pghistory.context_id', true), '') AS id,
        coalesce(current_setting('pghistory.context_metadata', true), '') AS facts
)
SELECT wall, id, facts,
    set_config('bondpool.company', coalesce(%s, wall), false),
    set_config('pghistory.context_id', coalesce(%s, nullif(id, ''), %s), false),
    set_config('pghistory.context_metadata', jsonb_strip_nulls(
        coalesce(nullif(facts, ''), '{}')::jsonb || %s::jsonb)::text, false)
FROM before
"""
_WRITE = """
SELECT set_config('bondpool.company', %s, false), set_config('pghistory.context_id', %s, false),
    set_config('pghistory.context_metadata', %s, false)
"""
