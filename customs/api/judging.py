"""A product under the positive list's remark over the API."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from pydantic import Field

from accounts.models import Company, Role
from core.clock import now
from customs import queries
from customs.queries.judging import remark_of
from customs.rules.positive_list import JUDGED, LONGEST, Verdict
from customs.services.judging import judge_remark
from rest.calling import caller_of
from rest.fields import Body, Told, some_of
from rest.routes import Routes
from warehouse.days import day_of

routes = Routes(tags=["importers"])


class RemarkSaid(Told):
    """What a person said once."""

    verdict: str = Field(description="fits, left_out or withdrawn", examples=["fits"])
    hs_code: str = Field(examples=["3304990099"])
    remark: str = Field(description="The list's text at that time", examples=["仅限……"])
    reason: str = Field(examples=["非注射用"])
    judged_at: datetime = Field(examples=["2026-07-10T02:00:00Z"])
    judged_by: str | None = Field(
        description="null where it was somebody of another importer", examples=["li@example.com"]
    )


class RemarkOut(Told):
    """The remark of a product's code, and what was said of it, the newest first."""

    product: str = Field(examples=["SERUM-30"])
    hs_code: str = Field(examples=["3304990099"])
    kinds: list[str] = Field(
        description="Kinds that a person judges",
        json_schema_extra=some_of(*JUDGED),
        examples=[["named_only"]],
    )
    remark: str = Field(description="The list's own text", examples=["仅限……"])
    stands: str | None = Field(
        description="What holds today: fits or left_out; null while a person must look",
        examples=["fits"],
    )
    said: list[RemarkSaid]


class RemarkIn(Body):
    """What is said of the product under the remark as it stands today."""

    verdict: Literal["fits", "left_out", "withdrawn"] = Field(examples=["fits"])
    reason: str = Field(min_length=1, max_length=LONGEST, examples=["非注射用"])


def _scope(request: HttpRequest) -> Company | None:
    caller = caller_of(request)
    return None if caller.membership.role == Role.OPERATOR else caller.company


@routes.show(
    "/products/{sku}/remark",
    scope="declarations:read",
    response=RemarkOut,
    summary=_("Show a product under the positive list's remark"),
)
def get_product_remark(request: HttpRequest, sku: str) -> RemarkOut:
    """What the list remarks on the product's code, and what people said of it."""
    caller = caller_of(request)
    product = queries.product_of(sku, bought_by=_scope(request))
    found = remark_of(product, day_of(now()))
    is_operator = caller.membership.role == Role.OPERATOR
    return RemarkOut(
        product=product.sku,
        hs_code=product.hs_code,
        kinds=list(found.remark.kinds),
        remark=found.remark.text if found.remark.kinds else "",
        stands=found.stands.value if found.stands and found.remark.kinds else None,
        said=[
            RemarkSaid(
                verdict=one.verdict,
                hs_code=one.hs_code,
                remark=one.remark,
                reason=one.reason,
                judged_at=one.judged_at,
                judged_by=one.judged_by.email
                if is_operator or one.judged_for_id == caller.company.pk
                else None,
            )
            for one in found.said
        ],
    )


@routes.change(
    "/products/{sku}/remark",
    method="PUT",
    scope="declarations:write",
    current=get_product_remark,
    response=RemarkOut,
    summary=_("Judge a product under the positive list's remark"),
)
def judge_product_remark(request: HttpRequest, sku: str, told: RemarkIn) -> RemarkOut:
    """Say that the goods may come in under the remark, that it leaves them out, or take back what
    was said."""
    caller = caller_of(request)
    judge_remark(
        product=queries.product_of(sku, bought_by=_scope(request)),
        verdict=Verdict(told.verdict),
        reason=told.reason,
        judged_by=caller.user,
        judged_for=caller.company,
        now=now(),
    )
    return get_product_remark(request, sku)
