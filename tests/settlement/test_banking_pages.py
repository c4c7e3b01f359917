"""The pages on which bank accounts are entered, confirmed and closed, and shown to who approves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from django.test import Client

from accounts.models import Company, User
from core.walls import platform_wide
from settlement import services
from settlement.models import AccountState, BankAccount
from tests.factories import settlement as make
from tests.factories.accounts import SellerFactory, confirm
from tests.factories.catalog import TradingPartnerFactory

from .conftest import World
from .entering import NEW

pytestmark = pytest.mark.usefixtures("contexts")


@pytest.fixture
def noon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = tmp_path / "clock"
    clock.write_text(datetime.isoformat(make.NOON))
    monkeypatch.setenv("BONDPOOL_CLOCK_FILE", str(clock))


@pytest.fixture
def as_user(noon: None) -> Callable[[User], Client]:
    def sign_in(user: User) -> Client:
        client = Client(headers={"accept-language": "en", "accept": "text/html"})
        client.force_login(user)
        return confirm(client)

    return sign_in


@pytest.fixture
def supplier(db: None) -> Company:
    with platform_wide():
        return TradingPartnerFactory.create(company__code="SUP-1").company


@pytest.fixture
def people(db: None) -> tuple[User, User]:
    with platform_wide():
        return make.finance_person(), make.finance_person()


def _only() -> BankAccount:
    with platform_wide():
        found: BankAccount = BankAccount.objects.get()
        return found


def _none() -> bool:
    with platform_wide():
        return not BankAccount.objects.exists()


def test_finance_enters_confirms_replaces_and_closes_on_pages(
    as_user: Callable[[User], Client], supplier: Company, people: tuple[User, User]
) -> None:
    maker, checker = (as_user(one) for one in people)

    sent = maker.post("/settlement/accounts/new/", {**NEW, "company": supplier.pk})
    address = f"/settlement/accounts/{_only().number}/"
    assert sent.headers["Location"] == address
    mine = maker.get(address).content.decode()
    assert "you cannot confirm it" in mine
    assert f"{address}confirm/" not in mine
    theirs = checker.get(address).content.decode()
    assert "FR7630006000011234567890189" in theirs
    assert "not the country of the company" in theirs, "the supplier is in Germany"
    assert "1 bank account waits for your eyes" in checker.get("/").content.decode()
    assert "waits for your eyes" not in maker.get("/").content.decode()

    assert maker.post(f"{address}confirm/").status_code == 409
    assert _only().state == AccountState.ENTERED
    assert checker.post(f"{address}confirm/").headers["Location"] == address
    assert _only().state == AccountState.CONFIRMED

    page = maker.get(address).content.decode()
    assert f"/settlement/accounts/new/?replaces={_only().number}" in page
    assert 'id="history"' in page
    form = maker.get(f"/settlement/accounts/new/?replaces={_only().number}").content.decode()
    assert f'<option value="{supplier.pk}" selected>' in form
    assert maker.post(f"{address}close/").headers["Location"] == address
    assert _only().state == AccountState.CLOSED
    listed = maker.get("/settlement/accounts/?state=closed&q=SUP-1").content.decode()
    assert address in listed


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"account": "FR7630006000011234567890188"}, "account", "check digits of the IBAN"),
        ({"account": "0112345678"}, "account", "have an IBAN"),
        ({"bic": "ESSAFR"}, "bic", "8 or 11 places"),
        ({"bank_name": ""}, "bank_name", "required"),
        ({"bank_name": "x" * 10_000}, "bank_name", "at most 140"),
        ({"company": "9999999"}, "company", "valid choice"),
        ({"currency": "ABC"}, "currency", "valid choice"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(
    as_user: Callable[[User], Client],
    supplier: Company,
    people: tuple[User, User],
    wrong: dict[str, str],
    field: str,
    words: str,
) -> None:
    told = {**NEW, "company": str(supplier.pk)} | wrong

    answer = as_user(people[0]).post("/settlement/accounts/new/", told)

    assert answer.status_code == 422
    assert words in str(answer.context["form"].errors[field])
    if len(told["bank_name"]) < 200:
        assert answer.context["form"]["account"].value() == told["account"]
    assert _none()


def test_a_second_account_that_would_wait_is_refused_beside_its_company(
    as_user: Callable[[User], Client], supplier: Company, people: tuple[User, User]
) -> None:
    client = as_user(people[0])
    client.post("/settlement/accounts/new/", {**NEW, "company": supplier.pk})

    answer = client.post("/settlement/accounts/new/", {**NEW, "company": supplier.pk})

    assert answer.status_code == 422
    assert "waits for its second person" in str(answer.context["form"].errors["company"])
    assert _only().state == AccountState.ENTERED


def test_entering_needs_a_factor_shown_just_now(
    as_user: Callable[[User], Client], supplier: Company, people: tuple[User, User]
) -> None:
    client = as_user(people[0])
    confirm(client, seconds_ago=700)

    for path in ("new/", "BA-2026-000001/confirm/", "BA-2026-000001/close/"):
        answer = client.post(f"/settlement/accounts/{path}", {**NEW, "company": supplier.pk})
        assert "/account/confirm/" in answer.headers["Location"]
    assert _none()


def test_a_company_that_neither_pays_nor_is_paid_is_not_offered(
    as_user: Callable[[User], Client], people: tuple[User, User]
) -> None:
    seller = SellerFactory.create()

    answer = as_user(people[0]).post("/settlement/accounts/new/", {**NEW, "company": seller.pk})

    assert answer.status_code == 422
    assert "company" in answer.context["form"].errors
    assert _none()


def test_who_approves_sees_where_the_money_goes(
    noon: None, as_user: Callable[[User], Client], world: World
) -> None:
    make.book(world.supplier, world.importer, {world.first.pk: 6_000_000}, number="A")
    account = make.paid_to(world.supplier)
    (batch,) = services.open_batches(
        debtor=world.importer,
        period_start=make.Q3[0],
        period_end=make.Q3[1],
        created_by=world.maker,
        now=make.NOON,
    )
    client = as_user(world.checker)

    assert account.account in client.get(f"/settlement/batches/{batch.number}/").text
    services.close_account(account=account, closed_by=world.maker, now=make.NOON)

    page = client.get(f"/settlement/batches/{batch.number}/").text
    assert account.account not in page
    assert "The supplier has no confirmed bank account" in page
