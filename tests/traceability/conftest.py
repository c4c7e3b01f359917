from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation

from accounts.models import Role
from core.walls import platform_wide
from traceability import links, services
from traceability.models import ItemIdentity

from ..factories.accounts import MembershipFactory
from ..factories.traceability import NOON, TracedLot, a_traced_lot


@pytest.fixture
def lot(db: None) -> TracedLot:
    """Ten received units."""
    return a_traced_lot()


@pytest.fixture
def item(lot: TracedLot) -> ItemIdentity:
    """One of the lot's units, with its own code."""
    return services.issue_identities(
        product=lot.product, lot_number=lot.lot_number, count=1, now=NOON
    )[0]


@pytest.fixture
def path(item: ItemIdentity) -> str:
    """Where the item's QR code leads."""
    return links.item_path(item.gtin, item.lot_number, item.serial)


@pytest.fixture
def english(client: Client) -> Client:
    """A stranger whose browser asks for English."""
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def warehouse_client(client: Client, lot: TracedLot) -> Iterator[Client]:
    """Somebody of the warehouse, signed in."""
    membership: Any = MembershipFactory.create(company=lot.warehouse, role=Role.WAREHOUSE.value)
    client.force_login(membership.user)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client  # type: ignore[return-value]


@pytest.fixture
def operator_client(lot: TracedLot) -> Client:
    """Somebody of the platform, signed in."""
    membership: Any = MembershipFactory.create(company=lot.operator, role=Role.OPERATOR.value)
    client = Client(headers={"accept-language": "en"})
    client.force_login(membership.user)
    return client


@pytest.fixture
def wide(db: None) -> Iterator[None]:
    """Sheets of labels belong to a warehouse; services work for the platform."""
    with platform_wide():
        yield


@pytest.fixture(autouse=True)
def chinese() -> Iterator[None]:
    """The house's own language, whatever a page before this test was asked for."""
    with translation.override("zh-hans"):
        yield
