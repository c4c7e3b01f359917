"""Where money goes: one person of finance says it, another stands behind it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.contrib import admin
from django.db import IntegrityError, ProgrammingError, transaction
from django.test import Client, RequestFactory

from accounts.models import Company, Role, User
from core.walls import inside, platform_wide
from notices.models import Notice
from settlement import rules, services
from settlement.models import AccountState, BankAccount, BatchState, PaymentFile, SettlementBatch
from settlement.rules import banking
from settlement.services.paying import NoAccountToPayTo, NoPayingAccount
from tests.factories import settlement as make
from tests.factories.accounts import (
    MembershipFactory,
    PlatformCompanyFactory,
    SellerFactory,
    confirm,
)
from tests.factories.catalog import TradingPartnerFactory

from .conftest import World

NEW = {
    "currency": "EUR",
    "account": "fr76 3000 6000 0112 3456 7890 189",
    "bic": "essafrpp",
    "bank_name": " Banque  d'Essai ",
}


def entered(world: World, **other: str) -> BankAccount:
    """Another account of the supplier, entered by the maker."""
    return services.enter_account(
        company=world.supplier.company, **(NEW | other), entered_by=world.maker, now=make.NOON
    )


def told(account: BankAccount) -> tuple[str, ...]:
    one = BankAccount.objects.get(pk=account.pk)
    return one.state, one.currency, one.account, one.bic, one.bank_name


@pytest.mark.parametrize(
    ("given", "country", "stored"),
    [
        ("DE89 3704 0044 0532 0130 00", "DE", "DE89370400440532013000"),
        ("ｄｅ８９３７０４００４４０５３２０１３０００", "DE", "DE89370400440532013000"),
        ("1234567", "JP", "1234567"),
        ("083-001 123456789", "AU", "083001123456789"),
        # A bank in a country without IBAN may name an account that has one.
        ("FR7630006000011234567890189", "US", "FR7630006000011234567890189"),
    ],
)
def test_an_account_number_is_stored_plain(given: str, country: str, stored: str) -> None:
    assert banking.check_account(given, country=country) == stored


@pytest.mark.parametrize(
    ("given", "country", "refusal"),
    [
        ("DE89370400440532013001", "DE", banking.IbanCheckDigits),
        ("DE98370400440532013000", "DE", banking.IbanCheckDigits),
        ("DE8937040044053201300", "DE", banking.IbanCheckDigits),
        ("0532013000", "DE", banking.IbanWanted),
        ("", "JP", banking.WrongAccount),
        ("123", "JP", banking.WrongAccount),
        ("1" * 35, "JP", banking.WrongAccount),
        ("12345\u202e67", "JP", banking.WrongAccount),
        ("<script>", "JP", banking.WrongAccount),
        ("账号一二三四", "JP", banking.WrongAccount),
    ],
)
def test_a_number_that_cannot_be_an_account_is_refused(
    given: str, country: str, refusal: type[banking.WrongAccount]
) -> None:
    with pytest.raises(refusal) as told:
        banking.check_account(given, country=country)

    assert type(told.value) is refusal


def test_an_iban_of_another_length_is_told_so() -> None:
    body = "37040044053201300"
    digits = next(d for d in range(2, 99) if _fits(f"DE{d:02d}{body}"))

    with pytest.raises(banking.IbanLength):
        banking.check_account(f"DE{digits:02d}{body}", country="DE")


def _fits(number: str) -> bool:
    plain = "".join(str(int(sign, 36)) for sign in number[4:] + number[:4])
    return int(plain) % 97 == 1


@pytest.mark.parametrize("given", ["", "COBADEF", "COBADEFFXX", "C0BADEFF", "COBAZZFF", "<b>"])
def test_what_is_no_bic_is_refused(given: str) -> None:
    with pytest.raises(banking.WrongBic):
        banking.check_bic(given)


def test_where_an_account_is_kept() -> None:
    assert banking.country_of(account="FR7630006000011234567890189", bic="COBADEFF") == "FR"
    assert banking.country_of(account="1234567", bic="BOTKJPJT") == "JP"
    assert banking.two_letters("DEU") == "DE"


def test_a_second_person_puts_an_account_in_force_and_the_old_one_out(world: World) -> None:
    old = make.paid_to(world.supplier)
    later = make.NOON + timedelta(hours=1)

    new = entered(world)
    assert told(old)[0] == AccountState.CONFIRMED, "until somebody stands behind the new one"
    services.confirm_account(account=new, confirmed_by=world.checker, now=later)

    assert told(new) == (
        "confirmed",
        "EUR",
        "FR7630006000011234567890189",
        "ESSAFRPP",
        "Banque d'Essai",
    )
    new.refresh_from_db()
    assert (new.number, new.entered_by, new.entered_at) == (
        "BA-2026-000001",
        world.maker,
        make.NOON,
    )
    assert (new.confirmed_by, new.confirmed_at) == (world.checker, later)
    old.refresh_from_db()
    assert (old.state, old.closed_by, old.closed_at) == ("closed", world.checker, later)
    assert old.account == "DE89370400440532013000", "what was paid to stays known"
    codes = Notice.objects.filter(event__startswith="account.").values_list("event", flat=True)
    assert sorted(codes) == ["account.confirmed", "account.entered"]


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"account": "FR7630006000011234567890188"}, banking.IbanCheckDigits),
        ({"account": "11234567890"}, banking.IbanWanted),
        ({"bic": "ESSAFR"}, banking.WrongBic),
        ({"currency": "EURO"}, banking.WrongCurrency),
        ({"bank_name": " \u202e "}, banking.WrongBankName),
        ({"bank_name": "x" * 10_000}, banking.WrongBankName),
    ],
)
def test_a_wrong_account_is_not_entered(
    world: World, wrong: dict[str, str], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        entered(world, **wrong)

    assert not BankAccount.objects.filter(company=world.supplier.company).exists()
    assert not Notice.objects.filter(event__startswith="account.").exists()


def test_only_finance_enters_and_only_for_who_pays_or_is_paid(world: World) -> None:
    seller = MembershipFactory.create(role=Role.SELLER, user__password=None)

    with pytest.raises(rules.FinanceOnly):
        services.enter_account(
            company=world.supplier.company, **NEW, entered_by=seller.user, now=make.NOON
        )
    with pytest.raises(rules.NoBankAccounts):
        services.enter_account(company=seller.company, **NEW, entered_by=world.maker, now=make.NOON)

    assert not BankAccount.objects.filter(bic="ESSAFRPP").exists()


def test_one_account_at_a_time_waits_and_the_same_is_not_entered_again(world: World) -> None:
    waiting = entered(world)

    with pytest.raises(rules.AccountWaits):
        entered(world, account="DE89370400440532013000", bic="COBADEFF")
    services.confirm_account(account=waiting, confirmed_by=world.checker, now=make.NOON)
    with pytest.raises(rules.SameAccount):
        entered(world)

    assert BankAccount.objects.filter(company=world.supplier.company).count() == 1


def test_who_entered_an_account_does_not_confirm_it(world: World) -> None:
    account = entered(world)

    with pytest.raises(rules.AccountNeedsSecondPerson):
        services.confirm_account(account=account, confirmed_by=world.maker, now=make.NOON)

    assert told(account)[0] == AccountState.ENTERED
    with pytest.raises(IntegrityError, match="four_eyes"), transaction.atomic():
        BankAccount.objects.filter(pk=account.pk).update(
            state="confirmed", confirmed_by=world.maker, confirmed_at=make.NOON
        )


def test_an_account_is_confirmed_and_closed_once_and_by_finance(world: World) -> None:
    account = entered(world)
    operator = MembershipFactory.create(
        company=PlatformCompanyFactory.create(), role=Role.OPERATOR, user__password=None
    ).user
    with pytest.raises(rules.FinanceOnly):
        services.confirm_account(account=account, confirmed_by=operator, now=make.NOON)
    with pytest.raises(rules.FinanceOnly):
        services.close_account(account=account, closed_by=operator, now=make.NOON)
    assert told(account)[0] == AccountState.ENTERED
    services.close_account(account=account, closed_by=world.maker, now=make.NOON)

    with pytest.raises(rules.AccountNotWaiting):
        services.confirm_account(account=account, confirmed_by=world.checker, now=make.NOON)
    with pytest.raises(rules.AccountClosed):
        services.close_account(account=account, closed_by=world.checker, now=make.NOON)

    account.refresh_from_db()
    assert (account.state, account.closed_by, account.confirmed_by) == (
        "closed",
        world.maker,
        None,
    )


@pytest.mark.parametrize("field", ["account", "bic", "currency", "entered_by_id"])
def test_what_was_entered_never_changes(world: World, field: str) -> None:
    account = entered(world)

    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        BankAccount.objects.filter(pk=account.pk).update(**{field: getattr(account, field)})
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        BankAccount.objects.filter(pk=account.pk).delete()

    assert told(account)[0] == AccountState.ENTERED


def test_nothing_is_paid_to_an_account_that_nobody_confirmed(world: World) -> None:
    shares = {world.first.pk: 6_000_000}
    make.book(world.supplier, world.importer, shares, number="A")
    batches = make.approved(world.importer, world.maker, world.checker)
    services.close_account(
        account=make.paid_to(world.supplier), closed_by=world.maker, now=make.NOON
    )
    waiting = entered(world)

    with pytest.raises(NoAccountToPayTo):
        services.export_batches(batches=batches, made_by=world.maker, now=make.NOON)
    assert not PaymentFile.objects.exists()
    assert SettlementBatch.objects.get().state == BatchState.APPROVED

    services.confirm_account(account=waiting, confirmed_by=world.checker, now=make.NOON)
    file = services.export_batches(batches=batches, made_by=world.maker, now=make.NOON)
    assert b"<IBAN>FR7630006000011234567890189</IBAN>" in bytes(file.content)


def test_nothing_is_paid_from_an_account_that_nobody_confirmed(world: World) -> None:
    make.book(world.supplier, world.importer, {world.first.pk: 6_000_000}, number="A")
    batches = make.approved(world.importer, world.maker, world.checker)
    paying = BankAccount.objects.get(company=world.importer, currency="EUR")
    services.close_account(account=paying, closed_by=world.maker, now=make.NOON)

    with pytest.raises(NoPayingAccount):
        services.export_batches(batches=batches, made_by=world.maker, now=make.NOON)

    assert not PaymentFile.objects.exists()


def test_who_entered_the_payees_account_stays_away_from_approving_for_a_day(world: World) -> None:
    make.book(world.supplier, world.importer, {world.first.pk: 6_000_000}, number="A")
    account = services.enter_account(
        company=world.supplier.company, **NEW, entered_by=world.checker, now=make.NOON
    )
    services.confirm_account(account=account, confirmed_by=world.maker, now=make.NOON)

    with pytest.raises(rules.AccountEnteredLately):
        make.approved(
            world.importer, world.maker, world.checker, now=make.NOON + timedelta(hours=23)
        )
    batch = SettlementBatch.objects.get()
    assert (batch.state, batch.approved_by) == (BatchState.PRICED, None)

    tomorrow = make.NOON + timedelta(hours=24)
    services.approve_batch(batch=batch, approved_by=world.checker, seen=tomorrow, now=tomorrow)
    assert SettlementBatch.objects.get().state == BatchState.APPROVED


def test_a_company_sees_no_account_of_another(world: World) -> None:
    account = entered(world)

    with inside(world.first.pk):
        assert not BankAccount._base_manager.filter(pk=account.pk).exists()


def test_djangos_admin_shows_accounts_and_writes_none(world: World) -> None:
    shown = admin.site.get_model_admin(BankAccount)
    request = RequestFactory().get("/")
    request.user = User(is_superuser=True, is_staff=True, is_active=True)

    assert not shown.has_add_permission(request)
    assert not shown.has_change_permission(request)
    assert not shown.has_delete_permission(request)


# The pages


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
