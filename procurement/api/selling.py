"""What a seller's program does: file a forecast, as lines or as a file, and read its share."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop as _
from ninja import File, Schema, Status, UploadedFile
from pydantic import Field

from catalog.queries import PRODUCTS
from catalog.showing import ProductOut, product_out
from core.clock import now
from core.sheets import MAX_BYTES
from procurement import services
from procurement.models import Forecast, ForecastUpload, OrderState, PoolRound, RoundState
from procurement.queries import forecasts, offers, orders
from procurement.queries.listings import ROUNDS, VERSIONS
from procurement.rules.forecasting import LARGEST_LINE, ForecastRefused, Wish
from rest.calling import caller_of
from rest.fields import Body, Whole, one_of
from rest.lists import page
from rest.routes import Routes
from web.files import XLSX, template_file

routes = Routes(tags=["sellers"])


class RoundOut(Schema):
    """A round of pooled purchasing."""

    quarter: str = Field(examples=["2026-Q4"])
    state: str = Field(json_schema_extra=one_of(*RoundState.values), examples=["open"])
    opens_at: datetime = Field(examples=["2026-08-01T00:00:00Z"])
    cutoff_at: datetime = Field(examples=["2026-09-20T16:00:00Z"])
    closed_at: datetime | None = Field(examples=[None])


class ForecastLineIn(Body):
    """Units of one product."""

    sku: str = Field(min_length=1, max_length=64, examples=["MILK-900"])
    quantity: Annotated[Whole, Field(ge=0, le=LARGEST_LINE)] = Field(examples=[240])


class ForecastIn(Body):
    """All that is wanted: what is not named is not wanted."""

    lines: list[ForecastLineIn] = Field(max_length=20_000)


class ForecastLineOut(Schema):
    """Units of one product."""

    sku: str = Field(examples=["MILK-900"])
    quantity: int = Field(examples=[240])


class ForecastHead(Schema):
    """One version of a forecast; the newest counts."""

    quarter: str = Field(examples=["2026-Q4"])
    version: int = Field(examples=[2])
    filed_at: datetime = Field(examples=["2026-08-03T02:00:00Z"])
    source: str = Field(
        description="form, upload or api",
        json_schema_extra=one_of("form", "upload", "api"),
        examples=["api"],
    )
    filed_by: str | None = Field(examples=["seller1@bondpool.example"])


class ForecastOut(ForecastHead):
    """One version with its lines, by SKU."""

    lines: list[ForecastLineOut]


class UploadOut(Schema):
    """A file that was looked at and could be filed as it is."""

    id: int = Field(examples=[17])
    quarter: str = Field(examples=["2026-Q4"])
    file_name: str = Field(examples=["forecast.csv"])
    products: int = Field(examples=[12])
    units: int = Field(examples=[2880])


class ShareLine(Schema):
    """A seller's part of one order line, in the order's currency."""

    sku: str = Field(examples=["MILK-900"])
    order_number: str = Field(examples=["PO-2026-000001"])
    order_state: str = Field(json_schema_extra=one_of(*OrderState.values), examples=["placed"])
    quantity: int = Field(examples=[240])
    currency: str = Field(examples=["EUR"])
    amount_minor: int = Field(examples=[240000])
    alone_minor: int = Field(description="What it would cost alone", examples=[265000])
    saved_minor: int = Field(examples=[25000])


class ShareTotal(Schema):
    """Sums in one currency."""

    currency: str = Field(examples=["EUR"])
    amount_minor: int = Field(examples=[240000])
    alone_minor: int = Field(examples=[265000])
    saved_minor: int = Field(examples=[25000])
    saved_percent: Decimal = Field(examples=["9.4"])


class ShareOut(Schema):
    """What pooling came to for the seller; empty while the round is open."""

    quarter: str = Field(examples=["2026-Q3"])
    lines: list[ShareLine]
    totals: list[ShareTotal]


def _round(quarter: str) -> PoolRound:
    return get_object_or_404(PoolRound, quarter=quarter)


def _round_out(held: PoolRound) -> RoundOut:
    return RoundOut(
        quarter=held.quarter,
        state=held.state,
        opens_at=held.opens_at,
        cutoff_at=held.cutoff_at,
        closed_at=held.closed_at,
    )


def _head(forecast: Forecast, quarter: str) -> ForecastHead:
    return ForecastHead(
        quarter=quarter,
        version=forecast.version,
        filed_at=forecast.filed_at,
        source=forecast.source,
        filed_by=forecast.filed_by.email if forecast.filed_by else None,
    )


def _forecast(forecast: Forecast, quarter: str) -> ForecastOut:
    head = _head(forecast, quarter).model_dump()
    lines = [
        ForecastLineOut(sku=line.product.sku, quantity=line.quantity)
        for line in forecasts.lines(forecast)
    ]
    return ForecastOut(**head, lines=lines)


@routes.rows(
    "/rounds", scope="forecasts:read", listing=ROUNDS, row=RoundOut, summary=_("List rounds")
)
def list_rounds(request: HttpRequest) -> object:
    """Every round, open and closed."""
    return page(request, ROUNDS, PoolRound.objects.all(), _round_out)


@routes.show(
    "/rounds/{quarter}", scope="forecasts:read", response=RoundOut, summary=_("Show a round")
)
def get_round(request: HttpRequest, quarter: str) -> RoundOut:
    """One round: when it takes forecasts."""
    return _round_out(_round(quarter))


@routes.rows(
    "/rounds/{quarter}/products",
    scope="forecasts:read",
    listing=PRODUCTS,
    row=ProductOut,
    summary=_("List what a round offers"),
)
def list_round_products(request: HttpRequest, quarter: str) -> object:
    """Products that may be forecast in this round."""
    return page(request, PRODUCTS, offers.forecastable(_round(quarter)), product_out)


@routes.show(
    "/rounds/{quarter}/forecast",
    scope="forecasts:read",
    response=ForecastOut,
    summary=_("Show the forecast that counts"),
)
def get_forecast(request: HttpRequest, quarter: str) -> ForecastOut:
    """The newest version of one's own forecast; 404 when nothing was filed."""
    held = _round(quarter)
    mine = forecasts.versions(held, caller_of(request).company)
    return _forecast(get_object_or_404(mine[:1]), quarter)


