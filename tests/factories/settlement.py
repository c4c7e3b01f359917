"""Invoices, terms and bank accounts. Call inside ``platform_wide()``."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import factory

from accounts.models import Company, Role, User
from catalog.models import TradingPartner
from core.walls import platform_wide
from settlement import services
from settlement.models import AccountState, BankAccount, Payable, SettlementBatch, SettlementPolicy

from .accounts import ImporterFactory, MembershipFactory, PlatformCompanyFactory, UserFactory

#: A Friday noon in Shanghai; the last day of the embedded rates.
NOON = datetime(2026, 10, 30, 4, 0, tzinfo=UTC)
Q3 = (date(2026, 7, 1), date(2026, 9, 30))


class BankAccountFactory(factory.django.DjangoModelFactory[BankAccount]):
    """The importer's euro account at a made-up bank, confirmed by a second person."""

    class Meta:
        model = BankAccount

    company = factory.SubFactory(ImporterFactory)
    currency = "EUR"
    account = "33010100100200300"
    bic = "BKCHCNBJ92A"
    bank_name = "Example Bank, Ningbo"
    number = factory.Sequence(lambda n: f"BA-2026-9{n:05d}")
    state = AccountState.CONFIRMED.value
    entered_by = factory.SubFactory(UserFactory, password=None)
    entered_at = datetime(2026, 1, 5, 4, 0, tzinfo=UTC)
    confirmed_by = factory.SubFactory(UserFactory, password=None)
    confirmed_at = datetime(2026, 1, 5, 5, 0, tzinfo=UTC)

    @classmethod
    def _create(cls, model_class: type[BankAccount], *args: Any, **fields: Any) -> BankAccount:
        with platform_wide():
            made: BankAccount = model_class.objects.create(*args, **fields)
            return made


def paid_to(
    supplier: TradingPartner,
    *,
    currency: str = "EUR",
    account: str = "DE89370400440532013000",
    bic: str = "COBADEFFXXX",
) -> BankAccount:
    """The supplier's confirmed account; the one it has already, where there is one."""
    company = supplier.company
    with platform_wide():
        found = BankAccount.objects.filter(company=company, currency=currency, state="confirmed")
        return found.first() or BankAccountFactory.create(
            company=company, currency=currency, account=account, bic=bic, bank_name="Example Bank"
        )


class SettlementPolicyFactory(factory.django.DjangoModelFactory[SettlementPolicy]):
    """100 CNY a wire, 0.50 %, and 0.30 % from 1,000,000 CNY a conversion on."""

    class Meta:
        model = SettlementPolicy

    debtor = factory.SubFactory(ImporterFactory)
    period = "quarter"
    valid_from = date(2026, 1, 1)
    wire_fee_minor = 10_000
    spread_bp = Decimal("50")
    bulk_spread_bp = Decimal("30")
    bulk_from_minor = 100_000_000


def importer(*currencies: str) -> Company:
    """An importer with Latin address, terms, and an account in each currency (EUR by default)."""
    company = ImporterFactory.create(town="Ningbo", street="Baoshui Road 1")
    SettlementPolicyFactory.create(debtor=company)
    for currency in currencies or ("EUR",):
        BankAccountFactory.create(company=company, currency=currency)
    return company


def finance_person() -> User:
    """A person with the finance role, who cannot sign in: hashing passwords takes its time."""
    membership = MembershipFactory.create(
        user__password=None, company=PlatformCompanyFactory.create(), role=Role.FINANCE
    )
    return membership.user


def book(
    supplier: TradingPartner,
    debtor: Company,
    shares: dict[int, int],
    *,
    number: str = "INV-1",
    currency: str = "EUR",
    invoiced_on: date = date(2026, 8, 3),
    now: datetime = NOON,
) -> Payable:
    """Book an invoice of the sum of its shares, due at the end of October, of a supplier with a
    confirmed account."""
    paid_to(supplier, currency=currency)
    return services.book_invoice(
        supplier=supplier,
        debtor=debtor,
        invoice_number=number,
        order_number="PO-2026-000001",
        currency=currency,
        amount_minor=sum(shares.values()),
        invoiced_on=invoiced_on,
        due_on=date(2026, 10, 31),
        shares=shares,
        now=now,
    )


def approved(
    debtor: Company, maker: User, checker: User, now: datetime = NOON
) -> list[SettlementBatch]:
    """Open the quarter's batches, price them as one person and approve them as another."""
    batches = services.open_batches(
        debtor=debtor, period_start=Q3[0], period_end=Q3[1], created_by=maker, now=now
    )
    for batch in batches:
        services.price_batch(batch=batch, priced_by=maker, now=now)
        services.approve_batch(batch=batch, approved_by=checker, seen=now, now=now)
    return batches
