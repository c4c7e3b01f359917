"""Sellers' accounts: a seller's own, and for finance all of them with what the bank booked."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from ninja import Schema, Status
from pydantic import Field

from accounts.models import Company
from core.clock import now
from procurement import services
from procurement.models import EntryKind
from procurement.queries import charging
from procurement.queries.listings_of_accounts import ACCOUNTS, ENTRIES
from rest.calling import caller_of
from rest.fields import Body, Day, Minor, Whole, one_of
from rest.lists import page
from rest.routes import Routes

routes = Routes(tags=["sellers", "finance"])


class AccountHead(Schema):
    """What a seller owes, in fen of CNY."""

    seller: str = Field(examples=["S0001"])
    name_zh: str = Field(examples=["青禾母婴"])
    name_en: str = Field(examples=["Qinghe Baby"])
    balance_minor: int = Field(
        description="Owed by the seller; below zero its credit", examples=[1_250_000]
    )
    overdue_minor: int = Field(description="What of it should be in the bank by now", examples=[0])
    next_due_on: date | None = Field(examples=["2026-10-15"])


class OpenItemOut(Schema):
    """What of a round is still to be paid by a day."""

    round: str = Field(examples=["2026-Q4"])
    due_on: date = Field(examples=["2026-10-15"])
    amount_minor: Minor = Field(description="Bills less deposit", examples=[1_400_000])
    open_minor: Minor = Field(examples=[1_250_000])


class AccountOut(AccountHead):
    """An account with what is to be paid when."""

    open: list[OpenItemOut]
    asked_back_at: datetime | None = Field(
        description="When its credit was asked back; null again once anything is entered",
        examples=[None],
    )


class AccountEntry(Schema):
    """One entry of a seller's account."""

    number: str = Field(examples=["SA-2026-000012"])
    seller: str = Field(examples=["S0001"])
    kind: str = Field(json_schema_extra=one_of(*EntryKind.values), examples=["bill"])
    round: str | None = Field(examples=["2026-Q4"])
    run: int | None = Field(
        description="Of which run of the round's bills: 1 is that of its closing", examples=[1]
    )
    amount_minor: int = Field(
        description="Above zero owed by the seller, below it the seller's", examples=[1_400_000]
    )
    value_date: date = Field(examples=["2026-10-01"])
    due_on: date | None = Field(examples=["2026-10-15"])
    reference: str = Field(description="The bank's line, or the deposit's number", examples=[""])
    noted_at: datetime = Field(examples=["2026-10-01T02:00:00Z"])
    noted_by: str | None = Field(examples=["finance1@bondpool.example"])


class AccountPaymentIn(Body):
    """A line of the bank, in fen."""

    amount_minor: Annotated[Whole, Field(ge=1, lt=10**12)] = Field(examples=[150_000])
    value_date: Day = Field(examples=["2026-10-08"])
    reference: str = Field(min_length=1, max_length=64, examples=["ICBC20261008000817"])


def _today() -> date:
    return timezone.localdate(now(), timezone.get_default_timezone())


def _head(one: Company, told: charging.Account) -> dict[str, Any]:
    return {
        "seller": one.code,
        "name_zh": one.name_zh,
        "name_en": one.name_en,
        "balance_minor": told.balance_minor,
        "overdue_minor": told.overdue_minor,
        "next_due_on": told.next_due.due_on if told.next_due else None,
    }


def _seller(request: HttpRequest, code: str) -> Company:
    """A seller's own company, for finance any."""
    caller = caller_of(request)
    found = charging.sellers()
    if caller.role == "seller":
        found = found.filter(pk=caller.company.pk)
    return get_object_or_404(found, code=code)


def _account(seller: Company) -> AccountOut:
    told = charging.account(seller, _today())
    return AccountOut(
        **_head(seller, told),
        open=[
            OpenItemOut(
                round=one.round,
                due_on=one.due_on,
                amount_minor=one.amount_minor,
                open_minor=one.open_minor,
            )
            for one in told.open
        ],
        asked_back_at=charging.asked_back_at(seller) if told.credit_minor else None,
    )


@routes.rows(
    "/seller-accounts",
    scope="accounts:read",
    listing=ACCOUNTS,
    row=AccountHead,
    summary=_("List sellers' accounts"),
)
def list_seller_accounts(request: HttpRequest) -> object:
    """A seller's own; for finance everybody's on whose account anything stands."""
    today = _today()

    def with_accounts(rows: list[Any]) -> list[Any]:
        found = charging.accounts_of([one.pk for one in rows], today)
        return [(one, found[one.pk]) for one in rows]

    rows = charging.accounts(today)
    return page(
        request,
        ACCOUNTS,
        rows,
        lambda pair: AccountHead(**_head(*pair)),
        together=with_accounts,
    )


@routes.show(
    "/seller-accounts/{code}",
    scope="accounts:read",
    response=AccountOut,
    summary=_("Show a seller's account"),
)
def get_seller_account(request: HttpRequest, code: str) -> AccountOut:
    """What a seller owes, and what is to be paid when."""
    return _account(_seller(request, code))


@routes.rows(
    "/account-entries",
    scope="accounts:read",
    listing=ENTRIES,
    row=AccountEntry,
    summary=_("List entries of sellers' accounts"),
)
def list_account_entries(request: HttpRequest) -> object:
    """Bills, corrections, deposits set off, payments and refunds; a seller's own."""
    return page(request, ENTRIES, charging.entries(), _entry)


def _entry(one: Any) -> AccountEntry:
    return AccountEntry(
        number=one.number,
        seller=one.seller.code,
        kind=one.kind,
        round=one.round.code if one.round else None,
        run=one.run,
        amount_minor=one.amount_minor,
        value_date=one.value_date,
        due_on=one.due_on,
        reference=one.reference,
        noted_at=one.noted_at,
        noted_by=one.noted_by.email if one.noted_by else None,
    )


@routes.create(
    "/seller-accounts/{code}/payments",
    scope="accounts:write",
    response=AccountOut,
    summary=_("Note a payment of a seller"),
    money=True,
)
def note_account_payment(
    request: HttpRequest, code: str, told: AccountPaymentIn
) -> Status[AccountOut]:
    """Money is in the bank; it counts for what is due first, and beyond that as credit. The same
    line of the bank counts once."""
    seller = _seller(request, code)
    services.record_account_payment(
        seller=seller,
        amount_minor=told.amount_minor,
        value_date=told.value_date,
        reference=told.reference,
        noted_by=caller_of(request).user,
        now=now(),
    )
    return Status(201, _account(seller))


@routes.create(
    "/seller-accounts/{code}/refund-requests",
    scope="accounts:ask",
    response=AccountOut,
    summary=_("Ask for one's credit back"),
)
def ask_for_credit(request: HttpRequest, code: str) -> Status[AccountOut]:
    """Finance is told that the seller wants all of its credit back; asked again, nothing new
    happens until something is entered on the account."""
    seller = _seller(request, code)
    services.ask_back(seller=seller, now=now())
    return Status(201, _account(seller))


@routes.create(
    "/seller-accounts/{code}/refunds",
    scope="accounts:write",
    response=AccountOut,
    summary=_("Note that a seller's credit was paid back"),
    money=True,
)
def note_account_refund(
    request: HttpRequest, code: str, told: AccountPaymentIn
) -> Status[AccountOut]:
    """Money of a seller's credit went back to it."""
    seller = _seller(request, code)
    services.pay_back(
        seller=seller,
        amount_minor=told.amount_minor,
        value_date=told.value_date,
        reference=told.reference,
        noted_by=caller_of(request).user,
        now=now(),
    )
    return Status(201, _account(seller))
