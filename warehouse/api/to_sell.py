"""What a seller's shops can sell now, over the API."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Schema
from pydantic import Field

from core.clock import now
from rest.calling import caller_of
from rest.lists import page
from rest.routes import Routes
from warehouse.queries.to_sell import CHANGED_SINCE, TO_SELL_CHANGED, ToSell, to_sell

routes = Routes(tags=["sellers"])


class ToSellHouse(Schema):
    """Units that one warehouse can send."""

    warehouse: str = Field(examples=["NGB01"])
    units: int = Field(examples=[238])


class ToSellOut(Schema):
    """Units of one product that a new order could get now."""

    sku: str = Field(examples=["MILK-900"])
    units: int = Field(description="0: sold out", examples=[238])
    houses: list[ToSellHouse] = Field(description="Where they lie; one parcel has one warehouse")
    changed_at: datetime = Field(
        description="Ask with the latest of these as `changed_since`",
        examples=["2026-08-01T03:00:00Z"],
    )


def _row(one: ToSell) -> ToSellOut:
    return ToSellOut(
        sku=one.sku,
        units=one.units,
        houses=[ToSellHouse(warehouse=code, units=units) for code, units in one.houses],
        changed_at=one.changed_at,
    )


@routes.rows(
    "/stock/to-sell",
    scope="stock:read",
    listing=TO_SELL_CHANGED,
    row=ToSellOut,
    summary=_("List what can be sold"),
)
def list_to_sell(request: HttpRequest) -> object:
    """Product by product, in the shop `channel` if it has a minimum shelf life of its own; with
    `changed_since` only what changed since then, now and then a little more."""
    given = {name: request.GET.getlist(name) for name in request.GET}
    rows = to_sell(
        caller_of(request).company,
        now=now(),
        # What no database takes, the page refuses in words.
        channel=(given.get("channel") or [""])[-1].strip().replace("\x00", ""),
        since=CHANGED_SINCE.since(given),
    )
    return page(request, TO_SELL_CHANGED, rows, _row)
