"""The test database of one run: made and emptied as the owner, used as the application."""

import contextlib
import hashlib
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from core.embedded.postgres import ADMIN

ROOT = Path(__file__).resolve().parents[1]
RUN, TEMPLATE = "test_bondpool_", "template_bondpool_"
# Filled by Django itself after migrating, and never changed by a test.
KEPT = ("django_migrations", "django_content_type", "auth_permission")

Connection = psycopg.Connection[tuple[Any, ...]]


def connect(settings: dict[str, Any]) -> Connection:
    """A plain connection, in autocommit, from the settings of one of Django's aliases."""
    return psycopg.connect(
        host=settings["HOST"],
        port=settings["PORT"] or None,
        dbname=settings["NAME"],
        user=settings["USER"],
        password=settings.get("PASSWORD") or None,
        autocommit=True,
    )


def template_name() -> str:
    """Names a database with all migrations applied; another name as soon as one changes."""
    content = hashlib.sha256()
    sources = [ROOT / "platform/core/walls.py", ROOT / "platform/core/history.py"]
    sources.append(ROOT / "requirements.txt")
    for folder in ("*", "platform/*"):
        sources += ROOT.glob(f"{folder}/migrations/**/*")
    for path in sorted(sources):
        if path.is_file() and path.suffix != ".pyc":
            content.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return f"{TEMPLATE}{content.hexdigest()[:16]}"


def exists(server: Connection, name: str) -> bool:
    return bool(server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone())


def create(server: Connection, name: str, template: str | None = None) -> None:
    statement = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
    if template:
        statement += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template))
    server.execute(statement)
    # Nothing in it is meant to outlive a crash of the machine.
    server.execute(
        sql.SQL("ALTER DATABASE {} SET synchronous_commit TO off").format(sql.Identifier(name))
    )


def drop(server: Connection, name: str) -> None:
    server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def rename(server: Connection, name: str, new: str) -> None:
    server.execute(
        sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(name), sql.Identifier(new))
    )


def drop_leftovers(settings: dict[str, Any], template: str) -> None:
    """Databases of runs that are over (no such process), templates of old migrations.

    A run leaves its own to the next one, which does this beside its first tests: taking away
    some thousand files lasts seconds that nobody should wait for.
    """

    def dropped() -> None:
        # Another run may be tidying up, or copying, the same one.
        with contextlib.suppress(psycopg.Error), connect(settings) as server:
            for name in _leftovers(server, template):
                with contextlib.suppress(psycopg.Error):
                    drop(server, name)

    threading.Thread(target=dropped, name="drops leftovers", daemon=True).start()


def _leftovers(server: Connection, template: str) -> list[str]:
    found = server.execute(
        "SELECT datname FROM pg_database WHERE datname ^@ %s OR datname ^@ %s", [RUN, TEMPLATE]
    ).fetchall()
    return [
        name
        for (name,) in found
        if name != template
        and (
            name.startswith(TEMPLATE)
            or not Path("/proc", name.removeprefix(RUN).partition("_")[0]).exists()
        )
    ]


@contextlib.contextmanager
def alone(server: Connection) -> Iterator[None]:
    """One run at a time makes a template."""
    server.execute("SELECT pg_advisory_lock(8203001)")
    try:
        yield
    finally:
        server.execute("SELECT pg_advisory_unlock(8203001)")


def as_admin(settings: dict[str, Any]) -> dict[str, Any]:
    """The embedded server's own role, which may leave triggers and foreign keys aside; of another
    server we know none."""
    return settings if os.environ.get("DATABASE_URL") else settings | {"USER": ADMIN}


class Emptier:
    """Empties the tables between two tests that commit, and puts back what migrations wrote.

    The application's role has no right to TRUNCATE, so this is not its work. All tables hang
    together, so TRUNCATE makes the files of all of them and of their indexes anew: of few rows
    it takes many times as long as to delete them.
    """

    #: Bytes of a table, alive or dead, that every look through it may cost.
    FEW = 500_000

    def __init__(self, settings: dict[str, Any]) -> None:
        self.settings = as_admin(settings)
        self.may_delete = self.settings is not settings
        with connect(self.settings) as connection:
            self.written_by_migrations = list(self._tables_with_rows(connection))
            if self.written_by_migrations:
                connection.execute("CREATE SCHEMA IF NOT EXISTS written_by_migrations")
            for table in self.written_by_migrations:
                connection.execute(
                    sql.SQL(
                        "CREATE TABLE IF NOT EXISTS written_by_migrations.{0} AS TABLE public.{0}"
                    ).format(sql.Identifier(table))
                )

    def __call__(self) -> None:
        with connect(self.settings) as connection, connection.transaction():
            tables = self._tables_with_rows(connection)
            if not tables:
                return
            if self.may_delete and max(tables.values()) < self.FEW:
                self._delete(connection, list(tables))
            else:
                connection.execute(
                    sql.SQL("TRUNCATE {} RESTART IDENTITY CASCADE").format(
                        sql.SQL(", ").join(map(sql.Identifier, tables))
                    )
                )
            for table in self.written_by_migrations:
                self._put_back(connection, table)

    def _tables_with_rows(self, connection: Connection) -> dict[str, int]:
        """Their bytes by their names."""
        # A table whose file is empty has no rows: cheap to ask, and row-level security has
        # no say in it. A test that rolled back leaves a file with dead rows: no harm.
        found = connection.execute(
            "SELECT relname, pg_relation_size(c.oid) FROM pg_class c"
            " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'"
            " AND relname <> ALL(%s) AND pg_relation_size(c.oid) > 0 ORDER BY relname",
            [list(KEPT)],
        )
        return dict(found.fetchall())

    def _delete(self, connection: Connection, tables: list[str]) -> None:
        connection.execute("SET LOCAL session_replication_role TO replica")
        connection.execute(
            sql.SQL("; ").join(
                sql.SQL("DELETE FROM public.{}").format(sql.Identifier(table)) for table in tables
            )
        )
        # As RESTART IDENTITY has it: the sequences of all these tables, and of no other.
        connection.execute(
            "SELECT setval(seqrelid, seqstart, false) FROM pg_sequence"
            " JOIN pg_depend ON objid = seqrelid AND deptype IN ('a', 'i')"
            " JOIN pg_class AS of_table ON of_table.oid = refobjid"
            " WHERE of_table.relnamespace = 'public'::regnamespace"
            " AND of_table.relname <> ALL(%s) AND pg_sequence_last_value(seqrelid) IS NOT NULL",
            [list(KEPT)],
        )

    def _put_back(self, connection: Connection, table: str) -> None:
        name = sql.Identifier(table)
        connection.execute(
            sql.SQL("INSERT INTO public.{0} SELECT * FROM written_by_migrations.{0}").format(name)
        )
        connection.execute(
            sql.SQL(
                "SELECT setval(pg_get_serial_sequence({1}, 'id'), max(id)) FROM public.{0}"
                " HAVING pg_get_serial_sequence({1}, 'id') IS NOT NULL"
            ).format(name, sql.Literal(f'public."{table}"'))
        )
