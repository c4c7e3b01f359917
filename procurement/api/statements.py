"""A seller's statement of a round, as its program reads it."""

from __future__ import annotations

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_noop as _
from ninja import Schema
from pydantic import Field

from core.clock import now
from procurement import services
from procurement.api.rounds import find_round
from procurement.models import RoundStatement
from procurement.queries import statements
from procurement.statement_files import statement_file
from rest.calling import caller_of
from rest.routes import Routes

routes = Routes(tags=["sellers"])


class StatementOut(Schema):
    """What a round brought and cost; every number can be recomputed from the rest.

    How stands in docs/statements.md. The digest is SHA-256 of the canonical JSON of all the rest:
    keys sorted, no spaces, UTF-8.
    """

    format: str = Field(examples=["bondpool.statement/1"])
    currency: str = Field(examples=["CNY"])
    round: dict[str, Any] = Field(
        description="Code, quarter, category, cut-off, rule of a shortage",
        examples=[{"code": "2026-Q3", "quarter": "2026-Q3"}],
    )
    run: dict[str, Any] | None = Field(
        default=None,
        description="Which working out of the round's bills: number, time, what had changed",
        examples=[{"number": 2, "causes": [{"what": "accepted", "document": "AB-12"}]}],
    )
    credit: dict[str, Any] | None = Field(
        default=None,
        description="By what wishes counted, in a round that orders by forecast credit",
        examples=[{"factor_ten_thousandths": 8500}],
    )
    seller: dict[str, Any] = Field(examples=[{"code": "SELLER-01", "name_en": "Seller"}])
    sellers_in_round: int | None = Field(
        description="Empty: fewer than three, so no total is told", examples=[12]
    )
    products: list[dict[str, Any]] = Field(
        description="Forecast, wish, units ordered and got",
        examples=[[{"sku": "MILK-900", "forecast": 240, "ordered": 240, "got": 240}]],
    )
    costs: list[dict[str, Any]] = Field(
        description="Each charge: driver, bases, share, formula",
        examples=[[{"kind": "freight", "driver": "chargeable", "share_minor": 41200}]],
    )
    corrections: list[dict[str, Any]] = Field(
        description="What later bills change, on units sold and in stock", examples=[[]]
    )
    cap: dict[str, Any] = Field(
        description="From the shares to what is paid",
        examples=[{"shared_minor": 120000, "cut_minor": 0, "paid_minor": 120000}],
    )
    alone: dict[str, Any] = Field(
        description="The cost of going alone, and the terms it comes from",
        examples=[{"minor": 140000, "parts": {"goods": 120000, "freight": 20000}}],
    )
    totals: dict[str, Any] = Field(
        examples=[{"paid_minor": 120000, "alone_minor": 140000, "saving_minor": 20000}]
    )
    digest: str = Field(
        examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"]
    )


def statement_out(kept: RoundStatement) -> StatementOut:
    return StatementOut(**json.loads(kept.content))


def _statement(request: HttpRequest, code: str, run: int | None) -> RoundStatement:
    held, company = find_round(code), caller_of(request).company
    newest = statements.newest_run(held, company)
    if newest is None or not 1 <= (newest if run is None else run) <= newest:
        raise Http404
    return services.state(round=held, seller=company, now=now(), run=run)


@routes.show(
    "/rounds/{code}/statement",
    scope="forecasts:read",
    response=StatementOut,
    summary=_("Show one's statement of a round"),
    as_given=True,
)
def get_statement(request: HttpRequest, code: str, run: int | None = None) -> StatementOut:
    """What was forecast, ordered and paid, and what it would have cost alone; 404 when nothing
    was got of the round. The newest, or that of a `run`; each is made once and never changes."""
    return statement_out(_statement(request, code, run))


@routes.file(
    "/rounds/{code}/statement.{kind}",
    scope="forecasts:read",
    media_type=("application/json", "text/csv", "application/pdf"),
    summary=_("Fetch one's statement as a file"),
)
def get_statement_file(
    request: HttpRequest, code: str, kind: str, run: int | None = None
) -> HttpResponse:
    """`json` (as `bondpool verify_statement` reads it), `csv`, `zh.pdf` or `en.pdf`; the newest,
    or that of a `run`."""
    return statement_file(_statement(request, code, run), kind)
