"""What is made ready before goods are declared, over the API."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Schema
from pydantic import Field

from accounts.models import Company, Role
from catalog.models import Product
from core.clock import now
from customs import queries, services
from customs.api.ways import ShipmentWayOut, told_of_way
from customs.queries.to_do import all_to_do
from customs.rules.elements import LONGEST, MOST_CONTENT
from rest.calling import caller_of
from rest.fields import Body, Whole
from rest.routes import Routes
from warehouse.days import day_of

routes = Routes(tags=["importers"])
#: Elements that a code may ask for.
MOST_ELEMENTS = 50
#: The next to arrive; the rest come up when these are stated.
MOST_UNSTATED = 200


class ToDoRow(Schema):
    """A product that cannot be declared yet."""

    product: str = Field(examples=["MILK-900"])
    missing: list[str] = Field(examples=[["elements"]])
    shipments: list[str] = Field(examples=[["SHP-2026-000001"]])
    declare_by: date | None = Field(
        description="null while it is only on order", examples=["2026-08-03"]
    )
    supervision: list[str] = Field(
        description="Signs by which customs may ask for a paper", examples=[["A"]]
    )


class UnstatedRow(Schema):
    """A shipment whose declaration is not printed before its importer stated what customs asks."""

    shipment: str = Field(examples=["SHP-2026-000001"])
    declare_by: date = Field(examples=["2026-08-03"])


class ToDoList(Schema):
    """The soonest first."""

    rows: list[ToDoRow]
    unstated: list[UnstatedRow] = Field(
        description="Shipments of which nothing was stated to customs yet"
    )
    shipments: list[ShipmentWayOut] = Field(description="Those with a step that is still open")


class ElementOut(Schema):
    """One element of the product's code."""

    name: str = Field(examples=["品牌类型"])
    value: str = Field(description="Empty until it is filled in", examples=["境外品牌"])


class ElementsOut(Schema):
    """What the code of a product asks for, and what was filled in."""

    product: str = Field(examples=["MILK-900"])
    hs_code: str = Field(examples=["1901101010"])
    elements: list[ElementOut]
    specification: str = Field(description="As it stands on the declaration", examples=[""])
    content_ml: int | None = Field(description="Of one unit", examples=[None])
    made_at: datetime | None = Field(examples=[None])


class ElementIn(Body):
    """One element with its value."""

    name: str = Field(min_length=1, max_length=120, examples=["品牌类型"])
    value: str = Field(min_length=1, max_length=LONGEST, examples=["境外品牌"])


class ElementsIn(Body):
    """A value for each element that the code asks for."""

    elements: list[ElementIn] = Field(max_length=MOST_ELEMENTS)
    content_ml: Annotated[Whole, Field(ge=1, le=MOST_CONTENT)] | None = Field(
        None, description="Of one unit", examples=[None]
    )


def _scope(request: HttpRequest) -> Company | None:
    caller = caller_of(request)
    return None if caller.membership.role == Role.OPERATOR else caller.company


@routes.show(
    "/customs/to-do",
    scope="declarations:read",
    response=ToDoList,
    summary=_("List what keeps goods from being declared"),
)
def list_to_do(request: HttpRequest) -> ToDoList:
    """Products under way and on order that lack something, the soonest deadline first; and
    shipments with their steps."""
    found = all_to_do(_scope(request), day=_today(), most_unstated=MOST_UNSTATED)
    return ToDoList(
        rows=[
            ToDoRow(
                product=one.product.sku,
                missing=list(one.fields),
                shipments=list(one.shipments),
                declare_by=one.due_on,
                supervision=list(one.supervision),
            )
            for one in found.rows
        ],
        unstated=[
            UnstatedRow(shipment=one.number, declare_by=due_on) for one, due_on in found.unstated
        ],
        shipments=[told_of_way(one) for one in found.ways if one.next],
    )


@routes.show(
    "/products/{sku}/elements",
    scope="declarations:read",
    response=ElementsOut,
    summary=_("Show a product's declaration elements"),
)
def get_elements(request: HttpRequest, sku: str) -> ElementsOut:
    """What the product's code asks for, in the catalogue's order, and what was filled in."""
    return _elements(queries.product_of(sku, bought_by=_scope(request)))


@routes.change(
    "/products/{sku}/elements",
    method="PUT",
    scope="declarations:write",
    current=get_elements,
    response=ElementsOut,
    summary=_("Keep a product's declaration elements"),
)
def set_elements(request: HttpRequest, sku: str, wanted: ElementsIn) -> ElementsOut:
    """Keep a value for each element of the product's code; the newest count."""
    product = queries.product_of(sku, bought_by=_scope(request))
    services.keep_elements(
        product=product,
        values={one.name: one.value for one in wanted.elements},
        content_ml=wanted.content_ml,
        made_by=caller_of(request).user,
        now=now(),
    )
    return _elements(product)


def _elements(product: Product) -> ElementsOut:
    law = queries.asked_of(product, _today())
    own = queries.elements_of([product]).get(product.pk)
    stands = dict(zip(own.names, own.values, strict=True)) if own else {}
    return ElementsOut(
        product=product.sku,
        hs_code=product.hs_code,
        elements=[
            ElementOut(name=name, value=stands.get(name, ""))
            for name in (law.elements if law else [])
        ],
        specification=own.specification if own else "",
        content_ml=own.content_ml if own else None,
        made_at=own.made_at if own else None,
    )


def _today() -> date:
    return day_of(now())
