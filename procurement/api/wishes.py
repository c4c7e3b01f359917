"""What a seller's program does beside filing: history and cost, copies, late wishes, own SKUs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop as _
from ninja import Schema, Status
from pydantic import Field

from catalog.models import Product
from catalog.queries import PRODUCTS
from core.clock import now
from procurement import services
from procurement.api.rounds import find_round
from procurement.api.selling import ForecastIn, ForecastOut, forecast_out, wishes_of
from procurement.models import LateWish, Mapped, SellerSku
from procurement.queries import forecasts, naming, offers, outlook
from procurement.queries.listings import LATE_WISHES, OWN_SKUS
from procurement.services.copying import Copied
from rest.calling import caller_of
from rest.fields import Body, one_of
from rest.lists import page
from rest.routes import Routes

routes = Routes(tags=["sellers"])


class EarlierOut(Schema):
    """One earlier round of a product."""

    round: str = Field(examples=["2026-Q3"])
    forecast: int = Field(examples=[240])
    got: int = Field(examples=[240])


class LikelyOut(Schema):
    """The landed cost of a unit at today's pool, in fen (CNY)."""

    unit_cost_minor: int = Field(examples=[9120])
    missing_packs: int = Field(
        description="So many packs more reach the next price; 0: there is none", examples=[12]
    )
    missing_units: int = Field(
        description="So many units more, for packs are filled up", examples=[67]
    )
    next_unit_cost_minor: int | None = Field(examples=[8640])


class SuggestedOut(Schema):
    """What will probably be sold, between which bounds, and how that was come to."""

    units: int = Field(examples=[210])
    low: int = Field(description="Four quarters of five fall between low and high", examples=[170])
    high: int = Field(examples=[255])
    generous: int = Field(
        description="What to order where a missed sale costs twice what a unit left over does",
        examples=[225],
    )
    method: str = Field(
        examples=["exponential smoothing on 6 own quarters, 4 % weight on the market"]
    )


class OutlookOut(Schema):
    """What stands beside one product while a forecast is made."""

    sku: str = Field(examples=["MILK-900"])
    earlier: list[EarlierOut]
    likely: LikelyOut | None = Field(
        description="Empty while fewer than three sellers want the product"
    )
    suggested: SuggestedOut | None = Field(
        description="Empty where neither own sales nor the market's tell anything"
    )


class LateWishOut(Schema):
    """What came too late for a round and is kept for a later one."""

    id: int = Field(examples=[3])
    round: str = Field(description="The round that it missed", examples=["2026-Q3"])
    wished_at: datetime = Field(examples=["2026-09-24T02:00:00Z"])
    products: int = Field(examples=[2])
    units: int = Field(examples=[480])
    taken_into: str | None = Field(examples=[None])


class LateTakenIn(Body):
    """Into which round a late wish goes."""

    round: str = Field(min_length=1, max_length=80, examples=["2026-Q4"])


class CopyIn(Body):
    """What of the last round begins this one."""

    what: Copied = Field(examples=["filed"])


class TakenOut(Schema):
    """The version that was filed, and what the round does not take."""

    forecast: ForecastOut
    left_out: list[str] = Field(examples=[["TEA-100"]])


class OwnSkuIn(Body):
    """A seller's own name; without `sku` it must be a GTIN or one supplier's code."""

    own_sku: str = Field(min_length=1, max_length=64, examples=["A-17"])
    sku: str = Field("", max_length=64, examples=["MILK-900"])


class OwnSkuOut(Schema):
    """What a seller calls a product."""

    id: int = Field(examples=[5])
    own_sku: str = Field(examples=["A-17"])
    sku: str = Field(examples=["MILK-900"])
    how: str = Field(json_schema_extra=one_of(*Mapped.values), examples=["confirmed"])
    confirmed_by: str | None = Field(examples=["seller1@bondpool.example"])
    confirmed_at: datetime | None = Field(examples=["2026-08-03T02:00:00Z"])


class NameIn(Body):
    """A name of which the product is looked for."""

    name: str = Field(min_length=1, max_length=200, examples=["milk powder 900 g"])


class ProposalOut(Schema):
    """A product that is likely meant; a person says whether it is."""

    sku: str = Field(examples=["MILK-900"])
    name_zh: str = Field(examples=["婴儿奶粉 900 克"])
    name_en: str = Field(examples=["Infant milk powder 900 g"])
    likeness: int = Field(description="Percent", examples=[83])


@routes.rows(
    "/rounds/{code}/outlook",
    scope="forecasts:read",
    listing=PRODUCTS,
    row=OutlookOut,
    summary=_("List history and likely cost of what a round offers"),
)
def list_round_outlook(request: HttpRequest, code: str) -> object:
    """One's own earlier rounds of each product, and its unit cost at today's pool."""
    held, seller = find_round(code), caller_of(request).company

    def together(rows: list[Any]) -> list[Any]:
        outlook.attach(held, seller, rows)
        return rows

    offered = offers.forecastable(held).annotate(own_names=outlook.own_names(seller))
    return page(request, PRODUCTS, offered, _outlook, together=together)


def _outlook(product: Any) -> OutlookOut:
    likely, suggested = product.beside.likely, product.beside.suggested
    return OutlookOut(
        sku=product.sku,
        earlier=[
            EarlierOut(round=one.round, forecast=one.forecast, got=one.got)
            for one in product.beside.earlier
        ],
        likely=LikelyOut(
            unit_cost_minor=likely.unit_cost_minor,
            missing_packs=likely.missing_packs,
            missing_units=likely.missing_units,
            next_unit_cost_minor=likely.next_unit_cost_minor,
        )
        if likely
        else None,
        suggested=SuggestedOut(
            units=suggested.units,
            low=suggested.low,
            high=suggested.high,
            generous=suggested.generous,
            method=suggested.method,
        )
        if suggested
        else None,
    )


