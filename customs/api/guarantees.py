"""Guarantees for tax that is paid by month, over the API. Amounts are in yuan, as on customs'
bills."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_noop as _
from ninja import Schema, Status
from pydantic import Field

from core.clock import now
from customs.models import Guarantee
from customs.queries.guarantees import (
    Standing,
    Statement,
    guarantees_of,
    guarantees_on,
    month_told,
    statement_of,
)
from customs.services.guarantees import keep_guarantee, pay_tax
from customs.tables_guarantees import STATEMENT_FILES, statement_file, statement_name
from rest.calling import caller_of
from rest.fields import Body, Day
from rest.routes import Routes
from warehouse.days import day_of
from web.files import attachment

routes = Routes(tags=["importers"])
#: The newest words on guarantees that are told at once.
MOST = 200
MONTH = r"20[0-9]{2}-(0[1-9]|1[0-2])"

Code = Annotated[
    str, Field(max_length=64, description="The guarantor's code", examples=["3302961HZ6"])
]
Yuan = Annotated[Decimal, Field(ge=0, max_digits=17, decimal_places=2, examples=["500000.00"])]
Month = Annotated[str, Field(pattern=f"^{MONTH}$", examples=["2026-07"])]
Paper = Annotated[str, Field(min_length=1, max_length=200, examples=["保函 2026-1"])]


class GuaranteeMonth(Schema):
    """What is still to be paid of a month's tax."""

    month: str = Field(examples=["2026-07"])
    due: Decimal = Field(examples=["10240.50"])
    due_on: date = Field(description="The last day for it", examples=["2026-08-07"])


class GuaranteeStanding(Schema):
    """One guarantee as it stands today."""

    guarantor: Code
    amount: Decimal | None = Field(
        description="What it is good for; null where nobody told", examples=["500000.00"]
    )
    holds: bool = Field(
        description="Retail lists whose tax is more than what is free wait", examples=[True]
    )
    used: Decimal = Field(description="Billed and not paid", examples=["10240.50"])
    told: Decimal = Field(
        description="Tax of lists that customs has and did not bill yet", examples=["820.00"]
    )
    free: Decimal | None = Field(description="The amount less both", examples=["488939.50"])
    waiting: int = Field(description="Retail lists that wait for it", examples=[0])
    months: list[GuaranteeMonth]


class GuaranteeOut(Schema):
    """What was told of a guarantee."""

    guarantor: Code
    amount: Decimal = Field(examples=["500000.00"])
    valid_from: date = Field(examples=["2026-07-01"])
    holds: bool = Field(
        description="Retail lists whose tax is more than what is free wait", examples=[True]
    )
    evidence: str = Field(description="Its paper", examples=["保函 2026-1"])
    set_at: datetime = Field(examples=["2026-07-01T02:00:00Z"])


class GuaranteesOut(Schema):
    """How each guarantee stands, and what was told, the newest first."""

    standing: list[GuaranteeStanding]
    told: list[GuaranteeOut]


class GuaranteeIn(Body):
    """What a guarantee is good for from a day on."""

    guarantor: Code
    amount: Yuan
    valid_from: Day = Field(examples=["2026-07-01"])
    holds: bool = Field(
        True,
        strict=True,
        description="Retail lists whose tax is more than what is free wait",
        examples=[True],
    )
    evidence: Paper


class TaxPaymentIn(Body):
    """Tax of a month that was paid."""

    guarantor: Code
    month: Month
    amount: Yuan
    paid_on: Day = Field(examples=["2026-08-06"])
    evidence: Paper


class TaxPaymentOut(Schema):
    """A payment of a month's tax."""

    amount: Decimal = Field(examples=["10240.50"])
    paid_on: date = Field(examples=["2026-08-06"])
    evidence: str = Field(description="Its paper", examples=["电子税单 1"])
    recorded_at: datetime = Field(examples=["2026-08-06T02:00:00Z"])


class GuaranteeStatement(GuaranteeMonth):
    """A month's bills against a guarantee, summed without void ones."""

    guarantor: Code
    bills: int = Field(description="That are not void", examples=[310])
    duty: Decimal = Field(examples=["0.00"])
    consumption_tax: Decimal = Field(examples=["1240.50"])
    vat: Decimal = Field(examples=["9000.00"])
    total: Decimal = Field(examples=["10240.50"])
    paid: Decimal = Field(examples=["0.00"])
    payments: list[TaxPaymentOut]


