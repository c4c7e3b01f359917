"""Releases of retail lists, and orders taken back with their lists, over the API."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop as _
from ninja import Schema
from pydantic import Field

from core.clock import now
from customs import services
from customs.rules.releasing import LONGEST_REFERENCE, MOST_LISTS
from rest.calling import caller_of
from rest.fields import Body, Moment
from rest.routes import Routes
from warehouse.queries.retail import orders_of
from warehouse.told import RetailOrderOut, order_told

routes = Routes(tags=["operators"])
selling = Routes(tags=["sellers"])


class RetailReleaseIn(Body):
    """Which lists the authority released, by one receipt."""

    lists: list[str] = Field(
        min_length=1, max_length=MOST_LISTS, examples=[["RL-2026-000001", "RL-2026-000002"]]
    )
    reference: str = Field(
        "",
        max_length=LONGEST_REFERENCE,
        description="What stands on the receipt of customs",
        examples=["310520260000000123"],
    )
    released_at: Moment = Field(
        description="The moment of customs", examples=["2026-08-02T10:15:00+08:00"]
    )


class RetailReleaseOut(Schema):
    """One list that was released by this."""

    list: str = Field(examples=["RL-2026-000001"])
    order: str = Field(examples=["RO-2026-000001"])
    reference: str = Field(examples=["310520260000000123"])
    released_at: datetime = Field(examples=["2026-08-02T02:15:00Z"])


class RetailReleases(Schema):
    """What is new by this; lists whose release was recorded before are left as they are."""

    released: int = Field(examples=[1])
    lists: list[RetailReleaseOut]


@routes.create(
    "/retail-releases",
    scope="releases:write",
    response=RetailReleases,
    summary=_("Record the release of retail lists"),
    status=200,
    is_single=False,
)
def create_retail_releases(request: HttpRequest, told: RetailReleaseIn) -> RetailReleases:
    """The authority released up to 1,000 lists: their goods may be picked. All, or none."""
    made = services.release_lists(
        numbers=told.lists,
        reference=told.reference,
        released_at=told.released_at,
        recorded_by=caller_of(request).user,
        now=now(),
    )
    return RetailReleases(
        released=len(made),
        lists=[
            RetailReleaseOut(
                list=one.retail_list.number,
                order=one.retail_list.order.number,
                reference=one.reference,
                released_at=one.released_at,
            )
            for one in made
        ],
    )


def _order(request: HttpRequest, number: str) -> RetailOrderOut:
    return order_told(get_object_or_404(orders_of(caller_of(request).company), number=number))


@selling.change(
    "/retail-orders/{number}/cancel",
    scope="retail:write",
    current=_order,
    response=RetailOrderOut,
    summary=_("Cancel a retail order"),
)
def cancel_retail_order(request: HttpRequest, number: str) -> RetailOrderOut:
    """Take an order back until a carrier has it; the stock returns to its lots.

    A retail list that was drawn is voided: its tax is not due.
    """
    caller = caller_of(request)
    found = get_object_or_404(orders_of(caller.company), number=number)
    services.cancel_order(order=found, by=caller.user, now=now())
    return _order(request, number)
