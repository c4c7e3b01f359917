"""A world that is built once a process and met afresh by every test that asks for it.

It is committed to a database of its own, a second copy of the template. A test goes there before
its transaction begins and works on a copy of the names, so it finds everything as it was built;
all other tests find the run's own database, empty.
"""

from __future__ import annotations

import copy
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

import pytest
from django.conf import settings
from django.db import connections, transaction

from tests import database

T = TypeVar("T")
ALIAS = "default"


class Standing(Generic[T]):
    """What ``build`` made, in the database called ``name``."""

    def __init__(self, name: str, build: Callable[[], T]) -> None:
        self.name = f"{database.RUN}{os.getpid()}_{name}"
        self.is_entered = False
        with database.connect(settings.DATABASES["owner"]) as server, database.alone(server):
            database.drop(server, self.name)
            database.create(server, self.name, database.template_name())
        here = connections[ALIAS]
        # A connection that stays open, with what PostgreSQL has learnt of the tables.
        self._there = type(here)({**here.settings_dict, "NAME": self.name}, ALIAS)
        with self.entered(), transaction.atomic(using=ALIAS):
            self._made = build()
            # As in every test that does not commit, no bell rings.
            self._there.run_on_commit.clear()

    @contextmanager
    def entered(self) -> Iterator[None]:
        """The application's connection leads there, and not to the run's own database."""
        here = connections[ALIAS]
        connections[ALIAS] = self._there
        self.is_entered = True
        try:
            yield
        finally:
            self.is_entered = False
            connections[ALIAS] = here

    def fresh(self) -> T:
        """As it was built, whatever the last test did with it."""
        return copy.deepcopy(self._made)

    def tear_down(self) -> None:
        """Leave it; the next run drops it."""
        self._there.close()


def commits(request: pytest.FixtureRequest) -> bool:
    """Whether this test writes for others to see; the tables are emptied after it."""
    mark = request.node.get_closest_marker("django_db")
    return bool(
        (mark and mark.kwargs.get("transaction"))
        or {"transactional_db", "live_server"} & set(request.fixturenames)
    )
