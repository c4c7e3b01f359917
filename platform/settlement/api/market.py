"""What finance reads beside the batches: terms, stored rates, and what is at risk meanwhile."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop as _
from ninja import Status

from accounts.models import Company
from rest.lists import page
from rest.routes import Routes
from settlement import exposing, queries, risk, services
from settlement.api.shapes import (
    ExposureList,
    ExposureOut,
    RateOut,
    RiskOut,
    TermsIn,
    TermsOut,
)
from settlement.listings import RATES, TERMS
from settlement.models import RateQuote, SettlementPolicy

routes = Routes(tags=["finance"])


def risk_of(one: risk.Exposure | None) -> RiskOut | None:
    if one is None:
        return None
    return RiskOut(days=one.days, percent=one.percent, at_risk_cny_minor=one.at_risk_minor)


def _terms(one: SettlementPolicy) -> TermsOut:
    return TermsOut(
        debtor=one.debtor.code,
        period=one.period,
        valid_from=one.valid_from,
        wire_fee_minor=one.wire_fee_minor,
        spread_bp=one.spread_bp,
        bulk_spread_bp=one.bulk_spread_bp,
        bulk_from_minor=one.bulk_from_minor,
    )


def _policies() -> QuerySet[SettlementPolicy]:
    found: QuerySet[SettlementPolicy] = SettlementPolicy.objects.select_related("debtor")
    return found


@routes.rows(
    "/terms", scope="settlement:read", listing=TERMS, row=TermsOut, summary=_("List terms")
)
def list_terms(request: HttpRequest) -> object:
    """What each debtor's bank takes."""
    return page(request, TERMS, _policies(), _terms)


@routes.create(
    "/terms",
    scope="settlement:write",
    response=TermsOut,
    summary=_("Set terms"),
    is_confirmed=True,
    money=True,
    is_single=False,
)
def set_terms(request: HttpRequest, told: TermsIn) -> Status[TermsOut]:
    """New terms hold from the day they begin; earlier ones stay as they were."""
    fields = told.model_dump(exclude={"debtor"})
    debtor = get_object_or_404(Company, code=told.debtor)
    return Status(201, _terms(services.set_policy(debtor=debtor, **fields)))


def _rate(one: RateQuote) -> RateOut:
    return RateOut(
        source=one.source,
        currency=one.base,
        quoted_in=one.quote,
        rate=one.value,
        asked_for=one.asked_for,
        rate_on=one.value_date,
        fetched_at=one.fetched_at,
    )


@routes.rows(
    "/rates", scope="settlement:read", listing=RATES, row=RateOut, summary=_("List stored rates")
)
def list_rates(request: HttpRequest) -> object:
    """Every rate that was ever booked at, with its source and its day; rates are only added."""
    return page(request, RATES, RateQuote.objects.all(), _rate)


@routes.show(
    "/exposure",
    scope="settlement:read",
    response=ExposureList,
    summary=_("Show the currency exposure"),
    is_single=False,
)
def get_exposure(request: HttpRequest) -> ExposureList:
    """What is still to be paid per foreign currency, at its newest stored rate."""
    found = exposing.exposures()
    return ExposureList(
        data=[
            ExposureOut(
                currency=one.currency,
                invoices=one.count,
                amount_minor=one.amount_minor,
                rate=one.quote.value,
                rate_on=one.quote.value_date,
                rate_source=one.quote.source,
                worth_cny_minor=one.home_minor,
                risks=[told for each in one.risks if (told := risk_of(each))],
            )
            for one in found
        ],
        saved_cny_minor=queries.saved_minor(),
        quarter_at_risk_cny_minor=exposing.quarter_risk(found),
        risk_source=risk.SOURCE,
    )
