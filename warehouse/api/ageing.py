"""How long a seller's goods lie in bond, over the API."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Schema
from pydantic import Field

from core.clock import now
from rest.calling import caller_of
from rest.lists import page
from rest.routes import Routes
from warehouse.queries.ageing import AGEING, Aged, ageing

routes = Routes(tags=["sellers"])


class AgedOut(Schema):
    """Units of one product that are promised to nobody, by days since they came into bond."""

    sku: str = Field(examples=["MILK-900"])
    lots: int = Field(examples=[3])
    to_30: int = Field(description="0 to 30 days", examples=[24])
    to_60: int = Field(description="31 to 60", examples=[0])
    to_90: int = Field(description="61 to 90", examples=[0])
    to_180: int = Field(description="91 to 180", examples=[12])
    to_365: int = Field(description="181 to 365", examples=[0])
    older: int = Field(description="Over 365", examples=[0])
    on_hand: int = Field(examples=[36])


def _aged(one: Aged) -> AgedOut:
    return AgedOut(
        sku=one.sku,
        lots=one.lots,
        to_30=one.to_30,
        to_60=one.to_60,
        to_90=one.to_90,
        to_180=one.to_180,
        to_365=one.to_365,
        older=one.older,
        on_hand=one.on_hand,
    )


@routes.rows(
    "/stock/ageing",
    scope="stock:read",
    listing=AGEING,
    row=AgedOut,
    summary=_("List the age of stock"),
)
def list_ageing(request: HttpRequest) -> object:
    """How long one's own goods lie in bond, one row a product."""
    return page(request, AGEING, ageing(now=now(), owner=caller_of(request).company), _aged)
