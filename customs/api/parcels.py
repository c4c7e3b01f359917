"""A seller's retail lists over the API."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Schema
from pydantic import Field

from customs import queries
from customs.models import RetailList, TaxRegime
from customs.queries.listings import RETAIL_LISTS
from customs.tables import shown_list_state
from rest.fields import one_of
from rest.lists import page
from rest.routes import Routes

selling = Routes(tags=["sellers"])


class RetailListHead(Schema):
    """A retail list with its tax, CNY fen."""

    number: str = Field(examples=["RL-2026-000001"])
    order: str = Field(examples=["RO-2026-000001"])
    regime: str = Field(json_schema_extra=one_of(*TaxRegime.values), examples=["cbec_within"])
    dutiable_minor: int = Field(examples=[41000])
    duty_minor: int = Field(examples=[0])
    consumption_tax_minor: int = Field(examples=[0])
    vat_minor: int = Field(examples=[3731])
    tax_minor: int = Field(examples=[3731])
    drawn_at: datetime = Field(examples=["2026-08-01T06:10:00Z"])
    state: str = Field(
        json_schema_extra=one_of("drawn", "released", "voided"), examples=["released"]
    )
    released_at: datetime | None = Field(examples=["2026-08-02T02:15:00Z"])
    voided_at: datetime | None = Field(
        description="When its order was cancelled or merged; its tax is not due", examples=[None]
    )


class RetailListLine(Schema):
    """One line of a retail list, CNY fen."""

    position: int = Field(examples=[1])
    sku: str = Field(examples=["MILK-900"])
    hs_code: str = Field(examples=["1901101000"])
    quantity: int = Field(examples=[2])
    dutiable_minor: int = Field(examples=[41000])
    duty_minor: int = Field(examples=[0])
    consumption_tax_minor: int = Field(examples=[0])
    vat_minor: int = Field(examples=[3731])


class TaxGivenBack(Schema):
    """What a return gave back, in fen."""

    return_number: str = Field(examples=["RT-2026-000001"])
    given_at: datetime = Field(examples=["2026-08-20T09:30:00+08:00"])
    dutiable_minor: int = Field(examples=[19900])
    duty_minor: int = Field(examples=[0])
    consumption_tax_minor: int = Field(examples=[0])
    vat_minor: int = Field(examples=[1811])
    tax_minor: int = Field(examples=[1811])


class RetailListOut(RetailListHead):
    """A retail list with its lines and the rule it was taxed by."""

    channel: str = Field(examples=["TMALL-GLOBAL"])
    order_number: str = Field(description="The shop's own", examples=["2026080100017"])
    freight_minor: int = Field(examples=[1200])
    receipt: str = Field(
        description="What stands on the receipt of the release", examples=["310520260000000123"]
    )
    tax_rule: str = Field(description="Where the rule stands", examples=["财关税〔2018〕49号"])
    tax_rule_from: date = Field(description="Since when it holds", examples=["2019-01-01"])
    payable_fraction: Decimal = Field(
        description="Of VAT and consumption tax within the limits", examples=["0.700"]
    )
    lines: list[RetailListLine]
    given_back: list[TaxGivenBack] = Field(description="By returns, the oldest first")


def _list(one: RetailList) -> RetailListHead:
    return RetailListHead(
        number=one.number,
        order=one.order.number,
        regime=one.regime,
        dutiable_minor=one.dutiable_minor,
        duty_minor=one.duty_minor,
        consumption_tax_minor=one.consumption_tax_minor,
        vat_minor=one.vat_minor,
        tax_minor=one.tax_minor,
        drawn_at=one.drawn_at,
        state=shown_list_state(one),
        released_at=one.release.released_at if hasattr(one, "release") else None,
        voided_at=one.void.voided_at if hasattr(one, "void") else None,
    )


@selling.rows(
    "/retail-lists",
    scope="retail:read",
    listing=RETAIL_LISTS,
    row=RetailListHead,
    summary=_("List retail lists"),
)
def list_retail_lists(request: HttpRequest) -> object:
    """The lists that went to customs for one's own retail orders, with their tax."""
    return page(request, RETAIL_LISTS, queries.lists_of(), _list)


@selling.show(
    "/retail-lists/{number}",
    scope="retail:read",
    response=RetailListOut,
    summary=_("Show a retail list"),
)
def get_retail_list(request: HttpRequest, number: str) -> RetailListOut:
    """One list with its lines."""
    found = queries.list_of(number)
    lines = [
        RetailListLine(
            position=line.position,
            sku=line.order_line.product.sku,
            hs_code=line.hs_code,
            quantity=line.order_line.quantity,
            dutiable_minor=line.dutiable_minor,
            duty_minor=line.duty_minor,
            consumption_tax_minor=line.consumption_tax_minor,
            vat_minor=line.vat_minor,
        )
        for line in sorted(found.lines.all(), key=lambda line: line.position)
    ]
    return RetailListOut(
        **_list(found).model_dump(),
        channel=found.order.channel,
        order_number=found.order.channel_order_number,
        freight_minor=found.order.freight_minor,
        receipt=found.release.reference if hasattr(found, "release") else "",
        tax_rule=found.tax_rule.source,
        tax_rule_from=found.tax_rule.valid_from,
        payable_fraction=found.tax_rule.payable_fraction,
        lines=lines,
        given_back=[
            TaxGivenBack(
                return_number=one.back.number,
                given_at=one.given_at,
                dutiable_minor=one.dutiable_minor,
                duty_minor=one.duty_minor,
                consumption_tax_minor=one.consumption_tax_minor,
                vat_minor=one.vat_minor,
                tax_minor=one.tax_minor,
            )
            for one in found.given_back.select_related("back").order_by("pk")
        ],
    )
