"""What waits to be declared, where to, and what is missing before it can be."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop as _
from ninja import Schema
from pydantic import Field

from core.clock import now
from customs import queries
from procurement.models import Shipment
from procurement.queries.listings import SHIPMENTS
from rest.calling import caller_of
from rest.lists import page
from rest.routes import Routes
from warehouse.days import day_of

routes = Routes(tags=["importers"])


class WarehouseOut(Schema):
    """A bonded warehouse that goods can be declared into."""

    code: str = Field(examples=["NGB01"])
    name_zh: str = Field(examples=["宁波一号保税仓"])
    name_en: str = Field(examples=["Ningbo bonded warehouse 1"])


class Warehouses(Schema):
    """Every bonded warehouse."""

    data: list[WarehouseOut]


class WaitingOut(Schema):
    """A shipment under way that is not declared yet."""

    number: str = Field(examples=["SHP-2026-000001"])
    order_number: str = Field(examples=["PO-2026-000001"])
    supplier: str = Field(examples=["SUP01"])
    vessel: str = Field(examples=["PIONEER"])
    voyage: str = Field(examples=["021E"])
    bill_of_lading: str = Field(examples=["BL-0001"])
    expected_on: date = Field(examples=["2026-07-10"])
    packages: int = Field(examples=[200])


class MissingOut(Schema):
    """What keeps a shipment from being declared."""

    subject: str = Field(description="A SKU; empty for the declaration itself", examples=[""])
    fields: list[str] = Field(examples=[["bill_of_lading"]])


class MissingList(Schema):
    """Empty when it can be declared."""

    data: list[MissingOut]


def _waiting(one: Shipment) -> WaitingOut:
    return WaitingOut(
        number=one.number,
        order_number=one.order.number,
        supplier=one.order.supplier.company.code,
        vessel=one.vessel,
        voyage=one.voyage,
        bill_of_lading=one.bill_of_lading,
        expected_on=one.expected_on,
        packages=one.packages,
    )


def own_shipment(request: HttpRequest, number: str) -> Shipment:
    mine = Shipment.objects.filter(order__buyer=caller_of(request).company)
    return get_object_or_404(mine.select_related("order__buyer"), number=number)


@routes.show(
    "/warehouses",
    scope="declarations:read",
    response=Warehouses,
    summary=_("List bonded warehouses"),
    is_single=False,
)
def list_warehouses(request: HttpRequest) -> Warehouses:
    """Where goods can be declared into."""
    return Warehouses(
        data=[
            WarehouseOut(code=one.code, name_zh=one.name_zh, name_en=one.name_en)
            for one in queries.warehouses()
        ]
    )


@routes.rows(
    "/declarable-shipments",
    scope="declarations:read",
    listing=SHIPMENTS,
    row=WaitingOut,
    summary=_("List shipments to declare"),
)
def list_declarable_shipments(request: HttpRequest) -> object:
    """One's own that are under way and have no declaration yet."""
    waiting = queries.declarable_shipments(caller_of(request).company)
    return page(request, SHIPMENTS, waiting, _waiting)


@routes.show(
    "/shipments/{number}/missing",
    scope="declarations:read",
    response=MissingList,
    summary=_("Show what a declaration lacks"),
    is_single=False,
)
def get_missing(
    request: HttpRequest,
    number: str,
    warehouse: str = "",
) -> MissingList:
    """What must be filled in before it can be declared into a `warehouse`; the first without it."""
    shipment, houses = own_shipment(request, number), queries.warehouses()
    if warehouse:
        houses = [one for one in houses if one.code == warehouse]
        if not houses:
            raise Http404
    day = day_of(now())
    absent = queries.missing_for(shipment, houses[0], day=day) if houses else []
    return MissingList(
        data=[MissingOut(subject=one.subject, fields=list(one.fields)) for one in absent]
    )
