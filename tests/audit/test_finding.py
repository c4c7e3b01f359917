"""The search asks what auditors ask: from which address, about whose rows, who it was then."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from accounts.middleware import who
from accounts.models import Company, Membership, User
from audit.forms import SearchForm
from core.acting import acting, because
from core.history import events_of
from core.walls import platform_wide
from procurement.models import Forecast, PriceBreak
from procurement.services import NewOffer, add_offers
from tests.factories.accounts import MembershipFactory, SellerFactory
from tests.factories.procurement import ForecastFactory, PriceBreakFactory
from tests.factories.warehouse import received_stock
from warehouse.models import Receipt

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("contexts")]


@pytest.fixture
def browser(operator: Membership) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(operator.user)
    return client


def moved(member: Membership, by: Membership, town: str, address: str = "198.51.100.7") -> None:
    with platform_wide(), acting(address=address, **who(by)), because(f"moves to {town}"):
        Company.objects.filter(pk=member.company_id).update(town=town)


def towns(browser: Client, **asked: str) -> list[str]:
    """The reasons found, the newest first; each tells a town."""
    page = browser.get("/audit/", {"kind": "accounts.Company", **asked}).context["page"]
    return [one.reason.removeprefix("moves to ") for one in page.entries if one.reason]


def changes(page: Any) -> list[tuple[str, dict[str, tuple[str, str]]]]:
    return [
        (one.action, {told.field: (told.before, told.after) for told in one.changes})
        for one in page.context["page"].entries
    ]


def test_what_came_from_an_address_or_its_network_is_found(
    browser: Client, operator: Membership, seller: Membership
) -> None:
    moved(seller, operator, "Xiamen", address="198.51.100.7")
    moved(seller, operator, "Tianjin", address="198.51.100.70")
    moved(seller, operator, "Suzhou", address="203.0.113.7")

    assert towns(browser, address="198.51.100.") == ["Tianjin", "Xiamen"]
    assert towns(browser, address="203.0.113.7") == ["Suzhou"]
    assert towns(browser, address="0.113.7") == [], "it begins so"


@pytest.mark.parametrize("asked", [{"address": "198.51.100.7"}, {"words": "moves"}])
def test_what_no_index_finds_is_looked_for_in_a_month_unless_a_day_is_named(
    asked: dict[str, str],
) -> None:
    at = datetime(2026, 8, 3, 4, 0, tzinfo=UTC)

    unbound, bound = SearchForm(asked), SearchForm({**asked, "since": "2026-01-01"})

    assert unbound.is_valid()
    assert bound.is_valid()
    assert unbound.wanted(at).since == at - timedelta(days=31)
    assert bound.wanted(at).since == datetime(2025, 12, 31, 16, 0, tzinfo=UTC)


def test_everything_that_anybody_did_to_a_companys_rows_is_found_and_filed(
    browser: Client, operator: Membership, seller: Membership
) -> None:
    with platform_wide():
        other = MembershipFactory.create(company=SellerFactory.create(code="BEN"))
    moved(seller, operator, "Xiamen")
    moved(seller, seller, "Tianjin")
    moved(other, operator, "Suzhou")

    file = browser.post(
        f"/lists/history/file/?{urlencode({'owner': 'ANNA', 'action': 'update'})}", {"kind": "csv"}
    ).content.decode("utf-8-sig")

    assert towns(browser, owner="ANNA") == ["Tianjin", "Xiamen"]
    assert towns(browser, owner="BEN") == ["Suzhou"]
    assert towns(browser, owner="NOBODY") == []
    kinds = {one.kind for one in browser.get("/audit/", {"owner": "ANNA"}).context["page"].entries}
    assert kinds == {"company", "membership"}
    assert "moves to Xiamen" in file
    assert "moves to Suzhou" not in file


def test_a_person_is_found_by_the_address_of_that_time(
    browser: Client, operator: Membership, seller: Membership
) -> None:
    old = seller.user.email
    moved(seller, seller, "Xiamen")
    with platform_wide():
        User.objects.filter(pk=seller.user_id).update(email="renamed@example.test")

    assert towns(browser, person=old) == ["Xiamen"]
    assert towns(browser, person="renamed@example.test") == ["Xiamen"]
    assert towns(browser, person="nobody@example.test") == []
    by_number = browser.get("/audit/", {"number": old}).context["page"].entries
    assert by_number[0].changes[0].after == "renamed@example.test"


def test_a_price_that_is_changed_is_told_from_what_to_what(
    browser: Client, operator: Membership
) -> None:
    step = PriceBreakFactory.create(offer__currency="EUR", pack_price_minor=123_450)
    offer, product = step.offer, step.offer.product
    gone = PriceBreakFactory.create(offer=offer, from_packs=50, pack_price_minor=99_900)
    terms = {
        name: getattr(offer, name)
        for name in ("supplier", "currency", "pack_quantity", "minimum_quantity", "valid_from")
    }

    with acting(address="198.51.100.7", **who(operator)):
        add_offers(offers=[NewOffer(product=product, breaks=[(step.from_packs, 119_900)], **terms)])

    page = browser.get(f"/audit/procurement.supplieroffer/{offer.pk}/")
    told = [
        (action, change)
        for action, change in changes(page)
        if "pack price" in change and action != "insert"
    ]
    price = ("EUR 1,234.50", "EUR 1,199.00")
    was = {
        "offer": (product.sku, "–"),
        "from packs": ("50", "–"),
        "pack price": ("EUR 999.00", "–"),
    }
    assert sorted(told, key=lambda one: one[0]) == [
        ("delete", was),
        ("update", {"from packs": ("", str(step.from_packs)), "pack price": price}),
    ]
    assert not PriceBreak.objects.filter(pk=gone.pk).exists()
    assert PriceBreak.objects.get(offer=offer).pk == step.pk, "a step that stays keeps its row"


def test_prices_that_stay_leave_no_trace() -> None:
    step = PriceBreakFactory.create(pack_price_minor=123_450)
    offer = step.offer
    with platform_wide():
        before = events_of(PriceBreak).objects.count()

    add_offers(
        offers=[
            NewOffer(
                product=offer.product,
                supplier=offer.supplier,
                currency=offer.currency,
                pack_quantity=offer.pack_quantity,
                breaks=[(step.from_packs, 123_450)],
                lead_time_days=50,
                valid_from=offer.valid_from,
            )
        ]
    )

    with platform_wide():
        assert events_of(PriceBreak).objects.count() == before


def test_what_is_gone_is_found_by_what_it_was_called(browser: Client, operator: Membership) -> None:
    step = PriceBreakFactory.create(offer__currency="EUR", pack_price_minor=123_450)
    sku = step.offer.product.sku
    PriceBreak.objects.filter(pk=step.pk).delete()
    with platform_wide():
        gone = SellerFactory.create(code="GONE")
        Company.objects.filter(pk=gone.pk).delete()

    page = browser.get("/audit/", {"number": sku, "action": "delete"})
    (found,) = page.context["page"].entries
    assert (found.kind, found.called) == ("price break", sku)
    assert ("pack price", "EUR 1,234.50") in {(one.field, one.before) for one in found.changes}
    (company,) = (
        browser.get("/audit/", {"number": "GONE", "action": "delete"}).context["page"].entries
    )
    assert company.called == "GONE"


def test_a_fact_of_many_rows_is_told_once_by_its_head(
    browser: Client, operator: Membership
) -> None:
    with platform_wide():
        sellers = [SellerFactory.create() for _ in range(3)]
        with acting(address="198.51.100.7", **who(operator)):
            received_stock(dict.fromkeys(sellers, 5))
            forecast = ForecastFactory.create()
        receipt = Receipt.objects.get()

        assert events_of(Receipt).objects.count() == 1
        assert events_of(Forecast).objects.filter(pgh_obj=forecast.pk).count() == 1

    for kind, number in (
        ("warehouse.Receipt", receipt.number),
        ("procurement.Forecast", forecast.round.quarter),
    ):
        asked = {"kind": kind, "number": number, "person": operator.user.email}
        (found,) = browser.get("/audit/", asked).context["page"].entries
        assert (found.who, found.address) == (operator.user.email, "198.51.100.7")
