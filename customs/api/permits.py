"""Permits and proofs of origin of a shipment over the API."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from django.utils.translation import gettext_noop as _
from pydantic import Field

from core.clock import now
from customs.queries.permits import certificate_names, permits_of
from customs.rules.permits import each_once
from customs.services.permits import tell_permits
from procurement.models import Shipment
from rest.calling import caller_of
from rest.fields import Body, Told
from rest.routes import Routes
from warehouse.days import day_of

routes = Routes(tags=["importers"])


class GoodsPermitOut(Told):
    """A number that customs may want of a product on board."""

    sku: str = Field(examples=["MILK-900"])
    sign: str = Field(description="Customs' code of the certificate", examples=["7"])
    name: str = Field(examples=["automatic import licence"])
    is_demanded: bool = Field(
        description="Without its number the goods are not declared", examples=[True]
    )
    number: str = Field(description="Empty until it is told", examples=["26-AB-123456"])
    told_at: datetime | None = Field(examples=["2026-07-10T02:00:00Z"])


class PermitsOut(Told):
    """By product, what its tariff row asks for, then its proof of origin."""

    shipment: str = Field(examples=["SH-2026-000001"])
    permits: list[GoodsPermitOut]


class GoodsPermitIn(Body):
    """The number of one permit; an empty one takes back what was told."""

    sku: str = Field(max_length=64, examples=["MILK-900"])
    sign: str = Field(max_length=1, examples=["Y"])
    number: str = Field(max_length=32, examples=["COO-2026-0001"])


class PermitsIn(Body):
    """What is told; what is not named stays."""

    permits: list[GoodsPermitIn] = Field(min_length=1, max_length=200)


def _shipment(request: HttpRequest, number: str) -> Shipment:
    mine = Shipment.objects.filter(order__buyer=caller_of(request).company)
    found: Shipment = get_object_or_404(mine.select_related("order"), number=number)
    return found


def _shown(request: HttpRequest, number: str) -> PermitsOut:
    shipment = _shipment(request, number)
    day = day_of(now())
    names = certificate_names(day, chinese=(get_language() or "").startswith("zh"))
    return PermitsOut(
        shipment=shipment.number,
        permits=[
            GoodsPermitOut(
                sku=one.product.sku,
                sign=one.sign,
                name=names.get(one.sign, ""),
                is_demanded=one.is_demanded,
                number=one.number,
                told_at=one.told_at,
            )
            for one in permits_of(shipment, day=day)
        ],
    )


@routes.show(
    "/shipments/{number}/permits",
    scope="declarations:read",
    response=PermitsOut,
    summary=_("Show the permits of a shipment"),
)
def get_permits(request: HttpRequest, number: str) -> PermitsOut:
    """What the tariff asks for of each product on board, and the proofs of origin."""
    return _shown(request, number)


@routes.change(
    "/shipments/{number}/permits",
    scope="declarations:write",
    current=_shown,
    response=PermitsOut,
    summary=_("Tell the permits of a shipment"),
)
def set_permits(request: HttpRequest, number: str, told: PermitsIn) -> PermitsOut:
    """The numbers of permits and proofs of origin, until the shipment is declared."""
    tell_permits(
        shipment=_shipment(request, number),
        numbers=each_once((one.sku, one.sign, one.number) for one in told.permits),
        told_by=caller_of(request).user,
        now=now(),
    )
    return _shown(request, number)
