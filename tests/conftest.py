"""Real PostgreSQL, real roles: a test database of this run's own, made by the owner's role and
used by the application's.

Bare ``pytest`` works: the embedded servers are started when the first test wants them. Each run
has a database and a broker number of its own, so two runs do not meet.
"""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from core.embedded.running import ensure_running
from core.emptying import owner_connection, written_tables
from psycopg import sql

ROOT = Path(__file__).resolve().parents[1]
PREFIX = "test_bondpool_"


@pytest.fixture(scope="session")
def embedded_servers() -> None:
    """PostgreSQL and Valkey run until the session ends."""
    ensure_running(ROOT)


@pytest.fixture(scope="session")
def django_db_setup(
    embedded_servers: None,
    django_test_environment: None,
    django_db_blocker: Any,
) -> Iterator[None]:
    """Make the test database as the owner, migrate it, and point both aliases to it."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connections

    name = f"{PREFIX}{os.getpid()}"
    before = settings.DATABASES["owner"]["NAME"]
    with _beside(settings.DATABASES["owner"]) as server:
        _drop_leftovers(server)
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    for alias in ("default", "owner"):
        connections[alias].close()
        # The dictionary is the one in the settings: new threads' connections go there too.
        connections[alias].settings_dict["NAME"] = name
        settings.DATABASES[alias]["NAME"] = name
    # For workers and commands that a test starts as processes of their own.
    os.environ["BONDPOOL_DATABASE"] = name
    with django_db_blocker.unblock():
        call_command("migrate", verbosity=0, interactive=False)
        connections["owner"].close()
        seeded = _seeded_rows(settings.DATABASES["owner"])
    assert not seeded, f"migrations must not write rows that a test would have to keep: {seeded}"

    yield

    with django_db_blocker.unblock():
        for alias in ("default", "owner"):
            connections[alias].close()
            connections[alias].settings_dict["NAME"] = before
    os.environ.pop("BONDPOOL_DATABASE")
    with _beside({**settings.DATABASES["owner"], "NAME": before}) as server:
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _beside(owner: dict[str, Any]) -> "psycopg.Connection[tuple[Any, ...]]":
    """A connection as the owner to the everyday database, from where others are made."""
    return owner_connection(owner)


def _drop_leftovers(server: "psycopg.Connection[tuple[Any, ...]]") -> None:
    """Databases of runs that were killed: their process is gone."""
    found = server.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{PREFIX}%"])
    for (name,) in found.fetchall():
        pid = name.removeprefix(PREFIX)
        if pid == str(os.getpid()) or not Path("/proc", pid).exists():
            # Another run may be tidying up the same one.
            with contextlib.suppress(psycopg.Error):
                server.execute(
                    sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
                )


def _seeded_rows(owner: dict[str, Any]) -> list[str]:
    with owner_connection(owner) as connection:
        return written_tables(connection)


@pytest.fixture
def as_owner(django_db_setup: None) -> "Iterator[psycopg.Connection[tuple[Any, ...]]]":
    """A connection to the test database as the role that owns the tables, in autocommit.

    It stands outside the test's transaction: it sees what was committed, and what it writes
    stays, so use it with ``transactional_db`` only.
    """
    from django.conf import settings

    with owner_connection(settings.DATABASES["owner"]) as connection:
        yield connection


@pytest.fixture(scope="session")
def broker(embedded_servers: None) -> Iterator[str]:
    """This run's own number on the broker, empty; also for processes that a test starts."""
    import redis
    from config.celery import app
    from django.conf import settings

    number = str(os.getpid() % 16383 + 1)
    url = f"{settings.CELERY_BROKER_URL.partition('?')[0]}?virtual_host={number}"
    os.environ["BONDPOOL_BROKER_DB"] = number
    before, app.conf.broker_url = app.conf.broker_url, url
    client = redis.Redis(
        unix_socket_path=url.partition("?")[0].removeprefix("redis+socket://"), db=int(number)
    )
    client.flushdb()
    yield url
    client.flushdb()
    client.close()
    app.conf.broker_url = before
    os.environ.pop("BONDPOOL_BROKER_DB")
