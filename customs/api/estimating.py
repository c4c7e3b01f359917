"""What a parcel would be taxed, over the API."""

from __future__ import annotations

from typing import Literal

from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from ninja import Schema
from pydantic import Field

from core.clock import now
from customs.queries.quota import digest_of
from customs.queries.tax_estimates import MOST_LINES, MOST_UNITS, Asked, Estimate, estimate
from customs.rules.retail_tax import Tax
from customs.rules.tax_file import REGIMES
from customs.rules.tax_working import What, WorkedLine
from customs.services.looking import ask_for_year
from rest.calling import caller_of
from rest.fields import Body, Day, Whole, one_of
from rest.routes import Routes
from warehouse.days import day_of
from warehouse.rules.retail import HIGHEST_PRICE_MINOR

routes = Routes(tags=["sellers"])


class TaxedGoodsIn(Body):
    """Goods of a parcel, CNY fen without tax."""

    goods: str = Field(
        description="A SKU, or a tariff code of ten digits", max_length=64, examples=["MILK-900"]
    )
    quantity: Whole = Field(ge=1, le=MOST_UNITS, examples=[2])
    unit_price_minor: Whole = Field(ge=0, le=HIGHEST_PRICE_MINOR, examples=[20500])
    origin: str = Field(
        "",
        description="The country (ISO-3) whose proof of origin is at hand",
        pattern=r"^([A-Z]{3})?$",
        examples=[""],
    )
    holds: str = Field(
        "",
        description="What a unit holds (`30 ml`, `500 g`): of a tariff code, or instead of what "
        "the product says; decides on high-priced cosmetics and tax by quantity",
        max_length=40,
        examples=[""],
    )


class TaxEstimateIn(Body):
    """A parcel whose tax is asked, CNY fen."""

    lines: list[TaxedGoodsIn] = Field(min_length=1, max_length=MOST_LINES)
    regime: Literal["", "general_trade"] = Field(
        "",
        description="Empty: as retail import where it may be. `general_trade`: duty and both taxes "
        "in full, and no limit is asked",
        examples=[""],
    )
    freight_minor: Whole = Field(0, ge=0, le=HIGHEST_PRICE_MINOR, examples=[1200])
    insurance_minor: Whole = Field(0, ge=0, le=HIGHEST_PRICE_MINOR, examples=[0])
    used_this_year_minor: Whole = Field(
        0,
        ge=0,
        le=HIGHEST_PRICE_MINOR,
        description="What the buyer has ordered this year, in all shops",
        examples=[150000],
    )
    buyer_id_number: str = Field(
        "",
        description="What the lists of all sellers hold of this buyer's year counts as well",
        max_length=24,
        examples=[""],
    )
    day: Day | None = Field(
        None, description="Whose law and tariff are asked; today if left out", examples=[None]
    )


class TaxStepOut(Schema):
    """One line of the working."""

    what: str = Field(json_schema_extra=one_of(*What), examples=["vat_due"])
    reckoned: str = Field(description="In yuan", examples=["53.30 × 70 %"])
    exact: str = Field(description="In yuan, before it is rounded", examples=["37.31"])
    due_minor: int | None = Field(description="Where the step is what is paid", examples=[3731])


class TaxedGoodsOut(Schema):
    """The tax of one line, CNY fen, and how it comes about."""

    goods: str = Field(examples=["MILK-900"])
    hs_code: str = Field(examples=["1901101000"])
    dutiable_minor: int = Field(examples=[41000])
    duty_minor: int = Field(examples=[0])
    consumption_tax_minor: int = Field(examples=[0])
    vat_minor: int = Field(examples=[3731])
    steps: list[TaxStepOut]


class BuyerYearOut(Schema):
    """A buyer's calendar year, CNY fen of dutiable value, whoever sold."""

    reserved_minor: int = Field(
        description="On lists that customs has not released", examples=[41000]
    )
    used_minor: int = Field(description="On released ones", examples=[150000])
    left_minor: int = Field(examples=[2409000])


class TaxEstimateOut(Schema):
    """The tax of a parcel, CNY fen; customs' own bill decides."""

    regime: str = Field(json_schema_extra=one_of(*REGIMES), examples=["cbec_within"])
    refused: str = Field(
        description="Why it cannot leave as retail import; empty where it can", examples=[""]
    )
    dutiable_minor: int = Field(examples=[41000])
    duty_minor: int = Field(examples=[0])
    consumption_tax_minor: int = Field(examples=[0])
    vat_minor: int = Field(examples=[3731])
    tax_minor: int = Field(examples=[3731])
    order_limit_minor: int = Field(examples=[500000])
    year_limit_minor: int = Field(examples=[2600000])
    legal_basis: str = Field(examples=["财关税〔2018〕49号"])
    buyer_year: BuyerYearOut | None = Field(
        description="Where a buyer was asked after; before this parcel"
    )
    lines: list[TaxedGoodsOut]


@routes.ask(
    "/customs/tax-estimates",
    scope="tax:ask",
    response=TaxEstimateOut,
    summary=_("Estimate the tax of a parcel"),
)
def estimate_tax(request: HttpRequest, asked: TaxEstimateIn) -> TaxEstimateOut:
    """What a consumer's parcel out of bond is taxed, with its working; nothing is kept.

    What may not leave as retail import is worked out as general trade, and `refused` says why.

    How often a `buyer_id_number` may be asked after is limited, by person and by company (429).
    """
    buyer = digest_of(asked.buyer_id_number) if asked.buyer_id_number.strip() else ""
    if buyer:
        caller = caller_of(request)
        ask_for_year(company=caller.company, by=caller.user, now=now())
    found = estimate(
        [
            Asked(
                one.goods.strip(),
                one.quantity,
                one.unit_price_minor,
                one.origin,
                one.holds.strip(),
            )
            for one in asked.lines
        ],
        freight=asked.freight_minor,
        insurance=asked.insurance_minor,
        used_this_year=asked.used_this_year_minor,
        is_retail=not asked.regime,
        day=asked.day or day_of(now()),
        buyer=buyer,
    )
    return _told(found, [one.goods for one in asked.lines])


def _told(found: Estimate, goods: list[str]) -> TaxEstimateOut:
    worked = found.worked
    return TaxEstimateOut(
        regime=worked.regime,
        refused=gettext(worked.refusal.rule()) if worked.refusal else "",
        dutiable_minor=worked.dutiable,
        tax_minor=worked.tax.total,
        order_limit_minor=found.limits.order_limit,
        year_limit_minor=found.limits.year_limit,
        legal_basis=found.source,
        buyer_year=BuyerYearOut(
            reserved_minor=found.year.reserved,
            used_minor=found.year.used,
            left_minor=found.year.left,
        )
        if found.year
        else None,
        lines=[_line(line, name) for line, name in zip(worked.lines, goods, strict=True)],
        **_taxes(worked.tax),
    )


def _line(line: WorkedLine, goods: str) -> TaxedGoodsOut:
    return TaxedGoodsOut(
        goods=goods,
        hs_code=line.line.hs_code,
        dutiable_minor=line.dutiable,
        steps=[
            TaxStepOut(what=step.what, reckoned=step.reckoned, exact=step.yuan, due_minor=step.due)
            for step in line.steps
        ],
        **_taxes(line.tax),
    )


def _taxes(tax: Tax) -> dict[str, int]:
    return {
        "duty_minor": tax.duty,
        "consumption_tax_minor": tax.consumption_tax,
        "vat_minor": tax.vat,
    }