@routes.create(
    "/rounds/{code}/forecast-copies",
    scope="forecasts:write",
    response=TakenOut,
    summary=_("File what was filed or ordered in the last round"),
)
def copy_forecast(request: HttpRequest, code: str, wanted: CopyIn) -> Status[TakenOut]:
    """`filed` or `ordered`: of the products that this round takes; others that one filed stay."""
    caller, held = caller_of(request), find_round(code)
    taken = services.copy_last(
        round=held, seller=caller.company, what=wanted.what, filed_by=caller.user, now=now()
    )
    return Status(201, _taken(taken))


def _taken(taken: services.Taken) -> TakenOut:
    filed = taken.forecast
    return TakenOut(forecast=forecast_out(filed, filed.round), left_out=taken.left_out)


@routes.rows(
    "/late-wishes",
    scope="forecasts:read",
    listing=LATE_WISHES,
    row=LateWishOut,
    summary=_("List what came too late"),
)
def list_late_wishes(request: HttpRequest) -> object:
    """What one wanted when a round took nothing any more."""
    return page(request, LATE_WISHES, forecasts.late_wishes(caller_of(request).company), _late)


def _late(wish: LateWish) -> LateWishOut:
    taken = getattr(wish, "taken_as", None)
    return LateWishOut(
        id=wish.pk,
        round=wish.round.code,
        wished_at=wish.wished_at,
        products=wish.products,
        units=wish.units,
        taken_into=taken.round.code if taken else None,
    )


@routes.create(
    "/rounds/{code}/late-wishes",
    scope="forecasts:write",
    response=LateWishOut,
    summary=_("Keep a wish for the next round"),
)
def create_late_wish(request: HttpRequest, code: str, wanted: ForecastIn) -> Status[LateWishOut]:
    """After the cut-off: nothing is filed, and what is wanted is kept for a later round."""
    caller, held = caller_of(request), find_round(code)
    kept = services.keep_late_wishes(
        round=held,
        seller=caller.company,
        wishes=wishes_of(held, caller.company.code, wanted),
        wished_by=caller.user,
        now=now(),
    )
    return Status(201, _late(kept))


@routes.create(
    "/late-wishes/{int:pk}/forecast",
    scope="forecasts:write",
    response=TakenOut,
    summary=_("Take a late wish into a round"),
)
def take_late_wish(request: HttpRequest, pk: int, wanted: LateTakenIn) -> Status[TakenOut]:
    """Files the next version of that round; what one filed there of other products stays."""
    caller = caller_of(request)
    wish = get_object_or_404(forecasts.late_wishes(caller.company), pk=pk)
    taken = services.take_late_wish(
        wish=wish, round=find_round(wanted.round), filed_by=caller.user, now=now()
    )
    return Status(201, _taken(taken))


@routes.rows(
    "/own-skus",
    scope="forecasts:read",
    listing=OWN_SKUS,
    row=OwnSkuOut,
    summary=_("List own SKUs"),
)
def list_own_skus(request: HttpRequest) -> object:
    """What one calls the products of the catalogue."""
    return page(request, OWN_SKUS, naming.own_skus(caller_of(request).company), _own_sku)


def _own_sku(mapping: SellerSku) -> OwnSkuOut:
    return OwnSkuOut(
        id=mapping.pk,
        own_sku=mapping.own_sku,
        sku=mapping.product.sku,
        how=mapping.how,
        confirmed_by=mapping.confirmed_by.email if mapping.confirmed_by else None,
        confirmed_at=mapping.confirmed_at,
    )


@routes.create(
    "/own-skus", scope="forecasts:write", response=OwnSkuOut, summary=_("Map an own SKU")
)
def create_own_sku(request: HttpRequest, wanted: OwnSkuIn) -> Status[OwnSkuOut]:
    """With `sku` the person behind the token confirms what is meant."""
    caller = caller_of(request)
    product = get_object_or_404(Product, sku=wanted.sku) if wanted.sku else None
    made = services.map_own_sku(
        seller=caller.company, own_sku=wanted.own_sku, product=product, by=caller.user, now=now()
    )
    return Status(201, _own_sku(made))


@routes.show(
    "/own-skus/{int:pk}",
    scope="forecasts:read",
    response=OwnSkuOut,
    summary=_("Show an own SKU"),
)
def get_own_sku(request: HttpRequest, pk: int) -> OwnSkuOut:
    """One mapping, with the ETag that removing it wants."""
    return _own_sku(_mine(request, pk))


def _mine(request: HttpRequest, pk: int) -> SellerSku:
    return get_object_or_404(naming.own_skus(caller_of(request).company), pk=pk)


@routes.change(
    "/own-skus/{int:pk}/remove",
    scope="forecasts:write",
    current=get_own_sku,
    response=OwnSkuOut,
    summary=_("Remove an own SKU"),
)
def remove_own_sku(request: HttpRequest, pk: int) -> OwnSkuOut:
    """What was filed by it stays."""
    mapping = _mine(request, pk)
    told = _own_sku(mapping)
    services.forget_own_sku(mapping=mapping)
    return told


@routes.ask(
    "/own-skus/proposals",
    scope="forecasts:read",
    response=list[ProposalOut],
    summary=_("Propose what a name means"),
)
def propose_products(request: HttpRequest, wanted: NameIn) -> list[ProposalOut]:
    """The products whose names are most like it; nothing is mapped."""
    return [
        ProposalOut(
            sku=one.product.sku,
            name_zh=one.product.name_zh,
            name_en=one.product.name_en,
            likeness=one.likeness,
        )
        for one in naming.proposed(wanted.name)
    ]
