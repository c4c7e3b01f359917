"""A seller's consumers' orders over the API."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from ninja import Schema, Status
from pydantic import Field

from core.clock import now
from rest.calling import caller_of
from rest.fields import Body, Moment, Told, Whole, one_of
from rest.lists import page
from rest.routes import Routes
from warehouse import services
from warehouse.models import RetailOrder, RetailOrderState
from warehouse.queries.listings import RETAIL_ORDERS
from warehouse.queries.retail import buyer_of, orders_of, reserved_for
from warehouse.rules.retail import (
    HIGHEST_PRICE_MINOR,
    MOST_LINES,
    MOST_ORDERS,
    MOST_UNITS,
    IncomingLine,
    IncomingOrder,
    Outcome,
)

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
    freight_minor: Annotated[Whole, Field(ge=0, le=HIGHEST_PRICE_MINOR)] = Field(
        0, description="CNY fen", examples=[1200]
    )
    lines: list[RetailLineIn] = Field(min_length=1, max_length=MOST_LINES)


class RetailBatchIn(Body):
    """Up to 1,000 orders; each is taken or refused by itself."""

    orders: list[RetailOrderIn] = Field(min_length=1, max_length=MOST_ORDERS)


class RetailHead(Schema):
    """A consumer's order."""

    number: str = Field(examples=["RO-2026-000001"])
    channel: str = Field(examples=["TMALL-GLOBAL"])
    order_number: str = Field(examples=["2026080100017"])
    state: str = Field(json_schema_extra=one_of(*RetailOrderState.values), examples=["allocated"])
    placed_at: datetime = Field(examples=["2026-08-01T06:05:00Z"])
    accepted_at: datetime = Field(examples=["2026-08-01T06:06:00Z"])
    units: int = Field(examples=[2])
    amount_minor: int = Field(description="CNY fen, freight in it", examples=[41000])


class BuyerOut(Schema):
    """The buyer: enough to recognise, not enough to copy."""

    name: str = Field(examples=["张*"])
    id_number: str = Field(examples=["360***********0071"])
    telephone: str = Field(examples=["138****0000"])
    address: str = Field(examples=["浙江省杭州市***"])


class RetailLineOut(Schema):
    """One line."""

    sku: str = Field(examples=["MILK-900"])
    quantity: int = Field(examples=[2])
    unit_price_minor: int = Field(examples=[19900])


class PickOut(Schema):
    """Units of one lot, what expires first first."""

    sku: str = Field(examples=["MILK-900"])
    lot: str = Field(examples=["LOT-2026-000001"])
    warehouse: str = Field(examples=["NGB01"])
    expires_on: date | None = Field(examples=["2028-04-01"])
    quantity: int = Field(examples=[2])


class RetailRefusalOut(Schema):
    """Why an order may not leave as retail; its stock is back."""

    code: str = Field(description="The rule", examples=["customs.over_order_limit"])
    detail: str = Field(examples=["One parcel may be worth 5,000 CNY at most."])
    facts: dict[str, str] = Field(examples=[{"limit": "5000.00"}])


class RetailOrderOut(RetailHead):
    """A consumer's order with its lines; the buyer is masked."""

    refusal: RetailRefusalOut | None = Field(
        description="Why customs' rules turned the order down; null unless they did",
        examples=[None],
    )

    freight_minor: int = Field(examples=[1200])
    buyer: BuyerOut
    lines: list[RetailLineOut]
    picks: list[PickOut] = Field(description="From which lots it is served")


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


class RetailResults(Told):
    """What became of each order, in the order they were sent."""

    accepted: int = Field(examples=[1])
    results: list[RetailResult]


def _orders(request: HttpRequest) -> QuerySet[RetailOrder]:
    return orders_of(caller_of(request).company)


def _head(order: Any) -> RetailHead:
    return RetailHead(
        number=order.number,
        channel=order.channel,
        order_number=order.channel_order_number,
        state=order.state,
        placed_at=order.placed_at,
        accepted_at=order.accepted_at,
        units=order.units,
        amount_minor=order.amount_minor,
    )


def _refusal(order: RetailOrder) -> RetailRefusalOut | None:
    told = order.refusal
    if not told:
        return None
    return RetailRefusalOut(code=told["code"], detail=gettext(told["rule"]), facts=told["facts"])


def _order(order: RetailOrder) -> RetailOrderOut:
    buyer = buyer_of(order)
    return RetailOrderOut(
        **_head(order).model_dump(),
        refusal=_refusal(order),
        freight_minor=order.freight_minor,
        buyer=BuyerOut(
            name=buyer.name,
            id_number=buyer.id_number,
            telephone=buyer.telephone,
            address=buyer.address,
        ),
        lines=[
            RetailLineOut(
                sku=line.product.sku,
                quantity=line.quantity,
                unit_price_minor=line.unit_price_minor,
            )
            for line in order.lines.select_related("product").order_by("position")
        ],
        picks=[
            PickOut(
                sku=one.lot.product.sku,
                lot=one.lot.number,
                warehouse=one.lot.warehouse.code,
                expires_on=one.lot.expires_on,
                quantity=one.quantity,
            )
            for one in reserved_for(order)
        ],
    )


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
    return page(request, RETAIL_ORDERS, _orders(request), _head)


@routes.show(
    "/retail-orders/{number}",
    scope="retail:read",
    response=RetailOrderOut,
    summary=_("Show a retail order"),
)
def get_retail_order(request: HttpRequest, number: str) -> RetailOrderOut:
    """One order with its lines; the buyer is masked."""
    return _order(get_object_or_404(_orders(request), number=number))


@routes.create(
    "/retail-orders",
    scope="retail:write",
    response=RetailOrderOut,
    summary=_("Send a retail order"),
)
def create_retail_order(request: HttpRequest, order: RetailOrderIn) -> Status[RetailOrderOut]:
    """Take a consumer's order and allocate its stock, first expired first; all or nothing.

    An order that was taken before, by shop and number, is recognised and given back.
    """
    (result,) = services.accept_orders(
        seller=caller_of(request).company, orders=[_incoming(order)], now=now()
    )
    if result.refusal is not None:
        raise result.refusal
    return Status(201, _order(_orders(request).get(number=result.number)))


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
    results = services.accept_orders(
        seller=caller_of(request).company,
        orders=[_incoming(order) for order in batch.orders],
        now=now(),
    )
    return RetailResults(
        accepted=sum(one.outcome is Outcome.ACCEPTED for one in results), results=_told(results)
    )


def _told(results: Sequence[services.OrderResult]) -> list[RetailResult]:
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
        )
        for index, one in enumerate(results)
    ]


@routes.change(
    "/retail-orders/{number}/cancel",
    scope="retail:write",
    current=get_retail_order,
    response=RetailOrderOut,
    summary=_("Cancel a retail order"),
)
def cancel_retail_order(request: HttpRequest, number: str) -> RetailOrderOut:
    """Take an order back before its retail list is drawn; the stock returns to its lots."""
    services.cancel_order(order=get_object_or_404(_orders(request), number=number), now=now())
    return get_retail_order(request, number)
