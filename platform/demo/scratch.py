"""Databases of a bench's own, beside the one of the house: filled once, kept for the next time."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from psycopg import sql
from rich.console import Console
from rich.progress import Progress

from demo import crowd


def prepare(database: str, size: crowd.Size, fill: Callable[[], object], *, again: bool) -> None:
    """The database is there, with the rows of this version of the tables; if not, it is made anew
    and ``fill`` called, which is to end in :func:`fill`, in a process of the new database."""
    stamp, name = _stamp(size), sql.Identifier(database)
    with _server() as server:
        told = server.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s",
            [database],
        ).fetchone()
        if told and told[0] == stamp and not again:
            return
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        server.execute(sql.SQL("CREATE DATABASE {}").format(name))
        fill()
        server.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(name, stamp))


@contextmanager
def copied(database: str) -> Iterator[str]:
    """A copy to write into; it is dropped at the end. Gives its name."""
    copy = f"{database}_copy"
    name = sql.Identifier(copy)
    with _server() as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        server.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(name, sql.Identifier(database))
        )
        try:
            yield copy
        finally:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))


@contextmanager
def emptied(database: str) -> Iterator[None]:
    """A database without a table, dropped at the end."""
    name = sql.Identifier(database)
    with _server() as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        server.execute(sql.SQL("CREATE DATABASE {}").format(name))
        try:
            yield
        finally:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))


def surroundings(database: str) -> dict[str, str]:
    """The environment of a process that works in that database, with no limit to asking."""
    return os.environ | {
        "BONDPOOL_DATABASE": database,
        "BONDPOOL_LOG_LEVEL": "ERROR",
        # One person asks here as often as a thousand would.
        "BONDPOOL_API_PER_MINUTE": "1000000",
        "BONDPOOL_LOOKUPS_PER_ADDRESS": "1000000",
        "BONDPOOL_LOOKUPS_PER_MINUTE": "1000000",
    }


def stage(
    command: str,
    words: Mapping[str, object],
    *,
    database: str,
    stdout: int | None = None,
    more: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """One stage of a command, in a process of its own: the settings read the name of the database
    when they are read, and ``more`` of the environment with it. An option that is true is told by
    its name alone."""
    told = [sys.executable, sys.argv[0], command]
    for name, value in words.items():
        if value is True:
            told.append(f"--{name.replace('_', '-')}")
        elif value is not None and value is not False and value != "":
            told += [f"--{name.replace('_', '-')}", str(value)]
    environment = surroundings(database) | dict(more or {})
    return subprocess.run(told, env=environment, stdout=stdout, check=True, text=True)


def fill(size: crowd.Size) -> None:
    """Every table of the database this process works in."""
    call_command("migrate", verbosity=0, interactive=False)
    with Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task("busy platform", total=None)

        def told(what: str, done: int, total: int) -> None:
            progress.update(task, description=what, completed=done, total=total)

        crowd.Crowd(size, using="owner", told=told).fill()
    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
    connections.close_all()


def _server() -> psycopg.Connection:
    owner = settings.DATABASES["owner"]
    return psycopg.connect(
        host=owner["HOST"],
        port=owner.get("PORT") or None,
        user=owner["USER"],
        password=owner.get("PASSWORD") or None,
        dbname=owner["NAME"],
        autocommit=True,
    )


def _stamp(size: crowd.Size) -> str:
    """Another one as soon as a migration or the making of the rows changes."""
    content = hashlib.sha256(f"{size}".encode())
    sources = list(Path(crowd.__file__).parent.glob("*.py"))
    for folder in ("*", "platform/*"):
        sources += settings.BASE_DIR.glob(f"{folder}/migrations/*.py")
    for path in sorted(sources):
        content.update(path.read_bytes())
    return content.hexdigest()
