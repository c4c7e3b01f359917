"""Offers of goods in bond between sellers, over the API."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop as _
from ninja import Schema, Status
from pydantic import Field

from core.clock import now
from rest.calling import caller_of
from rest.fields import Body, Day, Whole, one_of
from rest.lists import page
from rest.routes import Routes
from warehouse import services
from warehouse.models import FeePayer, StockTransfer, TransferStep
from warehouse.queries.transfers import TRANSFERS, of_seller, said_of
from warehouse.rules.transferring import (
    HIGHEST_PRICE_MINOR,
    LONGEST_REMARK,
    MOST_UNITS,
    FeeBy,
    Offer,
)

routes = Routes(tags=["sellers"])


class TransferIn(Body):
    """What of one's own goods in bond is offered to whom."""

    lot: str = Field(min_length=1, max_length=20, examples=["LOT-2026-000001"])
    taker: str = Field(
        min_length=1,
        max_length=32,
        description="Code of another admitted seller's company",
        examples=["S0002"],
    )
    units: Annotated[Whole, Field(ge=1, le=MOST_UNITS)] = Field(examples=[24])
    price_minor: Annotated[Whole, Field(ge=0, le=HIGHEST_PRICE_MINOR)] = Field(
        description="CNY fen a unit", examples=[15900]
    )
    valid_until: Day = Field(
        description="The last day; thirty days from today at most", examples=["2026-08-15"]
    )
    fee_by: FeeBy = Field(
        FeeBy.GIVER, description="Who pays the fee of the warehouse", examples=["giver"]
    )
    remark: str = Field(
        "", max_length=LONGEST_REMARK, description="For the account book", examples=[""]
    )
    account_book: str = Field(
        "",
        max_length=12,
        description="Under which the goods are to be; empty for the one they are under",
        examples=[""],
    )


class ConsentOut(Schema):
    """What one side said when; no company where the day was over."""

    step: str = Field(json_schema_extra=one_of(*TransferStep.values), examples=["offered"])
    company: str = Field(examples=["S0001"])
    said_at: datetime = Field(examples=["2026-08-01T03:00:00Z"])


class TransferHead(Schema):
    """An offer of goods in bond that one made or was made."""

    number: str = Field(examples=["TR-2026-000001"])
    state: str = Field(json_schema_extra=one_of(*TransferStep.values), examples=["offered"])
    giver: str = Field(examples=["S0001"])
    taker: str = Field(examples=["S0002"])
    sku: str = Field(examples=["MILK-900"])
    lot: str = Field(examples=["LOT-2026-000001"])
    warehouse: str = Field(examples=["NGB01"])
    expires_on: date | None = Field(examples=["2028-04-01"])
    units: int = Field(examples=[24])
    price_minor: int = Field(description="CNY fen a unit", examples=[15900])
    amount_minor: int = Field(description="CNY fen for all of it", examples=[381600])
    fee_by: str = Field(
        description="Who pays the fee of the warehouse",
        json_schema_extra=one_of(*FeePayer.values),
        examples=["giver"],
    )
    valid_until: date = Field(examples=["2026-08-15"])
    offered_at: datetime = Field(examples=["2026-08-01T03:00:00Z"])


class TransferOut(TransferHead):
    """An offer with what each side said to it."""

    remark: str = Field(examples=[""])
    account_book: str = Field(examples=["T3105W000001"])
    account_book_changes: bool = Field(
        description="False: no declaration is needed, a remark in the book is enough",
        examples=[False],
    )
    consents: list[ConsentOut]


def _head(one: StockTransfer) -> TransferHead:
    return TransferHead(
        number=one.number,
        state=one.state,
        giver=one.giver.code,
        taker=one.taker.code,
        sku=one.product.sku,
        lot=one.lot_number,
        warehouse=one.warehouse.code,
        expires_on=one.expires_on,
        units=one.quantity,
        price_minor=one.price_minor,
        amount_minor=one.amount_minor,
        fee_by=one.fee_by,
        valid_until=one.valid_until,
        offered_at=one.offered_at,
    )


def _own(request: HttpRequest, number: str) -> StockTransfer:
    found: StockTransfer = get_object_or_404(of_seller(caller_of(request).company), number=number)
    return found


def _transfer(one: StockTransfer) -> TransferOut:
    return TransferOut(
        **_head(one).model_dump(),
        remark=one.remark,
        account_book=one.account_book,
        account_book_changes=one.book_changes,
        consents=[
            ConsentOut(step=said.step, company=said.company, said_at=said.at)
            for said in said_of(one)
        ],
    )


@routes.rows(
    "/stock/transfers",
    scope="stock:read",
    listing=TRANSFERS,
    row=TransferHead,
    summary=_("List offers between sellers"),
)
def list_transfers(request: HttpRequest) -> object:
    """What one offered other sellers of one's goods in bond, and was offered."""
    return page(request, TRANSFERS, of_seller(caller_of(request).company), _head)


@routes.show(
    "/stock/transfers/{number}",
    scope="stock:read",
    response=TransferOut,
    summary=_("Show an offer between sellers"),
)
def get_transfer(request: HttpRequest, number: str) -> TransferOut:
    """One offer with what each side said to it when."""
    return _transfer(_own(request, number))


@routes.create(
    "/stock/transfers",
    scope="stock:write",
    response=TransferOut,
    summary=_("Offer goods to another seller"),
)
def create_transfer(request: HttpRequest, transfer: TransferIn) -> Status[TransferOut]:
    """Offer units of a lot where they lie; they are set aside until the offer ends."""
    caller = caller_of(request)
    made = services.offer_stock(
        giver=caller.company,
        taker=transfer.taker,
        lot=transfer.lot,
        offer=Offer(
            units=transfer.units,
            price_minor=transfer.price_minor,
            valid_until=transfer.valid_until,
            remark=transfer.remark.strip(),
            book=transfer.account_book.strip(),
            fee_by=transfer.fee_by,
        ),
        offered_by=caller.user,
        now=now(),
    )
    return Status(201, _transfer(_own(request, made.number)))


def _told(request: HttpRequest, number: str) -> dict[str, Any]:
    return {
        "transfer": _own(request, number),
        "company": caller_of(request).company,
        "now": now(),
    }


@routes.change(
    "/stock/transfers/{number}/accept",
    scope="stock:write",
    current=get_transfer,
    response=TransferOut,
    summary=_("Accept an offer"),
)
def accept_transfer(request: HttpRequest, number: str) -> TransferOut:
    """Take what another seller offers: the units are one's own, and the price is owed."""
    services.accept_offer(**_told(request, number), accepted_by=caller_of(request).user)
    return get_transfer(request, number)


@routes.change(
    "/stock/transfers/{number}/refuse",
    scope="stock:write",
    current=get_transfer,
    response=TransferOut,
    summary=_("Refuse an offer"),
)
def refuse_transfer(request: HttpRequest, number: str) -> TransferOut:
    """Say no to what another seller offers; its units are its own to sell again."""
    services.refuse_offer(**_told(request, number), refused_by=caller_of(request).user)
    return get_transfer(request, number)


@routes.change(
    "/stock/transfers/{number}/withdraw",
    scope="stock:write",
    current=get_transfer,
    response=TransferOut,
    summary=_("Withdraw an offer"),
)
def withdraw_transfer(request: HttpRequest, number: str) -> TransferOut:
    """Take one's own offer back; its units are to be sold again."""
    services.withdraw_offer(**_told(request, number), withdrawn_by=caller_of(request).user)
    return get_transfer(request, number)
