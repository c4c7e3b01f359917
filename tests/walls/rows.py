"""Whether anything at all was written."""

from __future__ import annotations

import functools
from collections.abc import Iterable

from django.apps import apps
from django.db import connection
from django_scopes import scopes_disabled

from core.walls import _session, platform_wide

#: What counts visitors and remembers who is signed in is no fact of the trade.
_NOT_OF_THE_TRADE = {"django_session", "accounts_user", "traceability_scan"}


def all_rows() -> dict[str, str]:
    """A digest of every table, so that anything that was written shows."""
    with platform_wide():
        return _digests(
            model._meta.db_table
            for model in apps.get_models()
            if model._meta.managed and not model._meta.proxy
        )


def rows_of(company: int, tables: Iterable[str]) -> dict[str, str]:
    """A digest of what a company sees of some tables that stand behind the second wall."""
    with scopes_disabled(), _session(str(company)):
        return _digests(tables)


def _digests(tables: Iterable[str]) -> dict[str, str]:
    """One statement for all of them; a table without rows has the digest of nothing."""
    wanted = sorted(set(tables) - _NOT_OF_THE_TRADE)
    with connection.cursor() as cursor:
        cursor.execute(_asked(tuple(wanted)))
        return dict(cursor.fetchall())


@functools.cache
def _asked(tables: tuple[str, ...]) -> str:
    return " UNION ALL ".join(
        f"SELECT '{table}', coalesce(md5(string_agg(t::text, E'\\n' ORDER BY t::text)), '')"  # noqa: S608
        f' FROM "{table}" t'
        for table in tables
    )
