"""Whether another connection waits for this one."""

from __future__ import annotations

import time

import pytest
from django.db import connection


def await_one_who_waits() -> None:
    """Until somebody waits for a row that this connection has locked. What pg_stat_activity says
    stays the same for a whole transaction, what pg_locks says does not."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks"
                " WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
            )
            if cursor.fetchone()[0]:
                return
        time.sleep(0.005)
    pytest.fail("nobody waits")
