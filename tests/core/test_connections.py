"""A connection that is kept is asked whether it still stands only when there is reason to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections

from tests import database


@pytest.fixture
def kept(db: None) -> Iterator[Any]:
    """A connection from the last request, at the beginning of the next."""
    here = connections["default"]
    other: Any = type(here)({**here.settings_dict}, "default")
    other.ensure_connection()
    other.health_check_enabled = True
    other.health_check_done = False
    yield other
    other.close()


def last_asked(kept: Any) -> str:
    """Its role is the test's own, which may see it."""
    with connections["default"].cursor() as cursor:
        pid = kept.connection.info.backend_pid
        cursor.execute("SELECT query FROM pg_stat_activity WHERE pid = %s", [pid])
        return str(cursor.fetchone()[0])


def test_one_that_stands_is_not_asked(kept: Any) -> None:
    with kept.connection.cursor() as cursor:
        cursor.execute("SELECT 2")

    kept.close_if_health_check_failed()

    assert kept.connection is not None
    assert last_asked(kept) == "SELECT 2"


def test_over_a_network_it_is_asked(kept: Any) -> None:
    kept.settings_dict["HOST"] = "db.example"

    kept.close_if_health_check_failed()

    assert kept.connection is not None
    assert last_asked(kept) == "SELECT 1"


def test_one_that_the_server_ended_is_opened_anew(kept: Any, as_owner: database.Connection) -> None:
    before = kept.connection.info.backend_pid
    # Waits for the end as long as it takes, in thousandths of a second.
    assert as_owner.execute("SELECT pg_terminate_backend(%s, 10000)", [before]).fetchone() == (
        True,
    )

    with kept.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (after,) = cursor.fetchone()

    assert after != before
