"""A seller's terms over the API: how its consumers' orders are taken."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Schema
from pydantic import Field

from core.clock import now
from rest.calling import caller_of
from rest.fields import Body, Whole, one_of
from rest.routes import Routes
from warehouse import services
from warehouse.models import ShortageTerms
from warehouse.queries.parting import terms_of
from warehouse.rules.parting import LONGEST_BACK_ORDER, Shortage, Terms

routes = Routes(tags=["sellers"])


class RetailTermsIn(Body):
    """How orders are taken from now on."""

    shortage: Shortage = Field(
        description="What is done where not everything is there", examples=["back_order"]
    )
    back_order_days: Annotated[Whole, Field(ge=0, le=LONGEST_BACK_ORDER)] = Field(
        0, description="So many days back-ordered units are waited for", examples=[14]
    )
    may_split: bool = Field(
        False, description="Serve an order from several warehouses, a parcel each", examples=[True]
    )


class RetailTermsOut(Schema):
    """How orders are taken."""

    shortage: str = Field(json_schema_extra=one_of(*ShortageTerms.values), examples=["back_order"])
    back_order_days: int = Field(examples=[14])
    may_split: bool = Field(examples=[True])


@routes.show(
    "/retail-terms",
    scope="retail:read",
    response=RetailTermsOut,
    summary=_("Show the terms of retail orders"),
)
def get_retail_terms(request: HttpRequest) -> RetailTermsOut:
    """All or nothing from one warehouse, unless you set something else."""
    terms = terms_of(caller_of(request).company)
    return RetailTermsOut(
        shortage=terms.shortage.value,
        back_order_days=terms.back_order_days,
        may_split=terms.may_split,
    )


@routes.change(
    "/retail-terms",
    scope="retail:write",
    current=get_retail_terms,
    response=RetailTermsOut,
    summary=_("Set the terms of retail orders"),
)
def set_retail_terms(request: HttpRequest, told: RetailTermsIn) -> RetailTermsOut:
    """They count for orders sent from now on."""
    caller = caller_of(request)
    services.set_terms(
        seller=caller.company,
        terms=Terms(told.shortage, told.back_order_days, told.may_split),
        set_by=caller.user,
        now=now(),
    )
    return get_retail_terms(request)
