"""Statements, bands of credit, and who approves orders, for an operator's programs."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Annotated

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from ninja import Schema
from pydantic import Field

from accounts.models import Company, CompanyKind
from core.clock import now
from procurement import services
from procurement.api.order_shapes import OrderOut
from procurement.api.ordering import get_order, order_of
from procurement.api.rounds import find_round
from procurement.api.statements import StatementOut, statement_out
from procurement.models import ForecastScore
from procurement.queries import approvals, credit, statements
from procurement.queries.listings_of_credit import SCORES
from procurement.rules import crediting
from procurement.rules.crediting import Band, Policy
from procurement.rules.policies import MOST_DEPOSIT, NAMES
from rest.calling import caller_of
from rest.fields import Body, Day, Whole, one_of
from rest.lists import page
from rest.routes import Routes

routes = Routes(tags=["operators"])
approving = Routes(tags=["operators", "finance"])

Percent = Annotated[Whole, Field(ge=0, le=100)]


class LimitIn(Body):
    """Up to this amount one person approves an order, above it two."""

    currency: str = Field(max_length=3, examples=["CNY"])
    amount_minor: Annotated[Whole, Field(ge=0, le=10**14)] | None = Field(
        description="Empty: no limit in this currency", examples=[15000000]
    )


class LimitsOut(Schema):
    """The limits by currency; one in CNY counts for all currencies that have none."""

    data: list[LimitIn]


@routes.show(
    "/pool-rounds/{code}/statements/{seller}",
    scope="rounds:read",
    response=StatementOut,
    summary=_("Show a seller's statement of a round"),
    as_given=True,
)
def get_statement_of(request: HttpRequest, code: str, seller: str) -> StatementOut:
    """The same that the seller reads, for whoever answers its questions."""
    held = find_round(code)
    company = get_object_or_404(Company, code=seller)
    # What nobody took is the platform's, and no share that anybody recomputes.
    if CompanyKind.SELLER not in company.kinds or statements.newest_run(held, company) is None:
        raise Http404
    return statement_out(services.state(round=held, seller=company, now=now()))


class BandIn(Body):
    """From a score on: percent of the deposit, of the tolerance and of the entitlement."""

    name: str = Field(max_length=1, json_schema_extra=one_of(*NAMES), examples=["A"])
    from_score: Percent = Field(examples=[50])
    deposit: Annotated[Whole, Field(ge=0, le=MOST_DEPOSIT)] = Field(examples=[50])
    tolerance: Percent = Field(examples=[100])
    priority: Percent = Field(examples=[100])


class PolicyIn(Body):
    """The rules by which forecasts are scored from a day on."""

    valid_from: Day = Field(examples=["2027-01-01"])
    shrunk_by: Annotated[Whole, Field(ge=0, le=10_000)] = Field(
        description="Units of the market beside each history", examples=[20]
    )
    newcomer_band: str = Field(max_length=1, json_schema_extra=one_of(*NAMES), examples=["C"])
    newcomer_units: Annotated[Whole, Field(ge=0, le=10**6)] = Field(
        description="Units of a product a newcomer stands for, at most", examples=[240]
    )
    bands: list[BandIn] = Field(min_length=4, max_length=4, description="A to D, best first")


class PolicyOut(Schema):
    """The rules by which forecasts are scored from a day on."""

    valid_from: date = Field(examples=["2027-01-01"])
    shrunk_by: int = Field(description="Units of the market beside each history", examples=[20])
    newcomer_band: str = Field(examples=["C"])
    newcomer_units: int = Field(
        description="Units of a product a newcomer stands for, at most", examples=[240]
    )
    bands: list[BandIn] = Field(description="A to D, best first")


class PoliciesOut(Schema):
    """The rules that hold today, and those that were set."""

    holds: PolicyOut
    data: list[PolicyOut]


def _policies() -> PoliciesOut:
    today = timezone.localtime(now(), timezone.get_default_timezone()).date()
    return PoliciesOut(
        holds=_policy(credit.policy_on(today)), data=[_policy(one) for one in credit.policies()]
    )


def _policy(policy: Policy) -> PolicyOut:
    return PolicyOut(**asdict(policy))


@routes.show(
    "/credit-policies",
    scope="rounds:read",
    response=PoliciesOut,
    summary=_("Show the bands of forecast credit"),
)
def get_credit_policies(request: HttpRequest) -> PoliciesOut:
    """The bands that hold, and those that were set for a day."""
    return _policies()


@routes.change(
    "/credit-policies",
    scope="rounds:write",
    current=get_credit_policies,
    response=PoliciesOut,
    summary=_("Set the bands of forecast credit"),
    method="PUT",
)
def set_credit_policy(request: HttpRequest, told: PolicyIn) -> PoliciesOut:
    """Score and pay by other bands from tomorrow on at the earliest."""
    bands = tuple(Band(**one.model_dump()) for one in told.bands)
    policy = Policy(**told.model_dump() | {"bands": bands})
    services.set_credit_policy(policy=policy, by=caller_of(request).user, now=now())
    return _policies()


class SellerScoreOut(Schema):
    """A seller's newest score of forecast credit."""

    seller: str = Field(examples=["S0001"])
    quarter: str = Field(examples=["2026-Q3"])
    band: str = Field(examples=["A"])
    score: int = Field(examples=[74])
    wape: Decimal = Field(description="Forecast error, shrunk to the market", examples=["0.2222"])
    bias: Decimal = Field(examples=["0.1026"])
    factor: Decimal = Field(examples=["0.9161"])
    quarters: int = Field(description="Quarters that count", examples=[4])


