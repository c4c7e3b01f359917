"""The bills that really came for orders, as finance's program enters and reads them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop as _
from ninja import Schema, Status
from pydantic import Field

from core.clock import now
from procurement import services
from procurement.models import OrderBill, PurchaseOrder
from procurement.queries import billed
from procurement.rules.order_bills import KINDS, NewBill
from procurement.rules.sharing.costs import Driver
from rest.calling import caller_of
from rest.fields import Body, Day, one_of
from rest.routes import Routes

routes = Routes(tags=["finance"])


class OrderBillOut(Schema):
    """A bill that came, CNY fen; a counter-entry tells which it takes back."""

    kind: str = Field(json_schema_extra=one_of(*KINDS), examples=["freight"])
    line: str | None = Field(
        description="SKU of the line; empty: of the whole order", examples=["MILK-900"]
    )
    driver: str = Field(json_schema_extra=one_of(*map(str, Driver)), examples=["chargeable"])
    amount_minor: int = Field(examples=[412_000])
    document: str = Field(examples=["FR-2026-0815"])
    billed_on: date = Field(examples=["2026-08-15"])
    is_counter_entry: bool = Field(examples=[False])
    is_taken_back: bool = Field(examples=[False])
    entered_by: str | None = Field(examples=["finance1@bondpool.example"])
    entered_at: datetime = Field(examples=["2026-10-01T02:00:00Z"])


class OrderBillsOut(Schema):
    """What really came for an order, newest first."""

    order: str = Field(examples=["PO-2026-000001"])
    bills: list[OrderBillOut]


class OrderBillIn(Body):
    """What the paper says, in CNY fen; a credit is negative."""

    kind: str = Field(json_schema_extra=one_of(*KINDS), examples=["freight"], max_length=11)
    amount_minor: Annotated[int, Field(strict=True, ge=-(10**12), le=10**12)] = Field(
        examples=[412_000]
    )
    document: str = Field(min_length=1, max_length=64, examples=["FR-2026-0815"])
    billed_on: Day = Field(examples=["2026-08-15"])
    line: str = Field(
        default="",
        max_length=64,
        description="SKU of one of its lines; empty: of the whole order",
        examples=[""],
    )
    driver: str = Field(
        default="",
        max_length=14,
        description="Empty: as is usual for its kind",
        examples=["chargeable"],
    )


class OrderBillBack(Body):
    """Which bill is taken back."""

    kind: str = Field(json_schema_extra=one_of(*KINDS), examples=["freight"], max_length=11)
    document: str = Field(min_length=1, max_length=64, examples=["FR-2026-0815"])
    line: str = Field(default="", max_length=64, examples=[""])


def _told(order: PurchaseOrder) -> OrderBillsOut:
    return OrderBillsOut(
        order=order.number,
        bills=[
            OrderBillOut(
                kind=one.kind,
                line=one.line.product.sku if one.line else None,
                driver=one.driver,
                amount_minor=one.amount_minor,
                document=one.document,
                billed_on=one.billed_on,
                is_counter_entry=one.reverses_id is not None,
                is_taken_back=bool(getattr(one, "is_back", False)),
                entered_by=one.entered_by.email if one.entered_by else None,
                entered_at=one.entered_at,
            )
            for one in billed.bills(order)
        ],
    )


@routes.show(
    "/orders/{number}/bills",
    scope="settlement:read",
    response=OrderBillsOut,
    summary=_("List the bills of an order"),
)
def list_order_bills(request: HttpRequest, number: str) -> OrderBillsOut:
    """What really came for an order: freight, insurance, broker, duty and the like."""
    return _told(get_object_or_404(PurchaseOrder, number=number))


@routes.create(
    "/orders/{number}/bills",
    scope="settlement:write",
    response=OrderBillsOut,
    summary=_("Enter a bill of an order"),
    money=True,
    is_single=False,
)
def enter_order_bill(request: HttpRequest, number: str, told: OrderBillIn) -> Status[OrderBillsOut]:
    """It takes the place of what was expected of its kind, and the round is billed again."""
    order = get_object_or_404(PurchaseOrder, number=number)
    line = get_object_or_404(order.lines, product__sku=told.line).pk if told.line else None
    services.enter_bills(
        order=order,
        bills=[
            NewBill(
                kind=told.kind,
                amount_minor=told.amount_minor,
                document=told.document,
                billed_on=told.billed_on,
                line=line,
                driver=told.driver,
            )
        ],
        by=caller_of(request).user,
        now=now(),
    )
    return Status(201, _told(order))


@routes.create(
    "/orders/{number}/bill-reversals",
    scope="settlement:write",
    response=OrderBillsOut,
    summary=_("Take a bill of an order back"),
    money=True,
    is_single=False,
)
def reverse_order_bill(
    request: HttpRequest, number: str, told: OrderBillBack
) -> Status[OrderBillsOut]:
    """By a counter-entry to the fen; the round is billed again."""
    order = get_object_or_404(PurchaseOrder, number=number)
    found = OrderBill.objects.filter(order=order, reverses__isnull=True, kind=told.kind)
    found = found.filter(document=told.document)
    mine = found.filter(line__product__sku=told.line) if told.line else found.filter(line=None)
    services.reverse_bill(bill=get_object_or_404(mine), by=caller_of(request).user, now=now())
    return Status(201, _told(order))