@routes.rows(
    "/rounds/{quarter}/forecasts",
    scope="forecasts:read",
    listing=VERSIONS,
    row=ForecastHead,
    summary=_("List a forecast's versions"),
)
def list_forecasts(request: HttpRequest, quarter: str) -> object:
    """Every version one filed for a round."""
    mine = forecasts.versions(_round(quarter), caller_of(request).company)
    return page(request, VERSIONS, mine, lambda one: _head(one, quarter))


@routes.show(
    "/rounds/{quarter}/forecasts/{int:version}",
    scope="forecasts:read",
    response=ForecastOut,
    summary=_("Show one version of a forecast"),
)
def get_forecast_version(request: HttpRequest, quarter: str, version: int) -> ForecastOut:
    """One version as it was filed."""
    mine = forecasts.versions(_round(quarter), caller_of(request).company)
    return _forecast(get_object_or_404(mine, version=version), quarter)


@routes.create(
    "/rounds/{quarter}/forecasts",
    scope="forecasts:write",
    response=ForecastOut,
    summary=_("File a forecast"),
)
def file_forecast(request: HttpRequest, quarter: str, wanted: ForecastIn) -> Status[ForecastOut]:
    """File the next version, which counts from now on. Errors name the line (`row`, from 1)."""
    caller, held = caller_of(request), _round(quarter)
    wishes = [
        Wish(row, held.quarter, line.sku, str(line.quantity), caller.company.code)
        for row, line in enumerate(wanted.lines, start=1)
    ]
    filed = services.file_wishes(
        round=held, seller=caller.company, wishes=wishes, filed_by=caller.user, now=now()
    )
    return Status(201, _forecast(filed, quarter))


@routes.create(
    "/rounds/{quarter}/forecast-files",
    scope="forecasts:write",
    response=UploadOut,
    summary=_("Check a forecast file"),
    is_single=False,
)
def check_forecast_file(
    request: HttpRequest, quarter: str, file: File[UploadedFile]
) -> Status[UploadOut]:
    """Look at a CSV or XLSX with the columns quarter, sku, forecast_units; nothing is filed.

    Wrong rows are named in `errors` (the first 1,000); a file without any is kept, and can be
    filed.
    """
    caller, held = caller_of(request), _round(quarter)
    preview = services.preview_upload(
        round=held,
        seller=caller.company,
        file_name=file.name or "",
        content=file.read(MAX_BYTES + 1),
        uploaded_by=caller.user,
        now=now(),
    )
    if preview.refused:
        raise preview.refused
    if preview.upload is None:
        raise ForecastRefused(count=preview.error_count, rows=preview.errors)
    kept = preview.upload
    return Status(
        201,
        UploadOut(
            id=kept.pk,
            quarter=quarter,
            file_name=kept.file_name,
            products=len(preview.wants),
            units=preview.units,
        ),
    )


@routes.create(
    "/rounds/{quarter}/forecast-files/{int:pk}/forecast",
    scope="forecasts:write",
    response=ForecastOut,
    summary=_("File a checked file"),
)
def file_forecast_file(request: HttpRequest, quarter: str, pk: int) -> Status[ForecastOut]:
    """File what a checked file says; it is checked once more."""
    caller = caller_of(request)
    kept = get_object_or_404(
        ForecastUpload.objects.filter(seller=caller.company), pk=pk, round__quarter=quarter
    )
    filed = services.file_upload(upload=kept, filed_by=caller.user, now=now())
    return Status(201, _forecast(filed, quarter))


@routes.file(
    "/rounds/{quarter}/forecast-template.{kind}",
    scope="forecasts:read",
    media_type=("text/csv", XLSX),
    summary=_("Fetch a forecast file to fill in"),
)
def get_forecast_template(request: HttpRequest, quarter: str, kind: str) -> HttpResponse:
    """`csv` or `xlsx`: every product that may be forecast, with what was filed last."""
    head, rows = offers.to_fill_in(_round(quarter), caller_of(request).company)
    return template_file(f"forecast-{quarter}", kind, head, rows)


@routes.show(
    "/rounds/{quarter}/share",
    scope="forecasts:read",
    response=ShareOut,
    summary=_("Show one's share of a round"),
)
def get_share(request: HttpRequest, quarter: str) -> ShareOut:
    """What the pooled order gives and costs, and what it saves."""
    mine = orders.my_shares(_round(quarter), caller_of(request).company)
    return ShareOut(
        quarter=quarter,
        lines=[
            ShareLine(
                sku=one.product.sku,
                order_number=one.order_number,
                order_state=one.order_state,
                quantity=one.quantity,
                currency=one.currency,
                amount_minor=one.amount_minor,
                alone_minor=one.alone_minor,
                saved_minor=one.saved_minor,
            )
            for one in mine
        ],
        totals=[
            ShareTotal(
                currency=one.currency,
                amount_minor=one.amount_minor,
                alone_minor=one.alone_minor,
                saved_minor=one.saved_minor,
                saved_percent=one.saved_percent,
            )
            for one in orders.totals(mine)
        ],
    )
