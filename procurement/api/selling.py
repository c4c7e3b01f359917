"""What a seller's program does: file a forecast, as lines or as a file."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop as _
from ninja import File, Form, Schema, Status, UploadedFile
from pydantic import Field

from core.clock import now
from core.sheets import MAX_BYTES
from procurement import services
from procurement.api.rounds import find_round
from procurement.models import (
    Forecast,
    ForecastUpload,
    PoolRound,
)
from procurement.queries import forecasts, offers
from procurement.queries.listings import VERSIONS
from procurement.rules.forecasting import LARGEST_LINE, ForecastRefused, Wish
from rest.calling import caller_of
from rest.fields import Body, Whole, one_of
from rest.lists import page
from rest.routes import Routes
from web.files import XLSX, template_file

routes = Routes(tags=["sellers"])


class ForecastLineIn(Body):
    """Units of one product."""

    sku: str = Field(
        description="Also an own SKU that is mapped, a GTIN or a supplier's code",
        min_length=1,
        max_length=64,
        examples=["MILK-900"],
    )
    quantity: Annotated[Whole, Field(ge=0, le=LARGEST_LINE)] = Field(examples=[240])
    less: Annotated[Whole, Field(ge=0, le=LARGEST_LINE)] = Field(
        0, description="Units that could be done without to complete a pack", examples=[12]
    )
    more: Annotated[Whole, Field(ge=0, le=LARGEST_LINE)] = Field(
        0, description="Units that would be taken on top to complete a pack", examples=[24]
    )


class ForecastIn(Body):
    """All that is wanted: what is not named is not wanted."""

    lines: list[ForecastLineIn] = Field(max_length=20_000)


class ForecastLineOut(Schema):
    """Units of one product."""

    sku: str = Field(examples=["MILK-900"])
    quantity: int = Field(examples=[240])
    less: int = Field(examples=[12])
    more: int = Field(examples=[24])


class ForecastHead(Schema):
    """One version of a forecast; the newest counts."""

    round: str = Field(examples=["2026-Q4"])
    quarter: str = Field(examples=["2026-Q4"])
    version: int = Field(examples=[2])
    filed_at: datetime = Field(examples=["2026-08-03T02:00:00Z"])
    source: str = Field(
        description="form, upload or api; copied from the last round, or a late wish taken",
        json_schema_extra=one_of("form", "upload", "api", "copy", "late", "import"),
        examples=["api"],
    )
    filed_by: str | None = Field(examples=["seller1@bondpool.example"])


class ForecastOut(ForecastHead):
    """One version with its lines, by SKU."""

    lines: list[ForecastLineOut]


class FileFaultOut(Schema):
    """One cell that cannot be taken."""

    row: int = Field(examples=[3])
    field: str = Field(examples=["forecast_units"])
    message: str = Field(examples=["A quantity cannot be negative."])


class UploadOut(Schema):
    """A file that was looked at and could be filed as it is."""

    id: int = Field(examples=[17])
    round: str = Field(examples=["2026-Q4"])
    quarter: str = Field(examples=["2026-Q4"])
    file_name: str = Field(examples=["forecast.csv"])
    products: int = Field(examples=[12])
    units: int = Field(examples=[2880])
    left_out: list[int] = Field(
        description="Rows with faults, which `partial=yes` leaves out", examples=[[]]
    )
    error_count: int = Field(examples=[0])
    errors: list[FileFaultOut] = Field(description="The first 1,000")


def wishes_of(held: PoolRound, seller: str, wanted: ForecastIn) -> list[Wish]:
    """The lines of a body as the rules of forecasts want them; `row` counts from 1."""
    return [
        Wish(
            row=row,
            quarter=held.quarter,
            sku=line.sku,
            units=str(line.quantity),
            seller=seller,
            less=str(line.less),
            more=str(line.more),
        )
        for row, line in enumerate(wanted.lines, start=1)
    ]


def _head(forecast: Forecast, held: PoolRound) -> ForecastHead:
    return ForecastHead(
        round=held.code,
        quarter=held.quarter,
        version=forecast.version,
        filed_at=forecast.filed_at,
        source=forecast.source,
        filed_by=forecast.filed_by.email if forecast.filed_by else None,
    )


def forecast_out(forecast: Forecast, held: PoolRound) -> ForecastOut:
    head = _head(forecast, held).model_dump()
    lines = [
        ForecastLineOut(
            sku=line.product.sku, quantity=line.quantity, less=line.less, more=line.more
        )
        for line in forecasts.lines(forecast)
    ]
    return ForecastOut(**head, lines=lines)


@routes.show(
    "/rounds/{code}/forecast",
    scope="forecasts:read",
    response=ForecastOut,
    summary=_("Show the forecast that counts"),
)
def get_forecast(request: HttpRequest, code: str) -> ForecastOut:
    """The newest version of one's own forecast; 404 when nothing was filed."""
    held = find_round(code)
    mine = forecasts.versions(held, caller_of(request).company)
    return forecast_out(get_object_or_404(mine[:1]), held)


