from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from accounts.models import Company, User
from catalog.models import TradingPartner
from core.walls import platform_wide
from settlement import forex_gateway
from tests.factories import settlement as make
from tests.factories.accounts import SellerFactory
from tests.factories.catalog import TradingPartnerFactory


@pytest.fixture(autouse=True)
def live_source_away(settings: object) -> Iterator[None]:
    """No test asks a host outside: the live source is a port where nobody listens."""
    settings.FOREX_RATES_URL = "http://127.0.0.1:9/api/"  # type: ignore[attr-defined]
    forex_gateway.circuit.close()
    yield
    forex_gateway.circuit.close()


@dataclass
class World:
    """An importer, its supplier, two sellers, and two people of finance."""

    importer: Company
    supplier: TradingPartner
    first: Company
    second: Company
    maker: User
    checker: User


def build_world(*currencies: str) -> World:
    return World(
        importer=make.importer(*currencies),
        supplier=TradingPartnerFactory.create(),
        first=SellerFactory.create(),
        second=SellerFactory.create(),
        maker=make.finance_person(),
        checker=make.finance_person(),
    )


@pytest.fixture
def world(db: None) -> Iterator[World]:
    with platform_wide():
        yield build_world("EUR", "JPY", "USD")
