"""A seller's forecast credit, its sales, and what is suggested to it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from ninja import File, Schema, Status, UploadedFile
from pydantic import Field

from catalog.models import Product
from core.clock import now
from core.sheets import MAX_BYTES
from procurement import services
from procurement.api.rounds import find_round
from procurement.models import ForecastScore, SalesReport, SellerSales
from procurement.queries import credit, explaining, forecasts, sales, suggestions
from procurement.queries.listings_of_credit import MY_SCORES, SALES
from procurement.rules import quarters
from procurement.rules.forecasting import LARGEST_LINE
from procurement.rules.selling import SalesRefused, Told
from rest.calling import caller_of
from rest.fields import Body, Whole, one_of
from rest.lists import page
from rest.routes import Routes

routes = Routes(tags=["sellers"])


class CreditQuarter(Schema):
    """One quarter that counts; units of its lines, without those that are left out."""

    quarter: str = Field(examples=["2026-Q2"])
    weight: Decimal = Field(examples=["1.000"])
    forecast: int = Field(examples=[150])
    sold: int = Field(examples=[140])
    error: int = Field(description="Sum of the lines' differences", examples=[30])
    lines: int = Field(examples=[12])
    censored: int = Field(description="Lines that are left out", examples=[1])


class BandTerms(Schema):
    """What a band sets, in percent; of the round that is open, where one is."""

    band: str = Field(examples=["A"])
    from_score: int = Field(examples=[50])
    until_score: int = Field(examples=[100])
    deposit_percent: int = Field(examples=[15])
    tolerance_percent: int = Field(examples=[100])
    priority_percent: int = Field(examples=[100])
    is_mine: bool = Field(examples=[True])


class CreditOut(Schema):
    """The own score with all numbers of its formula, which docs/api.md writes out."""

    quarter: str | None = Field(examples=["2026-Q3"])
    made_at: datetime | None = Field(examples=["2026-10-02T02:00:00Z"])
    policy_from: date = Field(examples=["2026-01-01"])
    band: str = Field(examples=["A"])
    score: int = Field(examples=[74])
    is_new: bool = Field(
        description="Nothing of one's own is known: the market's figures stand", examples=[False]
    )
    newcomer_units: int = Field(description="Most units of a product of a newcomer", examples=[240])
    shrunk_by: int = Field(description="k in the formula, in units", examples=[20])
    forecast: Decimal = Field(description="Weighted units", examples=["170.000"])
    sold: Decimal = Field(examples=["160.000"])
    error: Decimal = Field(examples=["30.000"])
    market_ratio: Decimal = Field(examples=["0.7027"])
    market_wape: Decimal = Field(examples=["0.5000"])
    market_bias: Decimal = Field(examples=["0.4231"])
    wape: Decimal = Field(examples=["0.2222"])
    bias: Decimal = Field(examples=["0.1026"])
    factor: Decimal = Field(examples=["0.9161"])
    tracking: Decimal = Field(examples=["1.50"])
    entitled_of_100: int = Field(examples=[92])
    quarters: list[CreditQuarter]
    terms: list[BandTerms]
    advice: list[str] = Field(examples=[["Your error is larger than the market's."]])


class ScoreHead(Schema):
    """One score of the past."""

    quarter: str = Field(examples=["2026-Q3"])
    made_at: datetime = Field(examples=["2026-10-02T02:00:00Z"])
    score: int = Field(examples=[74])
    band: str = Field(examples=["A"])
    factor: Decimal = Field(examples=["0.9161"])


class SalesOut(Schema):
    """Units of one product sold in one quarter; what was drawn from bond counts first."""

    quarter: str = Field(examples=["2026-Q3"])
    sku: str = Field(examples=["MILK-900"])
    units: int = Field(examples=[220])
    is_stocked_out: bool = Field(examples=[False])
    is_from_bond: bool = Field(examples=[True])


class SalesIn(Body):
    """Units of one product sold in one quarter that is over."""

    quarter: str = Field(pattern=r"^\d{4}-Q[1-4]$", examples=["2026-Q3"])
    sku: str = Field(min_length=1, max_length=64, examples=["MILK-900"])
    units: Annotated[Whole, Field(ge=0, le=LARGEST_LINE)] = Field(examples=[220])
    is_stocked_out: bool = Field(
        default=False,
        description="More would have been sold; told beside the figure, and leaves nothing out",
        examples=[False],
    )


class SalesBody(Body):
    """Figures replace older ones of the same quarter and product."""

    lines: list[SalesIn] = Field(min_length=1, max_length=20_000)


class SalesReportOut(Schema):
    """Sales that were sent: ``recorded_at`` is empty while they do not count yet."""

    id: int = Field(examples=[17])
    source: str = Field(json_schema_extra=one_of("file", "api"), examples=["api"])
    file_name: str = Field(examples=["sales.csv"])
    sent_at: datetime = Field(examples=["2026-10-02T02:00:00Z"])
    recorded_at: datetime | None = Field(examples=["2026-10-02T02:00:00Z"])


class SuggestionOut(Schema):
    """What one will probably sell of a product in the round's quarter."""

    sku: str = Field(examples=["MILK-900"])
    units: int = Field(examples=[210])
    low: int = Field(description="Four quarters of five fall between low and high", examples=[170])
    high: int = Field(examples=[255])
    method: str = Field(
        examples=["exponential smoothing on 6 own quarters, 4 % weight on the market"]
    )
    own_quarters: int = Field(examples=[6])
    market_percent: int = Field(examples=[4])


class Suggestions(Schema):
    """All suggestions for one round, by SKU."""

    data: list[SuggestionOut]


