"""Counts over the API, for the scanners of a warehouse: nothing of what the books say."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop as _
from ninja import Schema
from pydantic import Field

from core.clock import now
from rest.calling import caller_of
from rest.fields import Body, one_of
from rest.lists import page
from rest.routes import Routes
from warehouse import services
from warehouse.api.serving import house_of
from warehouse.models import CountState, StockCount, StockStatus
from warehouse.queries import counts
from warehouse.rules.counting import MOST_LINES, CountIncomplete

routes = Routes(tags=["warehouses"])


class CountHead(Schema):
    """A count of some products, lots or places."""

    number: str = Field(examples=["CC-2026-000001"])
    warehouse: str = Field(examples=["NGB01"])
    state: str = Field(json_schema_extra=one_of(*CountState.values), examples=["open"])
    subject: str = Field(description="What it is of", examples=["MILK-900"])
    freezes: bool = Field(description="Whether it all stands still meanwhile", examples=[False])
    started_at: datetime = Field(examples=["2026-08-02T09:00:00Z"])
    lines_counted: int = Field(description="Lines it has", examples=[12])


class CountLineOut(Schema):
    """What somebody is to count now; not how much of it there should be."""

    line: int = Field(examples=[4711])
    place: str = Field(description="Of a pallet where it stands, and its SSCC", examples=["A-01"])
    sku: str = Field(examples=["MILK-900"])
    lot: str = Field(examples=["LOT-2026-000001"])
    status: str = Field(json_schema_extra=one_of(*StockStatus.values), examples=["available"])


class StockCountOut(CountHead):
    """A count with the lines that are still to be counted."""

    lines: list[CountLineOut]


class CountIn(Body):
    """What is counted, and whether it stands still meanwhile."""

    warehouse: str = Field(min_length=1, max_length=16, examples=["NGB01"])
    subject: str = Field(
        min_length=1,
        max_length=200,
        description="SKUs, lots or places, apart by blanks",
        examples=["MILK-900"],
    )
    freezes: bool = Field(False, examples=[False])


class EntryIn(Body):
    line: int = Field(ge=1, le=2**63 - 1, examples=[4711])
    units: int = Field(ge=0, le=9_999_999, examples=[96])


class EntriesIn(Body):
    """Units of every line that is to be counted."""

    lines: list[EntryIn] = Field(min_length=1, max_length=MOST_LINES)


def _own(request: HttpRequest, number: str) -> StockCount:
    found: StockCount = get_object_or_404(counts.counts(caller_of(request).company), number=number)
    return found


def _head(one: StockCount) -> CountHead:
    return CountHead(
        number=one.number,
        warehouse=one.warehouse.code,
        state=one.state,
        subject=one.subject,
        freezes=one.freezes,
        started_at=one.started_at,
        lines_counted=one.lines_counted,  # type: ignore[attr-defined]
    )


@routes.rows(
    "/counts", scope="house:read", listing=counts.COUNTS, row=CountHead, summary=_("List counts")
)
def list_counts(request: HttpRequest) -> object:
    """Those in one's own warehouses."""
    return page(request, counts.COUNTS, counts.counts(caller_of(request).company), _head)


@routes.show(
    "/counts/{number}", scope="house:read", response=StockCountOut, summary=_("Show a count")
)
def get_count(request: HttpRequest, number: str) -> StockCountOut:
    """A count, and what is still to be counted of it."""
    found = _own(request, number)
    return StockCountOut(
        **_head(found).model_dump(),
        lines=[
            CountLineOut(
                line=one.pk,
                place=one.location.where,
                sku=one.lot.product.sku,
                lot=one.lot.number,
                status=one.status,
            )
            for one in counts.lines_to_count(found)
        ],
    )


@routes.create("/counts", scope="house:write", response=StockCountOut, summary=_("Start a count"))
def create_count(request: HttpRequest, told: CountIn) -> StockCountOut:
    """Of the products, lots or places that are named; they may stand still until it is over."""
    caller = caller_of(request)
    made = services.start_count(
        house=house_of(request, told.warehouse),
        keeper=caller.company,
        subject=told.subject,
        freezes=told.freezes,
        started_by=caller.user,
        now=now(),
    )
    return get_count(request, made.number)


@routes.change(
    "/counts/{number}/entries",
    scope="house:write",
    current=get_count,
    response=StockCountOut,
    summary=_("Enter what was counted"),
)
def enter_count(request: HttpRequest, number: str, told: EntriesIn) -> StockCountOut:
    """Beyond the tolerance another person counts again; what differs then waits for an operator."""
    caller = caller_of(request)
    units = {one.line: one.units for one in told.lines}
    if len(units) < len(told.lines):
        raise CountIncomplete(lines=len(units), given=len(told.lines))
    services.enter_count(
        count=_own(request, number),
        keeper=caller.company,
        units=units,
        counted_by=caller.user,
        now=now(),
    )
    return get_count(request, number)


@routes.change(
    "/counts/{number}/call-off",
    scope="house:write",
    current=get_count,
    response=StockCountOut,
    summary=_("Give a count up"),
)
def call_off_count(request: HttpRequest, number: str) -> StockCountOut:
    """Before it is decided; what it froze moves again."""
    services.call_off_count(
        count=_own(request, number), keeper=caller_of(request).company, now=now()
    )
    return get_count(request, number)
