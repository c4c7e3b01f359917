"""A seller's retail lists over the API."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Schema
from pydantic import Field

from core.clock import now
from customs import queries, services
from customs.gap_words import in_words
from customs.models import BillStatus, OutcomeChoice, RetailList, TaxRegime
from customs.queries.accepting import waits_of
from customs.queries.billed import BesideOurs, billed
from customs.queries.listings import RETAIL_LISTS
from customs.queries.parties import missing_on
from customs.queries.retelling import AFTER, BEFORE
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


class ToldBefore(Schema):
    """A message that a retail list builds on, as it was told last; of a list that is released or
    void one that follows it and came back."""

    kind: str = Field(json_schema_extra=one_of(*BEFORE, *AFTER), examples=["CEB311"])
    is_accepted: bool = Field(examples=[False])
    outcome: str | None = Field(
        description="What customs answered; null until it did",
        json_schema_extra=one_of(*OutcomeChoice.values, None),
        examples=["refused"],
    )
    status: str = Field(description="The authority's code", examples=["-301001"])
    info: str = Field(description="And its sentence", examples=["订单编号错误"])


class BilledTax(Schema):
    """One tax in yuan, as customs billed it and as we worked it out."""

    theirs: Decimal = Field(examples=["37.31"])
    ours: Decimal | None = Field(description="null where we have no such line", examples=["37.31"])


class BilledLineOut(Schema):
    """A line as customs taxed it, in yuan."""

    position: int = Field(examples=[1])
    hs_code: str = Field(examples=["1901101000"])
    dutiable: Decimal = Field(examples=["410.00"])
    duty: BilledTax
    consumption_tax: BilledTax
    vat: BilledTax
    differs: bool = Field(description="A tax of it is more than a cent from ours", examples=[False])


class RetailBillOut(Schema):
    """Customs' own bill (CEB816) of a list, in yuan; it decides."""

    number: str = Field(examples=["310520260000000456"])
    status: str = Field(
        json_schema_extra=one_of(*BillStatus.values),
        description="1 made, 2 summed, 3 void",
        examples=["1"],
    )
    made_at: datetime = Field(description="Customs' time", examples=["2026-08-02T02:15:00Z"])
    total: Decimal = Field(examples=["37.31"])
    difference: Decimal = Field(description="Theirs less ours", examples=["0.00"])
    differs: bool = Field(
        description="A tax of it, or of a line, is more than a cent from ours", examples=[False]
    )
    lines: list[BilledLineOut]


class RetailGap(Schema):
    """What holds a list back from customs."""

    what: str = Field(examples=["Waybill"])
    why: str = Field(examples=["This field must not be empty."])
    told_by: str = Field(
        description="Who fills it in, and where", examples=["told by the warehouse"]
    )
    message: str = Field(description="The message that asks for it", examples=["CEB621"])
    field: str = Field(description="Its name there", examples=["logisticsNo"])
    rule: str = Field(description="The code of the refusal", examples=["customs.ceb_text_missing"])
    line: int | None = Field(description="The message's line", examples=[None])


class RetailListOut(RetailListHead):
    """A retail list with its lines and the rule it was taxed by."""

    channel: str = Field(examples=["TMALL-GLOBAL"])
    order_number: str = Field(description="The shop's own", examples=["2026080100017"])
    freight_minor: int = Field(examples=[1200])
    insurance_minor: int = Field(examples=[0])
    discount_minor: int = Field(
        description="Paid with points or vouchers; part of what is dutiable", examples=[0]
    )
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
    waits_for: list[ToldBefore] = Field(
        description="Told before the list, which goes once customs has accepted all; empty once "
        "it went"
    )
    may_tell_anew: bool = Field(
        description="Customs refused one of these, or the list, or it could not be sent: mend it "
        "and tell it anew",
        examples=[False],
    )
    bill: RetailBillOut | None = Field(description="null until customs billed it")
    missing: list[RetailGap] = Field(
        description="Before it can go to customs; looked for again every ten minutes, and as soon "
        "as its seller tells something"
    )


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
    return _whole(queries.list_of(number))


@selling.change(
    "/retail-lists/{number}/anew",
    scope="retail:write",
    current=get_retail_list,
    response=RetailListOut,
    summary=_("Tell customs anew what it refused"),
)
def tell_retail_list_anew(request: HttpRequest, number: str) -> RetailListOut:
    """Queue what customs refused of the order, payment and waybill of a list once more, else the
    list itself, its withdrawal or its returns; as long as something is missing for it, nothing
    goes. Where customs has it, a change goes."""
    services.tell_anew(listed=queries.list_of(number), now=now())
    return _whole(queries.list_of(number))


def _whole(found: RetailList) -> RetailListOut:
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
    waits = waits_of(found)
    return RetailListOut(
        **_list(found).model_dump(),
        channel=found.order.channel,
        order_number=found.order.channel_order_number,
        freight_minor=found.order.freight_minor,
        insurance_minor=found.order.insurance_minor,
        discount_minor=found.order.discount_minor,
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
        waits_for=[
            ToldBefore(
                kind=one.kind,
                is_accepted=one.accepted,
                outcome=one.outcome,
                status=one.status,
                info=one.info,
            )
            for one in waits.before
        ],
        may_tell_anew=waits.refused,
        bill=_bill(found),
        missing=_missing(found),
    )


def _bill(found: RetailList) -> RetailBillOut | None:
    told = billed(found)
    if told is None:
        return None
    return RetailBillOut(
        number=told.bill.number,
        status=told.bill.status,
        made_at=told.bill.made_at,
        total=told.bill.total,
        difference=told.bill.difference,
        differs=told.bill.differs,
        lines=[
            BilledLineOut(
                position=line.position,
                hs_code=line.hs_code,
                dutiable=line.dutiable,
                duty=_tax(line.duty),
                consumption_tax=_tax(line.consumption_tax),
                vat=_tax(line.vat),
                differs=line.differs,
            )
            for line in told.lines
        ],
    )


def _tax(one: BesideOurs) -> BilledTax:
    return BilledTax(theirs=one.theirs, ours=one.ours)


def _missing(found: RetailList) -> list[RetailGap]:
    held = missing_on(found) if shown_list_state(found) == "drawn" else None
    return [
        RetailGap(
            what=one.what,
            why=one.why,
            told_by=one.whose,
            message=one.kind,
            field=one.field,
            rule=one.code,
            line=one.line,
        )
        for one in (in_words(held.gaps) if held else [])
    ]
