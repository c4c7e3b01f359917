from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from django.test import Client

from accounts.models import Company, Role, User
from catalog.models import Product, TradingPartner
from core.walls import platform_wide
from procurement.models import PoolRound
from tests.factories.accounts import (
    ImporterFactory,
    MembershipFactory,
    PlatformCompanyFactory,
    SellerFactory,
)
from tests.factories.catalog import ProductFactory, TradingPartnerFactory
from tests.factories.procurement import (
    DURING,
    PoolRoundFactory,
    PriceBreakFactory,
    SupplierOfferFactory,
)

AsPerson = Callable[[User], Client]


@dataclass
class Market:
    """A round, two sellers, and two products: packs of six from 60 units, packs of one."""

    round: PoolRound
    anna: Company
    bela: Company
    anna_person: User
    bela_person: User
    operator: User
    buyer: Company
    platform: Company
    supplier: TradingPartner
    milk: Product
    soap: Product


def build_market() -> Market:
    anna = MembershipFactory.create(company=SellerFactory.create(code="ANNA"))
    bela = MembershipFactory.create(company=SellerFactory.create(code="BELA"))
    platform = PlatformCompanyFactory.create()
    operator = MembershipFactory.create(company=platform, role=Role.OPERATOR)
    supplier = TradingPartnerFactory.create()
    milk = ProductFactory.create(sku="MILK")
    soap = ProductFactory.create(sku="SOAP", shelf_life_days=None)
    offer = SupplierOfferFactory.create(product=milk, supplier=supplier)
    for start, price in ((1, 6600), (10, 6000), (20, 5400)):
        PriceBreakFactory.create(offer=offer, from_packs=start, pack_price_minor=price)
    offer = SupplierOfferFactory.create(
        product=soap, supplier=supplier, pack_quantity=1, minimum_quantity=0
    )
    PriceBreakFactory.create(offer=offer, from_packs=1, pack_price_minor=250)
    return Market(
        round=PoolRoundFactory.create(),
        anna=anna.company,
        bela=bela.company,
        anna_person=anna.user,
        bela_person=bela.user,
        operator=operator.user,
        buyer=ImporterFactory.create(town="Ningbo", street="Baoshui Road 1"),
        platform=platform,
        supplier=supplier,
        milk=milk,
        soap=soap,
    )


@pytest.fixture
def market(db: None) -> Iterator[Market]:
    with platform_wide():
        yield build_market()


@pytest.fixture
def committed_market(transactional_db: None) -> Market:
    """For threads: really in the database."""
    with platform_wide():
        return build_market()


@pytest.fixture
def at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Sets the doors' clock."""
    file = tmp_path / "clock"
    monkeypatch.setenv("BONDPOOL_CLOCK_FILE", str(file))

    def set_to(moment: datetime) -> None:
        file.write_text(moment.isoformat())

    set_to(DURING)
    return set_to


@pytest.fixture
def as_person() -> AsPerson:
    def sign_in(person: User) -> Client:
        client = Client(headers={"accept-language": "en"})
        client.force_login(person)
        return client

    return sign_in
