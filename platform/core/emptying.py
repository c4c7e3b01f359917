"""Emptying the tables, as the role that owns them: the application's role may not."""

from typing import Any

import psycopg
from psycopg import sql

# Filled by Django itself after ``migrate``; emptying them would only mean filling them again.
KEPT = ("django_migrations", "django_content_type", "auth_permission")


def owner_connection(settings: dict[str, Any]) -> "psycopg.Connection[tuple[Any, ...]]":
    """A plain connection, in autocommit, from the settings of Django's alias ``owner``."""
    return psycopg.connect(
        host=settings["HOST"],
        port=settings["PORT"] or None,
        dbname=settings["NAME"],
        user=settings["USER"],
        password=settings.get("PASSWORD") or None,
        autocommit=True,
    )


def written_tables(connection: "psycopg.Connection[tuple[Any, ...]]") -> list[str]:
    """The tables that may hold rows, sorted.

    A table whose file has length zero holds none; asking for that is cheap, and row-level
    security has no say in it.
    """
    found = connection.execute(
        "SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE n.nspname = 'public' AND c.relkind = 'r' AND relname <> ALL(%s) "
        "AND pg_relation_size(c.oid) > 0 ORDER BY relname",
        [list(KEPT)],
    )
    return [name for (name,) in found]


def empty(connection: "psycopg.Connection[tuple[Any, ...]]") -> list[str]:
    """Empty every table but Django's own and start its numbers at 1 again. Returns the names."""
    tables = written_tables(connection)
    if tables:
        connection.execute(
            sql.SQL("TRUNCATE {} RESTART IDENTITY CASCADE").format(
                sql.SQL(", ").join(map(sql.Identifier, tables))
            )
        )
    return tables