@routes.show(
    "/credit", scope="forecasts:read", response=CreditOut, summary=_("Show my forecast credit")
)
def get_credit(request: HttpRequest) -> CreditOut:
    """One's score, the formula with its numbers, and what the band sets."""
    at = now()
    told = explaining.explain(
        caller_of(request).company,
        on=timezone.localdate(at),
        round=forecasts.open_rounds(at).first(),
    )
    names = (
        *("is_new", "shrunk_by", "forecast", "sold", "error", "market_ratio", "market_wape"),
        *("market_bias", "wape", "bias", "factor", "tracking", "entitled_of_100"),
    )
    return CreditOut(
        quarter=told.score.quarter if told.score else None,
        made_at=told.score.made_at if told.score else None,
        policy_from=told.policy.valid_from,
        band=told.band.name,
        score=told.points,
        newcomer_units=told.policy.newcomer_units,
        quarters=[
            CreditQuarter(**{name: getattr(one, name) for name in CreditQuarter.model_fields})
            for one in told.quarters
        ],
        terms=[
            BandTerms(
                band=one.band.name,
                from_score=one.band.from_score,
                until_score=one.until_score,
                deposit_percent=one.deposit_percent,
                tolerance_percent=one.tolerance_percent,
                priority_percent=one.band.priority,
                is_mine=one.is_mine,
            )
            for one in told.terms
        ],
        advice=list(told.advice),
        **{name: getattr(told, name) for name in names},
    )


def _score(one: ForecastScore) -> ScoreHead:
    return ScoreHead(
        quarter=one.quarter,
        made_at=one.made_at,
        score=one.score,
        band=one.band,
        factor=Decimal(one.factor) / 10_000,
    )


@routes.rows(
    "/credit/scores",
    scope="forecasts:read",
    listing=MY_SCORES,
    row=ScoreHead,
    summary=_("List my earlier scores"),
)
def list_scores(request: HttpRequest) -> object:
    """One's own scores, newest first."""
    return page(request, MY_SCORES, credit.scores_of(caller_of(request).company), _score)


def _sales(one: SellerSales) -> SalesOut:
    return SalesOut(
        quarter=quarters.named(one.quarter),
        sku=one.product.sku,
        units=one.units,
        is_stocked_out=one.is_stocked_out,
        is_from_bond=one.is_from_bond,
    )


@routes.rows(
    "/sales", scope="forecasts:read", listing=SALES, row=SalesOut, summary=_("List my sales")
)
def list_sales(request: HttpRequest) -> object:
    """The figures that count, by quarter and product."""
    return page(request, SALES, sales.counting(caller_of(request).company), _sales)


def _report(one: SalesReport) -> SalesReportOut:
    return SalesReportOut(
        id=one.pk,
        source=one.source,
        file_name=one.file_name,
        sent_at=one.sent_at,
        recorded_at=one.recorded_at,
    )


@routes.create(
    "/sales",
    scope="forecasts:write",
    response=SalesReportOut,
    summary=_("Report sales"),
    is_single=False,
)
def report_sales(request: HttpRequest, told: SalesBody) -> Status[SalesReportOut]:
    """Record what was sold. Errors name the line (`row`, from 1)."""
    caller = caller_of(request)
    rows = [
        Told(row, one.quarter, one.sku, str(one.units), "yes" if one.is_stocked_out else "")
        for row, one in enumerate(told.lines, start=1)
    ]
    made = services.report_sales(seller=caller.company, rows=rows, sent_by=caller.user, now=now())
    return Status(201, _report(made))


@routes.create(
    "/sales-files",
    scope="forecasts:write",
    response=SalesReportOut,
    summary=_("Check a file of sales"),
    is_single=False,
)
def check_sales_file(request: HttpRequest, file: File[UploadedFile]) -> Status[SalesReportOut]:
    """Look at a CSV or XLSX with the columns quarter, sku, actual_units and stocked_out; nothing
    counts yet. Wrong rows are named in `errors`; a file without any is kept."""
    caller = caller_of(request)
    told = services.preview_sales(
        seller=caller.company,
        file_name=file.name or "",
        content=file.read(MAX_BYTES + 1),
        sent_by=caller.user,
        now=now(),
    )
    if told.refused:
        raise told.refused
    if told.report is None:
        raise SalesRefused(count=told.error_count, rows=told.errors)
    return Status(201, _report(told.report))


@routes.create(
    "/sales-files/{int:pk}/record",
    scope="forecasts:write",
    response=SalesReportOut,
    summary=_("Record a checked file of sales"),
    is_single=False,
)
def record_sales_file(request: HttpRequest, pk: int) -> Status[SalesReportOut]:
    """Let a checked file count."""
    kept = get_object_or_404(sales.reports(caller_of(request).company), pk=pk, source="file")
    services.record_file(report=kept, now=now())
    kept.refresh_from_db(fields=["recorded_at"])
    return Status(201, _report(kept))


@routes.show(
    "/rounds/{code}/suggestions",
    scope="forecasts:read",
    response=Suggestions,
    summary=_("Show what is suggested for a round"),
)
def get_suggestions(request: HttpRequest, code: str) -> Suggestions:
    """Quantities from one's own sales and the market's, each with its bounds and its method."""
    found = suggestions.for_lines(find_round(code), caller_of(request).company)
    skus = dict(Product.objects.filter(pk__in=found).values_list("pk", "sku"))
    told = [
        SuggestionOut(
            sku=skus[pk],
            units=one.units,
            low=one.low,
            high=one.high,
            method=suggestions.method_of(one),
            own_quarters=one.own_quarters,
            market_percent=one.market_percent,
        )
        for pk, one in found.items()
    ]
    return Suggestions(data=sorted(told, key=lambda one: one.sku))