@routes.show(
    "/customs/guarantees",
    scope="guarantees:read",
    response=GuaranteesOut,
    summary=_("List guarantees for tax"),
)
def get_guarantees(request: HttpRequest) -> GuaranteesOut:
    """Each that was told of, or that customs billed."""
    company = caller_of(request).company
    return GuaranteesOut(
        standing=[_standing(one) for one in guarantees_on(company, day=day_of(now()))],
        told=[_told(one) for one in guarantees_of(company)[:MOST]],
    )


def _standing(one: Standing) -> GuaranteeStanding:
    return GuaranteeStanding(
        guarantor=one.assure_code,
        amount=one.balance.amount,
        holds=one.guarantee is not None and one.guarantee.holds,
        used=one.balance.used,
        told=one.balance.told,
        free=one.balance.free,
        waiting=one.held,
        months=[
            GuaranteeMonth(month=f"{it.month:%Y-%m}", due=it.due, due_on=it.due_on)
            for it in one.months
        ],
    )


def _told(one: Guarantee) -> GuaranteeOut:
    return GuaranteeOut(
        guarantor=one.assure_code,
        amount=one.amount,
        valid_from=one.valid_from,
        holds=one.holds,
        evidence=one.evidence,
        set_at=one.set_at,
    )


@routes.create(
    "/customs/guarantees",
    scope="guarantees:write",
    response=GuaranteeOut,
    summary=_("Tell what a guarantee is good for"),
    money=True,
)
def tell_guarantee(request: HttpRequest, told: GuaranteeIn) -> Status[GuaranteeOut]:
    """From a day on; of one day the later word counts. Lists that wait for it are looked at
    again at once."""
    caller = caller_of(request)
    made = keep_guarantee(
        company=caller.company,
        assure_code=told.guarantor,
        amount=told.amount,
        valid_from=told.valid_from,
        holds=told.holds,
        evidence=told.evidence,
        set_by=caller.user,
        now=now(),
    )
    return Status(201, _told(made))


@routes.show(
    "/customs/guarantee-months/{month}",
    scope="guarantees:read",
    response=GuaranteeStatement,
    summary=_("Show a month's statement of a guarantee"),
)
def get_guarantee_statement(request: HttpRequest, month: str, guarantor: str) -> GuaranteeStatement:
    """What customs billed in a month (`2026-07`) against a guarantor, what was paid of it, and by
    when the rest is."""
    return _shown(_statement(request, guarantor, month))


def _statement(request: HttpRequest, guarantor: str, month: str) -> Statement:
    first = month_told(month)
    found = statement_of(caller_of(request).company, guarantor, first) if first else None
    if found is None:
        raise Http404
    return found


def _shown(one: Statement) -> GuaranteeStatement:
    return GuaranteeStatement(
        guarantor=one.assure_code,
        month=f"{one.month:%Y-%m}",
        due=one.due,
        due_on=one.due_on,
        bills=one.count,
        duty=one.duty,
        consumption_tax=one.consumption_tax,
        vat=one.vat,
        total=one.total,
        paid=one.paid,
        payments=[
            TaxPaymentOut(
                amount=it.amount,
                paid_on=it.paid_on,
                evidence=it.evidence,
                recorded_at=it.recorded_at,
            )
            for it in one.payments
        ],
    )


@routes.file(
    "/customs/guarantee-months/{month}/bills.{kind}",
    scope="guarantees:read",
    media_type=tuple(STATEMENT_FILES.values()),
    summary=_("Fetch a month's statement of a guarantee"),
)
def get_guarantee_bills(
    request: HttpRequest, month: str, kind: str, guarantor: str
) -> HttpResponse:
    """All bills of the month and the sum of each tax, `csv` or `xlsx`."""
    if kind not in STATEMENT_FILES:
        raise Http404
    found = _statement(request, guarantor, month)
    name = statement_name(guarantor, month)
    return attachment(statement_file(found, kind), STATEMENT_FILES[kind], f"{name}.{kind}")


@routes.create(
    "/customs/guarantee-payments",
    scope="guarantees:write",
    response=GuaranteeStatement,
    summary=_("Record that a month's tax was paid"),
    money=True,
)
def pay_guaranteed_tax(request: HttpRequest, told: TaxPaymentIn) -> Status[GuaranteeStatement]:
    """The guarantee is free for as much, and lists that wait for it are looked at again at once.
    No more is paid than is due. Answers with the month's statement."""
    caller, month = caller_of(request), month_told(told.month)
    if month is None:
        raise Http404
    pay_tax(
        company=caller.company,
        assure_code=told.guarantor,
        month=month,
        amount=told.amount,
        paid_on=told.paid_on,
        evidence=told.evidence,
        recorded_by=caller.user,
        now=now(),
    )
    return Status(201, _shown(_statement(request, told.guarantor, told.month)))