@routes.rows(
    "/credit-scores",
    scope="rounds:read",
    listing=SCORES,
    row=SellerScoreOut,
    summary=_("List all sellers' forecast credit"),
)
def list_seller_scores(request: HttpRequest) -> object:
    """Of the newest run; what the figures mean is written out for `GET /credit`."""
    return page(request, SCORES, credit.newest(), _seller_score)


def _seller_score(one: ForecastScore) -> SellerScoreOut:
    parts = {
        name: Decimal(getattr(one, name)) / crediting.WHOLE for name in ("wape", "bias", "factor")
    }
    return SellerScoreOut(
        seller=one.seller.code,
        quarter=one.quarter,
        band=one.band,
        score=one.score,
        quarters=len(one.pasts),
        **parts,
    )


def _limits() -> LimitsOut:
    return LimitsOut(
        data=[
            LimitIn(currency=one.currency, amount_minor=one.amount_minor)
            for one in approvals.limits()
        ]
    )


@routes.show(
    "/approval-limits",
    scope="orders:approve",
    response=LimitsOut,
    summary=_("Show who must approve orders"),
)
def get_approval_limits(request: HttpRequest) -> LimitsOut:
    """Up to which amount one person approves an order."""
    return _limits()


@routes.change(
    "/approval-limits",
    scope="rounds:write",
    current=get_approval_limits,
    response=LimitsOut,
    summary=_("Set who must approve orders"),
    method="PUT",
)
def set_approval_limit(request: HttpRequest, told: LimitIn) -> LimitsOut:
    """Set or remove the limit of one currency."""
    services.set_approval_limit(currency=told.currency, amount_minor=told.amount_minor)
    return _limits()


@approving.change(
    "/orders/{number}/approve",
    scope="orders:approve",
    current=get_order,
    response=OrderOut,
    summary=_("Approve an order"),
    money=True,
    is_confirmed=True,
)
def approve_order(request: HttpRequest, number: str) -> OrderOut:
    """Say yes to a drafted order as one reads it, in the name of the person of the token. Who
    drafted it does not approve it alone."""
    services.approve_order(order=order_of(request, number), by=caller_of(request).user, now=now())
    return get_order(request, number)
