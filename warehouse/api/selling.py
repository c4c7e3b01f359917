"""A seller's consumers' orders over the API."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from ninja import Status
from pydantic import Field

from core.clock import now
from rest.calling import caller_of
from rest.fields import Body, Moment, Told, Whole
from rest.lists import page
from rest.routes import Routes
from warehouse import services
from warehouse.api.parting import MissingUnitsOut, missing_units_out
from warehouse.queries.listings import RETAIL_ORDERS
from warehouse.queries.merged import merged_numbers
from warehouse.queries.retail import BUYER_FIELDS, orders_of
from warehouse.rules.retail import (
    HIGHEST_PRICE_MINOR,
    MOST_LINES,
    MOST_ORDERS,
    MOST_UNITS,
    IncomingLine,
    IncomingOrder,
    Outcome,
)
from warehouse.told import RetailHead, RetailOrderOut, head_told, order_told, written_told

routes = Routes(tags=["sellers"])


class RetailLineIn(Body):
    """Units of a product at the consumer's price."""

    sku: str = Field(min_length=1, max_length=64, examples=["MILK-900"])
    quantity: Annotated[Whole, Field(ge=1, le=MOST_UNITS)] = Field(examples=[2])
    unit_price_minor: Annotated[Whole, Field(ge=0, le=HIGHEST_PRICE_MINOR)] = Field(
        description="CNY fen, tax not in it", examples=[19900]
    )


class RetailOrderIn(Body):
    """A consumer's order as the shop has it; the name and the number are those of the card."""

    channel: str = Field(min_length=1, max_length=32, examples=["TMALL-GLOBAL"])
    order_number: str = Field(min_length=1, max_length=60, examples=["2026080100017"])
    placed_at: Moment = Field(examples=["2026-08-01T14:05:00+08:00"])
    buyer_name: str = Field(min_length=1, max_length=100, examples=["张三"])
    buyer_id_number: str = Field(min_length=1, max_length=24, examples=["360426199101010071"])
    buyer_telephone: str = Field("", max_length=20, examples=["13800000000"])
    consignee_address: str = Field(
        min_length=1, max_length=300, examples=["浙江省杭州市西湖区示例路 1 号"]
    )
    consignee_name: str = Field(
        "", max_length=100, description="Receiver, where it is not the buyer", examples=[""]
    )
    consignee_telephone: str = Field(
        "", max_length=20, description="Receiver's telephone", examples=[""]
    )
    freight_minor: Annotated[Whole, Field(ge=0, le=HIGHEST_PRICE_MINOR)] = Field(
        0, description="CNY fen", examples=[1200]
    )
    insurance_minor: Annotated[Whole, Field(ge=0, le=HIGHEST_PRICE_MINOR)] = Field(
        0, description="CNY fen, beside the freight", examples=[0]
    )
    discount_minor: Annotated[Whole, Field(ge=0, le=HIGHEST_PRICE_MINOR)] = Field(
        0,
        description="CNY fen paid with points or vouchers; prices are before it",
        examples=[0],
    )
    collected_tax_minor: Annotated[Whole, Field(ge=0, le=HIGHEST_PRICE_MINOR)] | None = Field(
        None, description="CNY fen of tax the shop collected; null: as worked out", examples=[None]
    )
    paid_minor: Annotated[Whole, Field(ge=0, le=HIGHEST_PRICE_MINOR)] | None = Field(
        None, description="CNY fen paid in all, as the payment says", examples=[None]
    )
    unpaid_until: Moment | None = Field(
        None,
        description="Of an order not paid yet: until then its stock is kept; seven days at most",
        examples=[None],
    )
    lines: list[RetailLineIn] = Field(min_length=1, max_length=MOST_LINES)


class RetailBatchIn(Body):
    """Up to 1,000 orders; each is taken or refused by itself."""

    orders: list[RetailOrderIn] = Field(min_length=1, max_length=MOST_ORDERS)


