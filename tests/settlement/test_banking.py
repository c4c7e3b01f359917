"""Where money goes: one person of finance says it, another stands behind it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib import admin
from django.db import IntegrityError, ProgrammingError, transaction
from django.test import RequestFactory

from accounts.models import Role, User
from core.walls import inside
from notices.models import Notice
from settlement import rules, services
from settlement.models import AccountState, BankAccount, BatchState, PaymentFile, SettlementBatch
from settlement.rules import banking
from settlement.services.paying import NoAccountToPayTo, NoPayingAccount
from tests.factories import settlement as make
from tests.factories.accounts import MembershipFactory, PlatformCompanyFactory

from .conftest import World
from .entering import NEW, entered, told


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


def _replaced(world: World, *, entered_by: User, confirmed_by: User, minutes: int) -> None:
    at = make.NOON + timedelta(minutes=minutes)
    account = services.enter_account(
        company=world.supplier.company, **NEW, entered_by=entered_by, now=at
    )
    services.confirm_account(account=account, confirmed_by=confirmed_by, now=at)


def test_a_batch_is_priced_again_when_the_payees_account_was_replaced(world: World) -> None:
    make.book(world.supplier, world.importer, {world.first.pk: 6_000_000}, number="A")
    third, fourth = make.finance_person(), make.finance_person()
    (batch,) = services.open_batches(
        debtor=world.importer,
        period_start=make.Q3[0],
        period_end=make.Q3[1],
        created_by=world.maker,
        now=make.NOON,
    )
    services.price_batch(batch=batch, priced_by=world.maker, now=make.NOON)
    _replaced(world, entered_by=third, confirmed_by=fourth, minutes=5)
    later = make.NOON + timedelta(minutes=10)

    with pytest.raises(rules.AccountReplacedSincePrice):
        services.approve_batch(batch=batch, approved_by=world.checker, seen=later, now=later)
    assert SettlementBatch.objects.get().state == BatchState.PRICED

    services.price_batch(batch=batch, priced_by=world.maker, now=later)
    services.approve_batch(batch=batch, approved_by=world.checker, seen=later, now=later)
    assert SettlementBatch.objects.get().state == BatchState.APPROVED


@pytest.mark.parametrize("hand", ["entered", "confirmed"])
def test_who_replaced_the_account_after_the_approval_makes_no_payment_with_it(
    world: World, hand: str
) -> None:
    make.book(world.supplier, world.importer, {world.first.pk: 6_000_000}, number="A")
    batches = make.approved(world.importer, world.maker, world.checker)
    other = make.finance_person()
    hands = (world.maker, other) if hand == "entered" else (other, world.maker)
    _replaced(world, entered_by=hands[0], confirmed_by=hands[1], minutes=5)
    later = make.NOON + timedelta(minutes=10)

    with pytest.raises(rules.AccountReplacedSinceApproval):
        services.export_batches(batches=batches, made_by=world.maker, now=later)
    assert not PaymentFile.objects.exists()
    assert SettlementBatch.objects.get().state == BatchState.APPROVED

    file = services.export_batches(batches=batches, made_by=world.checker, now=later)
    assert b"<IBAN>FR7630006000011234567890189</IBAN>" in bytes(file.content)
