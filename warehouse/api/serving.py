"""Waves and packing over the API, for the scanners of a warehouse."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from django.db.models import QuerySet
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
from warehouse.models import BondedWarehouse, Package, Parcel, PickWave, WaveOutcome, WaveState
from warehouse.queries import serving
from warehouse.queries.serving_listings import PARCELS, WAVES
from warehouse.rules import packing, picking
from warehouse.rules.picking import PickLine, Spot
from warehouse.services import Packed

routes = Routes(tags=["warehouses"])

#: Picked orders of a warehouse; the rest come up as these are packed.
_PACKED_SHOWN = 50

_WAREHOUSE = Field(min_length=1, max_length=16, examples=["NGB01"])
_PLACE = Field(description="As the list calls it", min_length=1, max_length=64, examples=["A-01"])


class WaveHead(Schema):
    """Orders of one warehouse that are picked together."""

    number: str = Field(examples=["PW-2026-000001"])
    warehouse: str = Field(examples=["NGB01"])
    state: str = Field(json_schema_extra=one_of(*WaveState.values), examples=["open"])
    orders: int = Field(examples=[30])
    units: int = Field(examples=[74])
    made_at: datetime = Field(examples=["2026-08-02T09:00:00Z"])
    picked_at: datetime | None = Field(examples=[None])


class PickLineOut(Schema):
    """What is fetched from one place, for all orders of the wave together."""

    place: str = Field(description="Of a pallet where it stands, and its SSCC", examples=["A-01"])
    sku: str = Field(examples=["MILK-900"])
    product: str = Field(examples=["婴儿奶粉 900 克"])
    lot: str = Field(examples=["LOT-2026-000001"])
    expires_on: date | None = Field(examples=["2028-04-01"])
    units: int = Field(examples=[12])


class WaveOrderOut(Schema):
    """An order in a wave, and what became of it."""

    order: str = Field(examples=["RO-2026-000001"])
    outcome: str = Field(json_schema_extra=one_of(*WaveOutcome.values), examples=["open"])


class WaveOut(WaveHead):
    """A wave with its orders, and what is still to be picked of it, in the order of a walk."""

    lines: list[PickLineOut]
    parts: list[WaveOrderOut]


class WaveIn(Body):
    """The oldest orders, or those that are named."""

    warehouse: str = _WAREHOUSE
    most: int = Field(picking.USUAL_ORDERS, ge=1, le=picking.MOST_ORDERS, examples=[30])
    orders: list[str] = Field(
        [], description="Only these", max_length=picking.MOST_ORDERS, examples=[[]]
    )


class FoundIn(Body):
    """What was found of one line of the list."""

    place: str = _PLACE
    lot: str = Field(min_length=1, max_length=20, examples=["LOT-2026-000001"])
    units: int = Field(ge=0, le=9_999_999, examples=[11])


class PickedIn(Body):
    """Only lines of which less was found need to be told."""

    found: list[FoundIn] = Field([], max_length=5_000, examples=[[]])


class ParcelIn(Body):
    """A parcel as it stands on the scales."""

    weight_g: int = Field(ge=1, le=packing.HEAVIEST_G, examples=[1240])
    package: Literal["box", "bag", "case"] = Field("box", examples=["box"])
    serials: list[str] = Field(
        [],
        description="Serial numbers of the units that have them",
        max_length=1_000,
        examples=[[]],
    )


class PackIn(Body):
    """All parcels of one picked order."""

    warehouse: str = _WAREHOUSE
    order: str = Field(min_length=1, max_length=32, examples=["RO-2026-000001"])
    parcels: list[ParcelIn] = Field(min_length=1, max_length=packing.MOST_PARCELS)


class PackedParcelOut(Schema):
    """A packed parcel; nothing of its buyer."""

    number: str = Field(examples=["PC-2026-000001"])
    order: str = Field(examples=["RO-2026-000001"])
    warehouse: str = Field(examples=["NGB01"])
    weight_g: int = Field(examples=[1240])
    package: str = Field(json_schema_extra=one_of(*Package.values), examples=["box"])
    serials: list[str] = Field(examples=[[]])
    packed_at: datetime = Field(examples=["2026-08-02T09:00:00Z"])


class PackedParcelsOut(Schema):
    parcels: list[PackedParcelOut]


class ToPackGoods(Schema):
    sku: str = Field(examples=["MILK-900"])
    units: int = Field(examples=[2])


class ToPackOut(Schema):
    """A picked order, without its buyer."""

    order: str = Field(examples=["RO-2026-000001"])
    warehouse: str = Field(examples=["NGB01"])
    goods: list[ToPackGoods]
    net_weight_g: int = Field(examples=[1800])


class Packing(Schema):
    """The oldest picked orders of each warehouse, as many as one person packs."""

    orders: list[ToPackOut]


def house_of(request: HttpRequest, code: str) -> BondedWarehouse:
    """One of the caller's own warehouses. Raises Http404."""
    found: BondedWarehouse = get_object_or_404(
        serving.houses_of(caller_of(request).company), code=code
    )
    return found


