"""A seller, an importer and the platform's people, and a clock that stands still."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection

from accounts.models import Membership, Role
from core.walls import platform_wide
from tests.factories.accounts import (
    ImporterFactory,
    MembershipFactory,
    PlatformCompanyFactory,
    SellerFactory,
)
from tests.notices.receiving import Receiver, receiving

NOON = datetime(2026, 7, 14, 4, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _wide(_django_db_helper: None) -> Iterator[None]:
    with platform_wide():
        yield


def an_admin(**told: Any) -> Membership:
    """Somebody who may say where a company's news goes."""
    made: Membership = MembershipFactory.create(**told, is_admin=True)
    return made


@pytest.fixture
def clerk(_wide: None) -> Membership:
    """Acts for a seller."""
    return an_admin(company=SellerFactory.create(name_en="Northwind Ltd"))


@pytest.fixture
def neighbour(_wide: None) -> Membership:
    """Acts for another seller."""
    return an_admin(company=SellerFactory.create(code="NEXT"))


@pytest.fixture
def importer(_wide: None) -> Membership:
    return MembershipFactory.create(company=ImporterFactory.create(), role=Role.IMPORTER)


@pytest.fixture
def operator(_wide: None) -> Membership:
    return MembershipFactory.create(company=PlatformCompanyFactory.create(), role=Role.OPERATOR)


@pytest.fixture
def shop() -> Iterator[Receiver]:
    """A company's own system, which takes every message."""
    with receiving() as told:
        yield told


@pytest.fixture
def as_text(_wide: None) -> Callable[[str], str]:
    """A table as the database keeps it."""

    def read(table: str) -> str:
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT t::text FROM "{table}" t')  # noqa: S608 - our own names
            return "\n".join(row[0] for row in cursor.fetchall())

    return read
