"""The pages and operations of sellers' accounts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import Role, User
from notices.models import Notice
from procurement import services
from procurement.models import SellerEntry
from tests.factories.accounts import MembershipFactory
from tests.factories.procurement import AFTER

from .conftest import AsPerson, Market
from .test_charging import bill_again

LATE = AFTER + timedelta(days=30)


@pytest.fixture
def billed(market: Market, at: Callable[[datetime], None]) -> Market:
    """Anna owes 400.00 yuan, Bela 300.00, since a month."""
    bill_again(market.round, 1, ANNA=40_000, BELA=30_000)
    services.book_run(round=market.round, run=1, now=AFTER)
    at(LATE)
    return market


@pytest.fixture
def finance(market: Market) -> User:
    return MembershipFactory.create(company=market.platform, role=Role.FINANCE).user


def the_text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_seller_sees_what_it_owes_since_when_and_why(billed: Market, as_person: AsPerson) -> None:
    text = the_text(as_person(billed.anna_person), "/owed/")

    assert text.count("400.00") >= 3
    assert "300.00" not in text
    assert f"/forecasts/{billed.round.code}/share/" in text
    assert "Write ANNA on the transfer." in text


def test_a_seller_reads_on_its_start_page_that_it_is_late(
    billed: Market, as_person: AsPerson
) -> None:
    text = the_text(as_person(billed.anna_person), "/")

    assert "CNY\u00a0400.00 are overdue" in text
    assert 'href="/owed/"' in text


def test_finance_finds_who_is_late_and_notes_what_came_in(
    billed: Market, as_person: AsPerson, finance: User
) -> None:
    client = as_person(finance)
    assert "700.00" in the_text(client, "/")
    listed = the_text(client, "/sellers/accounts/?overdue=yes")
    assert "400.00" in listed
    assert "300.00" in listed

    sent = {"step": "payment", "amount": "400.00", "value_date": "2026-06-20", "reference": "B-1"}
    answer = client.post("/sellers/accounts/ANNA/", sent)

    assert answer.status_code == 302
    entry = SellerEntry.objects.get(kind="payment")
    assert (entry.seller, entry.amount_minor, entry.noted_by) == (billed.anna, -40_000, finance)
    assert ">ANNA<" not in the_text(client, "/sellers/accounts/?overdue=yes")


def test_a_refund_beyond_the_credit_is_refused_beside_its_field(
    billed: Market, as_person: AsPerson, finance: User
) -> None:
    sent = {"step": "refund", "amount": "1.00", "value_date": "2026-06-20", "reference": "R-1"}

    answer = as_person(finance).post("/sellers/accounts/ANNA/", sent)

    assert answer.status_code == 422
    assert "No more can be paid back" in answer.content.decode()
    assert not SellerEntry.objects.filter(kind="refund").exists()


def test_an_operator_looks_and_notes_nothing(billed: Market, as_person: AsPerson) -> None:
    client = as_person(billed.operator)
    assert "400.00" in the_text(client, "/sellers/accounts/ANNA/")

    answer = client.post(
        "/sellers/accounts/ANNA/",
        {"step": "payment", "amount": "1", "value_date": "2026-06-20", "reference": "B-1"},
    )

    assert answer.status_code == 405
    assert not SellerEntry.objects.filter(kind="payment").exists()


def test_finance_takes_the_file_to_fill_in_and_sends_it_back(
    billed: Market, as_person: AsPerson, finance: User
) -> None:
    client = as_person(finance)
    form = b"".join(client.get("/sellers/accounts/payments/template.csv"))
    lines = form.decode("utf-8-sig").split()
    assert lines == ["seller,amount,paid_on,bank_reference", "ANNA,400.00,,", "BELA,300.00,,"]

    filled = "\n".join([lines[0], "ANNA,400.00,2026-06-20,B-1", "BELA,299.00,2026-06-20,B-2"])
    answer = client.post(
        "/sellers/accounts/payments/", {"file": SimpleUploadedFile("b.csv", filled.encode())}
    )

    assert answer.status_code == 302
    assert SellerEntry.objects.filter(kind="payment").count() == 2
    wrong = SimpleUploadedFile("b.csv", filled.replace("BELA", "NOBODY").encode())
    refused = client.post("/sellers/accounts/payments/", {"file": wrong})
    assert refused.status_code == 422
    assert "There is no such seller." in refused.content.decode()
    assert SellerEntry.objects.filter(kind="payment").count() == 2


def test_an_account_of_nobody_is_not_there(
    billed: Market, as_person: AsPerson, finance: User
) -> None:
    client = as_person(finance)

    assert client.get("/sellers/accounts/NOBODY/").status_code == 404
    assert client.get(f"/sellers/accounts/{billed.buyer.code}/").status_code == 404


def test_a_seller_asks_for_its_credit_on_its_page_and_finance_sees_when(
    billed: Market, as_person: AsPerson, finance: User
) -> None:
    seller, button = as_person(billed.anna_person), "Ask for the credit back"
    assert button not in the_text(seller, "/owed/")
    assert seller.post("/owed/ask-back/").status_code == 409
    assert not Notice.objects.filter(event="account.asked_back").exists()
    services.record_account_payment(
        seller=billed.anna,
        amount_minor=41_000,
        value_date=LATE.date(),
        reference="B-1",
        noted_by=None,
        now=LATE,
    )
    assert button in the_text(seller, "/owed/")

    for _time in range(2):
        assert seller.post("/owed/ask-back/")["Location"] == "/owed/"

    text = the_text(seller, "/owed/")
    assert "You asked for your credit back on" in text
    assert button not in text
    assert "asks for CNY\u00a010.00 back" in the_text(as_person(finance), "/notices/")
    asked = "The seller asked for its credit back on"
    assert asked in the_text(as_person(finance), "/sellers/accounts/ANNA/")
    assert asked not in the_text(as_person(finance), "/sellers/accounts/BELA/")
