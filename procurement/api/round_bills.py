"""What each owner bears of a closed round, and how it was billed, for operators' programs."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Schema
from pydantic import Field

from core.clock import now
from procurement import services
from procurement.api.rounds import find_round
from procurement.models import PoolRound, RoundBill
from procurement.queries import bearing, joint, planning, statements
from procurement.queries.listings_of_plans import BILLS
from rest.fields import Minor
from rest.lists import page
from rest.routes import Routes

routes = Routes(tags=["operators"])


class RoundBillOut(Schema):
    """What one owner bears of a round as it was billed last, in fen of CNY."""

    owner: str = Field(examples=["S0001"])
    units: int = Field(examples=[60])
    goods_minor: Minor = Field(examples=[1_100_000])
    freight_minor: Minor = Field(examples=[90_000])
    insurance_minor: Minor = Field(examples=[3_000])
    duty_minor: Minor = Field(examples=[0])
    fees_minor: Minor = Field(examples=[7_000])
    shared_minor: Minor = Field(description="By the drivers, before the cap", examples=[1_200_000])
    cut_minor: Minor = Field(description="Above its cost of going alone", examples=[0])
    added_minor: Minor = Field(description="Of what was cut of others", examples=[2_000])
    paid_minor: Minor = Field(examples=[1_202_000])
    alone_minor: Minor = Field(description="Its cost of going alone", examples=[1_450_000])
    saved_minor: int = Field(examples=[248_000])


class RoundRunOut(Schema):
    """One working out of the bills; the newest counts."""

    number: int = Field(examples=[2])
    made_at: datetime = Field(examples=["2026-07-18T02:15:00Z"])
    causes: list[dict[str, str]] = Field(
        description="What had changed; empty of the first, which is what was expected",
        examples=[[{"what": "accepted", "order": "PO-2026-000001", "document": "AB-12"}]],
    )


class BillingOut(Schema):
    """How often a round was billed, and whether anything of it is still to be billed."""

    round: str = Field(examples=["2026-Q3"])
    is_waiting: bool = Field(
        description="Something has changed that is not billed yet", examples=[False]
    )
    has_failed: bool = Field(
        description="The workers gave up; nobody tries again until somebody asks", examples=[False]
    )
    error: str = Field(description="What the machine said", examples=[""])
    borne_minor: int = Field(
        description="What the platform bears because all caps together are below the bill, CNY fen",
        examples=[0],
    )
    runs: list[RoundRunOut] = Field(description="Newest first")


class JointCostOut(Schema):
    """Two other ways of sharing the cost beside what one seller pays, in fen of CNY."""

    seller: str = Field(description="Empty: all others together", examples=["S0001"])
    units: int = Field(examples=[60])
    paid_minor: Minor = Field(examples=[1_202_000])
    alone_minor: Minor = Field(examples=[1_450_000])
    shapley_minor: int = Field(examples=[1_190_000])
    error_minor: int = Field(description="Standard error of a drawn value", examples=[1_100])
    separable_minor: int = Field(examples=[1_210_000])
    draws: int = Field(description="0: worked out exactly", examples=[500])
    seed: int = Field(examples=[7])


class JointCostsOut(Schema):
    """Shapley's value and separable costs; both come to what all sellers really pay."""

    round: str = Field(examples=["2026-Q3"])
    data: list[JointCostOut] = Field(description="Most units first; empty: nothing is billed")


def _bill(one: RoundBill) -> RoundBillOut:
    told = {
        name: getattr(one, name) for name in RoundBillOut.model_fields if name.endswith("_minor")
    }
    return RoundBillOut(owner=one.owner.code, units=one.units, **told)


@routes.rows(
    "/pool-rounds/{code}/bills",
    scope="rounds:read",
    listing=BILLS,
    row=RoundBillOut,
    summary=_("List what each owner bears of a round"),
)
def list_round_bills(request: HttpRequest, code: str) -> object:
    """Of the newest run of the round's bills."""
    return page(request, BILLS, planning.bills(find_round(code)), _bill)


def _billing(held: PoolRound) -> BillingOut:
    failed = bearing.last_failure(held)
    return BillingOut(
        round=held.code,
        is_waiting=statements.is_waiting(held),
        has_failed=failed is not None,
        error=failed or "",
        borne_minor=planning.borne(held),
        runs=[
            RoundRunOut(number=one.number, made_at=one.made_at, causes=one.causes)
            for one in bearing.runs(held)
        ],
    )


@routes.show(
    "/pool-rounds/{code}/billing",
    scope="rounds:read",
    response=BillingOut,
    summary=_("Show how a round was billed"),
)
def get_billing(request: HttpRequest, code: str) -> BillingOut:
    """Every run of its bills with what had changed, and what waits or has failed."""
    return _billing(find_round(code))


@routes.change(
    "/pool-rounds/{code}/billing/again",
    scope="rounds:write",
    current=get_billing,
    response=BillingOut,
    summary=_("Bill a round again that could not be billed"),
)
def retry_billing(request: HttpRequest, code: str) -> BillingOut:
    """Let the workers try again what they gave up on; the round is billed as it stands."""
    held = find_round(code)
    services.retry_bills(round=held, now=now())
    return _billing(held)


@routes.show(
    "/pool-rounds/{code}/joint-costs",
    scope="rounds:read",
    response=JointCostsOut,
    summary=_("Show other ways of sharing a round's cost"),
)
def get_joint_costs(request: HttpRequest, code: str) -> JointCostsOut:
    """Shapley's value and separable costs beside what each seller pays. It is worked out anew, so
    it takes a moment."""
    return JointCostsOut(
        round=code,
        data=[
            JointCostOut(**{name: getattr(one, name) for name in JointCostOut.model_fields})
            for one in joint.beside(find_round(code))
        ],
    )