def _head(one: PickWave) -> WaveHead:
    return WaveHead(
        number=one.number,
        warehouse=one.warehouse.code,
        state=one.state,
        orders=one.orders,
        units=one.units,
        made_at=one.made_at,
        picked_at=one.picked_at,
    )


def _line(one: PickLine) -> PickLineOut:
    return PickLineOut(
        place=one.place_code,
        sku=one.sku,
        product=one.product,
        lot=one.lot_number,
        expires_on=one.expires_on,
        units=one.units,
    )


def _parcels(request: HttpRequest) -> QuerySet[Parcel]:
    """Of the caller's own warehouses, with the units that were named."""
    found = Parcel.objects.filter(keeper=caller_of(request).company)
    return found.select_related("warehouse").prefetch_related("serials__unit")


def _parcel(one: Parcel) -> PackedParcelOut:
    return PackedParcelOut(
        number=one.number,
        order=one.order_number,
        warehouse=one.warehouse.code,
        weight_g=one.weight_g,
        package=one.package,
        serials=sorted(step.unit.serial for step in one.serials.all()),
        packed_at=one.packed_at,
    )


@routes.rows(
    "/waves", scope="house:read", listing=WAVES, row=WaveHead, summary=_("List picking waves")
)
def list_waves(request: HttpRequest) -> object:
    """Those of one's own warehouses."""
    found = PickWave.objects.filter(keeper=caller_of(request).company).select_related("warehouse")
    return page(request, WAVES, found, _head)


@routes.show(
    "/waves/{number}", scope="house:read", response=WaveOut, summary=_("Show a picking wave")
)
def get_wave(request: HttpRequest, number: str) -> WaveOut:
    """A wave, its orders and what is still to be picked of it."""
    found = serving.wave_of(caller_of(request).company, number)
    return WaveOut(
        **_head(found).model_dump(),
        lines=[_line(one) for one in serving.list_of_wave(found)],
        parts=[
            WaveOrderOut(order=one.order_number, outcome=one.outcome)
            for one in serving.parts_of_wave(found)
        ],
    )


@routes.create("/waves", scope="house:write", response=WaveOut, summary=_("Make a picking wave"))
def create_wave(request: HttpRequest, told: WaveIn) -> WaveOut:
    """Released orders on one list: the oldest, or those that are named."""
    made = services.make_wave(
        house=house_of(request, told.warehouse),
        most=told.most,
        numbers=told.orders,
        made_by=caller_of(request).user,
        now=now(),
    )
    return get_wave(request, made.number)


@routes.change(
    "/waves/{number}/confirm",
    scope="house:write",
    current=get_wave,
    response=WaveOut,
    summary=_("Tell that a wave is picked"),
)
def confirm_wave(request: HttpRequest, number: str, told: PickedIn) -> WaveOut:
    """What is not told was found whole; orders of which units are missing are put aside."""
    found = serving.wave_of(caller_of(request).company, number)
    spots: dict[tuple[str, str], Spot] = {
        (one.place_code, one.lot_number): one.spot for one in serving.list_of_wave(found)
    }
    units: dict[Spot, int] = {}
    for row, one in enumerate(told.found, start=1):
        # Each line once: of two that say different things neither is believed.
        spot = spots.pop((one.place, one.lot), None)
        if spot is None:
            raise picking.NotOnTheList(row=row, place=one.place, lot=one.lot)
        units[spot] = one.units
    services.confirm_wave(wave=found, found=units, confirmed_by=caller_of(request).user, now=now())
    return get_wave(request, number)


@routes.show(
    "/packing",
    scope="house:read",
    response=Packing,
    summary=_("Show what is to be packed"),
    is_single=False,
)
def get_packing(request: HttpRequest) -> Packing:
    """Picked orders that nobody holds back, the oldest first."""
    houses = list(serving.houses_of(caller_of(request).company))
    waiting = serving.packing_in(houses, most=_PACKED_SHOWN)
    return Packing(
        orders=[
            ToPackOut(
                order=one.number,
                warehouse=house.code,
                goods=[ToPackGoods(sku=sku, units=units) for sku, _name, units in one.goods],
                net_weight_g=one.net_g,
            )
            for house in houses
            for one in waiting[house.pk]
        ]
    )


@routes.rows(
    "/parcels", scope="house:read", listing=PARCELS, row=PackedParcelOut, summary=_("List parcels")
)
def list_parcels(request: HttpRequest) -> object:
    """What was packed in one's own warehouses."""
    return page(request, PARCELS, _parcels(request), _parcel)


@routes.create(
    "/parcels",
    scope="house:write",
    response=PackedParcelsOut,
    summary=_("Pack an order"),
    is_single=False,
)
def create_parcels(request: HttpRequest, told: PackIn) -> PackedParcelsOut:
    """All goods of a picked order are in these parcels."""
    made = services.pack_order(
        house=house_of(request, told.warehouse),
        order=told.order,
        parcels=[
            Packed(one.weight_g, Package(one.package), tuple(one.serials)) for one in told.parcels
        ],
        packed_by=caller_of(request).user,
        now=now(),
    )
    found = _parcels(request).filter(pk__in=[one.pk for one in made]).order_by("pk")
    return PackedParcelsOut(parcels=[_parcel(one) for one in found])
