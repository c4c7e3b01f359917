"""A round is planned, looked at, and closed, by an operator's program."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from ninja import Schema, Status
from pydantic import Field

from accounts.models import Company, CompanyKind
from core.clock import now
from jobs.models import Job
from jobs.services import start_action
from jobs.showing import JobOut, job_out, viewer_of
from procurement import closing_told, plan_beside, plans_told
from procurement.api.announcing import get_pool_round
from procurement.api.rounds import find_round
from procurement.models import PoolRound, RoundPlan
from procurement.plans_told import KINDS
from procurement.queries import planning
from procurement.queries.listings_of_plans import PLANS
from procurement.rules import ordering
from procurement.tables import ASK, CLOSE, PLAN, ROUNDS
from rest.calling import caller_of
from rest.fields import Body, Minor, one_of
from rest.lists import page
from rest.routes import Routes
from web.tables import Action

routes = Routes(tags=["operators"])

#: A plan of more lines is told without the rest; the orders list every one.
MOST_LINES = 5_000


class PlanHead(Schema):
    """A plan that was made of a round; amounts in fen of CNY."""

    number: int = Field(examples=[3])
    made_at: datetime = Field(examples=["2026-09-21T02:00:00Z"])
    chosen: str = Field(json_schema_extra=one_of(*KINDS), examples=["optimised"])
    landed_minor: Minor = Field(examples=[48_200_000])
    adjusted_minor: int = Field(
        description="Landed cost with what is left out or over", examples=[48_900_000]
    )
    plain_landed_minor: Minor = Field(description="Of the plain rule's plan", examples=[49_900_000])
    plain_adjusted_minor: int = Field(examples=[50_700_000])
    saved_minor: int = Field(
        description="Against the plain rule, in adjusted cost", examples=[1_800_000]
    )
    bound_minor: int = Field(description="No plan costs less", examples=[48_700_000])
    gap_percent: Decimal = Field(description="No plan can be better by more", examples=["0.42"])
    solver: str = Field(examples=["highs"])
    solver_version: str = Field(examples=["1.16.0"])
    seconds: Decimal = Field(description="All three plans together", examples=["2.140"])
    dropped: int = Field(description="Sellers that had dropped out", examples=[0])
    terms_digest: str = Field(
        description="SHA-256 of the terms it was made from", examples=["9f2c" + "0" * 60]
    )


class PlanKind(Schema):
    """One of the plans that were compared."""

    kind: str = Field(json_schema_extra=one_of(*KINDS), examples=["plain"])
    is_chosen: bool = Field(examples=[False])
    landed_minor: Minor = Field(examples=[49_900_000])
    adjusted_minor: int = Field(examples=[50_700_000])
    milliseconds: int = Field(examples=[120])
    faults: list[str] = Field(description="What is wrong with it, in words", examples=[[]])


class PlanOrderOut(Schema):
    """One order of a plan: how it travels, and what it costs."""

    supplier: str = Field(examples=["SUP-1"])
    currency: str = Field(examples=["EUR"])
    incoterm: str = Field(examples=["FOB"])
    goods_minor: Minor = Field(description="In the order's currency", examples=[4_800_000])
    landed_minor: Minor = Field(description="CNY fen", examples=[39_400_000])
    freight_minor: Minor = Field(description="CNY fen", examples=[1_100_000])
    containers: dict[str, int] = Field(examples=[{"40HC": 1}])
    travels: str = Field(
        description="Containers and what goes as LCL, in words", examples=["1 × 40HC + 2.5 m³/t"]
    )
    cubic_metres: Decimal = Field(examples=["61.250"])
    kilograms: int = Field(examples=[14_200])
    why: list[str] = Field(examples=[["One 40HC is cheaper than LCL."]])


class PlanLineOut(Schema):
    """One line of a plan, and why it is what it is."""

    sku: str = Field(examples=["MILK-900"])
    supplier: str = Field(examples=["SUP-1"])
    currency: str = Field(examples=["EUR"])
    wanted: int = Field(examples=[116])
    packs: int = Field(examples=[20])
    pack: int = Field(description="Units of a pack", examples=[6])
    units: int = Field(examples=[120])
    price_minor: Minor = Field(description="Per pack", examples=[5_400])
    goods_minor: Minor = Field(examples=[108_000])
    why: list[str] = Field(examples=[["Rounded up to 20 packs of 6."]])


class PlanLeftOut(Schema):
    """A product of which nothing is ordered, and why."""

    sku: str = Field(examples=["SOAP-100"])
    wanted: int = Field(examples=[4])
    why: list[str] = Field(examples=[["Below the supplier's minimum of 60."]])


class PlanRateOut(Schema):
    """CNY for one unit of a currency, by which a plan was counted."""

    currency: str = Field(examples=["EUR"])
    rate: Decimal = Field(examples=["7.8786"])
    day: date | None = Field(description="When it was published", examples=["2026-09-18"])


class PlanOut(PlanHead):
    """A plan counted again from its stored terms, with why each line is what it is."""

    round: str = Field(examples=["2026-Q4"])
    compared: list[PlanKind] = Field(description="The plans that were compared")
    orders: list[PlanOrderOut]
    lines: list[PlanLineOut]
    hidden_lines: int = Field(description="Lines beyond those", examples=[0])
    left_out: list[PlanLeftOut]
    obstacles: list[str] = Field(
        description="What is in the way of every firm wish, in words", examples=[[]]
    )
    without_freight: list[str] = Field(
        description="Suppliers whose freight nobody had entered", examples=[[]]
    )
    rates: list[PlanRateOut]


class ClosingOrder(Schema):
    """One order that closing would make."""

    supplier: str = Field(examples=["SUP-1"])
    currency: str = Field(examples=["EUR"])
    incoterm: str = Field(examples=["FOB"])
    lines: int = Field(examples=[12])
    goods_minor: Minor = Field(description="In the order's currency", examples=[4_800_000])
    landed_minor: Minor = Field(description="CNY fen", examples=[39_400_000])
    travels: str = Field(
        description="Containers and what goes as LCL, in words", examples=["1 × 40HC + 2.5 m³/t"]
    )


class ClosingOut(Schema):
    """What closing a round at this moment would do; nothing is done."""

    round: str = Field(examples=["2026-Q4"])
    may_close: bool = Field(examples=[True])
    code: str = Field(description="The rule that would refuse it", examples=[""])
    detail: str = Field(examples=[""])
    facts: dict[str, Any] = Field(
        description="What it is about; products by SKU, suppliers by code", examples=[{}]
    )
    plan: int | None = Field(
        description="The plan that would be ordered; null: as it stands the round has not been"
        " planned yet, and is when it is closed",
        examples=[3],
    )
    suppliers: int = Field(examples=[1])
    lines: int = Field(examples=[12])
    units: int = Field(examples=[2400])
    left_out: int = Field(description="Products of which nothing is ordered", examples=[0])
    landed_minor: Minor = Field(description="CNY fen", examples=[39_400_000])
    landed_saved_minor: int = Field(
        description="Landed cost against the plain rule; below nothing it costs more",
        examples=[900_000],
    )
    saved_minor: int = Field(
        description="Against the plain rule, in adjusted cost", examples=[1_100_000]
    )
    containers: dict[str, int] = Field(examples=[{"40HC": 1}])
    lcl: Decimal = Field(description="Cubic metres or tonnes", examples=["2.500"])
    orders: list[ClosingOrder]
    dropped: list[str] = Field(
        description="Sellers that drop out for want of their deposit", examples=[["S0007"]]
    )
    more_dropped: int = Field(description="Beyond those", examples=[0])


class CloseIn(Body):
    """In whose name the orders are bought, declared and paid."""

    buyer: str = Field(min_length=1, max_length=64, examples=["IMPORTER"])


def _head(one: RoundPlan) -> dict[str, Any]:
    named = (
        *("number", "made_at", "chosen", "landed_minor", "adjusted_minor", "plain_landed_minor"),
        *("plain_adjusted_minor", "saved_minor", "bound_minor", "solver", "solver_version"),
        "terms_digest",
    )
    return {name: getattr(one, name) for name in named} | {
        "gap_percent": plans_told.percent(one.gap_ppm),
        "seconds": plans_told.seconds(one),
        "dropped": len(one.dropped),
    }


@routes.rows(
    "/pool-rounds/{code}/plans",
    scope="rounds:read",
    listing=PLANS,
    row=PlanHead,
    summary=_("List the plans of a round"),
)
def list_plans(request: HttpRequest, code: str) -> object:
    """Newest first; the newest one of the terms that stand when a round is closed is ordered."""
    return page(
        request, PLANS, planning.plans(find_round(code)), lambda one: PlanHead(**_head(one))
    )


@routes.show(
    "/pool-rounds/{code}/plans/{int:number}",
    scope="rounds:read",
    response=PlanOut,
    summary=_("Show a plan with its reasons"),
)
def get_plan(request: HttpRequest, code: str, number: int) -> PlanOut:
    """Counted again from what was stored; when a fen differs, it is refused."""
    kept = get_object_or_404(RoundPlan, round=find_round(code), number=number)
    told = plans_told.told(kept, planning.explained(kept), most=MOST_LINES)
    return PlanOut(
        **_head(kept),
        round=code,
        compared=[
            PlanKind(**{name: getattr(one, name) for name in PlanKind.model_fields})
            for one in told.kinds
        ],
        orders=[
            PlanOrderOut(
                supplier=one.supplier_code,
                currency=one.currency,
                incoterm=one.incoterm,
                goods_minor=one.goods_minor,
                landed_minor=one.landed_minor,
                freight_minor=one.freight_minor,
                containers=dict(one.boxes),
                travels=one.containers,
                cubic_metres=one.cubic_metres,
                kilograms=one.kilograms,
                why=one.why,
            )
            for one in told.orders
        ],
        lines=[
            PlanLineOut(
                sku=one.sku,
                supplier=one.supplier_code,
                currency=one.currency,
                wanted=one.wanted,
                packs=one.packs,
                pack=one.pack,
                units=one.units,
                price_minor=one.price_minor,
                goods_minor=one.goods_minor,
                why=one.why,
            )
            for one in told.lines
        ],
        hidden_lines=told.hidden,
        left_out=[
            PlanLeftOut(sku=one.sku, wanted=one.wanted, why=one.why) for one in told.left_out
        ],
        obstacles=told.obstacles,
        without_freight=[one.company.code for one in told.without_freight],
        rates=[
            PlanRateOut(currency=one.currency, rate=one.value, day=one.day)
            for one in plan_beside.rates(kept)
        ],
    )


def _start(request: HttpRequest, held: PoolRound, action: Action, **given: Any) -> Job:
    """Let a worker do something with one round, as its page does."""
    caller, at = caller_of(request), now()
    return start_action(
        viewer=viewer_of(caller, at),
        table=ROUNDS,
        action=action,
        chosen=[held.pk],
        params={},
        is_every=False,
        token=caller.token,
        given=given,
        now=at,
    )


@routes.create(
    "/pool-rounds/{code}/plans",
    scope="rounds:write",
    response=JobOut,
    summary=_("Plan a round"),
)
def plan_round(request: HttpRequest, code: str) -> Status[JobOut]:
    """A worker solves the round as it stands; `GET /jobs/{job}` says how far it is, and the plan is
    then in the list of plans."""
    held = find_round(code)
    ordering.check_open(quarter=held.code, closed_at=held.closed_at)
    return Status(201, job_out(_start(request, held, PLAN), now()))


@routes.create(
    "/pool-rounds/{code}/deposit-requests",
    scope="rounds:write",
    response=JobOut,
    summary=_("Ask sellers for their deposits"),
)
def ask_for_deposits(request: HttpRequest, code: str) -> Status[JobOut]:
    """A worker plans the round and asks each seller for its part, by what the plan would cost it;
    who was asked before is not asked again."""
    held = find_round(code)
    ordering.check_closable(
        quarter=held.code, cutoff_at=held.ends_at, closed_at=held.closed_at, now=now()
    )
    return Status(201, job_out(_start(request, held, ASK), now()))


@routes.show(
    "/pool-rounds/{code}/closing",
    scope="rounds:read",
    response=ClosingOut,
    summary=_("Show what closing a round would do"),
)
def get_closing(request: HttpRequest, code: str) -> ClosingOut:
    """The orders, their cost and who drops out, as the page shows it before one confirms."""
    held = find_round(code)
    found = closing_told.closing(held, now=now())
    told = found.plan
    return ClosingOut(
        round=code,
        may_close=found.refusal is None,
        code=found.refusal.code if found.refusal else "",
        detail=gettext(found.refusal.rule()) if found.refusal else "",
        facts=found.refusal.facts if found.refusal else {},
        plan=told.plan.number if told else None,
        suppliers=told.suppliers if told else 0,
        lines=told.lines if told else 0,
        units=told.units if told else 0,
        left_out=told.left_out if told else 0,
        landed_minor=told.plan.landed_minor if told else 0,
        landed_saved_minor=told.against.landed_minor if told else 0,
        saved_minor=told.against.saved_minor if told else 0,
        containers=dict(told.boxes) if told else {},
        lcl=told.lcl if told else Decimal(0),
        orders=[
            ClosingOrder(
                supplier=one.supplier_code,
                currency=one.currency,
                incoterm=one.incoterm,
                lines=one.lines,
                goods_minor=one.goods_minor,
                landed_minor=one.landed_minor,
                travels=one.containers,
            )
            for one in (told.orders if told else ())
        ],
        dropped=[one.code for one in found.dropped],
        more_dropped=found.more_dropped,
    )


@routes.change(
    "/pool-rounds/{code}/close",
    scope="rounds:write",
    current=get_pool_round,
    response=JobOut,
    summary=_("Close a round"),
)
def close_pool_round(request: HttpRequest, code: str, told: CloseIn) -> JobOut:
    """A worker orders what the plan says and shares it; a round closes once, and it cannot be
    undone. What has changed since it was planned is planned again before."""
    held = find_round(code)
    ordering.check_closable(
        quarter=held.code, cutoff_at=held.ends_at, closed_at=held.closed_at, now=now()
    )
    buyers = Company.objects.filter(code=told.buyer, kinds__contains=[CompanyKind.IMPORTER])
    if (buyer := buyers.first()) is None:
        raise ordering.NotAnImporter(field="buyer", company=told.buyer)
    return job_out(_start(request, held, CLOSE, buyer=buyer.pk), now())
