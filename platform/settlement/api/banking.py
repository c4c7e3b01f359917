"""Bank accounts for finance: entered by one person, confirmed by another."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop as _
from ninja import Schema, Status
from pydantic import Field

from accounts.models import Company
from core.clock import now
from rest.calling import caller_of
from rest.fields import Body, one_of
from rest.lists import page
from rest.routes import Routes
from settlement import services
from settlement.bank_accounts import bank_accounts
from settlement.listings import BANK_ACCOUNTS
from settlement.models import AccountState, BankAccount

routes = Routes(tags=["finance"])


class BankAccountOut(Schema):
    """Where a company's money is in one currency; payments use confirmed ones."""

    number: str = Field(examples=["BA-2026-000001"])
    company: str = Field(examples=["SUP01"])
    currency: str = Field(examples=["EUR"])
    account: str = Field(description="IBAN or national number", examples=["DE89370400440532013000"])
    bic: str = Field(examples=["COBADEFFXXX"])
    bank_name: str = Field(examples=["Example Bank"])
    state: str = Field(
        description="entered, confirmed or closed",
        json_schema_extra=one_of(*AccountState.values),
        examples=["entered"],
    )
    entered_by: str = Field(examples=["finance1@bondpool.example"])
    entered_at: datetime = Field(examples=["2026-10-30T04:00:00Z"])
    confirmed_by: str | None = Field(examples=[None])
    confirmed_at: datetime | None = Field(examples=[None])
    closed_by: str | None = Field(examples=[None])
    closed_at: datetime | None = Field(examples=[None])


class BankAccountIn(Body):
    """An account is never changed: another one takes its place when it is confirmed."""

    company: str = Field(min_length=1, max_length=32, examples=["SUP01"])
    currency: str = Field(min_length=3, max_length=3, examples=["EUR"])
    account: str = Field(min_length=1, max_length=60, examples=["DE89370400440532013000"])
    bic: str = Field(min_length=1, max_length=20, examples=["COBADEFFXXX"])
    bank_name: str = Field(min_length=1, max_length=140, examples=["Example Bank"])


def _account(one: BankAccount) -> BankAccountOut:
    return BankAccountOut(
        number=one.number,
        company=one.company.code,
        currency=one.currency,
        account=one.account,
        bic=one.bic,
        bank_name=one.bank_name,
        state=one.state,
        entered_by=one.entered_by.email,
        entered_at=one.entered_at,
        confirmed_by=one.confirmed_by.email if one.confirmed_by else None,
        confirmed_at=one.confirmed_at,
        closed_by=one.closed_by.email if one.closed_by else None,
        closed_at=one.closed_at,
    )


@routes.rows(
    "/bank-accounts",
    scope="settlement:read",
    listing=BANK_ACCOUNTS,
    row=BankAccountOut,
    summary=_("List bank accounts"),
)
def list_bank_accounts(request: HttpRequest) -> object:
    """Every account that was ever entered; closed ones too."""
    return page(request, BANK_ACCOUNTS, bank_accounts(), _account)


@routes.show(
    "/bank-accounts/{number}",
    scope="settlement:read",
    response=BankAccountOut,
    summary=_("Show a bank account"),
)
def get_bank_account(request: HttpRequest, number: str) -> BankAccountOut:
    """One account."""
    return _account(get_object_or_404(bank_accounts(), number=number))


@routes.create(
    "/bank-accounts",
    scope="settlement:write",
    response=BankAccountOut,
    summary=_("Enter a bank account"),
    is_confirmed=True,
    money=True,
)
def enter_bank_account(request: HttpRequest, told: BankAccountIn) -> Status[BankAccountOut]:
    """Nothing is paid from or to it before a second person confirms it."""
    entered = services.enter_account(
        company=get_object_or_404(Company, code=told.company),
        **told.model_dump(exclude={"company"}),
        entered_by=caller_of(request).user,
        now=now(),
    )
    return Status(201, get_bank_account(request, entered.number))


@routes.change(
    "/bank-accounts/{number}/confirm",
    scope="settlement:approve",
    current=get_bank_account,
    response=BankAccountOut,
    summary=_("Confirm a bank account"),
    is_confirmed=True,
)
def confirm_bank_account(request: HttpRequest, number: str) -> BankAccountOut:
    """Put it in force, as a second person; the account before it is closed."""
    services.confirm_account(
        account=get_object_or_404(BankAccount, number=number),
        confirmed_by=caller_of(request).user,
        now=now(),
    )
    return get_bank_account(request, number)


@routes.change(
    "/bank-accounts/{number}/close",
    scope="settlement:write",
    current=get_bank_account,
    response=BankAccountOut,
    summary=_("Close a bank account"),
    is_confirmed=True,
)
def close_bank_account(request: HttpRequest, number: str) -> BankAccountOut:
    """Nothing is paid from or to it from now on; one that waits is taken back."""
    services.close_account(
        account=get_object_or_404(BankAccount, number=number),
        closed_by=caller_of(request).user,
        now=now(),
    )
    return get_bank_account(request, number)
