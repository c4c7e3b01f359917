"""Rounds as their operators announce and run them, for an operator's programs."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.timezone import localdate
from django.utils.translation import gettext_noop as _
from ninja import Schema, Status
from pydantic import Field

from core.clock import now
from core.listed import Listed
from procurement import services
from procurement.api.rounds import GOODS_ALONE, RoundOut, find_round, round_out
from procurement.models import Forecast, PoolRound, ShortageRule
from procurement.queries import choosing, forecasts, orders, planning, saving
from procurement.queries.choosing import Ranked
from procurement.queries.forecasts import Demand
from procurement.queries.listings import CATEGORIES, DEMAND, FILINGS, ROUNDS
from procurement.rules.forecasting import Phase
from procurement.rules.ordering import LEAST_PAYMENT_DAYS, MOST_PAYMENT_DAYS, RoundPolicy
from rest.fields import Body, Minor, Moment, Whole, one_of
from rest.lists import page
from rest.routes import Routes

routes = Routes(tags=["operators"])

Percent = Annotated[Whole, Field(ge=0, le=100)]
Days = Annotated[Whole, Field(ge=LEAST_PAYMENT_DAYS, le=MOST_PAYMENT_DAYS)]


class PooledOut(Schema):
    """What the goods of a closed round came to in one currency, by what stands of it."""

    currency: str = Field(examples=["EUR"])
    orders: int = Field(description="Combined orders", examples=[2])
    amount_minor: Minor = Field(examples=[240_000])
    sellers_minor: Minor = Field(description="Carried by sellers", examples=[236_000])
    surplus_minor: Minor = Field(description="Carried by the platform", examples=[4_000])
    alone_minor: Minor = Field(description=GOODS_ALONE, examples=[265_000])
    saved_minor: int = Field(description="On the goods", examples=[29_000])


class SavingOut(Schema):
    """What pooling saves all sellers of a closed round together, as billed; CNY fen."""

    paid_minor: Minor = Field(description="Billed to sellers", examples=[1_850_000])
    alone_minor: Minor = Field(
        description="Each going alone: own packs and minimums, freight, declaration, wire",
        examples=[2_240_000],
    )
    saved_minor: int = Field(examples=[390_000])
    saved_percent: Decimal = Field(examples=["17.4"])


class ManagedRoundOut(RoundOut):
    """A round with what was forecast for it, and what of it may still change."""

    phase: str = Field(json_schema_extra=one_of(*Phase), examples=["open"])
    may_change: list[str] = Field(examples=[["cutoff_at", "budget_minor"]])
    sellers: int = Field(examples=[40])
    lines: int = Field(examples=[310])
    units: int = Field(examples=[11872])
    firm_units: int = Field(description="Wanted in any case", examples=[11_000])
    most_units: int = Field(description="With all that would be taken on top", examples=[12_400])
    last_filed_at: datetime | None = Field(examples=["2026-09-19T08:00:00Z"])
    without_freight: list[str] = Field(
        description="Suppliers whose freight the buyer pays and nobody has entered: a plan compares"
        " them as if it cost nothing",
        examples=[["SUP-1"]],
    )
    orders_nothing: int | None = Field(
        description="The number of the newest plan, where it orders nothing of what is wished for",
        examples=[None],
    )
    pooled: list[PooledOut] = Field(description="Empty while the round is open")
    saving: SavingOut | None = Field(description="Null before the round is billed")


class PolicyOfRoundIn(Body):
    """How a round is run; what is left out stays, or is the usual of a new round."""

    opens_at: Moment | None = Field(None, examples=["2026-08-01T00:00:00+08:00"])
    cutoff_at: Moment | None = Field(None, examples=["2026-09-20T18:00:00+08:00"])
    fill_until: Moment | None = Field(None, examples=["2026-09-23T18:00:00+08:00"])
    deposit_due_at: Moment | None = Field(None, examples=["2026-09-25T18:00:00+08:00"])
    deposit_percent: Percent | None = Field(None, examples=[20])
    tolerance_limit_percent: Percent | None = Field(None, examples=[50])
    shortage_rule: str | None = Field(
        None,
        max_length=13,
        json_schema_extra=one_of(*ShortageRule.values),
        examples=["uniform_floor"],
    )
    is_credit_applied: bool | None = Field(None, examples=[False])
    budget_minor: Annotated[Whole, Field(ge=1, le=10**15)] | None = Field(
        None, description="CNY; empty: no limit", examples=[None]
    )
    payment_days: Days | None = Field(
        None, description="A bill of the round is paid within so many days", examples=[30]
    )


class RoundIn(PolicyOfRoundIn):
    """How a round is run from now on; what is left out stays."""


class NewRoundIn(PolicyOfRoundIn):
    """A round to announce."""

    quarter: str = Field(min_length=7, max_length=7, examples=["2026-Q4"])
    category: str = Field("", max_length=100, description="Empty: all categories", examples=[""])
    opens_at: Moment = Field(examples=["2026-08-01T00:00:00+08:00"])
    cutoff_at: Moment = Field(examples=["2026-09-20T18:00:00+08:00"])


class NewRoundsIn(PolicyOfRoundIn):
    """Rounds to announce: one for each of these categories, all or none."""

    quarter: str = Field(min_length=7, max_length=7, examples=["2026-Q4"])
    categories: list[Annotated[str, Field(min_length=1, max_length=100)]] = Field(
        min_length=1, max_length=100, examples=[["infant formula"]]
    )
    opens_at: Moment = Field(examples=["2026-08-01T00:00:00+08:00"])
    cutoff_at: Moment = Field(examples=["2026-09-20T18:00:00+08:00"])


class ManagedRoundsOut(Schema):
    """The rounds that were announced."""

    data: list[ManagedRoundOut]


class CategoryOut(Schema):
    """A category with the evidence on which it is pooled or not; of the last four quarters."""

    category: str = Field(description="Empty: without a category", examples=["infant formula"])
    score: int = Field(description="0 to 100", examples=[74])
    products: int = Field(examples=[12])
    units: int = Field(description="What was forecast", examples=[11872])
    sellers: int = Field(examples=[9])
    spoiling: Decimal = Field(
        description="Share of the products that spoil too soon, 0 to 1", examples=["0.2500"]
    )
    unit_value_minor: int | None = Field(
        description="CNY fen; null while nothing was wanted", examples=[8_800]
    )
    alone: Decimal = Field(
        description="Share of the units that reach the supplier's minimum alone, 0 to 1",
        examples=["0.3000"],
    )
    pooled: Decimal = Field(
        description="Share of the units that reach it pooled, 0 to 1", examples=["0.9000"]
    )
    rounds: list[str] = Field(description="Open rounds of it", examples=[["2026-Q4-toys"]])


class DemandOut(Schema):
    """What all sellers together want of a product, so far."""

    sku: str = Field(examples=["MILK-900"])
    sellers: int = Field(examples=[12])
    units: int = Field(examples=[2400])


class FilingOut(Schema):
    """Who filed for a round, and what its newest version comes to."""

    seller: str = Field(examples=["S0001"])
    version: int = Field(examples=[2])
    filed_at: datetime = Field(examples=["2026-09-19T08:00:00Z"])
    products: int = Field(examples=[31])
    units: int = Field(examples=[880])
    less: int = Field(description="Units it would do without", examples=[40])
    more: int = Field(description="Units it would take on top", examples=[60])


def _saving(held: PoolRound) -> SavingOut | None:
    found = saving.saving_of(held) if held.closed_at is not None else None
    named = SavingOut.model_fields
    return SavingOut(**{name: getattr(found, name) for name in named}) if found else None


def managed(held: PoolRound) -> ManagedRoundOut:
    """A round as its operator sees it."""
    at, stands = now(), forecasts.standing(held)
    newest = planning.newest_plan(held) if held.closed_at is None else None
    unknown = planning.unfreighted(held) if held.closed_at is None else []
    return ManagedRoundOut(
        **round_out(held).model_dump(),
        phase=forecasts.phase(held, at),
        may_change=list(services.may_change(held, at)),
        sellers=stands.sellers,
        lines=stands.lines,
        units=stands.units,
        firm_units=stands.firm,
        most_units=stands.most,
        last_filed_at=stands.last_filed_at,
        without_freight=[one.company.code for one in unknown],
        orders_nothing=newest.number if newest and planning.orders_nothing(newest) else None,
        pooled=[
            PooledOut(
                currency=one.currency,
                orders=one.orders,
                amount_minor=one.amount_minor,
                sellers_minor=one.sellers_minor,
                surplus_minor=one.surplus_minor,
                alone_minor=one.alone_minor,
                saved_minor=one.saved_minor,
            )
            for one in orders.pooled(held)
        ],
        saving=_saving(held),
    )


@routes.rows(
    "/pool-rounds",
    scope="rounds:read",
    listing=ROUNDS,
    row=RoundOut,
    summary=_("List all rounds for their operator"),
)
def list_pool_rounds(request: HttpRequest) -> object:
    """Every round, open and closed."""
    return page(request, ROUNDS, PoolRound.objects.all(), round_out)


@routes.show(
    "/pool-rounds/{code}",
    scope="rounds:read",
    response=ManagedRoundOut,
    summary=_("Show a round to its operator"),
)
def get_pool_round(request: HttpRequest, code: str) -> ManagedRoundOut:
    """One round: how it is run, what was forecast, and what of it may still change."""
    return managed(find_round(code))


@routes.create(
    "/pool-rounds",
    scope="rounds:write",
    response=ManagedRoundOut,
    summary=_("Announce a round"),
)
def announce_round(request: HttpRequest, told: NewRoundIn) -> Status[ManagedRoundOut]:
    """Forecasts are taken from `opens_at` until `cutoff_at`; a round of a category takes only its
    products, and that of all categories the others."""
    held = services.open_round(
        quarter=told.quarter,
        category=told.category,
        opens_at=told.opens_at,
        cutoff_at=told.cutoff_at,
        policy=_policy(told),
    )
    return Status(201, managed(find_round(held.code)))


@routes.create(
    "/category-rounds",
    scope="rounds:write",
    response=ManagedRoundsOut,
    summary=_("Announce rounds of categories"),
)
def announce_category_rounds(request: HttpRequest, told: NewRoundsIn) -> Status[ManagedRoundsOut]:
    """One for each category, all run alike; when one is refused, none is announced."""
    made = services.open_rounds(
        quarter=told.quarter,
        categories=list(dict.fromkeys(told.categories)),
        opens_at=told.opens_at,
        cutoff_at=told.cutoff_at,
        policy=_policy(told),
    )
    return Status(201, ManagedRoundsOut(data=[managed(find_round(one.code)) for one in made]))


def _policy(told: PolicyOfRoundIn) -> RoundPolicy:
    names = [one.name for one in fields(RoundPolicy)]
    return RoundPolicy(**_filled({name: getattr(told, name) for name in names}))


@routes.change(
    "/pool-rounds/{code}",
    scope="rounds:write",
    current=get_pool_round,
    response=ManagedRoundOut,
    summary=_("Run a round otherwise"),
    method="PATCH",
)
def change_pool_round(request: HttpRequest, code: str, told: RoundIn) -> ManagedRoundOut:
    """Change what was announced, as far as `may_change` says. A null empties what may be empty."""
    held = find_round(code)
    wanted = services.policy_of(held) | told.model_dump(exclude_unset=True)
    opens_at, cutoff_at = wanted.pop("opens_at"), wanted.pop("cutoff_at")
    services.change_round(
        round=held,
        opens_at=opens_at or held.opens_at,
        cutoff_at=cutoff_at or held.cutoff_at,
        policy=RoundPolicy(**_filled(wanted)),
        now=now(),
    )
    return managed(find_round(code))


def _filled(wanted: dict[str, Any]) -> dict[str, Any]:
    """Nothing said is the usual."""
    usual = RoundPolicy()
    return {
        name: getattr(usual, name) if value is None else value for name, value in wanted.items()
    }


@routes.rows(
    "/categories",
    scope="rounds:read",
    listing=CATEGORIES,
    row=CategoryOut,
    summary=_("List which categories to pool"),
)
def list_categories(request: HttpRequest) -> object:
    """Every category with its evidence, best first; docs/api.md says what the score is made of."""
    return page(request, CATEGORIES, Listed(choosing.categories(localdate(now()))), _category)


def _category(one: Ranked) -> CategoryOut:
    return CategoryOut(
        category=one.category,
        score=one.score,
        products=one.products,
        units=one.units,
        sellers=one.sellers,
        spoiling=_share(one.spoiling_percent),
        unit_value_minor=one.unit_value_minor,
        alone=_share(one.alone_percent),
        pooled=_share(one.pooled_percent),
        rounds=[code for code in one.rounds.split(", ") if code],
    )


def _share(part: Decimal) -> Decimal:
    return part.quantize(Decimal("0.0001"))


@routes.rows(
    "/pool-rounds/{code}/demand",
    scope="rounds:read",
    listing=DEMAND,
    row=DemandOut,
    summary=_("List what is wanted in a round"),
)
def list_demand(request: HttpRequest, code: str) -> object:
    """What counts so far, pooled per product, the most wanted first."""
    return page(request, DEMAND, Listed(forecasts.demand(find_round(code)).most), _demand)


def _demand(one: Demand) -> DemandOut:
    return DemandOut(sku=one.sku, sellers=one.sellers, units=one.units)


@routes.rows(
    "/pool-rounds/{code}/filings",
    scope="rounds:read",
    listing=FILINGS,
    row=FilingOut,
    summary=_("List who filed for a round"),
)
def list_filings(request: HttpRequest, code: str) -> object:
    """The newest version of each seller."""
    return page(request, FILINGS, forecasts.filings(find_round(code)), _filing)


def _filing(one: Forecast) -> FilingOut:
    return FilingOut(
        seller=one.seller.code,
        version=one.version,
        filed_at=one.filed_at,
        products=one.products,
        units=one.units,
        less=one.less,
        more=one.more,
    )