class RetailResult(Told):
    """What became of one order of a batch."""

    index: int = Field(description="Its place in the request, from 0", examples=[0])
    order_number: str = Field(examples=["2026080100017"])
    outcome: str = Field(
        description="accepted, already_taken or refused",
        json_schema_extra={"enum": [one.value for one in Outcome]},
        examples=["accepted"],
    )
    number: str = Field(description="Ours; empty when refused", examples=["RO-2026-000001"])
    code: str = Field(description="The rule that refused it", examples=[""])
    detail: str = Field(examples=[""])
    facts: dict[str, Any] = Field(examples=[{}])
    merged_into: str | None = Field(
        description="Of one taken before: the order that took its place", examples=[None]
    )
    parts: list[str] = Field(
        description="The numbers of all parcels it was taken in", examples=[["RO-2026-000001"]]
    )
    missing: list[MissingUnitsOut] = Field(description="What is not there, by your terms")


class RetailResults(Told):
    """What became of each order, in the order they were sent."""

    accepted: int = Field(examples=[1])
    results: list[RetailResult]


def _incoming(told: RetailOrderIn) -> IncomingOrder:
    fields = told.model_dump(exclude={"lines"})
    return IncomingOrder(
        **fields,
        lines=tuple(
            IncomingLine(line.sku, line.quantity, line.unit_price_minor) for line in told.lines
        ),
    )


@routes.rows(
    "/retail-orders",
    scope="retail:read",
    listing=RETAIL_ORDERS,
    row=RetailHead,
    summary=_("List retail orders"),
)
def list_retail_orders(request: HttpRequest) -> object:
    """Consumers' orders of one's own shops."""
    found = orders_of(caller_of(request).company).defer(*BUYER_FIELDS)
    return page(request, RETAIL_ORDERS, found, head_told)


@routes.show(
    "/retail-orders/{number}",
    scope="retail:read",
    response=RetailOrderOut,
    summary=_("Show a retail order"),
)
def get_retail_order(request: HttpRequest, number: str) -> RetailOrderOut:
    """One order with its lines; the buyer is masked."""
    return order_told(get_object_or_404(orders_of(caller_of(request).company), number=number))


@routes.create(
    "/retail-orders",
    scope="retail:write",
    response=RetailOrderOut,
    summary=_("Send a retail order"),
)
def create_retail_order(request: HttpRequest, order: RetailOrderIn) -> Status[RetailOrderOut]:
    """Take a consumer's order and allocate its stock, first expired first; all or nothing, unless
    your terms say otherwise.

    An order that was taken before, by shop and number, is recognised and given back.
    """
    moment = now()
    (result,) = services.accept_within(
        seller=caller_of(request).company, orders=[_incoming(order)], now=moment
    )
    if result.refusal is not None:
        raise result.refusal
    if result.written is not None:
        return Status(201, written_told(result.order, result.written, now=moment))
    return Status(201, order_told(orders_of(caller_of(request).company).get(number=result.number)))


@routes.create(
    "/retail-order-batches",
    scope="retail:write",
    response=RetailResults,
    summary=_("Send many retail orders"),
    status=200,
    is_single=False,
)
def create_retail_orders(request: HttpRequest, batch: RetailBatchIn) -> RetailResults:
    """Up to 1,000 orders at once; the results say what became of each."""
    results = services.accept_within(
        seller=caller_of(request).company,
        orders=[_incoming(order) for order in batch.orders],
        now=now(),
    )
    return RetailResults(
        accepted=sum(one.outcome is Outcome.ACCEPTED for one in results), results=_told(results)
    )


def _told(results: Sequence[services.OrderResult]) -> list[RetailResult]:
    before = [one.number for one in results if one.outcome is Outcome.ALREADY_TAKEN]
    into = merged_numbers(before) if before else {}
    return [
        RetailResult(
            index=index,
            order_number=one.order.order_number,
            outcome=one.outcome.value,
            number=one.number,
            code=one.refusal.code if one.refusal else "",
            detail=gettext(one.refusal.rule()) if one.refusal else "",
            facts={name: str(value) for name, value in one.refusal.facts.items()}
            if one.refusal
            else {},
            merged_into=into.get(one.number),
            parts=list(one.parts),
            missing=missing_units_out(one.missing),
        )
        for index, one in enumerate(results)
    ]
