"""Pallets over the API, for the scanners of a warehouse."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop as _
from ninja import Schema
from pydantic import Field

from core.clock import now
from rest.calling import caller_of
from rest.fields import Body, one_of
from rest.lists import page
from rest.routes import Routes
from warehouse import services
from warehouse.api.serving import house_of
from warehouse.models import Pallet, StockStatus, Zone
from warehouse.queries import pallets
from warehouse.rules.pallets import place_code
from warehouse.rules.posting import Status
from warehouse.services import Move

routes = Routes(tags=["warehouses"])

_SSCC = Field(description="18 digits", examples=["395200000000000012"])


class PalletHead(Schema):
    """A pallet, and where it stands."""

    sscc: str = _SSCC
    warehouse: str = Field(examples=["NGB01"])
    place: str = Field(examples=["A-01"])
    zone: str = Field(json_schema_extra=one_of(*Zone.values), examples=["storage"])
    units: int = Field(examples=[480])
    made_at: datetime = Field(examples=["2026-08-02T09:00:00Z"])
    closed_at: datetime | None = Field(examples=[None])


class OnPallet(Schema):
    """Units of one lot and owner that lie on it."""

    sku: str = Field(examples=["MILK-900"])
    gtin: str = Field(examples=["9520000000011"])
    lot: str = Field(examples=["LOT-2026-000001"])
    expires_on: date | None = Field(examples=["2028-04-01"])
    owner: str = Field(examples=["S0001"])
    status: str = Field(json_schema_extra=one_of(*StockStatus.values), examples=["available"])
    units: int = Field(examples=[240])


class PalletOut(PalletHead):
    """A pallet with what lies on it."""

    goods: list[OnPallet]


class GoodsIn(Body):
    """Units of one lot that go onto the pallet, whoever's they are."""

    lot: str = Field(min_length=1, max_length=20, examples=["LOT-2026-000001"])
    status: Literal["available", "quarantine", "damaged", "expired", "recalled"] = Field(
        "available", examples=["available"]
    )
    place: str = Field(description="Where they lie", min_length=1, max_length=32, examples=["GATE"])
    units: int = Field(ge=1, le=9_999_999, examples=[240])


class PalletIn(Body):
    """A new pallet at a place."""

    warehouse: str = Field(min_length=1, max_length=16, examples=["NGB01"])
    place: str = Field(min_length=1, max_length=32, examples=["GATE"])
    goods: list[GoodsIn] = Field(min_length=1, max_length=100)


class PlaceIn(Body):
    place: str = Field(min_length=1, max_length=32, examples=["A-01"])


def _own(request: HttpRequest, sscc: str) -> Pallet:
    found: Pallet = get_object_or_404(pallets.pallets(caller_of(request).company), sscc=sscc)
    return found


def _head(one: Pallet) -> PalletHead:
    at = one.location
    return PalletHead(
        sscc=one.sscc,
        warehouse=at.warehouse.code,
        place=at.stands_at.code if at.stands_at else "",
        zone=at.zone,
        units=one.units,  # type: ignore[attr-defined]
        made_at=one.made_at,
        closed_at=at.closed_at,
    )


@routes.rows(
    "/pallets",
    scope="house:read",
    listing=pallets.PALLETS,
    row=PalletHead,
    summary=_("List pallets"),
)
def list_pallets(request: HttpRequest) -> object:
    """Those of one's own warehouses."""
    return page(request, pallets.PALLETS, pallets.pallets(caller_of(request).company), _head)


@routes.show("/pallets/{sscc}", scope="house:read", response=PalletOut, summary=_("Show a pallet"))
def get_pallet(request: HttpRequest, sscc: str) -> PalletOut:
    """A pallet and what lies on it."""
    found = _own(request, sscc)
    return PalletOut(
        **_head(found).model_dump(),
        goods=[
            OnPallet(
                sku=one.lot.product.sku,
                gtin=one.lot.product.gtin,
                lot=one.lot.number,
                expires_on=one.lot.expires_on,
                owner=one.owner.code,
                status=one.status,
                units=one.on_hand,
            )
            for one in pallets.lying_on(found)
        ],
    )


@routes.create("/pallets", scope="house:write", response=PalletOut, summary=_("Make a pallet"))
def create_pallet(request: HttpRequest, told: PalletIn) -> PalletOut:
    """A new pallet with goods of the warehouse on it; its number is given out once."""
    made = services.make_pallet(
        house=house_of(request, told.warehouse),
        place=told.place,
        goods=[
            Move(one.lot.strip().upper(), Status(one.status), place_code(one.place), "", one.units)
            for one in told.goods
        ],
        made_by=caller_of(request).user,
        now=now(),
    )
    return get_pallet(request, made.sscc)


@routes.change(
    "/pallets/{sscc}/move",
    scope="house:write",
    current=get_pallet,
    response=PalletOut,
    summary=_("Move a pallet"),
)
def move_pallet(request: HttpRequest, sscc: str, told: PlaceIn) -> PalletOut:
    """To another place of its warehouse, with all that lies on it."""
    found = _own(request, sscc)
    services.move_pallet(
        house=found.location.warehouse,
        sscc=sscc,
        place=told.place,
        moved_by=caller_of(request).user,
        now=now(),
    )
    return get_pallet(request, sscc)
