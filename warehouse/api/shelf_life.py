"""What of its life a sale must leave, over the API."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Schema
from pydantic import Field

from core.clock import now
from rest.calling import caller_of
from rest.fields import Body, Whole
from rest.routes import Routes
from warehouse import services
from warehouse.queries.shelf_life import minimums_of
from warehouse.rules.shelf_life import LONGEST_MINIMUM

routes = Routes(tags=["sellers"])


class ShelfMinimumIn(Body):
    """What a sale must leave from now on: for a shop, for a product, or for all else."""

    channel: str = Field(
        "", max_length=32, description="The shop; it comes before a product", examples=["tmall"]
    )
    sku: str = Field("", max_length=40, description="Not together with a shop", examples=[""])
    days: Annotated[Whole, Field(ge=1, le=LONGEST_MINIMUM)] | None = Field(
        description="Left on the day of the order; null where it is set no longer", examples=[180]
    )


class ShelfMinimumsOut(Schema):
    """Days of its life that a sale must leave; 0 where nothing is set."""

    days: int = Field(description="Of all that is not named", examples=[90])
    by_sku: dict[str, int] = Field(examples=[{"MILK-900": 120}])
    by_channel: dict[str, int] = Field(
        description="Before what is set for a product", examples=[{"tmall": 180}]
    )


@routes.show(
    "/shelf-minimums",
    scope="stock:read",
    response=ShelfMinimumsOut,
    summary=_("Show what of its life a sale must leave"),
)
def get_shelf_minimums(request: HttpRequest) -> ShelfMinimumsOut:
    """Lots that have less left are not set aside for orders."""
    stand = minimums_of(caller_of(request).company)
    return ShelfMinimumsOut(
        days=stand.all, by_sku=dict(stand.by_product), by_channel=dict(stand.by_channel)
    )


@routes.change(
    "/shelf-minimums",
    scope="retail:write",
    current=get_shelf_minimums,
    response=ShelfMinimumsOut,
    summary=_("Set what of its life a sale must leave"),
)
def set_shelf_minimum(request: HttpRequest, told: ShelfMinimumIn) -> ShelfMinimumsOut:
    """For one shop, one product, or all else; the others stay as they are."""
    caller = caller_of(request)
    services.set_minimum(
        seller=caller.company,
        channel=told.channel,
        sku=told.sku,
        days=told.days,
        set_by=caller.user,
        now=now(),
    )
    return get_shelf_minimums(request)