@routes.rows(
    "/rounds/{code}/forecasts",
    scope="forecasts:read",
    listing=VERSIONS,
    row=ForecastHead,
    summary=_("List a forecast's versions"),
)
def list_forecasts(request: HttpRequest, code: str) -> object:
    """Every version one filed for a round."""
    held = find_round(code)
    mine = forecasts.versions(held, caller_of(request).company)
    return page(request, VERSIONS, mine, lambda one: _head(one, held))


@routes.show(
    "/rounds/{code}/forecasts/{int:version}",
    scope="forecasts:read",
    response=ForecastOut,
    summary=_("Show one version of a forecast"),
)
def get_forecast_version(request: HttpRequest, code: str, version: int) -> ForecastOut:
    """One version as it was filed."""
    held = find_round(code)
    mine = forecasts.versions(held, caller_of(request).company)
    return forecast_out(get_object_or_404(mine, version=version), held)


@routes.create(
    "/rounds/{code}/forecasts",
    scope="forecasts:write",
    response=ForecastOut,
    summary=_("File a forecast"),
)
def file_forecast(request: HttpRequest, code: str, wanted: ForecastIn) -> Status[ForecastOut]:
    """File the next version, which counts from now on. Errors name the line (`row`, from 1)."""
    caller, held = caller_of(request), find_round(code)
    wishes = wishes_of(held, caller.company.code, wanted)
    filed = services.file_wishes(
        round=held, seller=caller.company, wishes=wishes, filed_by=caller.user, now=now()
    )
    return Status(201, forecast_out(filed, held))


@routes.create(
    "/rounds/{code}/forecast-files",
    scope="forecasts:write",
    response=UploadOut,
    summary=_("Check a forecast file"),
    is_single=False,
)
def check_forecast_file(
    request: HttpRequest,
    code: str,
    file: File[UploadedFile],
    partial: Form[Literal["yes", "no"]] = "no",
) -> Status[UploadOut]:
    """Look at a CSV or XLSX with quarter, sku, forecast_units and, if any, less and more.

    Nothing is filed. Wrong rows are named in `errors` (the first 1,000); a file without any is
    kept, and can be filed. With `partial=yes` a file with wrong rows is kept as well, and its
    other rows can be filed by `/rows`.
    """
    caller, held = caller_of(request), find_round(code)
    preview = services.preview_upload(
        round=held,
        seller=caller.company,
        file_name=file.name or "",
        content=file.read(MAX_BYTES + 1),
        uploaded_by=caller.user,
        now=now(),
        is_looked_at=partial == "yes",
    )
    if preview.refused:
        raise preview.refused
    if preview.upload is None or (preview.errors and not preview.wants):
        raise ForecastRefused(count=preview.error_count, rows=preview.errors)
    kept = preview.upload
    return Status(
        201,
        UploadOut(
            id=kept.pk,
            round=code,
            quarter=held.quarter,
            file_name=kept.file_name,
            products=len(preview.wants),
            units=preview.units,
            left_out=list(preview.wrong_rows),
            error_count=preview.error_count,
            errors=[
                FileFaultOut(row=one.row, field=one.field, message=one.message)
                for one in preview.errors
            ],
        ),
    )


@routes.create(
    "/rounds/{code}/forecast-files/{int:pk}/forecast",
    scope="forecasts:write",
    response=ForecastOut,
    summary=_("File a checked file"),
)
def file_forecast_file(request: HttpRequest, code: str, pk: int) -> Status[ForecastOut]:
    """File what a checked file says; it is checked once more."""
    caller = caller_of(request)
    kept = get_object_or_404(
        ForecastUpload.objects.filter(seller=caller.company), pk=pk, round__code=code
    )
    filed = services.file_upload(upload=kept, filed_by=caller.user, now=now())
    return Status(201, forecast_out(filed, kept.round))


@routes.create(
    "/rounds/{code}/forecast-files/{int:pk}/rows",
    scope="forecasts:write",
    response=ForecastOut,
    summary=_("File the rows without faults"),
)
def file_forecast_rows(request: HttpRequest, code: str, pk: int) -> Status[ForecastOut]:
    """Of a file checked with `partial=yes`; the rows left out were told when it was checked."""
    caller = caller_of(request)
    kept = get_object_or_404(
        ForecastUpload.objects.filter(seller=caller.company), pk=pk, round__code=code
    )
    filed, _left_out = services.file_partly(upload=kept, filed_by=caller.user, now=now())
    return Status(201, forecast_out(filed, kept.round))


@routes.file(
    "/rounds/{code}/forecast-template.{kind}",
    scope="forecasts:read",
    media_type=("text/csv", XLSX),
    summary=_("Fetch a forecast file to fill in"),
)
def get_forecast_template(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """`csv` or `xlsx`: every product that may be forecast, with what was filed last."""
    head, rows = offers.to_fill_in(find_round(code), caller_of(request).company)
    return template_file(f"forecast-{code}", kind, head, rows)
