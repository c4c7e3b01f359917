"""Each user walks the pages of procurement; nobody sees what is another's."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from accounts.models import Role, User
from core.walls import platform_wide
from jobs import services as jobs
from procurement import services
from procurement.models import Forecast, LateWish, OrderState, PurchaseOrder, Shipment
from settlement.models import Payable
from tests.factories.accounts import MembershipFactory
from tests.factories.procurement import AFTER, DURING

from .conftest import AsPerson, Market, build_market

LATER = AFTER + timedelta(days=60)


@pytest.fixture
def market(db: None, at: object) -> Market:
    """Like everywhere, but with the walls down only while it is built."""
    with platform_wide():
        made = build_market()
    return made


def a_person(market: Market, role: Role) -> User:
    company = market.buyer if role == Role.IMPORTER else market.platform
    person: User = MembershipFactory.create(company=company, role=role).user
    return person


def closed(market: Market) -> PurchaseOrder:
    with platform_wide():
        for seller, units in ((market.anna, 70), (market.bela, 46)):
            services.file_forecast(
                round=market.round,
                seller=seller,
                lines={market.milk.pk: units},
                filed_by=None,
                now=DURING,
            )
        (order,) = services.close_round(
            round=market.round, buyer=market.buyer, platform=market.platform, now=AFTER
        )
    return order


def test_a_seller_files_by_form_and_sees_what_counts(market: Market, as_person: AsPerson) -> None:
    client = as_person(market.anna_person)

    assert "2026-Q3" in client.get("/forecasts/").content.decode()
    form = client.get("/forecasts/2026-Q3/edit/").content.decode()
    assert f'name="p{market.milk.pk}"' in form
    answer = client.post(
        "/forecasts/2026-Q3/edit/",
        {f"p{market.milk.pk}": "70", f"p{market.soap.pk}": ""},
        follow=True,
    )

    page = answer.content.decode()
    assert "Version 1 is filed and counts." in page
    with platform_wide():
        forecast = Forecast.objects.get()
        assert forecast.filed_by == market.anna_person
        assert list(forecast.lines.values_list("product__sku", "quantity")) == [("MILK", 70)]


def test_a_product_that_the_form_did_not_show_stays_as_it_was_filed(
    market: Market, as_person: AsPerson
) -> None:
    """A product may come onto the page between the fetching of the form and its sending."""
    client = as_person(market.anna_person)
    client.post("/forecasts/2026-Q3/edit/", {f"p{market.milk.pk}": "70", f"p{market.soap.pk}": "5"})

    client.post("/forecasts/2026-Q3/edit/", {f"p{market.soap.pk}": "6"})

    with platform_wide():
        newest = Forecast.objects.get(version=2)
        assert dict(newest.lines.values_list("product__sku", "quantity")) == {
            "MILK": 70,
            "SOAP": 6,
        }


def test_a_form_keeps_what_another_page_of_it_holds(market: Market, as_person: AsPerson) -> None:
    client = as_person(market.anna_person)
    client.post("/forecasts/2026-Q3/edit/", {f"p{market.milk.pk}": "70"})

    client.post("/forecasts/2026-Q3/edit/?q=SOAP", {f"p{market.soap.pk}": "5"})
    same = client.post("/forecasts/2026-Q3/edit/?q=SOAP", {f"p{market.soap.pk}": "5"}, follow=True)

    assert "nothing new was filed" in same.content.decode()
    with platform_wide():
        newest = Forecast.objects.latest("version")
        assert newest.version == 2
        assert dict(newest.lines.values_list("product__sku", "quantity")) == {
            "MILK": 70,
            "SOAP": 5,
        }


@pytest.mark.parametrize("units", ["-1", "1.5", "1000001", "many"])
def test_a_form_with_a_wrong_quantity_files_nothing(
    market: Market, as_person: AsPerson, units: str
) -> None:
    answer = as_person(market.anna_person).post(
        "/forecasts/2026-Q3/edit/", {f"p{market.milk.pk}": units, f"p{market.soap.pk}": "5"}
    )

    assert answer.status_code == 422
    assert "nothing has been filed" in answer.content.decode()
    with platform_wide():
        assert not Forecast.objects.exists()


def test_after_the_cutoff_what_was_typed_is_kept_for_the_next_round(
    market: Market, as_person: AsPerson, at: Callable[[datetime], None]
) -> None:
    at(AFTER)
    answer = as_person(market.anna_person).post(
        "/forecasts/2026-Q3/edit/", {f"p{market.milk.pk}": "5"}
    )

    page = as_person(market.anna_person).get(answer["Location"]).content.decode()
    assert "Kept for the next round" in page
    with platform_wide():
        assert not Forecast.objects.exists()
        kept = LateWish.objects.get()
        assert (kept.round, kept.lines) == (market.round, [[market.milk.pk, 5, 0, 0]])


def test_a_form_fetched_before_another_version_was_filed_overwrites_nothing(
    market: Market, as_person: AsPerson
) -> None:
    client = as_person(market.anna_person)
    fetched = client.get("/forecasts/2026-Q3/edit/").content.decode()
    assert 'name="seen" value="0"' in fetched
    client.post("/forecasts/2026-Q3/edit/", {"seen": "0", f"p{market.soap.pk}": "80"})

    late = client.post("/forecasts/2026-Q3/edit/", {"seen": "0", f"p{market.milk.pk}": "5"})

    assert late.status_code == 409
    assert "Another version was filed since you fetched the form" in late.content.decode()
    with platform_wide():
        kept = Forecast.objects.get()
        assert (kept.version, kept.lines.get().quantity) == (1, 80)

    again = client.post("/forecasts/2026-Q3/edit/", {"seen": "1", f"p{market.milk.pk}": "5"})
    assert again["Location"] == "/forecasts/2026-Q3/"
    with platform_wide():
        newest = Forecast.objects.get(version=2)
        assert sorted(newest.lines.values_list("quantity", flat=True)) == [5, 80]


def test_a_seller_sees_its_share_and_nothing_of_the_pool(
    market: Market, as_person: AsPerson
) -> None:
    before = as_person(market.anna_person).get("/forecasts/2026-Q3/share/").content.decode()
    assert "The round has not closed yet" in before
    closed(market)

    page = as_person(market.bela_person).get("/forecasts/2026-Q3/share/").content.decode()

    assert "414.00" in page
    assert "600.00" in page
    for of_others in ("ANNA", "630.00", "1,080.00", ">116<", ">120<"):
        assert of_others not in page


def test_a_seller_is_not_shown_an_operators_pages(market: Market, as_person: AsPerson) -> None:
    order = closed(market)
    client = as_person(market.anna_person)

    for path in (
        "/rounds/",
        "/rounds/new/",
        "/rounds/2026-Q3/",
        "/rounds/2026-Q3/close/",
        "/offers/",
        "/orders/",
        f"/orders/{order.number}/",
        "/products/import/",
    ):
        assert client.get(path).status_code == 404, path


def test_an_operator_takes_a_round_from_announcement_to_invoice(
    market: Market, as_person: AsPerson, at: Callable[[datetime], None]
) -> None:
    client = as_person(market.operator)
    assert "No offers" not in client.get("/offers/").content.decode()
    announced = client.post(
        "/rounds/new/",
        {"quarter": "2026-Q4", "opens_at": "2026-07-01T00:00", "cutoff_at": "2026-09-01T00:00"},
    )
    assert announced["Location"] == "/rounds/2026-Q4/"
    twice = client.post(
        "/rounds/new/",
        {"quarter": "2026-Q4", "opens_at": "2026-07-01T00:00", "cutoff_at": "2026-09-01T00:00"},
    )
    assert (twice.status_code, 'id="id_quarter_wrong"' in twice.content.decode()) == (422, True)
    assert "2026-Q4" in client.get("/rounds/").content.decode()
    with platform_wide():
        services.file_forecast(
            round=market.round,
            seller=market.anna,
            lines={market.milk.pk: 70, market.soap.pk: 10},
            filed_by=None,
            now=DURING,
        )
    assert "ANNA" in client.get("/rounds/2026-Q3/").content.decode()
    early = client.post("/rounds/2026-Q3/close/", {"buyer": market.buyer.pk})
    assert early.status_code == 409

    at(AFTER)
    assert "cannot be undone" in client.get("/rounds/2026-Q3/close/").content.decode()
    client.post("/rounds/2026-Q3/close/", {"buyer": market.buyer.pk})
    with platform_wide():
        jobs.work(now=lambda: AFTER)
    assert "Saved by pooling" in client.get("/rounds/2026-Q3/").content.decode()
    with platform_wide():
        order = PurchaseOrder.objects.get()
    assert order.number in client.get("/orders/?state=draft").content.decode()
    client.post(f"/orders/{order.number}/place/")
    page = client.get(f"/orders/{order.number}/").content.decode()
    assert 'hx-get="' in page
    with platform_wide():
        services.make_due_documents(now=lambda: AFTER)
    paper = client.get(f"/orders/papers/{order.number}.pdf")
    assert paper.content[:5] == b"%PDF-"
    assert 'hx-get="' not in client.get(f"/orders/{order.number}/").content.decode()

    at(LATER)
    assert client.get(f"/orders/{order.number}/ship/").status_code == 200
    with platform_wide():
        lines = list(order.lines.order_by("position"))
    told = {
        "vessel": "EXAMPLE STAR",
        "voyage": "026E",
        "bill_of_lading": "EXBL1",
        "departed_at": "2026-07-20T08:00",
        "expected_on": "2026-08-20",
        "freight": "450.50",
        "freight_currency": "USD",
        f"line{lines[0].pk}-is_shipped": "on",
        f"line{lines[0].pk}-batch": "B-1",
        f"line{lines[0].pk}-expires_on": "2028-01-31",
        f"line{lines[1].pk}-is_shipped": "on",
    }
    wrong = client.post(f"/orders/{order.number}/ship/", {**told, "expected_on": "soon"})
    assert wrong.status_code == 422
    early = client.post(f"/orders/{order.number}/ship/", {**told, "expected_on": "2026-07-01"})
    assert early.status_code == 422
    assert "arrive after they left" in early.content.decode()
    assert 'value="EXBL1"' in early.content.decode(), "nothing that was typed is lost"
    client.post(f"/orders/{order.number}/ship/", told)
    with platform_wide():
        shipment = Shipment.objects.get()
        order.refresh_from_db()
    assert (shipment.freight_minor, order.state) == (45_050, OrderState.SHIPPED)
    assert "EXBL1" in client.get(f"/shipments/{shipment.number}/").content.decode()
    form = f"/shipments/{shipment.number}/invoice/"
    written = {"invoice_number": "RE-1", "invoiced_on": "2026-07-20", "due_on": "2026-09-30"}
    assert client.get(form).status_code == 200
    refused = client.post(form, written | {"due_on": "2026-07-19"})
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "An invoice is due on or after the day it was written" in page
    assert re.search(r'<input[^>]*name="due_on"[^>]*aria-invalid="true"', page)
    assert 'value="RE-1"' in page, "nothing that was typed is lost"
    with platform_wide():
        assert not Payable.objects.exists()
    client.post(form, written)
    with platform_wide():
        assert Payable.objects.get().amount_minor == order.amount_minor
    assert "RE-1" in client.get(f"/shipments/{shipment.number}/").content.decode()


def test_finance_and_the_importer_see_orders_but_only_finance_sees_shares(
    market: Market, as_person: AsPerson
) -> None:
    order = closed(market)

    finance = as_person(a_person(market, Role.FINANCE)).get(f"/orders/{order.number}/")
    importer = as_person(a_person(market, Role.IMPORTER)).get(f"/orders/{order.number}/")

    assert "BELA" in finance.content.decode()
    page = importer.content.decode()
    assert importer.status_code == 200
    assert "BELA" not in page
    assert "Wanted" not in page


def test_an_importer_sees_only_what_it_buys(market: Market, as_person: AsPerson) -> None:
    order = closed(market)
    from tests.factories.accounts import ImporterFactory

    stranger = MembershipFactory.create(company=ImporterFactory.create(), role=Role.IMPORTER)
    client = as_person(stranger.user)

    assert order.number not in client.get("/orders/").content.decode()
    assert client.get(f"/orders/{order.number}/").status_code == 404


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_has_its_empty_state(market: Market, as_person: AsPerson, language: str) -> None:
    seller, operator = as_person(market.anna_person), as_person(market.operator)

    for client, path in (
        (seller, "/forecasts/"),
        (seller, "/forecasts/2026-Q3/"),
        (seller, "/forecasts/2026-Q3/edit/?q=nothing-is-called-so"),
        (seller, "/forecasts/2026-Q3/upload/"),
        (seller, "/forecasts/2026-Q3/share/"),
        (operator, "/rounds/2026-Q3/"),
        (operator, "/orders/"),
        (operator, "/offers/?q=nothing-is-called-so"),
    ):
        answer = client.get(path, headers={"accept-language": language})
        assert answer.status_code == 200, path
        assert f'lang="{language}"' in answer.content.decode()
