"""A company becomes a supplier that can be ordered from."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from accounts.models import Role
from accounts.rules.seen import ChangedMeanwhile
from catalog import rules, services
from catalog.models import TradingPartner
from core.errors import DomainError
from tests.factories.accounts import (
    MembershipFactory,
    PlatformCompanyFactory,
    SellerFactory,
    SupplierCompanyFactory,
)
from tests.factories.catalog import TradingPartnerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator() -> Client:
    company = PlatformCompanyFactory.create()
    client = Client(headers={"accept-language": "en", "accept": "text/html"})
    client.force_login(MembershipFactory.create(company=company, role=Role.OPERATOR).user)
    return client


def test_terms_are_set_once_and_then_changed_on_the_page(operator: Client) -> None:
    company = SupplierCompanyFactory.create(code="SUP")
    page = operator.get("/companies/SUP/trade/").content.decode()
    first = re.search(r'name="seen" value="(\w+)"', page)
    assert first is not None

    told = {"currency": "JPY", "departure_port": " Yokohama ", "seen": first[1]}
    sent = operator.post("/companies/SUP/trade/", told)

    assert sent.headers["Location"] == "/companies/SUP/"
    partner = TradingPartner.objects.get(company=company)
    assert (partner.currency, partner.departure_port) == ("JPY", "Yokohama")
    again = operator.post("/companies/SUP/trade/", {**told, "departure_port": "Kobe"})
    assert again.status_code == 409, "it was not this that the page showed"
    partner.refresh_from_db()
    assert partner.departure_port == "Yokohama"
    page = operator.get("/companies/SUP/trade/").content.decode()
    assert 'id="history"' in page


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"currency": "XXX"}, rules.CurrencyNotTraded),
        ({"over_percent": 21}, rules.WrongOverDelivery),
        ({"over_percent": -1}, rules.WrongOverDelivery),
        ({"departure_port": " \u202e "}, rules.PortMissing),
        ({"departure_port": "x" * 10_000}, rules.PortMissing),
        ({"seen": "another"}, ChangedMeanwhile),
    ],
)
def test_what_is_wrong_changes_nothing(wrong: dict[str, Any], refusal: type[DomainError]) -> None:
    partner = TradingPartnerFactory.create(currency="EUR", departure_port="Hamburg")

    with pytest.raises(refusal):
        services.set_terms_of_trade(
            company=partner.company, **({"currency": "USD", "departure_port": "Kobe"} | wrong)
        )

    partner.refresh_from_db()
    assert (partner.currency, partner.departure_port) == ("EUR", "Hamburg")


def test_only_a_supplier_has_terms(operator: Client) -> None:
    seller = SellerFactory.create(code="S-1")

    with pytest.raises(rules.NoSupplier):
        services.set_terms_of_trade(company=seller, currency="EUR", departure_port="Hamburg")

    assert operator.get("/companies/S-1/trade/").status_code == 404
    assert not TradingPartner.objects.exists()
