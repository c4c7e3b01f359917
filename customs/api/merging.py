"""Orders of one buyer that could go as one parcel, and the act that makes one of them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import Http404, HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Schema, Status
from pydantic import Field

from core.clock import now
from customs import services
from rest.calling import caller_of
from rest.fields import Body, Moment, Whole
from rest.lists import page
from rest.routes import Routes
from warehouse.queries.merging import MERGEABLE_ORDERS, parcels_to_be
from warehouse.queries.retail import BUYER_FIELDS, orders_of
from warehouse.rules.merging import MOST_MERGED
from warehouse.rules.retail import HIGHEST_PRICE_MINOR
from warehouse.services import NewOrder
from warehouse.told import RetailOrderOut, order_told

routes = Routes(tags=["sellers"])

_NUMBER = Annotated[str, Field(min_length=1, max_length=32)]


class MergeableOut(Schema):
    """Waiting orders of one buyer in one shop, served from one warehouse; nothing of the buyer."""

    number: str = Field(description="The oldest of them", examples=["RO-2026-000001"])
    channel: str = Field(examples=["TMALL-GLOBAL"])
    placed_at: datetime = Field(
        description="When the oldest was placed", examples=["2026-08-01T06:05:00Z"]
    )
    orders: list[str] = Field(
        description="All of them, the oldest first", examples=[["RO-2026-000001", "RO-2026-000004"]]
    )
    goods_minor: int = Field(description="CNY fen of all their goods, no freight", examples=[79600])


class RetailMergeIn(Body):
    """Which orders become one, and what the shop says of that one: a number and a payment of its
    own."""

    orders: list[_NUMBER] = Field(
        min_length=2, max_length=MOST_MERGED, examples=[["RO-2026-000001", "RO-2026-000004"]]
    )
    order_number: str = Field(
        description="The new order's in the shop",
        min_length=1,
        max_length=60,
        examples=["2026080100018"],
    )
    placed_at: Moment = Field(examples=["2026-08-01T15:00:00+08:00"])
    freight_minor: Annotated[Whole, Field(ge=0, le=HIGHEST_PRICE_MINOR)] = Field(
        0, description="CNY fen", examples=[1200]
    )
    collected_tax_minor: Annotated[Whole, Field(ge=0, le=HIGHEST_PRICE_MINOR)] | None = Field(
        None,
        description="Tax the shop took, CNY fen; null is what was told of all the orders together, "
        "else it is worked out",
        examples=[None],
    )
    paid_minor: Annotated[Whole, Field(ge=0, le=HIGHEST_PRICE_MINOR)] | None = Field(
        None,
        description="Paid in all, CNY fen; null is what was told of all the orders together, else "
        "it is worked out",
        examples=[None],
    )
    unpaid_until: Moment | None = Field(
        None,
        description="Until then it keeps its stock unpaid; leave it out once it is paid",
        examples=[None],
    )
    receiver_of: str = Field(
        "",
        description="Whose name, telephone and address hold; needed where they differ",
        max_length=32,
        examples=["RO-2026-000001"],
    )


def _row(one: Any) -> MergeableOut:
    return MergeableOut(
        number=one.number,
        channel=one.channel,
        placed_at=one.placed_at,
        orders=one.numbers,
        goods_minor=one.goods_minor,
    )


@routes.rows(
    "/mergeable-retail-orders",
    scope="retail:read",
    listing=MERGEABLE_ORDERS,
    row=MergeableOut,
    summary=_("List orders that could go as one parcel"),
)
def list_mergeable_orders(request: HttpRequest) -> object:
    """One row for each buyer, shop and warehouse with several orders of 14 days that wait."""
    found = parcels_to_be(caller_of(request).company, now()).defer(*BUYER_FIELDS)
    return page(request, MERGEABLE_ORDERS, found, _row)


@routes.create(
    "/retail-order-merges",
    scope="retail:write",
    response=RetailOrderOut,
    summary=_("Merge retail orders"),
)
def merge_retail_orders(request: HttpRequest, told: RetailMergeIn) -> Status[RetailOrderOut]:
    """One new order with its own number and payment takes the place of several of one buyer; their
    goods pass to it without being free in between.

    Lists that were drawn are voided; one that customs released already stands in the way.
    """
    caller = caller_of(request)
    numbers = {one.strip().upper() for one in told.orders}
    if orders_of(caller.company).filter(number__in=numbers).count() < len(numbers):
        raise Http404
    made = services.merge_orders(
        seller=caller.company,
        numbers=told.orders,
        told=NewOrder(**told.model_dump(exclude={"orders"})),
        merged_by=caller.user,
        now=now(),
    )
    return Status(201, order_told(orders_of(caller.company).get(pk=made.pk)))
