"""Rounds, what they offer, and what a seller got of one."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop as _
from ninja import Schema
from pydantic import Field

from catalog.queries import PRODUCTS
from catalog.showing import ProductOut, product_out
from procurement.models import OrderState, PoolRound, RoundState, ShortageRule
from procurement.queries import offers, orders, statements
from procurement.queries.listings import ROUNDS
from rest.calling import caller_of
from rest.fields import one_of
from rest.lists import page
from rest.routes import Routes

#: Beside it stands, in the bill and the statement, what going alone would cost in all.
GOODS_ALONE = "The same goods by themselves at the same supplier, without freight and fees"

routes = Routes(tags=["sellers"])


class RoundOut(Schema):
    """A round of pooled purchasing."""

    code: str = Field(
        description="The quarter, and the category where the round has one",
        examples=["2026-Q4"],
    )
    quarter: str = Field(examples=["2026-Q4"])
    category: str = Field(description="Empty: all categories", examples=[""])
    state: str = Field(json_schema_extra=one_of(*RoundState.values), examples=["open"])
    opens_at: datetime = Field(examples=["2026-08-01T00:00:00Z"])
    cutoff_at: datetime = Field(examples=["2026-09-20T16:00:00Z"])
    fill_until: datetime | None = Field(
        description="After the cut-off only changes that improve the fill of packs are taken",
        examples=["2026-09-23T16:00:00Z"],
    )
    deposit_due_at: datetime | None = Field(examples=["2026-09-25T16:00:00Z"])
    shortage_rule: str = Field(
        json_schema_extra=one_of(*ShortageRule.values), examples=["uniform_floor"]
    )
    is_credit_applied: bool = Field(
        description="Whether a seller's record discounts what is ordered", examples=[False]
    )
    deposit_percent: int = Field(examples=[0])
    tolerance_limit_percent: int = Field(
        description="The most that `less` and `more` may be, of the quantity", examples=[100]
    )
    budget_minor: int | None = Field(description="CNY; empty: no limit", examples=[None])
    payment_days: int = Field(
        description="A bill of the round is paid within so many days", examples=[14]
    )
    closed_at: datetime | None = Field(examples=[None])


class ShareLine(Schema):
    """A seller's part of one order line, in the order's currency."""

    sku: str = Field(examples=["MILK-900"])
    order_number: str = Field(examples=["PO-2026-000001"])
    order_state: str = Field(json_schema_extra=one_of(*OrderState.values), examples=["placed"])
    quantity: int = Field(description="Units ordered", examples=[240])
    currency: str = Field(examples=["EUR"])
    amount_minor: int = Field(description="What those that stand cost", examples=[240000])
    alone_minor: int = Field(description=GOODS_ALONE, examples=[265000])
    wished: int | None = Field(
        description="By the whole forecast line; other orders may meet a part", examples=[60]
    )
    stands: int = Field(
        description="Units, after changes, cancellations and the count at the gate", examples=[60]
    )
    saved_minor: int = Field(description="On the goods", examples=[25000])


class ShareTotal(Schema):
    """Sums of goods in one currency."""

    currency: str = Field(examples=["EUR"])
    amount_minor: int = Field(examples=[240000])
    alone_minor: int = Field(description=GOODS_ALONE, examples=[265000])
    saved_minor: int = Field(examples=[25000])
    saved_percent: Decimal = Field(examples=["9.4"])


class BillRunOut(Schema):
    """One working out of the round's bills; the newest counts, the earlier stay readable."""

    number: int = Field(examples=[2])
    made_at: datetime = Field(examples=["2026-07-18T02:15:00Z"])
    causes: list[dict[str, str]] = Field(
        description="What had changed in the seller's orders",
        examples=[[{"what": "accepted", "order": "PO-2026-000001", "document": "AB-12"}]],
    )
    units: int = Field(description="Units that stand", examples=[54])
    paid_minor: int = Field(description="What is paid, CNY fen", examples=[397000])


class ShareOut(Schema):
    """What pooling came to for the seller; empty while the round is open."""

    round: str = Field(examples=["2026-Q3"])
    quarter: str = Field(examples=["2026-Q3"])
    lines: list[ShareLine]
    totals: list[ShareTotal]
    runs: list[BillRunOut] = Field(description="Newest first; empty while nothing is billed")
    is_waiting: bool = Field(
        description="Something has changed that is not billed yet", examples=[False]
    )


def find_round(code: str) -> PoolRound:
    return get_object_or_404(PoolRound, code=code)


def round_out(held: PoolRound) -> RoundOut:
    return RoundOut(
        code=held.code,
        quarter=held.quarter,
        category=held.category,
        state=held.state,
        opens_at=held.opens_at,
        cutoff_at=held.cutoff_at,
        fill_until=held.fill_until,
        deposit_due_at=held.deposit_due_at,
        shortage_rule=held.shortage_rule,
        is_credit_applied=held.is_credit_applied,
        deposit_percent=held.deposit_percent,
        tolerance_limit_percent=held.tolerance_limit_percent,
        budget_minor=held.budget_minor,
        payment_days=held.payment_days,
        closed_at=held.closed_at,
    )


@routes.rows(
    "/rounds", scope="forecasts:read", listing=ROUNDS, row=RoundOut, summary=_("List rounds")
)
def list_rounds(request: HttpRequest) -> object:
    """Every round, open and closed."""
    return page(request, ROUNDS, PoolRound.objects.all(), round_out)


@routes.show("/rounds/{code}", scope="forecasts:read", response=RoundOut, summary=_("Show a round"))
def get_round(request: HttpRequest, code: str) -> RoundOut:
    """One round: when it takes forecasts."""
    return round_out(find_round(code))


@routes.rows(
    "/rounds/{code}/products",
    scope="forecasts:read",
    listing=PRODUCTS,
    row=ProductOut,
    summary=_("List what a round offers"),
)
def list_round_products(request: HttpRequest, code: str) -> object:
    """Products that may be forecast in this round."""
    return page(request, PRODUCTS, offers.forecastable(find_round(code)), product_out)


@routes.show(
    "/rounds/{code}/share",
    scope="forecasts:read",
    response=ShareOut,
    summary=_("Show one's share of a round"),
)
def get_share(request: HttpRequest, code: str) -> ShareOut:
    """What the pooled order gives, and what its goods cost. What one pays in all, and what going
    alone would have cost with freight and fees, stands in `GET …/statement`."""
    held = find_round(code)
    mine = orders.my_shares(held, caller_of(request).company)
    return ShareOut(
        round=code,
        quarter=held.quarter,
        lines=[
            ShareLine(
                sku=one.product.sku,
                order_number=one.order_number,
                order_state=one.order_state,
                quantity=one.quantity,
                currency=one.currency,
                amount_minor=one.amount_minor,
                alone_minor=one.alone_minor,
                wished=one.wished,
                stands=one.stands,
                saved_minor=one.saved_minor,
            )
            for one in mine
        ],
        totals=[
            ShareTotal(
                currency=one.currency,
                amount_minor=one.amount_minor,
                alone_minor=one.alone_minor,
                saved_minor=one.saved_minor,
                saved_percent=one.saved_percent,
            )
            for one in orders.totals(mine)
        ],
        runs=[
            BillRunOut(
                number=one.number,
                made_at=one.made_at,
                causes=one.causes,
                units=one.units,
                paid_minor=one.paid_minor,
            )
            for one in statements.runs_of(held, caller_of(request).company)
        ],
        is_waiting=statements.is_waiting(held),
    )
