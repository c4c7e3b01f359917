"""What a request wrote and did not take back, read from the statements it sent."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

_WRITES = re.compile(
    r"(?:INSERT\s+INTO|DELETE\s+FROM|COPY|(?<!FOR )(?<!KEY )(?<!DO )UPDATE)\s+(?:ONLY\s+)?\"?(\w+)",
    re.IGNORECASE,
)
_POINT = re.compile(r"\s*(SAVEPOINT|ROLLBACK TO SAVEPOINT|RELEASE SAVEPOINT) (\S+)")

#: Who is signed in and how often somebody tried is no fact of the trade.
NOT_OF_THE_TRADE = {
    "django_session",
    "accounts_user",
    "accounts_accountevent",
    "traceability_scan",
    "usersessions_usersession",
    "axes_accessattempt",
    "axes_accessfailurelog",
    "axes_accesslog",
    "shared_cache",
}


class Journal:
    """The tables that were written to, without what a savepoint took back."""

    def __init__(self) -> None:
        self._told: list[str] = []

    def __call__(
        self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any
    ) -> Any:
        answer = execute(sql, params, many, context)
        text = str(sql)
        if found := _POINT.match(text):
            word, name = found.groups()
            mark = f"@{name}"
            if word == "SAVEPOINT":
                self._told.append(mark)
            elif mark in self._told:
                at = self._told.index(mark)
                if word == "RELEASE SAVEPOINT":
                    del self._told[at]
                else:
                    del self._told[at + 1 :]
        else:
            self._told += _WRITES.findall(text)
        return answer

    @property
    def tables(self) -> set[str]:
        return {one for one in self._told if not one.startswith("@")}

    @property
    def of_the_trade(self) -> set[str]:
        return self.tables - NOT_OF_THE_TRADE


@contextmanager
def journal() -> Iterator[Journal]:
    told = Journal()
    with connection.execute_wrapper(told):
        yield told
