"""A seller's stock over the API: what is there, what moved it, what arrived."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Schema
from pydantic import Field

from core.clock import now
from rest.calling import caller_of
from rest.fields import one_of
from rest.lists import page
from rest.routes import Routes
from warehouse.days import day_of
from warehouse.models import MovementKind, ReceiptShare, StockMovement, StockStatus
from warehouse.queries import stock
from warehouse.queries.listings import ARRIVALS, MOVEMENTS, stock_on
from warehouse.queries.pictures import with_pictures
from warehouse.queries.shelf_life import with_least_days
from warehouse.rules.shelf_life import last_sellable_day

routes = Routes(tags=["sellers"])

#: For the schema only: what the list can be asked for is the same on every day.
_STOCK = stock_on(date(2026, 1, 1))


class HoldingOut(Schema):
    """Units of one lot that are the seller's own, in one status."""

    sku: str = Field(examples=["MILK-900"])
    lot: str = Field(examples=["LOT-2026-000001"])
    warehouse: str = Field(examples=["NGB01"])
    batch: str = Field(examples=["L2604"])
    expires_on: date | None = Field(examples=["2028-04-01"])
    last_sale_on: date | None = Field(
        description="The last day on which it may be sold, in shops without a minimum of their own",
        examples=["2028-03-31"],
    )
    status: str = Field(
        description="Only what is available can be sold",
        json_schema_extra=one_of(*StockStatus.values),
        examples=["available"],
    )
    on_hand: int = Field(examples=[238])


class MovementOut(Schema):
    """One side of a booking of stock, such as two units that are available no longer, or that are
    reserved now; movements are only ever added."""

    lot: str = Field(examples=["LOT-2026-000001"])
    sku: str = Field(examples=["MILK-900"])
    kind: str = Field(json_schema_extra=one_of(*MovementKind.values), examples=["reserved"])
    status: str = Field(
        description="Of the units that became more or less",
        json_schema_extra=one_of(*StockStatus.values),
        examples=["available"],
    )
    quantity: int = Field(description="Negative when they became less", examples=[-2])
    document: str = Field(examples=["RO-2026-000001"])
    moved_at: datetime = Field(examples=["2026-08-01T03:00:00Z"])


class ArrivalOut(Schema):
    """What arrived of one's own goods, beside what one was entitled to."""

    receipt: str = Field(examples=["REC-2026-000001"])
    sku: str = Field(examples=["MILK-900"])
    lot: str | None = Field(examples=["LOT-2026-000001"])
    received_at: datetime = Field(examples=["2026-07-19T02:30:00Z"])
    entitled: int = Field(examples=[240])
    received: int = Field(examples=[240])
    damaged: int = Field(description="Of the received", examples=[0])
    pictures: list[str] = Field(
        description="Of what came damaged", examples=[["/api/v1/stock/pictures/17.jpg"]]
    )


def _holding(holding: Any) -> HoldingOut:
    """Of a holding with its ``least_days``."""
    lot = holding.lot
    return HoldingOut(
        sku=lot.product.sku,
        lot=lot.number,
        warehouse=lot.warehouse.code,
        batch=lot.batch,
        expires_on=lot.expires_on,
        last_sale_on=last_sellable_day(lot.expires_on, holding.least_days),
        status=holding.status,
        on_hand=holding.on_hand,
    )


def _movement(one: StockMovement) -> MovementOut:
    return MovementOut(
        lot=one.lot.number,
        sku=one.lot.product.sku,
        kind=one.kind,
        status=one.status,
        quantity=one.quantity,
        document=one.document,
        moved_at=one.moved_at,
    )


def _arrival(one: ReceiptShare) -> ArrivalOut:
    lot = getattr(one.receipt_line, "lot", None)
    return ArrivalOut(
        receipt=one.receipt.number,
        sku=one.product.sku,
        lot=lot.number if lot else None,
        received_at=one.receipt.received_at,
        entitled=one.entitled,
        received=one.received,
        damaged=one.damaged,
        pictures=[f"/api/v1/stock/pictures/{key}.jpg" for key in one.pictures],  # type: ignore[attr-defined]
    )


@routes.rows("/stock", scope="stock:read", listing=_STOCK, row=HoldingOut, summary=_("List stock"))
def list_stock(request: HttpRequest) -> object:
    """What lies in bond of one's own, by lot and status."""
    listing = stock_on(day_of(now()))
    mine = with_least_days(stock.holdings(owner=caller_of(request).company))
    return page(request, listing, mine, _holding)


@routes.rows(
    "/stock/movements",
    scope="stock:read",
    listing=MOVEMENTS,
    row=MovementOut,
    summary=_("List stock movements"),
)
def list_movements(request: HttpRequest) -> object:
    """Every booking of one's own stock."""
    mine = stock.movements(owner=caller_of(request).company)
    return page(request, MOVEMENTS, mine, _movement)


@routes.rows(
    "/stock/arrivals",
    scope="stock:read",
    listing=ARRIVALS,
    row=ArrivalOut,
    summary=_("List arrivals"),
)
def list_arrivals(request: HttpRequest) -> object:
    """What arrived of one's own goods."""
    owner = caller_of(request).company
    return page(
        request,
        ARRIVALS,
        stock.arrivals(owner),
        _arrival,
        together=lambda shares: with_pictures(owner, shares),
    )
