"""Deposits: a seller's own, and for finance all of them with what the bank booked."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop as _
from ninja import Schema, Status
from pydantic import Field

from core.clock import now
from procurement import services
from procurement.models import Deposit, DepositEvent, DepositStep
from procurement.queries import deposits
from procurement.queries.listings_of_credit import DEPOSITS
from rest.calling import caller_of
from rest.fields import Body, Day, Minor, Whole, one_of
from rest.lists import page
from rest.routes import Routes

routes = Routes(tags=["sellers", "finance"])


class DepositHead(Schema):
    """What is paid before a round is ordered; fen of CNY."""

    number: str = Field(description="To be written on the transfer", examples=["DEP-2026-000012"])
    round: str = Field(examples=["2026-Q4"])
    seller: str = Field(examples=["S0001"])
    holder: str = Field(examples=["BONDPOOL"])
    band: str = Field(examples=["A"])
    base_percent: int = Field(description="What the round asks", examples=[30])
    percent: int = Field(description="The same in this band", examples=[15])
    basis_minor: Minor = Field(description="Expected landed cost", examples=[1_000_000])
    amount_minor: Minor = Field(examples=[150_000])
    paid_minor: Minor = Field(examples=[150_000])
    open_minor: Minor = Field(examples=[0])
    held_minor: Minor = Field(description="Still with the platform", examples=[150_000])
    due_at: datetime = Field(examples=["2026-09-25T16:00:00Z"])
    made_at: datetime = Field(examples=["2026-09-21T02:00:00Z"])


class DepositEventOut(Schema):
    """One step of a deposit."""

    step: str = Field(json_schema_extra=one_of(*DepositStep.values), examples=["paid"])
    amount_minor: Minor = Field(examples=[150_000])
    value_date: date = Field(examples=["2026-09-23"])
    reference: str = Field(examples=["ICBC20260923000817"])
    noted_by: str | None = Field(examples=["finance1@bondpool.example"])


class DepositOut(DepositHead):
    """A deposit with what became of it."""

    is_out: bool = Field(
        description="It was not paid in time: the share is not ordered", examples=[False]
    )
    events: list[DepositEventOut]


class PaymentIn(Body):
    """A line of the bank, in fen."""

    amount_minor: Annotated[Whole, Field(ge=1, le=10**12)] = Field(examples=[150_000])
    value_date: Day = Field(examples=["2026-09-23"])
    reference: str = Field(min_length=1, max_length=64, examples=["ICBC20260923000817"])


def _head(one: Any) -> dict[str, Any]:
    figures = (
        *("number", "band", "base_percent", "percent", "basis_minor", "amount_minor"),
        *("paid_minor", "open_minor", "held_minor", "due_at", "made_at"),
    )
    told = {name: getattr(one, name) for name in figures}
    return {
        **told,
        "round": one.round.code,
        "seller": one.seller.code,
        "holder": one.holder.code,
    }


def _event(one: DepositEvent) -> DepositEventOut:
    return DepositEventOut(
        step=one.step,
        amount_minor=one.amount_minor,
        value_date=one.value_date,
        reference=one.reference,
        noted_by=one.noted_by.email if one.noted_by else None,
    )


def _deposit(number: str) -> DepositOut:
    found = get_object_or_404(deposits.deposits().select_related("holder"), number=number)
    return DepositOut(
        **_head(found),
        is_out=deposits.is_out(found, now()),
        events=[_event(one) for one in deposits.events(found)],
    )


@routes.rows(
    "/deposits",
    scope="deposits:read",
    listing=DEPOSITS,
    row=DepositHead,
    summary=_("List deposits"),
)
def list_deposits(request: HttpRequest) -> object:
    """A seller's own; for finance everybody's."""
    rows = deposits.deposits().select_related("holder")
    return page(request, DEPOSITS, rows, lambda one: DepositHead(**_head(one)))


@routes.show(
    "/deposits/{number}",
    scope="deposits:read",
    response=DepositOut,
    summary=_("Show a deposit"),
)
def get_deposit(request: HttpRequest, number: str) -> DepositOut:
    """One deposit: how it was worked out and what became of it."""
    return _deposit(number)


@routes.create(
    "/deposits/{number}/payments",
    scope="deposits:write",
    response=DepositOut,
    summary=_("Note a payment of a deposit"),
    money=True,
)
def note_payment(request: HttpRequest, number: str, told: PaymentIn) -> Status[DepositOut]:
    """Money is in the bank. The same line of the bank counts once."""
    services.record_payment(
        deposit=get_object_or_404(Deposit, number=number),
        amount_minor=told.amount_minor,
        value_date=told.value_date,
        reference=told.reference,
        noted_by=caller_of(request).user,
        now=now(),
    )
    return Status(201, _deposit(number))


@routes.create(
    "/deposits/{number}/refunds",
    scope="deposits:write",
    response=DepositOut,
    summary=_("Note a refund of a deposit"),
    money=True,
)
def note_refund(request: HttpRequest, number: str, told: PaymentIn) -> Status[DepositOut]:
    """Money went back to the seller."""
    services.refund(
        deposit=get_object_or_404(Deposit, number=number),
        amount_minor=told.amount_minor,
        value_date=told.value_date,
        reference=told.reference,
        noted_by=caller_of(request).user,
        now=now(),
    )
    return Status(201, _deposit(number))
